import Calculus
import Glibc
import MatrixEngine

/// A formula of numbers as a list of instructions, each of which runs over many entries at once: what computes a
/// function of one's own in the inner loop of training.
///
/// Its numbers are those of the calculus but for the last digit of a function that a kernel computes, in double precision,
/// rounded to the precision of the buffers.
struct EntryProgram: Sendable {
  private enum Instruction: Sendable {
    case constant(Double)
    case input(Int)
    case add(Int, Int)
    case multiply(Int, Int)
    case divide(Int, Int)
    case square(Int)
    case power(Int, Int)
    case function(@Sendable (Double) -> Double, Int)
    case kernel(VectorFunction, Int)
    case extremum(Extremum, Int, Int)
    case compare(Comparison, Int, Int)
    case choose(Int, Int, Int)
  }

  private let instructions: [Instruction]
  /// The one that gives the value.
  private let last: Int

  /// `inputs` are the symbols whose values are given, in this order.
  ///
  /// nil for a formula that does more than calculate with numbers.
  init?(_ formula: Expression, of inputs: [Symbol]) {
    var instructions: [Instruction] = []
    var places: [Fingerprint: Int] = [:]
    func place(_ part: Expression) -> Int? {
      if let known = places[part.fingerprint] { return known }
      func fold(_ parts: [Expression], _ join: (Int, Int) -> Instruction) -> Int? {
        guard var result = parts.first.flatMap(place) else { return nil }
        for next in parts.dropFirst() {
          guard let next = place(next) else { return nil }
          instructions.append(join(result, next))
          result = instructions.count - 1
        }
        return result
      }
      func joined(_ parts: [Expression], _ join: ([Int]) -> Instruction) -> Int? {
        let operands = parts.compactMap(place)
        guard operands.count == parts.count else { return nil }
        instructions.append(join(operands))
        return instructions.count - 1
      }
      let found: Int? =
        switch part.node {
        case .number(let number): joined([]) { _ in .constant(number.value) }
        case .constant(let constant): joined([]) { _ in .constant(constant.value) }
        case .symbol(let symbol):
          inputs.firstIndex(of: symbol).flatMap { input in joined([]) { _ in .input(input) } }
        case .add(let parts): fold(parts) { .add($0, $1) }
        case .multiply(let parts): fold(parts) { .multiply($0, $1) }
        case .divide(let a, let b): joined([a, b]) { .divide($0[0], $0[1]) }
        case .power(let a, let b) where b.number == Number(2): joined([a]) { .square($0[0]) }
        case .power(let a, let b): joined([a, b]) { .power($0[0], $0[1]) }
        case .function(let function, let a):
          joined([a]) { operands in
            function.kernel.map { .kernel($0, operands[0]) }
              ?? .function({ function.value($0) }, operands[0])
          }
        case .extremum(let kind, let a, let b): joined([a, b]) { .extremum(kind, $0[0], $0[1]) }
        case .compare(let comparison, let a, let b):
          joined([a, b]) { .compare(comparison, $0[0], $0[1]) }
        case .choose(let condition, let a, let b):
          joined([condition, a, b]) { .choose($0[0], $0[1], $0[2]) }
        case .named(_, let a), .steps(_, let a): place(a)
        default: nil
        }
      places[part.fingerprint] = found
      return found
    }
    guard formula.shape == .scalar, let last = place(formula) else { return nil }
    self.instructions = instructions
    self.last = last
  }

  /// What gives nan.
  static let notANumber = EntryProgram(.constant(.nan))

  private init(_ instruction: Instruction) { (instructions, last) = ([instruction], 0) }

  /// Entries that are computed together: what stays in the processor's nearest memory.
  private static let width = 128

  /// Writes the formula's values at the entries of `inputs`, each times its factor where there are factors, which may
  /// be the memory of the result. Shape: all `[n]`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func run<Scalar: MatrixScalar>(
    _ inputs: [Buffer<Scalar>], into result: Buffer<Scalar>, times factors: Buffer<Scalar>? = nil
  ) {
    let width = min(Self.width, result.count)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: instructions.count * width) {
      memory in
      guard let base = memory.baseAddress else { return }
      var start = 0
      while start < result.count {
        let count = min(width, result.count - start)
        for (place, instruction) in instructions.enumerated() {
          Self.run(instruction, into: base + place * width, base, width, count) {
            Double(inputs[$0][start + $1])
          }
        }
        let values = base + last * width
        if let factors {
          for i in 0..<count { result[start + i] = Scalar(values[i]) * factors[start + i] }
        } else {
          for i in 0..<count { result[start + i] = Scalar(values[i]) }
        }
        start += count
      }
    }
  }

  @inline(__always)
  private static func run(
    _ instruction: Instruction, into result: UnsafeMutablePointer<Double>,
    _ base: UnsafeMutablePointer<Double>, _ width: Int, _ count: Int,
    input: (Int, Int) -> Double
  ) {
    func at(_ place: Int) -> UnsafeMutablePointer<Double> { base + place * width }
    switch instruction {
    case .constant(let value): for i in 0..<count { result[i] = value }
    case .input(let number): for i in 0..<count { result[i] = input(number, i) }
    case .add(let a, let b):
      let (a, b) = (at(a), at(b))
      for i in 0..<count { result[i] = a[i] + b[i] }
    case .multiply(let a, let b):
      let (a, b) = (at(a), at(b))
      for i in 0..<count { result[i] = a[i] * b[i] }
    case .divide(let a, let b):
      let (a, b) = (at(a), at(b))
      for i in 0..<count { result[i] = a[i] / b[i] }
    case .square(let a):
      let a = at(a)
      for i in 0..<count { result[i] = a[i] * a[i] }
    case .power(let a, let b):
      let (a, b) = (at(a), at(b))
      for i in 0..<count { result[i] = Glibc.pow(a[i], b[i]) }
    case .function(let function, let a):
      let a = at(a)
      for i in 0..<count { result[i] = function(a[i]) }
    case .kernel(let function, let a): Double.map(function, at(a), result, count)
    case .extremum(let kind, let a, let b):
      let (a, b, sign) = (at(a), at(b), kind == .max ? 1.0 : -1.0)
      for i in 0..<count { result[i] = sign * a[i] >= sign * b[i] ? a[i] : b[i] }
    case .compare(let comparison, let a, let b):
      let (a, b) = (at(a), at(b))
      for i in 0..<count { result[i] = comparison.holds(a[i], b[i]) ? 1 : 0 }
    case .choose(let condition, let a, let b):
      let (condition, a, b) = (at(condition), at(a), at(b))
      for i in 0..<count { result[i] = condition[i] != 0 ? a[i] : b[i] }
    }
  }
}
