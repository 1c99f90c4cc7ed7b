import Calculus
import MatrixEngine

/// A loss with all its facts: how far the outputs are from the targets, as a mean over the examples.
///
/// Its formula for one output says enough; kernels written by hand are an optimisation of it.
package struct Loss: Named {
  package let name: String
  package let aliases: [String]
  /// The loss of m examples with k outputs: of the outputs A and the targets Y, m×k each.
  package let definition: Expression
  /// What one output a adds for one example with the target y; the loss is its sum over both, by m.
  package let perOutput: Expression
  /// ∂ of that by a, in the form in which it is written; nil where the formula has no derivative.
  package let slope: Expression?
  /// The activation with which it is computed from the net inputs, and what comes out then.
  package let fusion: LossFusion?
  /// The targets that it has a value for, and the predictions.
  package let targets: Interval
  package let predictions: Interval
  /// What is said of targets that are none; empty where there are no others.
  package let targetHint: String
  /// Whether targets may be given as class numbers 1…k.
  package let takesClassNumbers: Bool
  let double: LossKernels<Double>
  let float: LossKernels<Float>

  /// A loss with kernels of its own.
  package init<Rule: LossRule>(
    _ rule: Rule, name: String, aliases: [String] = [], perOutput: Expression,
    slope: Expression? = nil, fusion: LossFusion? = nil, targets: Interval = .all,
    predictions: Interval = .all, targetHint: String = "", takesClassNumbers: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.perOutput = perOutput
    definition = (try? Loss.definition(perOutput)) ?? perOutput
    self.slope = slope ?? Loss.slope(of: perOutput)
    self.fusion = fusion
    self.targets = targets
    self.predictions = predictions
    self.targetHint = targetHint
    self.takesClassNumbers = takesClassNumbers
    double = rule.kernels()
    float = rule.kernels()
  }

  /// A loss that its formula for one output alone computes, its derivative by the calculus.
  package init(
    name: String, aliases: [String] = [], perOutput: Expression, targets: Interval = .all,
    predictions: Interval = .all, targetHint: String = "", takesClassNumbers: Bool = false
  ) {
    let slope = Loss.slope(of: perOutput)
    self.init(
      FormulaLoss(perOutput: perOutput, slope: slope), name: name, aliases: aliases,
      perOutput: perOutput, slope: slope, targets: targets, predictions: predictions,
      targetHint: targetHint, takesClassNumbers: takesClassNumbers)
  }

  private static func slope(of perOutput: Expression) -> Expression? {
    try? perOutput.derivative(by: Symbol("a")).expression
  }

  /// In words, for titles: "binary cross entropy".
  package var title: String { name.split(separator: "_").joined(separator: " ") }

  /// `definition` in input notation: `sum((A - Y)^2)/m`.
  package var formula: String { definition.text }

  /// What it comes to together with the activation of the outputs, where the two go together.
  package func fusion(with activation: Activation?) -> LossFusion? {
    fusion.flatMap { $0.activation == activation ? $0 : nil }
  }

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
      in: predictions, columns: a.columns, firstExample: 0, source: "given")
    {
      throw error
    }
    return double.value(predictions, arena.allocate(y.storage), a.columns) / Double(a.rows)
  }

  /// The loss from the net inputs of its own activation, in the form that does not overflow; nil where it has none.
  ///
  /// Shape: `[m, k], [m, k] → 1 number`. Throws: `NetworkError.targetShape` or `.target`.
  package func value(netInputs z: Matrix<Double>, targets y: Matrix<Double>)
    throws(NetworkError) -> Double?
  {
    try checkShapes(z, y)
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    return double.fused.map {
      $0.value(arena.allocate(z.storage), arena.allocate(y.storage), z.columns) / Double(z.rows)
    }
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
    guard targets != .all else { return }
    for (i, value) in y.storage.enumerated() where targets.excludes(value) || value.isNaN {
      let hint = targetHint.isEmpty ? "" : "\(targetHint); "
      throw .target(
        LossDomain(
          loss: name, interval: targets,
          help: "\(hint)\(Loss.meanSquaredError.name) takes any numbers"),
        example: i / y.columns + 1, output: i % y.columns + 1, value: value)
    }
  }

  /// The first prediction that this loss has no value for, as an error; `source` says what made it.
  func predictionError<Scalar: MatrixScalar>(
    in a: Buffer<Scalar>, columns k: Int, firstExample: Int, source: String
  ) -> NetworkError? {
    guard predictions != .all else { return nil }
    for i in 0..<a.count where predictions.excludes(a[i]) {
      // A NaN is no prediction outside the domain: it spreads, and is reported as what it is.
      let last = fusion.map { "the last layer \($0.activation.name), or " } ?? ""
      return .prediction(
        LossDomain(
          loss: name, interval: predictions,
          help: "give \(last)the network loss \(Loss.meanSquaredError.name)"), activation: source,
        example: firstExample + i / k + 1,
        output: i % k + 1, value: Double(a[i]))
    }
    return nil
  }
}

extension Loss: Equatable {
  package static func == (left: Loss, right: Loss) -> Bool {
    left.name == right.name && left.perOutput == right.perOutput
  }
}
