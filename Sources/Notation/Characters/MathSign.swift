/// A sign that is no letter: its character, its spelling in LaTeX's math mode, and the names under which it is typed.
struct MathSign: Sendable {
  let character: Character
  let latex: String
  /// What follows the backslash in completion; the first is Julia's.
  let names: [String]

  private init(_ character: Character, _ latex: String, _ names: String...) {
    self.character = character
    self.latex = latex
    self.names = names
  }

  /// The spelling of a sign in LaTeX, or the character itself where it has none of its own.
  static func latex(_ character: Character) -> String { commands[character] ?? "\(character)" }

  /// The signs that are not written as they are.
  static let commands: [Character: String] = Dictionary(
    all.map { ($0.character, $0.latex) }, uniquingKeysWith: { first, _ in first })

  static let all: [MathSign] = [
    .init("∂", "\\partial", "partial"), .init("∇", "\\nabla", "nabla", "del"),
    .init("⊗", "\\otimes", "otimes"), .init("⊙", "\\odot", "odot"),
    .init("⊘", "\\oslash", "oslash"), .init("⋅", "\\cdot", "cdot"), .init("·", "\\cdot", "cdotp"),
    .init("×", "\\times", "times"), .init("−", "-", "minus"), .init("≤", "\\le", "le", "leq"),
    .init("≥", "\\ge", "ge", "geq"), .init("≠", "\\ne", "ne", "neq"),
    .init("′", "{}'", "prime"), .init("ᵀ", "{}^{T}", "top", "transpose"),
    .init("″", "{}''"), .init("∞", "\\infty"), .init("∑", "\\sum"), .init("∏", "\\prod"),
    .init("√", "\\surd"), .init("±", "\\pm"), .init("≈", "\\approx"), .init("≡", "\\equiv"),
    .init("∈", "\\in"), .init("→", "\\to"), .init("←", "\\leftarrow"), .init("↦", "\\mapsto"),
    .init("⇒", "\\Rightarrow"), .init("‖", "\\Vert", "Vert", "norm"), .init("✓", "\\checkmark"),
    .init("✗", "\\times"), .init("⋯", "\\cdots"), .init("⋮", "\\vdots"), .init("⋱", "\\ddots"),
    .init("°", "{}^{\\circ}"),
  ]
}
