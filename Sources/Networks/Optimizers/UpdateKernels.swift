import Calculus
import MatrixEngine

/// The mathematics of an optimizer, in any precision.
package protocol UpdateRule: Sendable {
  func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>)
  /// The kernel that makes the update with this number at this rate; nil where none does.
  func kernel(number: Int, rate: Double) -> KernelUpdate?
  /// Whether the updates of all numbers are the same.
  var isSteady: Bool { get }
}

extension UpdateRule {
  package func kernel(number: Int, rate: Double) -> KernelUpdate? { nil }
  package var isSteady: Bool { true }

  /// By the kernel.
  package func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>) {
    guard let kernel = kernel(number: step.number, rate: step.learningRate) else {
      return step.new.fill(.nan)
    }
    let first = min(step.start, step.state.count)
    _ = kernel.run(
      step.old, step.gradients, into: step.new,
      kept: step.state.part(first, step.state.count - first), stride: step.total)
  }
}

/// An optimizer on a run of parameters, in both precisions.
package struct UpdateKernels: Sendable {
  let double: @Sendable (UpdateStep<Double>) -> Void
  let float: @Sendable (UpdateStep<Float>) -> Void
  /// The kernel of an update, by its number and rate; nil where there is none.
  let kernel: @Sendable (_ number: Int, _ rate: Double) -> KernelUpdate?
  /// Whether the updates of all numbers are the same.
  let isSteady: Bool

  @inline(__always)
  package init<Rule: UpdateRule>(_ rule: Rule) {
    double = { $0.forEachPart { rule.update($0) } }
    float = { $0.forEachPart { rule.update($0) } }
    kernel = { rule.kernel(number: $0, rate: $1) }
    isSteady = rule.isSteady
  }
}

/// One update: reads the old parameters and their gradients, writes the new parameters.
///
/// Old and new are different memory, so that the update is simultaneous and the old parameters
/// are still there when the new ones turn out not to be finite.
package struct UpdateStep<Scalar: MatrixScalar> {
  /// Shape: all three `[count]`.
  let old: Buffer<Scalar>
  let gradients: Buffer<Scalar>
  let new: Buffer<Scalar>
  /// What the optimizer keeps between updates: one quantity of all parameters behind the other.
  let state: Buffer<Scalar>
  /// How many parameters there are in all, and where among them these begin.
  let total: Int
  let start: Int
  /// The number of this update, from 1.
  let number: Int
  let learningRate: Double

  /// The update of all parameters.
  init(
    old: Buffer<Scalar>, gradients: Buffer<Scalar>, new: Buffer<Scalar>, state: Buffer<Scalar>,
    number: Int, learningRate: Double
  ) {
    self.init(
      old: old, gradients: gradients, new: new, state: state, total: old.count, start: 0,
      number: number, learningRate: learningRate)
  }

  private init(
    old: Buffer<Scalar>, gradients: Buffer<Scalar>, new: Buffer<Scalar>, state: Buffer<Scalar>,
    total: Int, start: Int, number: Int, learningRate: Double
  ) {
    self.old = old
    self.gradients = gradients
    self.new = new
    self.state = state
    self.total = total
    self.start = start
    self.number = number
    self.learningRate = learningRate
  }

  /// The kept quantity of that place. Shape: `[count]`.
  @inline(__always)
  func kept(_ place: Int) -> Buffer<Scalar> { state.part(place * total + start, old.count) }

  /// The same update of `count` of its parameters, at a rate of their own if there is one.
  @inline(__always)
  func part(_ first: Int, _ count: Int, learningRate: Double? = nil) -> UpdateStep {
    UpdateStep(
      old: old.part(first, count), gradients: gradients.part(first, count),
      new: new.part(first, count), state: state, total: total, start: start + first,
      number: number, learningRate: learningRate ?? self.learningRate)
  }

  /// Runs the body on parts that stay in the cache while it passes over them several times.
  @inline(__always)
  func forEachPart(_ body: (UpdateStep) -> Void) {
    let size = 4096
    guard old.count > size else { return body(self) }
    for first in stride(from: 0, to: old.count, by: size) {
      body(part(first, min(size, old.count - first)))
    }
  }
}

/// An optimizer of which nothing but the lines is known.
struct FormulaUpdate: UpdateRule {
  private let lines: [Optimizer.Line]
  private let coefficients: [Optimizer.Coefficient]
  private let passes: [FormulaPass]

  init(lines: [Optimizer.Line], coefficients: [Optimizer.Coefficient]) {
    self.lines = lines
    self.coefficients = coefficients
    let all = ExpressionShape.vector(.name("n"))
    let names = [Optimizer.parameter, Optimizer.gradient] + lines.map { Symbol($0.symbol) }
    let vectors = Dictionary(names.map { ($0, Expression.symbol($0.name, all)) }) { $1 }
    passes = lines.map { FormulaPass((try? $0.formula.mapped(vectors)) ?? .number(.nan)) }
  }

  func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>) { _ = values(step) }

  /// Makes the update; what every line gives. Shape: each `[count]`.
  func values<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>) -> [[Double]] {
    let count = step.old.count
    let arena = Arena<Scalar>()
    defer { arena.keepAlive() }
    func vector(_ name: String, _ buffer: Buffer<Scalar>) -> FormulaPass.Input<Scalar> {
      .init(name, buffer, sizes: [count])
    }
    func number(_ name: String, _ value: Double) -> FormulaPass.Input<Scalar> {
      .init(name, arena.allocate([value]), sizes: [])
    }
    var inputs = [
      vector(Optimizer.parameter.name, step.old), vector(Optimizer.gradient.name, step.gradients),
      number(Optimizer.learningRate.name, step.learningRate),
      number(Optimizer.count.name, Double(step.number)),
    ]
    inputs += coefficients.map { number($0.name, $0.value) }
    for (place, line) in lines.filter(\.isKept).enumerated() {
      inputs.append(vector(line.symbol, step.kept(place)))
    }
    var kept = 0
    var values: [[Double]] = []
    for (place, (line, pass)) in zip(lines, passes).enumerated() {
      let target =
        line.isKept
        ? step.kept(kept) : place == lines.count - 1 ? step.new : arena.allocate(count)
      pass.run(inputs, into: target)
      if line.isKept {
        kept += 1
      } else {
        inputs.append(vector(line.symbol, target))
      }
      values.append(target.doubles)
    }
    return values
  }
}
