/// The names that completion turns into characters: `\sigma` into σ, as in Julia.
package enum UnicodeInput {
  package struct Entry: Sendable {
    /// What follows the backslash: `sigma`, `_1`, `^2`.
    package let name: String
    /// What takes its place; a combining mark for `hat` and the like, which follow their letter.
    package let text: String
  }

  /// Every name, shorter ones before longer ones that begin with them.
  package static let all: [Entry] = letters + signs + scripts + marks

  private static let letters =
    (GreekLetters.all
    + GreekLetters.pairs("ell=ℓ bbN=ℕ bbR=ℝ bbZ=ℤ scrL=ℒ scrE=ℰ aleph=ℵ")).map {
      Entry(name: $0.name, text: "\($0.character)")
    }

  private static let signs = MathSign.all.flatMap { sign in
    sign.names.map { Entry(name: $0, text: "\(sign.character)") }
  }

  private static let scripts: [Entry] =
    "0123456789aehijklmnoprstuvx".compactMap { plain in
      ScriptCharacters.subscripted("\(plain)").map { Entry(name: "_\(plain)", text: $0) }
    }
    + GreekLetters.pairs("_beta=ᵦ _gamma=ᵧ _rho=ᵨ _phi=ᵩ _chi=ᵪ").map {
      Entry(name: $0.name, text: "\($0.character)")
    }
    + "0123456789-niT".compactMap { plain in
      ScriptCharacters.superscripted("\(plain)").map { Entry(name: "^\(plain)", text: $0) }
    }

  private static let marks = Accent.all.map { Entry(name: $0.name, text: "\(Character($0.mark))") }
}
