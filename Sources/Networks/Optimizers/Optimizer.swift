import MatrixEngine

/// How gradients move the parameters. All as PyTorch's.
package struct Optimizer: Named {
  package let name: String
  package let defaultLearningRate: Double
  /// The update of one parameter w with gradient g and learning rate η, as text and as LaTeX.
  package let formula: String
  package let latex: String
  let double: UpdateKernel<Double>
  let float: UpdateKernel<Float>

  init<Rule: UpdateRule>(
    _ rule: Rule, name: String, defaultLearningRate: Double, formula: String, latex: String
  ) {
    self.name = name
    self.defaultLearningRate = defaultLearningRate
    self.formula = formula
    self.latex = latex
    self.double = UpdateKernel { $0.forEachPart { rule.update($0) } }
    self.float = UpdateKernel { $0.forEachPart { rule.update($0) } }
  }
}

extension Optimizer: Equatable {
  package static func == (left: Optimizer, right: Optimizer) -> Bool { left.name == right.name }
}

/// The mathematics of an optimizer, in any precision.
protocol UpdateRule: Sendable {
  func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>)
}

/// An optimizer on all parameters at once.
struct UpdateKernel<Scalar: MatrixScalar>: Sendable {
  let run: @Sendable (UpdateStep<Scalar>) -> Void
}

/// One update: reads the old parameters and their gradients, writes the new parameters.
///
/// Old and new are different memory, so that the update is simultaneous and the old parameters
/// are still there when the new ones turn out not to be finite.
/// Shape: all buffers `[number of parameters]`.
struct UpdateStep<Scalar: MatrixScalar> {
  let old: Buffer<Scalar>
  let gradients: Buffer<Scalar>
  let new: Buffer<Scalar>
  /// Two numbers a parameter that the optimizer keeps between updates, zero at first.
  let first: Buffer<Scalar>
  let second: Buffer<Scalar>
  /// The number of this update, from 1.
  let number: Int
  let learningRate: Double

  /// Runs the body on parts that stay in the cache while it passes over them several times.
  @inline(__always)
  func forEachPart(_ body: (UpdateStep) -> Void) {
    let size = 4096
    guard old.count > size else { return body(self) }
    var start = 0
    while start < old.count {
      let count = min(size, old.count - start)
      body(
        UpdateStep(
          old: old.part(start, count), gradients: gradients.part(start, count),
          new: new.part(start, count),
          first: first.count == 0 ? first : first.part(start, count),
          second: second.count == 0 ? second : second.part(start, count), number: number,
          learningRate: learningRate))
      start += count
    }
  }
}
