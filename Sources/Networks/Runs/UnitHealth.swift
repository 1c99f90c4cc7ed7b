/// Which units of a layer hardly learn.
struct UnitHealth: Sendable, Equatable {
  let dead: [Int]
  let saturated: [Int]

  /// Whether units of this kind can die or saturate at all.
  static func concerns(_ activation: Activation) -> Bool {
    activation.isElementwise && activation.gradientRefusal == nil
      && (!activation.kinks.isEmpty || activation.steepestSlope != nil)
  }

  /// From the largest |h′(z)| of each unit over the examples; of a layer without an activation nothing is known.
  init(_ activation: Activation?, steepestSlopes: [Double]) {
    guard let activation, UnitHealth.concerns(activation) else {
      (dead, saturated) = ([], [])
      return
    }
    if let steepest = activation.steepestSlope {
      dead = []
      saturated = steepestSlopes.indices.filter { steepestSlopes[$0] < 0.01 * steepest }
        .map { $0 + 1 }
    } else {
      dead = steepestSlopes.indices.filter { steepestSlopes[$0] == 0 }.map { $0 + 1 }
      saturated = []
    }
  }
}
