/// The name of a quantity, as data: `z₁^[2]` is the letter z with index 1 in layer 2, `∂L/∂w₁₃^[2]` the derivative of L
/// by a weight, `a₁^[1]⁽³⁾` an activation of example 3, `b₁^[3]_new` a bias after a step.
///
/// It is written three ways: `text`, which is also the key of its value, `latex` and, as a `SymbolText`, `symbol`.
/// Nothing reads it back from there; what a user typed is read by `init(name:)`. Two quantities are the same where
/// their texts are.
package struct Quantity: Sendable {
  package let text: String
  /// What there is beside letters; nil for most names, which are a letter or a word.
  private let parts: Parts?

  private final class Parts: Sendable {
    /// The letter or word, and what is lowered at it, apart by commas.
    let base: String
    let indices: [String]
    let layer: Int?
    let example: Int?
    /// `new` and `old` of a step.
    let state: String?
    /// What this is the derivative of.
    let numerator: Quantity?
    /// Whether its text is not the one that is written from the parts, as that of x_1.
    let isSpelled: Bool

    init(
      _ base: String, _ indices: [String], layer: Int? = nil, example: Int? = nil,
      state: String? = nil, numerator: Quantity? = nil, isSpelled: Bool = false
    ) {
      self.base = base
      self.indices = indices
      self.layer = layer
      self.example = example
      self.state = state
      self.numerator = numerator
      self.isSpelled = isSpelled
    }
  }

  /// A letter or word with an index, in a layer, of an example.
  package init(
    _ base: String, index: String? = nil, layer: Int? = nil, example: Int? = nil
  ) {
    var text = base
    if let index { text += ScriptCharacters.subscripted(index) ?? "_\(index)" }
    if let layer { text += "^[\(layer)]" }
    if let example { text += "⁽\(ScriptCharacters.high(example))⁾" }
    self.text = text
    let isPlain = index == nil && layer == nil && example == nil
    parts = isPlain ? nil : Parts(base, index.map { [$0] } ?? [], layer: layer, example: example)
  }

  /// The quantity of this name in a layer.
  package func inLayer(_ layer: Int) -> Quantity {
    Quantity(
      text: "\(text)^[\(layer)]",
      Parts(base, parts?.indices ?? [], layer: layer, isSpelled: parts?.isSpelled ?? false))
  }

  /// The same quantity after a step of training, or before it: `w₁_new`.
  package func after(_ state: String) -> Quantity {
    Quantity(
      text: "\(text)_\(state)",
      Parts(
        base, parts?.indices ?? [], layer: parts?.layer, example: parts?.example, state: state,
        numerator: parts?.numerator, isSpelled: true))
  }

  /// ∂(quantity)/∂(this), of the loss L where nothing else is said.
  package func derivative(of quantity: Quantity = Quantity("L")) -> Quantity {
    Quantity(
      text: "∂\(quantity.text)/∂\(text)",
      Parts(
        base, parts?.indices ?? [], layer: parts?.layer, example: parts?.example,
        state: parts?.state, numerator: quantity, isSpelled: parts?.isSpelled ?? false))
  }

  private init(text: String, _ parts: Parts?) {
    self.text = text
    self.parts = parts
  }

  private var base: String { parts?.base ?? text }

  /// Whether it has the superscript of a layer.
  package var isLayered: Bool {
    parts.map { $0.layer != nil || $0.numerator?.isLayered == true } ?? false
  }

  /// Whether it has a superscript of any kind, so that another one needs parentheses.
  package var isRaised: Bool {
    parts.map { $0.layer != nil || $0.example != nil || $0.numerator?.isRaised == true } ?? false
  }

  /// Whether it is a word, which beside another name needs a space.
  package var isWord: Bool {
    parts?.numerator == nil && LaTeXLetters.isWord(base)
  }
}

