import Calculus
import Glibc
import MatrixEngine
import Testing

@Suite("Derivatives of random expressions")
struct RandomDerivativeTests {
  struct Outcome {
    /// Expressions checked, and those left out: near a kink, too large, or too curved to compare.
    var count = 0
    var skipped = 0
    var indexForms = 0
    var slowest = 0.0
    var slowestText = ""
    /// Of those with a function of a whole matrix, such as det, whose ways back multiply.
    var slowestOfMatrices = 0.0
    var worstExact = 0.0
    var worstNumeric = 0.0
    var failures: [String] = []
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  static func difference(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let scale = max(1, a.map(\.magnitude).max() ?? 0)
    return zip(a, b).map { ($0 - $1).magnitude / scale }.max() ?? 0
  }

  static func run(count: Int, seed: UInt64) throws -> Outcome {
    var random = RandomExpressions(seed: seed)
    var outcome = Outcome()
    let symbols = RandomExpressions.symbols
    while outcome.count < count {
      let values = random.values()
      let f = try random.expression(random.shape(), depth: 1 + random.int(6))
      let inside = f.symbols
      let entries = f.shape.dimensions.count
      let variables = inside.filter { $0.shape.dimensions.count + entries <= 4 }
      guard !variables.isEmpty, f.nodeCount <= 150 else { continue }
      let x = variables[random.int(variables.count)]
      let value = try f.value(at: values, symbols: symbols)
      let kink = try f.distanceToKink(at: values, sizes: ["n": 3, "m": 2])
      guard value.storage.allSatisfy({ $0.isFinite && $0.magnitude < 1e4 }), kink > 1e-2 else {
        outcome.skipped += 1
        continue
      }
      let exact = try f.forwardDerivative(by: x, at: values, sizes: ["n": 3, "m": 2])
      let numeric = try f.centralDifferences(by: x, at: values, sizes: ["n": 3, "m": 2])
      // Where two step sizes disagree, the differences are no measure.
      let wider = try f.centralDifferences(
        by: x, at: values, sizes: ["n": 3, "m": 2], widening: 2)
      guard exact.storage.allSatisfy({ $0.isFinite && $0.magnitude < 1e5 }),
        difference(wider.storage, numeric.storage) < 1e-6
      else {
        outcome.skipped += 1
        continue
      }
      outcome.count += 1
      let start = now()
      let derivative = try f.derivative(by: x)
      let text = derivative.expression.text
      let time = now() - start
      if f.holdsMatrixFunction {
        outcome.slowestOfMatrices = max(outcome.slowestOfMatrices, time)
      } else if time > outcome.slowest {
        outcome.slowest = time
        outcome.slowestText =
          "\(f.text) by \(x.name), \(f.nodeCount) nodes -> \(derivative.expression.nodeCount)"
      }
      if derivative.expression.isIndexForm { outcome.indexForms += 1 }
      func fail(_ reason: String) {
        outcome.failures.append("\(reason)\n  f = \(f.text)\n  by \(x.name): \(text)")
      }
      let symbolic = try derivative.expression.value(
        at: values, sizes: ["n": 3, "m": 2], symbols: symbols)
      let error = difference(exact.storage, symbolic.storage)
      outcome.worstExact = max(outcome.worstExact, error)
      if !(error <= 1e-10) { fail("symbolic differs by \(error)") }
      let numericError = difference(numeric.storage, symbolic.storage)
      outcome.worstNumeric = max(outcome.worstNumeric, numericError)
      if !(numericError <= 1e-6) { fail("central differences differ by \(numericError)") }
      do {
        let again = try Reader.read(text, symbols)
        let reread = try again.value(at: values, sizes: ["n": 3, "m": 2], symbols: symbols)
        if difference(symbolic.storage, reread.storage) > 1e-12 { fail("reads back differently") }
        if again.shape != derivative.shape { fail("reads back as \(again.shape)") }
        let original = try Reader.read(f.text, symbols)
        let fAgain = try original.value(at: values, sizes: ["n": 3, "m": 2], symbols: symbols)
        if difference(value.storage, fAgain.storage) > 1e-12 { fail("f reads back differently") }
        let simple = try f.simplified().value(
          at: values, sizes: ["n": 3, "m": 2], symbols: symbols)
        if difference(value.storage, simple.storage) > 1e-9 {
          fail("simplifies to something else: \(try f.simplified().text)")
        }
      } catch { fail("\(error)") }
    }
    return outcome
  }

