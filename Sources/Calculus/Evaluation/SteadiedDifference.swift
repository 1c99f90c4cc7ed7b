import MatrixEngine

/// What differences of several widths say of a derivative, where the plain one is too coarse to tell.
///
/// A central difference D(h) is wrong by c·h² and by the rounding of the function over h. Richardson's
/// R(h) = (4 D(h) − D(2h))/3 is without c, so that wider and wider ones can be taken until they steady, and how far
/// neighbours lie apart tells how much they are worth.
///
/// Source: Press and others, Numerical Recipes, 5.7.
package enum SteadiedDifference {
  private static let widenings = (0..<9).map { Double(1 << $0) }
  /// A difference that is less certain than this, relatively, proves nothing.
  private static let leastCertainty = 1e-4

  /// Whether differences, each for a widening of h, agree with a derivative.
  package static func agrees<Failure: Error>(
    with analytic: Double, tolerance: Double,
    _ difference: (_ widening: Double) throws(Failure) -> Double
  ) throws(Failure) -> Bool {
    var plain: [Double] = []
    for widening in widenings { plain.append(try difference(widening)) }
    let refined = zip(plain, plain.dropFirst()).map { (4 * $0 - $1) / 3 }
    var best = (value: 0.0, error: Double.infinity)
    for index in 1..<refined.count - 1 {
      // Two that meet by chance are no sign; three are.
      let error = max(
        (refined[index] - refined[index - 1]).magnitude,
        (refined[index] - refined[index + 1]).magnitude)
      if error < best.error { best = (refined[index], error) }
    }
    let scale = max(analytic.magnitude, best.value.magnitude, 1e-3)
    return best.error <= leastCertainty * scale
      && (analytic - best.value).magnitude <= tolerance * scale + 2 * best.error
  }
}
