import Calculus
import MatrixEngine

/// An activation of which nothing but the definition is known: values by the definition, the way back by its derivative.
struct FormulaActivation: ActivationRule {
  private let definition: Expression
  private let z: Symbol
  /// Its derivative, where it is a function of one number; nil where there is none.
  private let slope: Expression?
  /// What is said where no gradient passes.
  let refusal: GradientRefusal?

  init(_ definition: Expression) {
    self.definition = definition
    z = definition.symbols.first ?? Symbol("z", definition.shape)
    var slope: Expression?
    var refusal: GradientRefusal?
    do throws(CalculusError) {
      let derivative = try definition.derivative(by: z).expression
      if definition.shape == .scalar { slope = derivative }
      if derivative.isZero, !definition.symbols.isEmpty { refusal = .flat }
    } catch {
      refusal = GradientRefusal(reason: "\(error)")
    }
    self.slope = slope
    self.refusal = refusal
  }

  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
    number(definition, at: Double(z))
  }

  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar {
    slope.map { number($0, at: Double(z)) } ?? .nan
  }

  private func number<Scalar: MatrixScalar>(_ formula: Expression, at z: Double) -> Scalar {
    let point: Tensor<Double> = self.z.shape == .scalar ? .scalar(z) : .vector([z])
    let value = try? formula.value(at: [self.z.name: point], sizes: ["k": 1])
    return Scalar(value?.storage.first ?? .nan)
  }

  func kernels<Scalar: MatrixScalar>() -> ActivationKernels<Scalar> {
    definition.shape == .scalar ? kernelsOfEntries() : kernelsOfRows()
  }

  /// All net inputs of the panel side by side, whatever unit they belong to.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func kernelsOfEntries<Scalar: MatrixScalar>() -> ActivationKernels<Scalar> {
    if let kernel = KnownActivation.kernel(of: definition) { return .of(kernel) }
    let value = EntryProgram(definition, of: [z])
    // What the slope has in common with the value is there already.
    let slope = slope.flatMap { EntryProgram($0, of: [.symbol(z), definition]) }
    var formula: (EntryProgram, EntryProgram)?
    if let value, let slope { formula = (value, slope) }
    return ActivationKernels(
      formula: formula,
      apply: { z, a, _ in
        guard let value else { return a.fill(.nan) }
        value.run([z], into: a.part(0, z.count))
      },
      pullBack: { z, a, gradientA, gradientZ, _ in
        guard let slope else { return gradientZ.fill(.nan) }
        slope.run([z, a], times: gradientA, into: gradientZ)
      })
  }

  private func kernelsOfRows<Scalar: MatrixScalar>() -> ActivationKernels<Scalar> {
    let rows = ExpressionShape.matrix(.name("m"), .name("k"))
    let map = [
      z: Expression.symbol(z.name, rows),
      Symbol("g", definition.shape): Expression.symbol("g", rows),
    ]
    let value = FormulaPass((try? definition.byRows(map)) ?? .number(.nan))
    // The way back of all rows at once is that of their formula, so that it needs no form of its own.
    let back: Expression? = try? value.formula.pulledBack(
      by: Symbol(z.name, rows), gradient: .symbol("g", rows))
    let pullBack = FormulaPass(back ?? .number(.nan))
    let name = z.name
    return ActivationKernels(
      apply: { z, a, k in
        value.run([.init(name, z, sizes: [z.count / k, k])], into: a.part(0, z.count))
      },
      pullBack: { z, _, gradientA, gradientZ, k in
        pullBack.run(
          [
            .init(name, z.part(0, gradientZ.count), sizes: [gradientZ.count / k, k]),
            .init("g", gradientA, sizes: [gradientZ.count / k, k]),
          ],
          into: gradientZ)
      })
  }
}

/// A function of the calculus, which knows its values and its slopes.
struct KnownActivation: ActivationRule {
  let function: ElementFunction

  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { Scalar(function.value(Double(z))) }

  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar {
    Scalar(function.slope(Double(z)) ?? .nan)
  }

  func kernels<Scalar: MatrixScalar>() -> ActivationKernels<Scalar> {
    FormulaActivation(.function(function, .netInput)).kernels()
  }

  /// The kernel that is a formula of one number, with its way back.
  static func kernel(of definition: Expression) -> VectorFunction? {
    guard case .function(let function, let argument) = definition.node,
      case .symbol = argument.node
    else { return nil }
    return function.differentiableKernel
  }
}
