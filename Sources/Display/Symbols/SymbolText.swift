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
  case accented(SymbolText, SymbolAccent)
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

/// A mark above a symbol.
package enum SymbolAccent: Sendable, Hashable, CaseIterable { case hat, bar, tilde }

/// A pair of brackets.
package enum SymbolBracket: Sendable, Hashable, CaseIterable { case round, square, bar, norm }

/// A sign with space on both sides.
package enum SymbolSign: Sendable, Hashable, CaseIterable {
  case plus, minus, dot, times, hadamard, quotient, equals, approximately, arrow, leftArrow, comma
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
  /// The symbol for an identifier of the language: `x₁` becomes x with subscript 1, one letter a
  /// variable, a longer name upright words.
  package init(name: String) {
    var base = Substring(name)
    var digits: [Character] = []
    while let last = base.last, let figure = ScriptCharacters.plain(subscript: last) {
      digits.append(figure)
      base.removeLast()
    }
    guard !base.isEmpty, !digits.isEmpty else {
      self = .variable(name)
      return
    }
    self = .scripted(
      .variable(String(base)), subscript: .words(String(digits.reversed())), superscript: nil)
  }

  /// The text of words and of names longer than a letter, which are set like words; nil for
  /// everything that is mathematics.
  var plainWords: String? {
    switch self {
    case .words(let text): text
    case .variable(let name): name.count > 1 ? name : nil
    default: nil
    }
  }

  /// Whether a text is indices rather than a word: figures, signs and letters that stand alone, as in
  /// `0j` or `i,k`.
  static func isIndices(_ text: String) -> Bool {
    var followsLetter = false
    for byte in text.utf8 {
      let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
      guard byte < 0x80, byte > 0x20, byte != UInt8(ascii: "_"), !(isLetter && followsLetter)
      else { return false }
      followsLetter = isLetter
    }
    return true
  }

  /// A quantity of a layer: `A^[2]`, with subscript `z₁^[2]`.
  package static func layered(
    _ name: String, _ layer: Int, subscript index: String? = nil
  ) -> SymbolText {
    .scripted(
      .variable(name), subscript: index.map(SymbolText.words), superscript: .layer(layer))
  }

  /// The weight from neuron `input` to neuron `neuron` of a layer: `w₁₃^[2]`, `w₁₀,₂^[2]`.
  package static func weight(
    _ name: String = "w", from input: Int, to neuron: Int, layer: Int
  ) -> SymbolText {
    let separator = input > 9 || neuron > 9 ? "," : ""
    return .layered(name, layer, subscript: "\(input)\(separator)\(neuron)")
  }

  /// The superscript of layer l, `[l]`.
  package static func layer(_ number: Int) -> SymbolText {
    .enclosed(.words(String(number)), .square)
  }
}
