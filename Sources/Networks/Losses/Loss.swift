import Calculus
import MatrixEngine

/// A loss: how far the outputs are from the targets, as a mean over the examples.
///
/// `Loss.all` is the registry. Each has its value and derivative by the outputs and, for the
/// activation it belongs to, both from the net inputs, in the form that does not overflow.
package struct Loss: Sendable {
  /// Which predictions a loss has a value for.
  package enum PredictionDomain: Sendable { case all, notNegative, betweenZeroAndOne }

  package let name: String
  package let aliases: [String]
  /// The loss of m examples with k outputs: of the outputs A and the targets Y, m×k each.
  package let definition: Expression
  /// What one output a adds for one example with the target y; the loss is its sum over both, by m.
  package let perOutput: Expression
  /// The activation with which it is computed from the net inputs.
  package let fusedActivation: String?
  /// Whether targets must lie in [0, 1].
  package let boundsTargets: Bool
  package let predictionDomain: PredictionDomain
  let double: LossKernels<Double>
  let float: LossKernels<Float>

  init<Rule: LossRule>(
    _ rule: Rule, name: String, aliases: [String], definition: Expression, perOutput: Expression,
    fusedActivation: String? = nil,
    boundsTargets: Bool = false, predictionDomain: PredictionDomain = .all
  ) {
    self.name = name
    self.aliases = aliases
    self.definition = definition
    self.perOutput = perOutput
    self.fusedActivation = fusedActivation
    self.boundsTargets = boundsTargets
    self.predictionDomain = predictionDomain
    self.double = rule.kernels()
    self.float = rule.kernels()
  }

  /// `definition` in input notation: `sum((A - Y)^2)/m`.
  package var formula: String { definition.text }

  /// The loss of predictions, a mean over the rows.
  ///
  /// Shape: `[m, k], [m, k] → 1 number`.
  /// Throws: `NetworkError.targetShape`, `.target` or `.prediction`.
  package func value(predictions a: Matrix<Double>, targets y: Matrix<Double>)
    throws(NetworkError) -> Double
  {
    try checkShapes(a, y)
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    let predictions = arena.allocate(a.storage)
    if let error = predictionError(
      in: predictions, columns: a.columns, firstExample: 0, activation: "given")
    {
      throw error
    }
    return double.value(predictions, arena.allocate(y.storage), a.columns) / Double(a.rows)
  }

  /// The loss from the net inputs of its own activation, in the form that does not overflow.
  ///
  /// Shape: `[m, k], [m, k] → 1 number`. Throws: `NetworkError.targetShape` or `.target`.
  package func value(netInputs z: Matrix<Double>, targets y: Matrix<Double>)
    throws(NetworkError) -> Double
  {
    try checkShapes(z, y)
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    return double.fusedValue(arena.allocate(z.storage), arena.allocate(y.storage), z.columns)
      / Double(z.rows)
  }

  /// ∂L/∂A, 1/m included. Shape: `[m, k], [m, k] → [m, k]`.
  ///
  /// Throws: `NetworkError.targetShape` or `.target`.
  package func derivative(predictions a: Matrix<Double>, targets y: Matrix<Double>)
    throws(NetworkError) -> Matrix<Double>
  {
    try checkShapes(a, y)
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    let gradient = arena.allocate(a.storage.count)
    double.gradient(
      arena.allocate(a.storage), arena.allocate(y.storage), 1 / Double(a.rows), gradient)
    return Matrix(rows: a.rows, columns: a.columns, storage: gradient.doubles)
  }

  private func checkShapes(_ a: Matrix<Double>, _ y: Matrix<Double>) throws(NetworkError) {
    guard a.rows > 0 else { throw .noExamples }
    guard a.shape == y.shape else {
      throw .targetShape(given: y, examples: a.rows, outputs: a.columns)
    }
    try check(targets: y)
  }

  /// Checks that every target is one this loss is defined for.
  ///
  /// Throws: `NetworkError.target` with the first that is not.
  package func check(targets y: Matrix<Double>) throws(NetworkError) {
    guard boundsTargets else { return }
    for (i, value) in y.storage.enumerated() where !(value >= 0 && value <= 1) {
      throw .target(
        loss: name, example: i / y.columns + 1, output: i % y.columns + 1, value: value)
    }
  }
}
