import MatrixEngine

/// Zeros and ones of the sizes of an example that say which entries count in a pass: drawn, or given an example each.
package struct LayerMask: Sendable {
  /// What the lines call it.
  package let name: String
  package let sizes: [Int]
  /// With which probability an entry is 1.
  package let share: Double
  /// An example a row, where they are given.
  package let given: Tensor<Double>?
  /// The place of its layer, so that two layers draw different ones.
  package let layer: Int

  package init(
    _ name: String, sizes: [Int], share: Double, given: Tensor<Double>? = nil, layer: Int
  ) {
    self.name = name
    self.sizes = sizes
    self.share = share
    self.given = given
    self.layer = layer
  }

  var count: Int { sizes.reduce(1, *) }

  /// That of an example, from 1, in pass `draw`.
  package func value(of example: Int, draw: Int) -> Tensor<Double> {
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    each(of: example - 1, draw: draw) { numbers.append($1) }
    return Tensor(Shape(sizes), numbers)
  }

  /// Writes that of an example, from 0, in pass `draw`. The same pass gives the same again, so that a loss before and
  /// after an update, and differences, are of the same.
  func fill<Scalar: MatrixScalar>(_ buffer: Buffer<Scalar>, example: Int, draw: Int) {
    each(of: example, draw: draw) { buffer[$0] = Scalar($1) }
  }

  @inline(__always)
  private func each(of example: Int, draw: Int, _ write: (Int, Double) -> Void) {
    if let given, given.rows > 0 {
      let start = example % given.rows * count
      for i in 0..<count { write(i, given.storage[start + i]) }
      return
    }
    var random = RandomSource(seed: ((draw &* 1_000_003 &+ example) &* 1_009 &+ layer) & Int.max)
    for i in 0..<count { write(i, random.uniform(from: 0, to: 1) < share ? 1 : 0) }
  }
}

/// Which pass in training it is, for what is drawn anew in each.
package final class PassDraws {
  package var number = 0
}
