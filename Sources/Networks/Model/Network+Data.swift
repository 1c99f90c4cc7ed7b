import MatrixEngine

extension Network {
  /// X as a cell gives it, as one example a row.
  ///
  /// A vector is one example; a number is one example of one input. Shape: `→ [m, n]`.
  /// Throws: `NetworkError.inputShape`, `.noExamples`.
  package func examples(from x: Tensor<Double>) throws(NetworkError) -> Matrix<Double> {
    if x.rank < 2, x.storage.count == inputs { return .row(x.storage) }
    guard x.rank == 2, x.columns == inputs else { throw .inputShape(given: x, inputs: inputs) }
    guard x.rows > 0 else { throw .noExamples }
    return x
  }

  /// Y as a cell gives it, as one example a row. `isSingle` says that X was one example.
  ///
  /// A vector of k for one example, a vector of m where k = 1, or m×k; with cce also a vector of m
  /// class numbers 1…k; a number serves for one entry (or one class number). Shape: `→ [m, k]`.
  /// Throws: `NetworkError.targetShape`, `.classNumber`, `.target`.
  package func targets(from y: Tensor<Double>, examples m: Int, isSingle: Bool)
    throws(NetworkError) -> Matrix<Double>
  {
    let targets = try shapedTargets(from: y, examples: m, isSingle: isSingle)
    try loss.check(targets: targets)
    return targets
  }

  private func shapedTargets(from y: Tensor<Double>, examples m: Int, isSingle: Bool)
    throws(NetworkError) -> Matrix<Double>
  {
    let k = outputs
    let takesClasses = loss.takesClassNumbers && k > 1
    let count = y.storage.count
    if y.shape == Shape(m, k) { return y }
    if y.shape == Shape(m, 1), takesClasses { return try oneHot(y.storage) }
    if y.rank < 2 {
      if k == 1, count == m { return .column(y.storage) }
      if m == 1, isSingle, count == k { return .row(y.storage) }
      if takesClasses, count == m { return try oneHot(y.storage) }
      if m == 1, count == k { return .row(y.storage) }
    }
    throw .targetShape(given: y, examples: m, outputs: k)
  }

  private func oneHot(_ classes: [Double]) throws(NetworkError) -> Matrix<Double> {
    try Networks.oneHot(classes, classes: outputs)
  }

  func check(_ x: Matrix<Double>) throws(NetworkError) {
    guard x.columns == inputs else { throw .inputShape(given: x, inputs: inputs) }
    guard x.rows > 0 else { throw .noExamples }
    do {
      try MemoryBudget.ask(plan.workingBytes(examples: x.rows))
    } catch { throw .matrix(.outOfMemory(operation: name, error)) }
  }

  func check(_ x: Matrix<Double>, _ y: Matrix<Double>) throws(NetworkError) {
    try check(x)
    guard y.shape == Shape(x.rows, outputs) else {
      throw .targetShape(given: y, examples: x.rows, outputs: outputs)
    }
    try loss.check(targets: y)
  }
}

/// Rows of zeros with a 1 in the column of the class, from 1. Shape: `[m] → [m, classes]`.
///
/// Throws: `NetworkError.classNumber` for a number that is none of 1…classes; `.matrix`.
package func oneHot(_ numbers: [Double], classes: Int) throws(NetworkError) -> Matrix<Double> {
  var result: Matrix<Double>
  do {
    result = try .filled(Shape(numbers.count, classes), with: 0, operation: "one_hot")
  } catch { throw .matrix(error) }
  for (i, number) in numbers.enumerated() {
    guard number >= 1, number <= Double(classes), number == number.rounded() else {
      throw .classNumber(example: i + 1, value: number, classes: classes)
    }
    result[i, Int(number) - 1] = 1
  }
  return result
}