  @Test("second derivatives, by numbers of sizes 1 and more", arguments: [5, 6] as [UInt64])
  func second(seed: UInt64) throws {
    var random = RandomExpressions(seed: seed)
    var count = 0
    while count < 150 {
      let sizes = ["n": 1 + random.int(3), "m": 1 + random.int(3)]
      let values = random.values(sizes)
      let symbols = RandomExpressions.symbols
      let f = try random.expression(.scalar, depth: 1 + random.int(4))
      let variables = f.symbols.filter { $0.shape.dimensions.count < 2 }
      guard !variables.isEmpty, f.nodeCount < 40 else { continue }
      let x = variables[random.int(variables.count)]
      let kink = try f.distanceToKink(at: values, sizes: sizes)
      let first = try f.derivative(by: x).expression
      let expected = try first.forwardDerivative(by: x, at: values, sizes: sizes)
      guard kink > 1e-3, expected.storage.allSatisfy({ $0.isFinite && $0.magnitude < 1e6 }) else {
        continue
      }
      count += 1
      let second = try f.hessian(by: [x])
      let value = try second.value(at: values, sizes: sizes, symbols: symbols)
      #expect(
        RandomDerivativeTests.difference(expected.storage, value.storage) < 1e-9,
        "\(f.text) by \(x.name): \(second.text)")
      #expect(second.shape.dimensions.count == 2 * x.shape.dimensions.count)
      // The same with the sizes as numbers in the formula.
      if let numeric = f.withNumericSizes(sizes),
        let y = numeric.symbols.first(where: { $0.name == x.name })
      {
        let numericDerivative = try numeric.derivative(by: y).expression
        let again = try numericDerivative.value(at: values, sizes: sizes)
        let firstValue = try first.value(at: values, sizes: sizes, symbols: symbols)
        #expect(
          RandomDerivativeTests.difference(again.storage, firstValue.storage) < 1e-9,
          "\(numeric.text) by \(x.name) with \(sizes): \(numericDerivative.text)"
        )
      }
    }
  }

  @Test(
    "symbolic = automatic = central differences, and the text reads back",
    arguments: [1, 2, 3, 4] as [UInt64])
  func agree(seed: UInt64) throws {
    let outcome = try RandomDerivativeTests.run(count: 500, seed: seed)
    #expect(outcome.failures.isEmpty, "\(outcome.failures.prefix(6).joined(separator: "\n"))")
    #expect(outcome.count == 500)
    #expect(outcome.skipped < 150)
    #if !DEBUG
      // A sanitizer's checks take most of the time.
      guard getenv("NABLA_SANITIZER") == nil else { return }
      #expect(outcome.slowest < 0.050, "\(outcome.slowestText)")
      #expect(outcome.slowestOfMatrices < 2)
    #endif
  }
}

extension Expression {
  /// The formula over symbols whose sizes are numbers; nil where it then has another meaning.
  fileprivate func withNumericSizes(_ sizes: [String: Int]) -> Expression? {
    let resized = symbols.map { symbol in
      Symbol(
        symbol.name,
        ExpressionShape(
          symbol.shape.dimensions.map { size in
            sizes[size.description].map { Dimension.number($0) } ?? size
          }))
    }
    var text = self.text
    for (name, count) in sizes {
      text = text.replacing("eye(\(name))", with: "eye(\(count))")
      for other in sizes {
        text = text.replacing(
          "ones(\(name), \(other.key))", with: "ones(\(count), \(other.value))")
      }
      text = text.replacing("ones(\(name))", with: "ones(\(count))")
      text = text.replacing("1:\(name)", with: "1:\(count)")
    }
    guard let read = try? Reader.read(text, resized), read.shape.dimensions.isEmpty else {
      return nil
    }
    return read
  }
}

extension Expression {
  /// Whether a function of a whole matrix is in it.
  fileprivate var holdsMatrixFunction: Bool {
    if case .matrixFunction = node { return true }
    return node.children.contains(where: \.holdsMatrixFunction)
  }
}
