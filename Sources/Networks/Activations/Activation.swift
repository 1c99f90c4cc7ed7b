import Calculus
import MatrixEngine

/// An activation function with all its facts: what a neuron makes of its net input.
///
/// One entry of a catalog serves layers (on whole batches, in both precisions) and the language's function of the
/// same name. Its definition alone says enough; kernels written by hand are an optimisation of it.
package struct Activation: Named {
  package let name: String
  package let aliases: [String]
  /// How formulas call it: σ, ReLU.
  package let symbol: String
  /// The slope of `leaky_relu`, the threshold of `unit_step`.
  package let parameter: NamedParameter?
  /// What h(z) is defined as; z is a number, or a vector where an output depends on all net inputs.
  package var definition: Expression { facts.value.definition }
  /// The function as formulas and derivatives are written with it, where the calculus has a sign for it; else the
  /// definition.
  var function: Expression { facts.value.function }
  /// The interval of its values, such as `(0, 1)`.
  package let range: String
  /// What outputs that it has made say.
  package let meaning: OutputMeaning
  /// How its layer's weights are drawn when the layer does not say.
  package let initializer: Initializer
  /// What is 0 at a net input z where it has no derivative.
  package var kinks: [Expression] { facts.value.kinks }
  /// Why no gradient passes through it, or nil when one does.
  package var gradientRefusal: GradientRefusal? { refusal.value }
  /// What decides between the only two values that it has.
  package let threshold: Threshold?
  /// The largest slope of a function that flattens out, or nil.
  package let steepestSlope: Double?
  /// What a function of all net inputs does with them, in words; empty where there is nothing to say.
  package let remark: String
  /// Of a function of all net inputs, ∂L/∂z in terms of a and g = ∂L/∂a, all vectors; nil: by the calculus.
  private let writtenPullBack: Expression?

  var double: ActivationKernels<Double> { doubles.value }
  var float: ActivationKernels<Float> { floats.value }
  private let doubles: Deferred<ActivationKernels<Double>>
  private let floats: Deferred<ActivationKernels<Float>>
  private let scalarValue: @Sendable (Double) -> Double
  private let scalarDerivative: @Sendable (Double) -> Double
  private let rebuilt: (@Sendable (Double) -> Activation)?
  private let facts: Deferred<Facts>
  private let refusal: Deferred<GradientRefusal?>

  /// What the calculus is asked for.
  private struct Facts {
    let definition: Expression
    let function: Expression
    let kinks: [Expression]

    init(_ definition: Expression, function: Expression?) {
      self.definition = definition
      self.function = function ?? definition
      kinks = definition.shape == .scalar ? definition.kinkDifferences : []
    }
  }

  /// A function with kernels of its own.
  package init<Rule: ActivationRule>(
    _ rule: Rule, name: String, aliases: [String] = [], symbol: String? = nil,
    parameter: NamedParameter? = nil,
    definition: @autoclosure @escaping @Sendable () -> Expression,
    function: @autoclosure @escaping @Sendable () -> Expression? = nil, range: String,
    meaning: OutputMeaning = .numbers, initializer: Initializer = .xavier,
    gradientRefusal: @autoclosure @escaping @Sendable () -> GradientRefusal? = nil,
    steepestSlope: Double? = nil, remark: String = "",
    pullBack: Expression? = nil, threshold: Threshold? = nil,
    rebuilt: (@Sendable (Double) -> Activation)? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.symbol = symbol ?? name
    self.parameter = parameter
    self.range = range
    self.meaning = meaning
    self.initializer = initializer
    facts = Deferred { Facts(definition(), function: function()) }
    refusal = Deferred(gradientRefusal)
    self.threshold = threshold
    self.steepestSlope = steepestSlope
    self.remark = remark
    writtenPullBack = pullBack
    doubles = Deferred { rule.kernels() }
    floats = Deferred { rule.kernels() }
    scalarValue = { rule.value($0) }
    scalarDerivative = { rule.derivative($0, value: rule.value($0)) }
    self.rebuilt = rebuilt
  }

  /// A function that its definition alone computes, its derivative by the calculus.
  package init(
    name: String, aliases: [String] = [], symbol: String? = nil, parameter: NamedParameter? = nil,
    definition: Expression, range: String, meaning: OutputMeaning = .numbers,
    initializer: Initializer = .xavier,
    gradientRefusal: GradientRefusal? = nil, steepestSlope: Double? = nil, remark: String = "",
    rebuilt: (@Sendable (Double) -> Activation)? = nil
  ) {
    let rule = FormulaActivation(definition)
    self.init(
      rule, name: name, aliases: aliases, symbol: symbol, parameter: parameter,
      definition: definition, range: range, meaning: meaning, initializer: initializer,
      gradientRefusal: gradientRefusal ?? rule.refusal,
      steepestSlope: steepestSlope, remark: remark, rebuilt: rebuilt)
  }

  /// A function of the calculus.
  package init(
    _ function: ElementFunction, range: String, meaning: OutputMeaning = .numbers,
    initializer: Initializer = .xavier
  ) {
    let call: @Sendable () -> Expression = { .function(function, .netInput) }
    var parameter: NamedParameter?
    var rebuilt: (@Sendable (Double) -> Activation)?
    if let own = function.parameter {
      parameter = NamedParameter(
        name: own.name, value: own.value.value, usual: (own.standard ?? own.value).value)
      rebuilt = {
        Activation(
          function.with(parameter: Number($0)), range: range, meaning: meaning,
          initializer: initializer)
      }
    }
    self.init(
      KnownActivation(function: function), name: function.name, aliases: function.aliases,
      parameter: parameter, definition: (try? function.writtenOut(.netInput)) ?? call(),
      function: call(), range: range, meaning: meaning, initializer: initializer,
      gradientRefusal: FormulaActivation(call()).refusal, rebuilt: rebuilt)
  }

  /// A function that a cell has written: a formula of the number, or of all net inputs, that `variable` stands for.
  ///
  /// Throws: `CalculusError.unsupported` for a formula that does more than calculate with a number, or that has no
  /// form for all examples at once.
  package init(name: String, formula: Expression, of variable: Symbol) throws(CalculusError) {
    let definition: Expression
    if variable.shape == .scalar {
      definition = try formula.mapped([variable: .netInput])
    } else {
      definition = try formula.fitting([variable: .netInputs])
      let rows = ExpressionShape.matrix(.name("m"), .name("k"))
      _ = try definition.byRows([Symbol("z", .vector(.name("k"))): .symbol("z", rows)])
    }
    self.init(name: name, definition: definition, range: "")
  }

  /// Whether each output depends on its own net input alone.
  package var isElementwise: Bool { definition.shape == .scalar }

  /// Whether it gives back what it takes.
  package var isIdentity: Bool { definition == .netInput }

  /// h(z) of one number; a function of all net inputs has only this one.
  package func value(_ z: Double) -> Double { scalarValue(z) }

  /// h′(z) of one number.
  ///
  /// Throws: `NetworkError.notDifferentiable` where no gradient passes.
  package func derivative(_ z: Double) throws(NetworkError) -> Double {
    if let gradientRefusal {
      throw .notDifferentiable(layer: 0, activation: name, gradientRefusal)
    }
    return scalarDerivative(z)
  }

  /// h′(z) of one number, of a function that a gradient passes through.
  func slope(_ z: Double) -> Double { scalarDerivative(z) }

  /// h of an array, by the kernel of layers; the last index runs along a row. Shape: `[…, k] → […, k]`.
  package func value(_ z: Matrix<Double>) -> Matrix<Double> {
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    let result = arena.allocate(z.storage.count)
    double.apply(arena.allocate(z.storage), result, z.sizes.last ?? 1)
    return Matrix(z.shape, result.doubles)
  }

  /// The same function with another slope or threshold; nil when it has none.
  package func with(parameter value: Double) -> Activation? { rebuilt?(value) }

  /// ∂L/∂z of a function of all net inputs, in terms of z, of its values a and of g = ∂L/∂a, all vectors.
  ///
  /// Throws: `CalculusError` where the definition has no derivative.
  package func pullBack() throws(CalculusError) -> Expression {
    if let writtenPullBack { return writtenPullBack }
    guard let z = definition.symbols.first else { return .fill(.zero, definition.shape) }
    return try definition.pulledBack(by: z, gradient: .symbol("g", definition.shape))
  }

  /// As it is written in a layer: `sigmoid`, `leaky_relu(0.2)`. The number is left out where it is the usual one.
  package var notation: String {
    let manner =
      (threshold?.isStrict == true ? ", strict" : "")
      + (threshold.map { $0.low == 0 && $0.high == 1 ? "" : ", outputs \(range)" } ?? "")
    return numbered + manner
  }

  private var numbered: String {
    guard let parameter, parameter.value != parameter.usual else { return name }
    let whole = parameter.value == parameter.value.rounded() && parameter.value.magnitude < 1e15
    return "\(name)(\(whole ? "\(Int(parameter.value))" : "\(parameter.value)"))"
  }
}

extension Activation: Equatable {
  package static func == (left: Activation, right: Activation) -> Bool {
    left.name == right.name && left.parameter == right.parameter
      && left.definition == right.definition
  }
}
