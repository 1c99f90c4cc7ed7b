/// The random numbers of the language: xoshiro256++, seeded by SplitMix64.
///
/// Equal seeds give equal sequences on every machine. A value: a copy goes on by itself.
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021).
package struct RandomSource: Sendable, Equatable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  /// The second normal number of a Box–Muller pair, until it is asked for.
  private var spare: Double?

  package init(seed: UInt64) {
    var mixer = seed
    state = (0, 0, 0, 0)
    state.0 = RandomSource.splitMix(&mixer)
    state.1 = RandomSource.splitMix(&mixer)
    state.2 = RandomSource.splitMix(&mixer)
    state.3 = RandomSource.splitMix(&mixer)
  }

  /// The language's seeds are whole numbers; a negative one counts as its two's complement.
  package init(seed: Int) { self.init(seed: UInt64(bitPattern: Int64(seed))) }

  package static func == (left: RandomSource, right: RandomSource) -> Bool {
    left.state == right.state && left.spare == right.spare
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private static func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    let result = RandomSource.rotate(state.0 &+ state.3, 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = RandomSource.rotate(state.3, 45)
    return result
  }

  /// Uniform in [0, 1): the top 53 bits times 2⁻⁵³.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [low, high).
  package mutating func uniform(from low: Double, to high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Standard normal, by Box and Muller: two uniform numbers u, v give the pair
  /// √(−2 ln(1 − u))·cos 2πv and √(−2 ln(1 − u))·sin 2πv, handed out in this order.
  package mutating func normal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    // 1 − u lies in (0, 1], where the logarithm is finite.
    let radius = (-2 * Double.log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spare = radius * Double.sin(angle)
    return radius * Double.cos(angle)
  }

  /// A whole number below `bound`, as ⌊uniform · bound⌋.
  package mutating func index(below bound: Int) -> Int {
    min(bound - 1, Int(uniform() * Double(bound)))
  }

  /// Fisher and Yates: for i from the last position down to the second, swaps i with one of 0…i.
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for i in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(i, index(below: i + 1))
    }
  }
}
