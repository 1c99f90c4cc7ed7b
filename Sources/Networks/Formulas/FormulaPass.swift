import Calculus
import MatrixEngine

/// A formula of arrays as a pass over a panel: what computes where nobody has written a kernel.
///
/// The calculus computes it, in double precision, and the result is rounded to the precision of the panel. Where the
/// formula has no value the result is NaN, which spreads and is seen.
struct FormulaPass: Sendable {
  /// An array that the formula reads, in the shape that it has there.
  struct Input<Scalar: MatrixScalar> {
    let name: String
    let buffer: Buffer<Scalar>
    let sizes: [Int]

    init(_ name: String, _ buffer: Buffer<Scalar>, sizes: [Int]) {
      self.name = name
      self.buffer = buffer
      self.sizes = sizes
    }
  }

  let formula: Expression

  init(_ formula: Expression) { self.formula = formula }

  /// Writes the values to `result`, or adds them to what is there.
  func run<Scalar: MatrixScalar>(
    _ inputs: [Input<Scalar>], into result: Buffer<Scalar>, adds: Bool = false
  ) {
    var values: [String: Tensor<Double>] = [:]
    for input in inputs {
      values[input.name] = Tensor(Shape(input.sizes), input.buffer.doubles)
    }
    let sizes = formula.symbols.sizes(in: values)
    let computed = (try? formula.value(at: values, sizes: sizes).storage) ?? []
    // What is the same in all rows, or everywhere, has fewer values.
    guard let count = computed.isEmpty ? nil : computed.count, result.count % count == 0 else {
      return result.fill(.nan)
    }
    for place in 0..<result.count {
      let value = Scalar(computed[place % count])
      result[place] = adds ? result[place] + value : value
    }
  }
}
