/// The names that completion turns into characters: `\sigma` into σ, as in Julia.
package enum UnicodeInput {
  package struct Entry: Sendable {
    /// What follows the backslash: `sigma`, `_1`, `^2`.
    package let name: String
    /// What takes its place; a combining mark for `hat` and the like, which follow their letter.
    package let text: String
  }

  /// Every name, shorter ones before longer ones that begin with them.
  package static let all: [Entry] =
    groups.flatMap { group in
      group.split(separator: " ").compactMap { pair in
        guard let sign = pair.lastIndex(of: "="), sign != pair.startIndex else { return nil }
        return Entry(name: String(pair[..<sign]), text: String(pair[pair.index(after: sign)...]))
      }
    } + marks

  /// The character of a name, without its backslash.
  package static func text(named name: String) -> String? {
    all.first { $0.name == name }?.text
  }

  private static let groups: [String] = [
    greekLetters, capitals, operators, subscripts, raised, letters,
  ]

  private static let greekLetters = """
    alpha=α beta=β gamma=γ delta=δ epsilon=ϵ zeta=ζ eta=η theta=θ iota=ι kappa=κ lambda=λ mu=μ \
    nu=ν xi=ξ omicron=ο pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=ϕ chi=χ psi=ψ omega=ω \
    varepsilon=ε vartheta=ϑ varkappa=ϰ varpi=ϖ varrho=ϱ varsigma=ς varphi=φ
    """

  private static let capitals = """
    Alpha=Α Beta=Β Gamma=Γ Delta=Δ Epsilon=Ε Zeta=Ζ Eta=Η Theta=Θ Iota=Ι Kappa=Κ Lambda=Λ Mu=Μ \
    Nu=Ν Xi=Ξ Omicron=Ο Pi=Π Rho=Ρ Sigma=Σ Tau=Τ Upsilon=Υ Phi=Φ Chi=Χ Psi=Ψ Omega=Ω
    """

  private static let operators = """
    partial=∂ nabla=∇ del=∇ otimes=⊗ odot=⊙ oslash=⊘ cdot=⋅ cdotp=· times=× minus=− \
    le=≤ leq=≤ ge=≥ geq=≥ ne=≠ neq=≠ prime=′ top=ᵀ transpose=ᵀ
    """

  private static let subscripts = """
    _0=₀ _1=₁ _2=₂ _3=₃ _4=₄ _5=₅ _6=₆ _7=₇ _8=₈ _9=₉ _a=ₐ _e=ₑ _h=ₕ _i=ᵢ _j=ⱼ _k=ₖ _l=ₗ \
    _m=ₘ _n=ₙ _o=ₒ _p=ₚ _r=ᵣ _s=ₛ _t=ₜ _u=ᵤ _v=ᵥ _x=ₓ _beta=ᵦ _gamma=ᵧ _rho=ᵨ _phi=ᵩ _chi=ᵪ
    """

  private static let raised = """
    ^0=⁰ ^1=¹ ^2=² ^3=³ ^4=⁴ ^5=⁵ ^6=⁶ ^7=⁷ ^8=⁸ ^9=⁹ ^-=⁻ ^n=ⁿ ^i=ⁱ ^T=ᵀ
    """

  private static let letters = """
    ell=ℓ bbN=ℕ bbR=ℝ bbZ=ℤ scrL=ℒ scrE=ℰ aleph=ℵ
    """

  private static let marks: [Entry] = [
    .init(name: "hat", text: "\u{302}"), .init(name: "bar", text: "\u{304}"),
    .init(name: "tilde", text: "\u{303}"), .init(name: "dot", text: "\u{307}"),
    .init(name: "ddot", text: "\u{308}"), .init(name: "vec", text: "\u{20D7}"),
    .init(name: "check", text: "\u{30C}"), .init(name: "breve", text: "\u{306}"),
    .init(name: "overbar", text: "\u{305}"), .init(name: "underbar", text: "\u{332}"),
  ]
}
