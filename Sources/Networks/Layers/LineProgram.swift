import Calculus
import MatrixEngine

/// The lines of a layer as instructions over one run of memory, each with its way back.
///
/// Sizes are numbers, loops are written out, what only looks at the entries of something in their order is that
/// something: nothing is left to find out while it runs. `LineCompiler` makes it, `LineRun` runs it.
package struct LineProgram: Sendable {
  /// A run of numbers.
  struct Operand: Sendable {
    enum Region: Sendable { case example, parameters, constants }

    let region: Region
    let start: Int
    let count: Int
    /// Whether it depends on what a gradient is asked for.
    let moves: Bool

    var places: Range<Int> { start..<(start + count) }

    func part(_ start: Int, _ count: Int) -> Operand {
      Operand(region: region, start: self.start + start, count: count, moves: moves)
    }
  }

  /// Two operands joined element by element.
  struct Pair: Sendable {
    let a: Operand
    let b: Operand
    let first: Alignment
    let second: Alignment
  }

  /// op(A)·op(B). Shape: `[m, k]`, `[k, n] → [m, n]`.
  struct Product: Sendable {
    let a: Operand
    let b: Operand
    let isATransposed: Bool
    let isBTransposed: Bool
    let m: Int
    let k: Int
    let n: Int
  }

  /// A reduction of `count` entries, `inner` apart, in `outer` runs.
  struct Reduction: Sendable {
    let kind: ExpressionReduction
    let of: Operand
    let outer: Int
    let count: Int
    let inner: Int
  }

  /// An entry, or a run of them, that a number chooses: from `count` of `width` entries each.
  struct Choice: Sendable {
    let of: Operand
    let index: Operand
    let count: Int
    let width: Int
  }

  enum Step: Sendable {
    case add(Pair)
    case subtract(Pair)
    case multiply(Pair)
    case divide(Pair)
    case power(Pair)
    /// At a tie nothing moves where one of the two is constant, else the first does.
    case extremum(Extremum, Pair, isFlatAtTies: Bool)
    case compare(Comparison, Pair)
    case choose(Operand, Alignment, Pair)
    case apply(ElementFunction, VectorFunction?, Operand)
    case product(Product)
    case copy(Operand)
    case gather(Operand, [Int], filling: Double)
    case reduce(Reduction)
    case softmax(Operand, width: Int)
    case pick(Choice)
    /// What has no instruction: a formula of operands, computed by the calculus.
    case formula(FormulaStep)
  }

  struct Instruction: Sendable {
    let step: Step
    let result: Operand
  }

  /// What is known of a result by its name.
  struct Quantity: Sendable {
    let line: LayerLine
    let sizes: [Int]
    let operand: Operand
  }

  let instructions: [Instruction]
  /// How many numbers an example takes.
  let count: Int
  let constants: [Double]
  /// The input's numbers stand at the start.
  let input: Operand
  /// Where the masks of the layer stand.
  let masks: [Operand]
  let quantities: [Quantity]

  var output: Quantity { quantities[quantities.count - 1] }
  /// Whether the calculus computes something in it.
  var hasFormulas: Bool {
    instructions.contains { if case .formula = $0.step { true } else { false } }
  }

  /// The first number of some examples that is to choose a part, but chooses none. Shape: `x: [m, n]`.
  func choiceOutside(_ x: Matrix<Double>) -> (example: Int, value: Double, count: Int)? {
    for instruction in instructions {
      guard case .pick(let choice) = instruction.step, choice.index.region == .example,
        choice.index.start < min(input.count, x.columns)
      else { continue }
      for row in 0..<x.rows {
        let value = x[row, choice.index.start]
        if value != value.rounded() || value < 1 || value > Double(choice.count) {
          return (row + 1, value, choice.count)
        }
      }
    }
    return nil
  }
}

/// A formula of operands that the calculus computes, forward and back.
struct FormulaStep: Sendable {
  let operands: [LineProgram.Operand]
  let sizes: [[Int]]
  private let value: FormulaPass
  private let slopes: [FormulaPass?]
  private let resultSizes: [Int]

  private static func name(_ place: Int) -> String { "u\(place)" }

  /// The formula of its children, which are symbols u0, u1, … in it.
  init(
    _ formula: Expression, _ operands: [LineProgram.Operand], sizes: [[Int]], resultSizes: [Int]
  ) throws(CalculusError) {
    var symbols: [Symbol] = []
    for (place, part) in formula.node.children.enumerated() {
      symbols.append(Symbol(Self.name(place), part.shape))
    }
    let own = try formula.with(symbols.map { .symbol($0) })
    value = FormulaPass(own)
    self.operands = operands
    self.sizes = sizes
    self.resultSizes = resultSizes
    let gradient = Expression.symbol("g", formula.shape)
    var slopes: [FormulaPass?] = []
    for (symbol, operand) in zip(symbols, operands) {
      slopes.append(
        operand.moves ? FormulaPass(try own.pulledBack(by: symbol, gradient: gradient)) : nil)
    }
    self.slopes = slopes
  }

  func run<Scalar: MatrixScalar>(
    into result: Buffer<Scalar>, _ buffer: (LineProgram.Operand) -> Buffer<Scalar>
  ) {
    value.run(inputs(buffer), into: result)
  }

  func pull<Scalar: MatrixScalar>(
    _ gradient: Buffer<Scalar>, _ buffer: (LineProgram.Operand) -> Buffer<Scalar>,
    into target: (LineProgram.Operand) -> Buffer<Scalar>
  ) {
    var inputs = inputs(buffer)
    inputs.append(FormulaPass.Input("g", gradient, sizes: resultSizes))
    for (operand, slope) in zip(operands, slopes) {
      slope?.run(inputs, into: target(operand), adds: true)
    }
  }

  private func inputs<Scalar: MatrixScalar>(_ buffer: (LineProgram.Operand) -> Buffer<Scalar>)
    -> [FormulaPass.Input<Scalar>]
  {
    operands.indices.map {
      FormulaPass.Input(Self.name($0), buffer(operands[$0]), sizes: sizes[$0])
    }
  }
}
