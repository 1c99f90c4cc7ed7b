import MatrixEngine

extension Network {
  /// X as a cell gives it, as one example a row.
  ///
  /// A vector is one example; a number is one example of one input. Shape: `→ [m, n]`.
  /// Throws: `NetworkError.inputShape`, `.noExamples`.
  package func examples(from x: Tensor<Double>) throws(NetworkError) -> Matrix<Double> {
    guard inputSizes.count == 1 else { return try arrays(from: x) }
    if x.rank < 2, x.storage.count == inputs { return .row(x.storage) }
    guard x.rank == 2, x.columns == inputs else { throw .inputShape(given: x, inputs: inputs) }
    guard x.rows > 0 else { throw .noExamples }
    return x
  }

  /// Whether X is one example.
  package func isSingle(_ x: Tensor<Double>) -> Bool {
    inputSizes.count == 1 ? x.rank < 2 : matches(x.sizes, inputSizes)
  }

  /// Arrays one behind the other, or one of them; sizes of 1 at the front of an example may be left out.
  private func arrays(from x: Tensor<Double>) throws(NetworkError) -> Matrix<Double> {
    if matches(x.sizes, inputSizes) { return .row(x.storage) }
    guard x.rank > 0, matches(Array(x.sizes.dropFirst()), inputSizes) else {
      throw .exampleShape(given: x, sizes: inputSizes)
    }
    guard x.sizes[0] > 0 else { throw .noExamples }
    return Matrix(rows: x.sizes[0], columns: inputs, storage: x.storage)
  }

  private func matches(_ given: [Int], _ sizes: [Int]) -> Bool {
    given == sizes
      || sizes.count > 2 && given.count >= 2
        && Array(repeating: 1, count: max(0, sizes.count - given.count)) + given == sizes
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
    if outputSizes.count != 1 { return try shapedArrays(from: y, examples: m, isSingle: isSingle) }
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

  /// Targets in the sizes of the outputs; with cce also a class number a row.
  private func shapedArrays(from y: Tensor<Double>, examples m: Int, isSingle: Bool)
    throws(NetworkError) -> Matrix<Double>
  {
    let sizes = outputSizes
    func rows(_ storage: [Double]) -> Matrix<Double> {
      Matrix(rows: m, columns: outputs, storage: storage)
    }
    if y.sizes == [m] + sizes || isSingle && y.sizes == sizes { return rows(y.storage) }
    // An output that is a number.
    if sizes.isEmpty, y.rank < 2, y.storage.count == m { return rows(y.storage) }
    let places = Array(sizes.dropLast())
    if loss.takesClassNumbers, let classes = sizes.last, classes > 1,
      y.sizes == [m] + places || isSingle && y.sizes == places
    {
      return rows(try Networks.oneHot(y.storage, classes: classes).storage)
    }
    throw .targetArray(given: y, examples: m, sizes: sizes)
  }

  private func oneHot(_ classes: [Double]) throws(NetworkError) -> Matrix<Double> {
    try Networks.oneHot(classes, classes: outputs)
  }

  func check(_ x: Matrix<Double>) throws(NetworkError) {
    guard x.columns == inputs else { throw .inputShape(given: x, inputs: inputs) }
    guard x.rows > 0 else { throw .noExamples }
    if let found = layers.first?.choiceOutside(x) {
      throw .place(example: found.example, value: found.value, count: found.count)
    }
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
