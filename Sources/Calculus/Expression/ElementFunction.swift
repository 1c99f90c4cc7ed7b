/// A function of one number that maps over the entries of vectors and matrices, with all that is known of it.
///
/// A name and a formula are enough: value, derivative, text and LaTeX follow. What else is given is used in place
/// of what would follow. `ElementFunction.all` lists those of the calculus; others may be made anywhere. Two are
/// the same where their names and parameters are.
package struct ElementFunction: Sendable {
  /// Its name in the language.
  package let name: String
  /// Its other names.
  package let aliases: [String]
  /// Its name of one letter, where it has one: σ.
  var letter: String? { aliases.first { $0.count == 1 } }
  /// What it is, in a few words, for help.
  package let summary: String
  package let parameter: Parameter?
  /// f(x) in terms of its only open symbol, or nil.
  package let formula: Expression?
  /// Where it is defined; nil: everywhere.
  package let domain: Domain?
  /// Where its derivative jumps.
  package let kinks: [Double]
  /// Why it has no derivative that could be used, or nil.
  package let refusal: CalculusError?
  /// The rule by which it is differentiated, or nil: as its formula.
  package let rule: DerivativeRule?
  package let spelling: Spelling
  let laws: Laws
  /// f(x) and f′(x) as numbers, written independently of formula and slope; nil: from these.
  let number: (@Sendable (Double) -> Double)?
  let numericSlope: (@Sendable (Double) -> Double)?
  /// `value` as a function in JavaScript, for `JavaScriptPrinter`; nil: its formula computes it there.
  let script: String?
  /// f′ in terms of the argument and of f of it.
  let statedSlope: (@Sendable (_ u: Expression, _ value: Expression) -> Expression)?

  package init(
    name: String, aliases: [String] = [], summary: String = "", parameter: Parameter? = nil,
    formula: Expression? = nil, domain: Domain? = nil,
    kinks: [Double] = [], spelling: Spelling? = nil, laws: Laws = .none,
    refusal: CalculusError? = nil, value: (@Sendable (Double) -> Double)? = nil,
    script: String? = nil,
    numericSlope: (@Sendable (Double) -> Double)? = nil, rule: DerivativeRule? = nil,
    slope: (@Sendable (_ u: Expression, _ value: Expression) -> Expression)? = nil
  ) {
    precondition(formula != nil || value != nil && (slope != nil || refusal != nil))
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.parameter = parameter
    self.formula = formula
    self.domain = domain
    self.kinks = kinks
    self.spelling = spelling ?? Spelling(named: name)
    self.laws = laws
    self.refusal = refusal
    number = value
    self.script = script
    self.numericSlope = numericSlope
    self.rule = rule
    statedSlope = slope
  }

  /// The number that makes a function of a family: the slope of `leaky_relu`, the threshold of `unit_step`.
  package struct Parameter: Sendable {
    /// Its keyword.
    package let name: String
    package let value: Number
    /// What it is where a call does not say; nil: a call says it, as its second argument.
    package let standard: Number?
    let remade: @Sendable (Number) -> ElementFunction

    package init(
      _ name: String, _ value: Number, standard: Number?,
      remade: @escaping @Sendable (Number) -> ElementFunction
    ) {
      (self.name, self.value, self.standard, self.remade) = (name, value, standard, remade)
    }
  }

  /// An interval with its bounds; at a bound there is a value, or a limit, but no derivative.
  package struct Domain: Hashable, Sendable {
    private let bounds: ClosedRange<Double>

    package init(_ bounds: ClosedRange<Double>) { self.bounds = bounds }

    package static let notNegative = Domain(0 ... .infinity)

    /// Whether there is no value, or where it is asked for no slope, at x. nan is nowhere outside.
    package func excludes(_ x: Double, forSlope: Bool = false) -> Bool {
      x < bounds.lowerBound || x > bounds.upperBound
        || forSlope && x.isFinite && (x == bounds.lowerBound || x == bounds.upperBound)
    }

    /// `x >= 0`, `-1 <= x <= 1`, and `x > 0` for the slope.
    package func text(forSlope: Bool = false) -> String {
      let (lower, upper) = (bounds.lowerBound, bounds.upperBound)
      let sign = forSlope ? "" : "="
      if upper == .infinity { return "x >\(sign) \(Number(lower).text)" }
      return (lower == -.infinity ? "" : "\(Number(lower).text) <\(sign) ")
        + "x <\(sign) \(Number(upper).text)"
    }
  }

  /// How LaTeX writes it.
  package struct Spelling: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
      /// σ(u)
      case call
      /// sin(u), and sin²(u) for its square.
      case raisedCall
      /// |u|, √u: what stands before and behind the argument.
      case around(String, String)
      /// e^u of this base.
      case exponential(String)
    }
    /// Its name: `\sigma`, `\operatorname{ReLU}`, `\sin`.
    package let sign: String
    let form: Form

    package init(_ sign: String, _ form: Form = .call) { (self.sign, self.form) = (sign, form) }

    /// Upright letters.
    package init(named name: String, _ form: Form = .call) {
      self.init("\\operatorname{\(name.split(separator: "_").joined(separator: "\\_"))}", form)
    }
  }

  /// What simplification may use.
  package struct Laws: Sendable {
    package static let none = Laws()
    package enum Symmetry: Sendable { case odd, even }

    /// The values that need no calculator; nil for other numbers.
    package var exact: @Sendable (Number) -> Number? = { _ in nil }
    package var symmetry: Symmetry?
    /// f(u) = below · u for u ≤ 0 and above · u for u ≥ 0.
    package var sides: (below: Number, above: Number)?
    /// f(u) = u to this power.
    package var exponent: Number?
    /// f(a) f(b) = f(a + b).
    package var isExponential = false
    /// f/(1 + f) of its argument; f's share of the sum over a vector is softmax.
    package var share: (@Sendable () -> ElementFunction)?
    /// f of this function is its argument.
    package var inverse: (@Sendable () -> ElementFunction)?
    /// Its square and that of this function make 1.
    package var complement: (@Sendable () -> ElementFunction)?

    /// |u|: f(c u) = |c| f(u), and f(u)² = u².
    var isMagnitude: Bool { sides.map { $0 == (.minusOne, .one) } ?? false }
  }
}

