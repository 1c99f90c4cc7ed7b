/// The colours of numbers: white at 0, full at the largest magnitude, blue above and orange below.
///
/// The bar of colours shows the sides of 0 on which there are numbers: that of probabilities begins at 0.
struct DivergingScale: Sendable {
  /// The magnitude whose colour is full: the largest there is, or 1 where all are 0.
  let magnitude: Double
  /// What the bar shows.
  let range: ClosedRange<Double>

  /// The scale that several matrices share.
  init(_ blocks: [MatrixBlocks]) { self.init(blocks.lazy.flatMap(\.means).joined()) }

  init(_ values: some Sequence<Double>) {
    var (least, greatest) = (0.0, 0.0)
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    let largest = max(-least, greatest)
    magnitude = largest > 0 ? largest : 1
    range = (least < 0 ? -magnitude : 0)...(greatest > 0 || least == 0 ? magnitude : 0)
  }

  /// The colour of a number, in steps that are finer than the eye sees.
  func color(_ value: Double) -> RGBColor {
    Palette.diverging((value / magnitude * 48).rounded() / 48)
  }

  /// The number that stands so far along the bar, from 0 to 1.
  func value(at part: Double) -> Double {
    range.lowerBound * (1 - part) + range.upperBound * part
  }
}
