/// A `layer` definition: its head, and lines as those of a function's body.
package struct LayerSyntax: Sendable {
  /// `X: matrix(t, d)`: what comes in.
  package struct Input: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
      case vector, matrix, array
      /// All examples at once.
      case batch

      /// How many sizes may be written behind it.
      package var sizeCounts: ClosedRange<Int> {
        switch self {
        case .vector: 1...1
        case .matrix: 2...2
        case .array: 1...6
        case .batch: 2...6
        }
      }
    }

    package var name: String
    /// nil: whatever comes in.
    package var kind: Kind?
    /// None where only the kind was written.
    package var sizes: [ParameterSyntax.Size]
    package var span: SourceSpan
  }

  /// `k`, `h0 = 0`: what is given where the layer is used.
  package struct Option: Sendable {
    package var name: String
    package var fallback: ExpressionSyntax?
    package var span: SourceSpan
  }

  package var name: String
  package var nameSpan: SourceSpan
  package var input: Input
  package var options: [Option]
  package var body: BodySyntax
  package var span: SourceSpan

  /// What the parser needs to know of it.
  package var word: LayerWord {
    Self.word(
      name, options,
      parameters: body.lines.flatMap { line -> [String] in
        if case .parameters(let found) = line.kind { found.map(\.name) } else { [] }
      })
  }

  /// The same by its head alone, for a layer whose lines cannot be read.
  static func word(_ name: String, _ options: [Option], parameters: [String] = []) -> LayerWord {
    let required = options.count { $0.fallback == nil }
    let names = options.map(\.name)
    return LayerWord(
      name: name,
      usage: ([name] + (required == 0 ? [] : ["\(names.prefix(required).joined(separator: ", "))"]))
        .joined(separator: " "),
      form: options.isEmpty
        ? "options by name" : "\(names.joined(separator: ", ")) and options by name",
      positions: names.map { "the \($0)" }, required: required,
      options: (parameters + names).map { "\($0) = …" } + ["name = \"…\""])
  }
}

/// `Wq: matrix(d, k) = ones`: a parameter of a layer.
package struct LayerParameterSyntax: Sendable {
  package var name: String
  package var nameSpan: SourceSpan
  /// One expression a size: none of a number.
  package var sizes: [ExpressionSyntax]
  /// What it begins with; nil: xavier, or 0 of numbers and vectors.
  package var start: ExpressionSyntax?
}

/// `μ = 0`: a quantity that has a running average, and what that begins with.
package struct RunningSyntax: Sendable {
  package var name: String
  package var nameSpan: SourceSpan
  package var start: ExpressionSyntax?
}
