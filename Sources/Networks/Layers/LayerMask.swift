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

  /// Writes that of an example, from 0, in pass `draw`. The same pass gives the same again, so that a loss before and
  /// after an update, and differences, are of the same.
  func fill<Scalar: MatrixScalar>(_ buffer: Buffer<Scalar>, example: Int, draw: Int) {
    if let given, given.rows > 0 {
      let start = example % given.rows * count
      for i in 0..<count { buffer[i] = Scalar(given.storage[start + i]) }
      return
    }
    var random = RandomSource(seed: ((draw &* 1_000_003 &+ example) &* 1_009 &+ layer) & Int.max)
    for i in 0..<count { buffer[i] = random.uniform(from: 0, to: 1) < share ? 1 : 0 }
  }
}

/// Which pass in training it is, for what is drawn anew in each.
package final class PassDraws {
  package var number = 0
}
