extension SymbolText {
  /// The symbol as it stands on a line of text, one level of it: words, variables, scripts and sequences, which is what
  /// text, HTML and pictures write; LaTeX has fractions and the like of its own.
  package var onLine: SymbolText {
    switch self {
    case .words, .variable, .bold, .sequence: self
    case .scripted(let base, let lower, let upper):
      .scripted(
        base.bracketed(upper != nil && base.endsInSuperscript), subscript: lower,
        superscript: upper)
    case .partial(let quantity, let variable):
      .sequence(["∂", quantity.asOperand, "/∂", variable.asOperand])
    case .fraction(let numerator, let denominator):
      .sequence([numerator.asOperand, "/", denominator.asOperand])
    case .primed(let base, let count):
      .sequence([base.asOperand, .words(String(repeating: "′", count: max(count, 1)))])
    case .transposed(let base):
      .scripted(
        base.bracketed(base.isCompound || base.endsInSuperscript), subscript: nil,
        superscript: "T")
    case .enclosed(let content, let bracket):
      .sequence([.words(bracket.open), content, .words(bracket.close)])
    case .sign(let sign): .words(sign.text)
    }
  }

  private var asOperand: SymbolText { bracketed(isCompound) }

  private func bracketed(_ isBracketed: Bool) -> SymbolText {
    isBracketed ? .enclosed(self, .round) : self
  }

  /// Whether a sign or word space stands at its top level, so that an operator needs brackets.
  var isCompound: Bool {
    switch self {
    case .sequence(let parts):
      parts.contains { if case .sign = $0 { true } else { $0.isCompound } }
    case .words(let text): text.utf8.contains(UInt8(ascii: " "))
    case .partial, .fraction: true
    default: false
    }
  }

  /// Whether a further superscript would have to climb on one that is there.
  var endsInSuperscript: Bool {
    switch self {
    case .scripted(_, _, let upper): upper != nil
    case .transposed: true
    case .sequence(let parts): parts.last?.endsInSuperscript ?? false
    default: false
    }
  }
}
