import MatrixEngine

extension Network {
  /// The forward pass: the quantities of every layer. Shape: `x: [m, n]`.
  ///
  /// Throws: `NetworkError.inputShape`, `.noExamples`, `.interrupted`, `.matrix(.tooLarge)`.
  package func forward(
    _ x: Matrix<Double>, isTraining: Bool = false, interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> Trace {
    try check(x)
    switch engine {
    case .double(let engine):
      return try engine.forward(
        x, isTraining: isTraining, draw: updates, interrupt: interrupt)
    case .float(let engine):
      return try engine.forward(
        x, isTraining: isTraining, draw: updates, interrupt: interrupt)
    }
  }

  /// The output alone. Shape: `[m, n] → [m, k]`. Throws: `NetworkError.inputShape`, `.noExamples`, `.interrupted`.
  package func predict(_ x: Matrix<Double>, interrupt: InterruptFlag? = nil)
    throws(NetworkError) -> Matrix<Double>
  {
    try check(x)
    switch engine {
    case .double(let engine): return try engine.predict(x, interrupt: interrupt)
    case .float(let engine): return try engine.predict(x, interrupt: interrupt)
    }
  }

  /// The mean loss, with a penalty on the weights. Shape: `x: [m, n]`, `y: [m, k]`.
  ///
  /// Throws: `NetworkError.inputShape`, `.targetShape`, `.target`, `.prediction`, `.option`, `.interrupted`.
  package func loss(
    _ x: Matrix<Double>, _ y: Matrix<Double>, penalty: Penalty = .none,
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> Double {
    try penalty.check()
    return try score(x, y, interrupt: interrupt).loss + value(of: penalty)
  }

  /// The mean loss with each row of values in some places of `state.parameters`, where they stay; nan where there is
  /// none. Shape: `x: [m, n]`, `y: [m, k]`.
  ///
  /// Throws: `NetworkError.inputShape`, `.targetShape`, `.target`, `.interrupted`.
  package func losses(
    _ x: Matrix<Double>, _ y: Matrix<Double>, places: [Int], values: [[Double]],
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> [Double] {
    try check(x, y)
    switch engine {
    case .double(let engine):
      return try engine.losses(x, y, places: places, values: values, interrupt: interrupt)
    case .float(let engine):
      return try engine.losses(x, y, places: places, values: values, interrupt: interrupt)
    }
  }

  func value(of penalty: Penalty) -> Double {
    switch engine {
    case .double(let engine): plan.value(of: penalty, at: engine.parameters)
    case .float(let engine): plan.value(of: penalty, at: engine.parameters)
    }
  }

  func score(_ x: Matrix<Double>, _ y: Matrix<Double>, interrupt: InterruptFlag?)
    throws(NetworkError) -> Score
  {
    try check(x, y)
    let rule = AccuracyRule(plan, targets: y)
    switch engine {
    case .double(let engine):
      return try engine.score(x, y, rule: rule, interrupt: interrupt)
    case .float(let engine):
      return try engine.score(x, y, rule: rule, interrupt: interrupt)
    }
  }

  /// The backward pass: gradients of the mean loss, with a penalty on the weights.
  ///
  /// Shape: `x: [m, n]`, `y: [m, k]`.
  ///
  /// Throws: `NetworkError.notDifferentiable` for a layer that lets no gradient through; else as `loss`.
  package func backward(
    _ x: Matrix<Double>, _ y: Matrix<Double>, penalty: Penalty = .none,
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> Gradients {
    try check(x, y)
    try penalty.check()
    if let refusal = plan.gradientRefusal { throw refusal }
    let gradients =
      switch engine {
      case .double(let engine): try engine.gradients(x, y, draw: updates, interrupt: interrupt)
      case .float(let engine): try engine.gradients(x, y, draw: updates, interrupt: interrupt)
      }
    guard !penalty.isNone else { return gradients }
    return gradients.adding(penalty, value: value(of: penalty), at: layers, parameterValues)
  }
}
