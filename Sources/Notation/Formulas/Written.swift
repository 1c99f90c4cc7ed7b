/// A piece of mathematics in the two notations that formulas have, put together side by side: as text, which reads like
/// the language, and as LaTeX for math mode.
package struct Written: Sendable, Equatable {
  package var text: String
  package var latex: String

  package init(text: String, latex: String) {
    self.text = text
    self.latex = latex
  }

  /// A quantity; a vector is bold in LaTeX.
  package init(_ quantity: Quantity, isBold: Bool = false) {
    self.init(text: quantity.text, latex: quantity.latex(isBold: isBold))
  }

  package static func + (a: Written, b: Written) -> Written {
    Written(text: a.text + b.text, latex: a.latex + b.latex)
  }

  /// In round brackets.
  package var parenthesized: Written {
    Written(text: "(\(text))", latex: "\\left(\(latex)\\right)")
  }

  /// An entry: `w[i, j]`, w_{i j}.
  package static func entry(_ quantity: Quantity, _ indices: [Written]) -> Written {
    Written(
      text:
        "\(quantity.isLayered ? "(\(quantity.text))" : quantity.text)[\(indices.map(\.text).joined(separator: ", "))]",
      latex: "\(quantity.latex())_{\(indices.map(\.latex).joined(separator: " "))}")
  }

  /// The sign of a derivative: ∂, or d of what depends on one variable alone.
  package enum Differential: Sendable {
    case partial, total

    fileprivate var written: Written {
      switch self {
      case .partial: Written(text: "∂", latex: "\\partial")
      case .total: Written(text: "d", latex: "d")
      }
    }
  }

  /// ∂²f/∂x∂y, equal variables that follow each other as powers; without a function the operator alone.
  package static func derivative(
    of function: Written?, by variables: [Written], _ differential: Differential = .partial
  ) -> Written {
    let sign = differential.written
    var below: [(variable: Written, order: Int)] = []
    for variable in variables {
      if below.last?.variable == variable {
        below[below.count - 1].order += 1
      } else {
        below.append((variable, 1))
      }
    }
    func power(_ order: Int) -> Written {
      order == 1
        ? Written(text: "", latex: "")
        : Written(text: ScriptCharacters.high(order), latex: "^{\(order)}")
    }
    let above = sign + power(variables.count)
    let under = below.map { variable, order in
      Written(text: sign.text + variable.text, latex: "\(sign.latex) \(variable.latex)")
        + power(order)
    }
    return Written(
      text: "\(above.text)\(function?.text ?? "")/\(under.map(\.text).joined())",
      latex: "\\frac{\(above.latex)\(function.map { " \($0.latex)" } ?? "")}"
        + "{\(under.map(\.latex).joined(separator: " "))}")
  }
}

extension [Written] {
  /// The pieces with something between them.
  package func joined(_ separator: Written) -> Written {
    Written(
      text: map(\.text).joined(separator: separator.text),
      latex: map(\.latex).joined(separator: separator.latex))
  }
}
