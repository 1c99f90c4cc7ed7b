/// A mathematical name or short formula, as small as tables and derivations need it: `z₁^[2]`,
/// `∂L/∂W^[2]`, `(A^[1])ᵀ · [h′(Z^[2]) × ∂(2)]`.
///
/// One value is written in three ways: `text` (Unicode), `html` (`<sub>`, `<sup>`) and `latex`
/// (math mode, the subset that MathJax, KaTeX and LaTeX share) or `latexInText` (a paragraph or a
/// table cell). Texts that users chose are escaped by whoever writes them out, never here.
package indirect enum SymbolText: Sendable, Hashable {
  /// Upright words, figures and punctuation: `softmax`, `13`, a caption.
  case words(String)
  /// A variable: one letter is set in italics, a longer name upright.
  case variable(String)
  /// A base with a subscript, a superscript or both, one above the other.
  case scripted(SymbolText, subscript: SymbolText?, superscript: SymbolText?)
  /// A partial derivative: ∂(quantity)/∂(variable).
  case partial(SymbolText, by: SymbolText)
  case fraction(SymbolText, over: SymbolText)
  case bold(SymbolText)
  /// h′, h″: the number of primes is at least 1.
  case primed(SymbolText, count: Int)
  case transposed(SymbolText)
  case enclosed(SymbolText, SymbolBracket)
  /// A spaced sign between two operands.
  case sign(SymbolSign)
  /// Parts set side by side without space, but for that of `sign`s and of spaces within `words`.
  case sequence([SymbolText])
}

/// A pair of brackets, alike in every format.
package enum SymbolBracket: String, Sendable, Hashable, CaseIterable {
  case round = "()"
  case square = "[]"

  var open: String { String(rawValue.prefix(1)) }
  var close: String { String(rawValue.suffix(1)) }
}

/// A sign with space on both sides.
package enum SymbolSign: Character, Sendable, Hashable, CaseIterable {
  case plus = "+"
  case minus = "−"
  case dot = "·"
  case times = "×"
  case quotient = "⊘"
  case equals = "="

  var text: String { " \(rawValue) " }
  var latex: String { " \(MathSign.latex(rawValue)) " }
}

extension SymbolText: ExpressibleByStringInterpolation {
  /// A literal is words; variables are written `.variable("z")`.
  package init(stringLiteral value: String) { self = .words(value) }

  /// Two parts, side by side.
  package static func + (left: SymbolText, right: SymbolText) -> SymbolText {
    switch (left, right) {
    case (.sequence(let first), .sequence(let second)): .sequence(first + second)
    case (.sequence(let first), _): .sequence(first + [right])
    case (_, .sequence(let second)): .sequence([left] + second)
    default: .sequence([left, right])
    }
  }
}

extension SymbolText {
  /// The text of words and of names longer than a letter, which are set like words; nil for
  /// everything that is mathematics.
  package var plainWords: String? {
    switch self {
    case .words(let text): text
    case .variable(let name): name.count > 1 ? name : nil
    default: nil
    }
  }

  /// Whether there is nothing to see.
  package var isEmpty: Bool {
    switch self {
    case .words(let text), .variable(let text): text.isEmpty
    case .sequence(let parts): parts.allSatisfy(\.isEmpty)
    default: false
    }
  }

  /// A quantity by its name, such as `.quantity(.weight(from: 1, to: 3, layer: 2))`.
  package static func quantity(_ quantity: Quantity) -> SymbolText { quantity.symbol() }

  /// A formula as text in which one quantity is set, for a sentence.
  package init(_ text: String, setting quantity: Quantity) {
    let pieces = text.split(separator: quantity.text, omittingEmptySubsequences: false)
    self = .sequence(
      Array(pieces.map { [SymbolText.words(String($0))] }.joined(separator: [quantity.symbol()])))
  }

  /// Whether a text is indices rather than a word: figures, signs and letters that stand alone, as in
  /// `0j` or `i,k`.
  package static func isIndices(_ text: String) -> Bool {
    var followsLetter = false
    for byte in text.utf8 {
      let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
      guard byte < 0x80, byte > 0x20, byte != UInt8(ascii: "_"), !(isLetter && followsLetter)
      else { return false }
      followsLetter = isLetter
    }
    return true
  }
}
