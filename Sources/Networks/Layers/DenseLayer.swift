import Calculus
import MatrixEngine
import Notation

/// z = x·W + b, a = h(z): every input has a weight to every neuron. Of a matrix it takes every row, of an array every run
/// along the last index. Where b is one number it is added to every
/// z, and where there is none nothing is.
package struct DenseLayer: Layer {
  package let name: String?
  package let inputSizes: [Int]
  package let outputSizes: [Int]
  package let inputs: Int
  package var outputs: Int { rows * units }
  /// How many values a row brings, how many neurons there are, how many rows an example has.
  private let width: Int
  let units: Int
  private let rows: Int
  package let parameters: [LayerParameter]
  /// b, as one number a unit or one for all; nil where there is none.
  package let bias: LayerParameter?
  private let function: Activation

  package var kind: String { LayerKind.dense.name }
  package var activation: Activation? { function }
  package var title: String {
    "\(units.counted("neuron")), \(function.notation)"
  }
  package var kinks: [String: [Expression]] { ["z": function.kinks] }

  package var lines: [LayerLine] {
    let z = array("z", outputSizes)
    var terms = [try? Expression.product(input, symbol(parameters[0]))].compactMap { $0 }
    if let bias {
      terms.append(bias.naming == .sharedBias ? .symbol(bias.name) : symbol(bias))
    }
    let sum = terms.count == 1 ? terms[0] : try? Expression.add(terms)
    return [
      LayerLine("z", sum ?? z, title: "net input"),
      LayerLine(
        "a", (try? function.expression(z)) ?? z, title: "activation", applied: (function, "z")),
    ]
  }

  /// Throws: `NetworkError.units`, `.weightShape`, `.biasShape`, naming the layer.
  init(_ definition: Dense, sizes: [Int], number: Int) throws(NetworkError) {
    let units = definition.units
    guard units >= 1 else { throw .units(layer: number, count: units) }
    name = definition.name
    inputSizes = sizes
    outputSizes = sizes.dropLast() + [units]
    inputs = sizes.reduce(1, *)
    let width = sizes.last ?? 1
    (self.width, self.units) = (width, units)
    rows = sizes.dropLast().reduce(1, *)
    function = definition.activation
    let weights = LayerParameter(
      "W", sizes: [width, units], naming: .weight,
      start: definition.weights.map { .given($0) }
        ?? .drawn(definition.initializer ?? definition.activation.initializer),
      isFrozen: definition.frozen.contains("W"))
    let isFrozen = definition.frozen.contains("b")
    bias =
      switch definition.biases {
      case .none: nil
      case .each(let given):
        LayerParameter(
          "b", sizes: [units], naming: .bias, start: given.map { .given($0) } ?? .constant(0),
          summandOf: "z", isFrozen: isFrozen)
      case .shared(let start):
        LayerParameter(
          "b", sizes: [1], naming: .sharedBias, start: .constant(start), summandOf: "z",
          isFrozen: isFrozen)
      }
    parameters = [weights] + (bias.map { [$0] } ?? [])
    try checkGivenParameters(number: number)
  }

  /// Its inputs are added up, they choose nothing.
  package func choiceOutside(_ x: Matrix<Double>) -> (example: Int, value: Double, count: Int)? {
    nil
  }

  package func passes(in memory: PassMemory<Double>) -> LayerPasses<Double> {
    passes(in: memory, function.double)
  }

  package func passes(in memory: PassMemory<Float>) -> LayerPasses<Float> {
    passes(in: memory, function.float)
  }

  package func stage(at start: Int, appliesFunction: Bool) -> DenseStage<Double>? {
    stage(at: start, appliesFunction ? function.double : nil)
  }

  package func stage(at start: Int, appliesFunction: Bool) -> DenseStage<Float>? {
    stage(at: start, appliesFunction ? function.float : nil)
  }

  private func stage<Scalar: MatrixScalar>(
    at start: Int, _ kernels: ActivationKernels<Scalar>?
  ) -> DenseStage<Scalar>? {
    guard rows == 1, function.threshold == nil else { return nil }
    let place = start + width * units
    let bias: DenseStage<Scalar>.Bias =
      switch self.bias?.naming {
      case nil: .none
      case .sharedBias: .shared(at: place)
      default: .each(at: place)
      }
    let body: DenseStage<Scalar>.Function
    if let formula = kernels?.formula {
      body = .formula(formula.value, slope: formula.slope)
    } else if let kernel = kernels.map({ $0.kernel }) ?? .identity {
      body = .kernel(kernel)
    } else {
      return nil
    }
    return DenseStage(inputs: width, outputs: units, weights: start, bias: bias, function: body)
  }

  @inline(__always)
  private func passes<Scalar: MatrixScalar>(
    in memory: PassMemory<Scalar>, _ function: ActivationKernels<Scalar>
  ) -> LayerPasses<Scalar> {
    let (n, k, threshold) = (width, units, self.function.threshold)
    let z = memory.quantity("z", columns: outputs, sizes: outputSizes)
    let a = memory.quantity("a", columns: outputs, sizes: outputSizes)
    let rowsPerExample = rows
    // One bias for all units, or none, stands in memory of its own as k equal ones.
    let isPlain = bias?.naming == .bias
    let biases = isPlain ? nil : memory.arena.allocate(k)
    let biasGradients = isPlain ? nil : memory.arena.allocate(k)
    let isShared = bias?.naming == .sharedBias
    let endsEarly =
      memory.interrupt != nil
      && DenseKernels<Scalar>.isLong(m: memory.capacity * rows, n: n, k: k)
    let interrupt = endsEarly ? memory.interrupt : nil
    return LayerPasses(
      quantities: [z, a], netInput: z, endsEarly: endsEarly,
      forward: { call in
        let rows = call.rows * rowsPerExample
        let netInputs = z.values.part(0, rows * k)
        if isShared { biases?.fill(call.parameters[n * k]) }
        let biases = biases ?? call.parameters.part(n * k, k)
        DenseKernels.affine(
          call.x, call.parameters.part(0, n * k), biases, into: netInputs,
          m: rows, n: n, k: k, interrupt: interrupt)
        threshold?.settle(
          netInputs, x: call.x, weights: call.parameters.part(0, n * k), biases: biases, n: n,
          k: k)
        function.apply(netInputs, a.values, k)
      },
      backward: { call in
        let rows = call.rows * rowsPerExample
        let count = rows * k
        let delta = z.gradients.part(0, count)
        if !call.startsAtNetInput {
          function.pullBack(
            z.values, a.values.part(0, count), a.gradients.part(0, count), delta, k)
        }
        DenseKernels.parameterGradients(
          call.x, delta, weights: call.gradients.part(0, n * k),
          biases: biasGradients ?? call.gradients.part(n * k, k), m: rows, n: n,
          k: k, adds: call.adds, interrupt: interrupt)
        if isShared, let biasGradients {
          call.gradients[n * k] = biasGradients.sum(biasGradients) { g, _ in g }
        }
        if let target = call.inputGradient {
          DenseKernels.inputGradient(
            delta, call.parameters.part(0, n * k), into: target, m: rows, n: n, k: k,
            interrupt: interrupt)
        }
      })
  }
}