/// The rule of an operation's derivative, for a reader.
package struct DerivativeRule: Hashable, Sendable {
  /// What the rule is called.
  let name: String
  /// The rule, in LaTeX.
  let reason: String

  package init(_ name: String, _ reason: String) { (self.name, self.reason) = (name, reason) }
}

extension ElementFunction: Hashable {
  package static func == (a: ElementFunction, b: ElementFunction) -> Bool {
    a.name == b.name && a.parameter?.value == b.parameter?.value
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(parameter?.value)
  }

  func mix(into mixer: inout FingerprintMixer) {
    mixer.mix(name)
    parameter?.value.mix(into: &mixer)
  }
}

extension ElementFunction {
  /// The function of the calculus with this name or alias.
  package static func named(_ name: String) -> ElementFunction? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The same function with another parameter; itself where it has none.
  package func with(parameter value: Number) -> ElementFunction {
    parameter?.remade(value) ?? self
  }

  /// Whether it is its argument.
  var isIdentity: Bool { if case .symbol? = formula?.node { true } else { false } }

  /// The symbol that stands for its argument in `formula`.
  var argument: Symbol { formula?.symbols.first { !$0.isOuter } ?? Symbol("u") }

  /// What it is defined as, of an expression; nil where it has no formula.
  ///
  /// Throws: `CalculusError.unsupported` for a formula that does more than calculate with numbers.
  package func writtenOut(_ a: Expression) throws(CalculusError) -> Expression? {
    try formula?.mapped([argument: a])
  }

  /// f′ in terms of `argument` as it is stated; nil: that of its formula.
  var slope: Expression? { statedSlope?(.symbol(argument), .function(self, .symbol(argument))) }
}
