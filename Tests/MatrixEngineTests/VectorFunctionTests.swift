import Glibc
import MatrixEngine
import Testing

@Suite("Functions of many numbers at once")
struct VectorFunctionTests {
  /// A function, its reference, where it is asked, and how many units in the last place it may be off, half of one for
  /// the reference included.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let function: VectorFunction
    let range: ClosedRange<Double>
    let bound: Double
    let reference: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "exp", function: .exp, range: -745...709, bound: 1.5, reference: Glibc.exp),
    Case(name: "ln", function: .ln, range: 0...10, bound: 1.5, reference: Glibc.log),
    Case(name: "tanh", function: .tanh, range: -22...22, bound: 3.5, reference: Glibc.tanh),
    Case(
      name: "sigmoid", function: .sigmoid, range: -740...40, bound: 3.5,
      reference: { $0 < 0 ? Glibc.exp($0) / (1 + Glibc.exp($0)) : 1 / (1 + Glibc.exp(-$0)) }),
    Case(name: "erf", function: .erf, range: -6.5...6.5, bound: 3, reference: Glibc.erf),
    Case(name: "sin", function: .sin, range: -1000...1000, bound: 2, reference: Glibc.sin),
    Case(name: "cos", function: .cos, range: -1000...1000, bound: 2, reference: Glibc.cos),
  ]

  static func values<Scalar: MatrixScalar>(
    _ function: VectorFunction, _ x: [Double], _: Scalar.Type
  )
    -> [Double]
  {
    let arena = Arena<Scalar>()
    defer { arena.keepAlive() }
    let buffer = arena.allocate(x)
    buffer.map(function, into: buffer)
    return buffer.doubles
  }

  /// Numbers of the range, small ones, and the edges.
  static func numbers(_ range: ClosedRange<Double>) -> [Double] {
    var random = RandomSource(seed: 7)
    let plain = (0..<20_000).map { _ in
      random.uniform(from: range.lowerBound, to: range.upperBound)
    }
    let small = (0..<2000).map { random.uniform(from: -1, to: 1) * Glibc.pow(2, -Double($0 % 60)) }
    return plain + small.filter(range.contains) + [1, 4e-324, 1e-310].filter(range.contains)
  }

  @Test("they are the C library's but for the last digit", arguments: cases)
  func accuracy(_ sample: Case) {
    let x = VectorFunctionTests.numbers(sample.range)
    for (x, y) in zip(x, VectorFunctionTests.values(sample.function, x, Double.self)) {
      let exact = sample.reference(x)
      let unit = max(exact.ulp, 4e-324)
      #expect(abs(y - exact) <= sample.bound * unit, "\(sample.name)(\(x)) = \(y), not \(exact)")
    }
    let singles = x.map { Double(Float($0)) }
    for (x, y) in zip(singles, VectorFunctionTests.values(sample.function, singles, Float.self)) {
      let exact = Float(sample.reference(x))
      guard exact.isFinite else { continue }
      let unit = Double(max(exact.ulp, Float.leastNonzeroMagnitude))
      #expect(abs(y - Double(exact)) <= sample.bound * unit, "\(sample.name)(\(x)) = \(y)")
    }
  }

  @Test("infinities and NaN are what the C library makes of them", arguments: cases)
  func edges(_ sample: Case) {
    let x = [Double.infinity, -.infinity, .nan, 0, -0.0, -1, 1000, -1000]
    for (x, y) in zip(x, VectorFunctionTests.values(sample.function, x, Double.self)) {
      let exact = sample.reference(x)
      // The reference of sigmoid divides infinities.
      guard !(exact.isNaN && !x.isNaN && sample.function == .sigmoid) else { continue }
      #expect(exact.isNaN ? y.isNaN : abs(y - exact) <= 2 * exact.ulp || y == exact)
    }
  }

  @Test("a number is the same in any place of a run", arguments: cases)
  func places(_ sample: Case) {
    let x = Array(VectorFunctionTests.numbers(sample.range).prefix(37))
    let whole = VectorFunctionTests.values(sample.function, x, Double.self)
    for count in 1...37 {
      let part = VectorFunctionTests.values(sample.function, Array(x.suffix(count)), Double.self)
      #expect(part == Array(whole.suffix(count)))
    }
  }
}
