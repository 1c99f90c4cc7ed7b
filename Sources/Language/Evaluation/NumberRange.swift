/// The numbers of `a:b` and `a:step:b`, both ends included, computed one by one.
package struct NumberRange {
  package let start: Double
  package let stride: Double
  package let end: Double
  /// How many there are; a whole number, beyond `Int` for ranges that nobody can hold.
  package let count: Double

  /// `stride` is finite and not 0; `start` and `end` are finite.
  package init(from start: Double, by stride: Double, to end: Double) {
    self.start = start
    self.stride = stride
    self.end = end
    // Steps such as 0.1 are not exact in binary: the end may be missed by a little.
    count = max(0, ((end - start) / stride + 1e-10).rounded(.down) + 1)
  }

  /// The number at a position from 0. 0:0.1:0.3 ends at 0.3 itself, not at three times 0.1, which is more.
  package subscript(index: Int) -> Double {
    let number = start + Double(index) * stride
    return abs(number - end) <= 1e-10 * abs(stride) ? end : number
  }
}
