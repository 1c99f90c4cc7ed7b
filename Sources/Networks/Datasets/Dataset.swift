import MatrixEngine

/// Examples with their targets and the names of columns and classes.
///
/// Shape: `x: [m, n]`, `names: [n]`; `y` a vector of m or a matrix `[m, k]`, nil when there is no
/// target. Where `classes` is not empty, y holds class numbers from 1, and class c is
/// `classes[c - 1]`.
package struct Dataset: Sendable, Equatable {
  package var name: String
  package var x: Matrix<Double>
  package var y: Tensor<Double>?
  package var names: [String]
  package var classes: [String]
  package var targetName: String?

  package init(
    name: String, x: Matrix<Double>, y: Tensor<Double>?, names: [String], classes: [String] = [],
    targetName: String? = nil
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.names = names
    self.classes = classes
    self.targetName = targetName
  }

  /// The number of examples.
  package var count: Int { x.rows }

  /// The examples at the given positions, from 0, in that order.
  package func selecting(_ positions: [Int]) -> Dataset {
    var result = self
    result.x = x.selecting(.several(positions))
    result.y = y?.selecting(.several(positions))
    return result
  }

  /// Shuffles and divides: the share `test` of each class goes to the test set.
  ///
  /// Classes are the class numbers, 0 and 1, or one-hot rows; other targets are shuffled as one
  /// class. The test set has round(test·m) examples, whole classes rounded by largest remainder.
  /// Throws: `DataError.option` unless 0 ≤ test ≤ 1.
  package func split(test share: Double = 0.25, seed: Int = 0) throws(DataError) -> (
    train: Dataset, test: Dataset
  ) {
    guard share >= 0, share <= 1 else {
      throw .option(
        name: "test",
        value: share == share.rounded() && share.magnitude < 1e9 ? "\(Int(share))" : "\(share)",
        expected: "a share from 0 to 1")
    }
    var random = RandomSource(seed: seed)
    var groups = classGroups
    for i in groups.indices { random.shuffle(&groups[i]) }
    let exact = groups.map { Double($0.count) * share }
    var sizes = exact.map { Int($0) }
    let missing = Int((Double(count) * share).rounded()) - sizes.reduce(0, +)
    let byRemainder = groups.indices.sorted {
      let (a, b) = (exact[$0] - exact[$0].rounded(.down), exact[$1] - exact[$1].rounded(.down))
      return a == b ? $0 < $1 : a > b
    }
    for i in byRemainder.prefix(max(0, missing)) where sizes[i] < groups[i].count { sizes[i] += 1 }
    var testing = zip(groups, sizes).flatMap { $0.prefix($1) }
    var training = zip(groups, sizes).flatMap { $0.dropFirst($1) }
    random.shuffle(&training)
    random.shuffle(&testing)
    return (selecting(training), selecting(testing))
  }

  /// The positions of the examples, class by class.
  private var classGroups: [[Int]] {
    let keys: [Int]
    if let y, y.rank == 1, !classes.isEmpty || y.storage.allSatisfy({ $0 == 0 || $0 == 1 }) {
      keys = y.storage.map { Int(exactly: $0) ?? 0 }
    } else if let y, y.rank == 2, y.isOneHot {
      keys = (try? y.argmaxByRow()) ?? []
    } else {
      return [Array(0..<count)]
    }
    var groups: [Int: [Int]] = [:]
    for (position, key) in keys.enumerated() { groups[key, default: []].append(position) }
    return groups.keys.sorted().map { groups[$0] ?? [] }
  }
}

extension Matrix<Double> {
  /// Whether every row is zeros but for a single 1.
  fileprivate var isOneHot: Bool {
    columns > 0
      && (0..<rows).allSatisfy { i in
        let row = self.row(i)
        return row.allSatisfy { $0 == 0 || $0 == 1 } && row.reduce(0, +) == 1
      }
  }
}

/// (x − mean)/deviation, column by column, with mean and deviation of `like`; the deviation has
/// divisor n, of a sample n − 1, and a column that is constant in `like` becomes 0.
///
/// Shape: `x: [m, n]`, `like: [p, n] → [m, n]`.
/// Throws: `MatrixError.shapeMismatch` when the numbers of columns differ; `.empty`.
package func standardize(
  _ x: Matrix<Double>, like reference: Matrix<Double>? = nil, ofSample: Bool = false,
  interrupt: InterruptFlag? = nil
) throws(MatrixError) -> Matrix<Double> {
  let reference = reference ?? x
  guard x.columns == reference.columns else {
    throw .shapeMismatch(operation: "standardize", left: x.shape, right: reference.shape)
  }
  let means = try reference.reduced(by: .mean, axis: 0, interrupt: interrupt).storage
  let deviations = try reference.reduced(
    by: .deviation(ofSample: ofSample), axis: 0, interrupt: interrupt
  ).storage
  let columns = means.count
  // Equal entries, not a deviation of 0: their mean may be off by a rounding.
  var isConstant = [Bool](repeating: true, count: columns)
  for start in stride(from: columns, to: reference.storage.count, by: max(columns, 1)) {
    if let interrupt, interrupt.isRaised { break }
    for j in 0..<columns where reference.storage[start + j] != reference.storage[j] {
      isConstant[j] = false
    }
  }
  // A vector is one column.
  let rows = columns > 0 ? x.storage.count / columns : 0
  let result = try Matrix.byRows(
    Shape(rows, columns), operation: "standardize", interrupt: interrupt
  ) { row, target in
    for j in 0..<columns {
      target[j] = isConstant[j] ? 0 : (x.storage[row * columns + j] - means[j]) / deviations[j]
    }
  }
  return Tensor(x.shape, result.storage)
}