extension Quantity: Hashable {
  package static func == (a: Quantity, b: Quantity) -> Bool { a.text == b.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Quantity {
  /// A name as somebody typed it: `x₁` and `x12` are x with an index, as are `x_1` and `w_in`; `err_2` is the word err
  /// with one, `∂f/∂x` a derivative. Its text is as it was typed.
  package init(name: String) {
    text = name
    if name.first == "∂", let slash = name.firstIndex(of: "/") {
      let below = name[name.index(after: slash)...]
      if below.first == "∂" {
        let by = Quantity(name: String(below.dropFirst()))
        parts = Parts(
          by.base, by.parts?.indices ?? [],
          numerator: Quantity(name: String(name[..<slash].dropFirst())),
          isSpelled: true)
        return
      }
    }
    let (base, indices) = Self.read(name)
    let isWritten =
      indices.count == 1 && base + (ScriptCharacters.subscripted(indices[0]) ?? "_") == name
    parts = indices.isEmpty ? nil : Parts(base, indices, isSpelled: !isWritten)
  }

  /// The base and what is lowered: subscript characters, digits at the end, and behind one letter what follows `_`.
  private static func read(_ name: String) -> (base: String, indices: [String]) {
    guard name.utf8.count > 1 else { return (name, []) }
    var base = ""
    var lowered: [String] = []
    for character in name {
      if let plain = ScriptCharacters.plain(subscript: character) {
        if lowered.isEmpty { lowered.append("") }
        lowered[lowered.count - 1].append(plain)
      } else if character == "_", !lowered.isEmpty || LaTeXLetters.isLetter(base) {
        lowered.append("")
      } else if lowered.isEmpty {
        base.append(character)
      } else {
        lowered[lowered.count - 1].append(character)
      }
    }
    if lowered.isEmpty {
      let digits = base.reversed().prefix { $0.isASCII && $0.isNumber }
      if !digits.isEmpty, digits.count < base.count {
        lowered = [String(digits.reversed())]
        base.removeLast(digits.count)
        if base.last == "_", base.count > 1 { base.removeLast() }
      }
    }
    // w_ and a__b are names of their own, not w and a_b.
    return lowered.contains("") ? (name, []) : (base, lowered)
  }
}

// MARK: - Writing

extension Quantity {
  /// LaTeX for math mode: `z_{1}^{[2]}`, `b_{1,\text{new}}^{[3]}`, `\frac{\partial L}{\partial w_{13}^{[2]}}`. A vector's
  /// letter is bold.
  package func latex(isBold: Bool = false) -> String {
    guard let parts else { return LaTeXLetters.written(text, isBold: isBold) }
    let lower = (parts.indices + (parts.state.map { [$0] } ?? [])).map { part in
      if part.count == 1 { return LaTeXLetters.written(part) }
      return part.contains(where: \.isLetter) ? "\\text{\(part)}" : part
    }
    let upper =
      (parts.layer.map { "[\($0)]" } ?? "") + (parts.example.map { "(\($0))" } ?? "")
    let own =
      LaTeXLetters.written(parts.base, isBold: isBold)
      + (lower.isEmpty ? "" : "_{\(lower.joined(separator: ","))}")
      + (upper.isEmpty ? "" : "^{\(upper)}")
    return parts.numerator.map { "\\frac{\\partial \($0.latex())}{\\partial \(own)}" } ?? own
  }

  /// The quantity as it stands in tables and pictures, where a bias row is bold.
  package func symbol(isBold: Bool = false) -> SymbolText {
    // A name that was typed in another way, such as x_1, is also how its column is called.
    guard let parts, !parts.isSpelled else {
      let letter = SymbolText.variable(text)
      return isBold ? .bold(letter) : letter
    }
    var symbol = SymbolText.variable(parts.base)
    if isBold { symbol = .bold(symbol) }
    var upper: [SymbolText] = []
    if let layer = parts.layer { upper.append(.enclosed("\(layer)", .square)) }
    if let example = parts.example { upper.append(.enclosed("\(example)", .round)) }
    if !parts.indices.isEmpty || !upper.isEmpty {
      symbol = .scripted(
        symbol,
        subscript: parts.indices.isEmpty ? nil : .words(parts.indices.joined(separator: ",")),
        superscript: upper.count > 1 ? .sequence(upper) : upper.first)
    }
    return parts.numerator.map { .partial($0.symbol(), by: symbol) } ?? symbol
  }
}
