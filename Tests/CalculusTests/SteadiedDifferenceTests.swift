import Calculus
import Testing

@Suite("Differences of several widths")
struct SteadiedDifferenceTests {
  /// Whether differences of a function at a point agree with a slope.
  private func agrees(_ slope: Double, at x: Double, _ function: (Double) -> Double) -> Bool {
    SteadiedDifference.agrees(with: slope, tolerance: 1e-6) { widening in
      let h = 6e-6 * widening
      return (function(x + h) - function(x - h)) / (2 * h)
    }
  }

  @Test("rounding of the function hides no right slope and saves no wrong one")
  func rounding() {
    for offset in [0, 1e3, 1e6] {
      #expect(agrees(4, at: 2) { $0 * $0 + offset })
      #expect(!agrees(4.001, at: 2) { $0 * $0 + offset })
      #expect(!agrees(-4, at: 2) { $0 * $0 + offset })
    }
  }

  @Test("a function that does not steady proves nothing")
  func noise() {
    // A saw of width 1e-5, much steeper than the slope that it lies on.
    #expect(!agrees(1, at: 1) { $0 + 1e-2 * ($0 * 1e5 - ($0 * 1e5).rounded(.down)) })
    #expect(!agrees(.nan, at: 1) { $0 })
    #expect(!agrees(1, at: 1) { _ in .nan })
  }
}
