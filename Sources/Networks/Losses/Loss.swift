import Calculus
import MatrixEngine

/// A loss with all its facts: how far the outputs are from the targets, as a mean over the examples.
///
/// Its formula for one output says enough; kernels written by hand are an optimisation of it.
package struct Loss: Named {
  package let name: String
  package let aliases: [String]
  /// The δ of `huber`.
  package let parameter: NamedParameter?
  /// The loss of m examples with k outputs: of the outputs A and the targets Y, m×k each.
  package var definition: Expression { whole.value }
  /// What one output a adds for one example with the target y; of a loss of vectors, what an example adds with all
  /// its outputs a and targets y. The loss is the sum of these, by m.
  package let part: Expression
  /// ∂ of that by a, in the form in which it is written; nil where the formula has no derivative.
  package var slope: Expression? { way.value.slope }
  /// Why no gradient begins at it, or nil when one does.
  package var gradientRefusal: GradientRefusal? { way.value.refusal }
  /// Whether the sum is divided by the number of outputs too.
  package let isPerEntry: Bool
  /// The activation with which it is computed from the net inputs, and what comes out then.
  package let fusion: LossFusion?
  /// The targets that it has a value for, and the predictions.
  package let targets: Interval
  package let predictions: Interval
  /// What is said of targets that are none; empty where there are no others.
  package let targetHint: String
  /// Whether targets may be given as class numbers 1…k.
  package let takesClassNumbers: Bool
  var double: LossKernels<Double> { kernels.value.double }
  var float: LossKernels<Float> { kernels.value.float }
  private let rebuilt: (@Sendable (Double) -> Loss)?
  private let whole: Deferred<Expression>
  private let way: Deferred<WayBack>
  private let kernels: Deferred<Kernels>

  /// How the gradient begins, or why it does not.
  private struct WayBack {
    let slope: Expression?
    let refusal: GradientRefusal?

    init(slope: Expression?, refusal: GradientRefusal?) {
      self.slope = slope
      self.refusal = refusal
    }

    /// By the calculus.
    init(from part: Expression) {
      do throws(CalculusError) {
        let a = part.symbols.first { $0.name == "a" }
        let slope =
          if let a { try part.pulledBack(by: a, gradient: 1) } else { Expression.number(0) }
        self.slope = slope
        refusal =
          slope.isZero
          ? GradientRefusal(
            reason: "its derivative by the outputs is 0 wherever it exists",
            help: "take a loss that says how far the outputs are from the targets") : nil
      } catch {
        slope = nil
        refusal = GradientRefusal(reason: "\(error)")
      }
    }
  }

  private struct Kernels {
    let double: LossKernels<Double>
    let float: LossKernels<Float>
  }

  /// A loss with kernels of its own.
  package init<Rule: LossRule>(
    _ rule: Rule, name: String, aliases: [String] = [], parameter: NamedParameter? = nil,
    perOutput part: Expression, slope: Expression? = nil, fusion: LossFusion? = nil,
    targets: Interval = .all, predictions: Interval = .all, targetHint: String = "",
    takesClassNumbers: Bool = false, rebuilt: (@Sendable (Double) -> Loss)? = nil
  ) {
    self.init(
      name: name, aliases: aliases, parameter: parameter, part: part,
      way: Deferred { slope.map { WayBack(slope: $0, refusal: nil) } ?? WayBack(from: part) },
      kernels: Deferred { Kernels(double: rule.kernels(), float: rule.kernels()) },
      fusion: fusion, targets: targets, predictions: predictions, targetHint: targetHint,
      takesClassNumbers: takesClassNumbers, rebuilt: rebuilt)
  }

  /// A loss that its formula for one output, or for one example of vectors, alone computes, its derivative by the
  /// calculus.
  package init(
    name: String, aliases: [String] = [], parameter: NamedParameter? = nil,
    perOutput part: Expression, targets: Interval = .all, predictions: Interval = .all,
    targetHint: String = "", takesClassNumbers: Bool = false,
    rebuilt: (@Sendable (Double) -> Loss)? = nil
  ) {
    let way = Deferred { WayBack(from: part) }
    self.init(
      name: name, aliases: aliases, parameter: parameter, part: part, way: way,
      kernels: Deferred {
        let rule = FormulaLoss(part: part, slope: way.value.slope)
        return Kernels(double: rule.kernels(), float: rule.kernels())
      },
      fusion: nil, targets: targets, predictions: predictions, targetHint: targetHint,
      takesClassNumbers: takesClassNumbers, rebuilt: rebuilt)
  }

  private init(
    name: String, aliases: [String], parameter: NamedParameter?, part: Expression,
    way: Deferred<WayBack>, kernels: Deferred<Kernels>, fusion: LossFusion?, targets: Interval,
    predictions: Interval, targetHint: String, takesClassNumbers: Bool,
    rebuilt: (@Sendable (Double) -> Loss)?
  ) {
    self.name = name
    self.aliases = aliases
    self.parameter = parameter
    self.part = part
    isPerEntry = false
    whole = Deferred { (try? Loss.definition(part, perEntry: false)) ?? part }
    self.way = way
    self.kernels = kernels
    self.fusion = fusion
    self.targets = targets
    self.predictions = predictions
    self.targetHint = targetHint
    self.takesClassNumbers = takesClassNumbers
    self.rebuilt = rebuilt
  }

  /// A loss divided by the number of outputs too.
  private init(dividing other: Loss) {
    name = other.name
    aliases = other.aliases
    parameter = other.parameter
    part = other.part
    isPerEntry = true
    whole = Deferred { (try? Loss.definition(other.part, perEntry: true)) ?? other.part }
    way = other.way
    fusion = other.fusion
    targets = other.targets
    predictions = other.predictions
    targetHint = other.targetHint
    takesClassNumbers = other.takesClassNumbers
    rebuilt = other.rebuilt
    kernels = Deferred {
      Kernels(double: other.double.perEntry, float: other.float.perEntry)
    }
  }

  /// The same loss as a mean over examples and outputs; nil for one of vectors, which has no part for an output.
  package var perEntry: Loss? { isPerEntry ? self : isElementwise ? Loss(dividing: self) : nil }

  /// The same loss with another number; nil where it has none.
  package func with(parameter value: Double) -> Loss? { rebuilt?(value) }

  /// Whether each output adds a part of its own.
  package var isElementwise: Bool { part.symbols.allSatisfy { $0.shape == .scalar } }

  /// By what the sum of the parts is divided.
  package func divisor(examples: Int, outputs: Int) -> Int {
    isPerEntry ? examples * outputs : examples
  }

  /// In words, for titles: "binary cross entropy".
  package var title: String { name.split(separator: "_").joined(separator: " ") }

  /// As it is written in a network: `huber(1)`, `mean_squared_error(per = entry)`.
  package var notation: String {
    let arguments = [parameter.map { Number($0.value).text }, isPerEntry ? "per = entry" : nil]
      .compactMap { $0 }
    return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
  }

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
      arena.allocate(a.storage), arena.allocate(y.storage), 1 / Double(a.rows), a.columns, gradient)
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
    left.name == right.name && left.parameter == right.parameter && left.part == right.part
      && left.isPerEntry == right.isPerEntry
  }
}
