import Calculus
import MatrixEngine

/// An activation function: what a neuron makes of its net input.
///
/// `Activation.all` is the registry. One entry serves layers (kernels on whole batches, in both
/// precisions) and the language's function of the same name; its derivative stands beside it.
package struct Activation: Sendable {
  package let name: String
  package let aliases: [String]
  /// The slope of `leaky_relu`, the threshold of `unit_step`.
  package let parameter: NamedParameter?
  /// What h(z) is defined as; z is a number, for softmax a vector.
  package let definition: Expression
  /// The interval of its values, such as `(0, 1)`.
  package let range: String
  /// How its layer's weights are drawn when the layer does not say.
  package let initializer: Initializer
  /// The net inputs at which it has no derivative.
  package let kinks: [Double]
  /// Why no gradient passes through it, or nil when one does.
  package let gradientRefusal: String?
  /// The largest slope of a function that flattens out, or nil.
  package let steepestSlope: Double?
  /// Whether each output depends on its own net input alone; softmax is the exception.
  package let isElementwise: Bool

  let double: ActivationKernels<Double>
  let float: ActivationKernels<Float>
  private let scalarValue: @Sendable (Double) -> Double
  private let scalarDerivative: @Sendable (Double) -> Double
  private let rebuilt: (@Sendable (Double) -> Activation)?

  package init<Rule: ActivationRule>(
    _ rule: Rule, name: String, aliases: [String] = [], parameter: NamedParameter? = nil,
    definition: Expression,
    range: String, initializer: Initializer = .xavier, kinks: [Double] = [],
    gradientRefusal: String? = nil, steepestSlope: Double? = nil, isElementwise: Bool = true,
    rebuilt: (@Sendable (Double) -> Activation)? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.parameter = parameter
    self.definition = definition
    self.range = range
    self.initializer = initializer
    self.kinks = kinks
    self.gradientRefusal = gradientRefusal
    self.steepestSlope = steepestSlope
    self.isElementwise = isElementwise
    self.double = rule.kernels()
    self.float = rule.kernels()
    self.scalarValue = { rule.value($0) }
    self.scalarDerivative = { rule.derivative($0, value: rule.value($0)) }
    self.rebuilt = rebuilt
  }

  /// h(z) of one number. (softmax of a single number is 1.)
  package func value(_ z: Double) -> Double { scalarValue(z) }

  /// h′(z) of one number.
  ///
  /// Throws: `NetworkError.notDifferentiable` where no gradient passes.
  package func derivative(_ z: Double) throws(NetworkError) -> Double {
    if let gradientRefusal {
      throw .notDifferentiable(layer: 0, activation: name, reason: gradientRefusal)
    }
    return scalarDerivative(z)
  }

  /// h of a matrix: element by element, or row by row for softmax. Shape: `[m, k] → [m, k]`.
  package func value(_ z: Matrix<Double>) -> Matrix<Double> {
    guard isElementwise else { return z.softmaxByRow() }
    return Matrix(rows: z.rows, columns: z.columns, storage: z.storage.map(scalarValue))
  }

  /// The same function with another slope or threshold; nil when it has none.
  package func with(parameter value: Double) -> Activation? { rebuilt?(value) }

  /// As it is written in a layer: `sigmoid`, `leaky_relu(0.2)`.
  package var notation: String {
    guard let parameter, parameter.value != Activation.named(name)?.parameter?.value else {
      return name
    }
    let whole = parameter.value == parameter.value.rounded() && parameter.value.magnitude < 1e15
    return "\(name)(\(whole ? "\(Int(parameter.value))" : "\(parameter.value)"))"
  }
}

extension Activation {
  /// All activation functions, in the order of the language reference.
  package static let all: [Activation] = [
    .sigmoid, .tanh, .relu, .leakyReLU, .unitStep, .identity, .softmax,
  ]

  /// The entry with this name or alias.
  package static func named(_ name: String) -> Activation? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }
}

extension Activation: Equatable {
  package static func == (left: Activation, right: Activation) -> Bool {
    left.name == right.name && left.parameter == right.parameter
  }
}
