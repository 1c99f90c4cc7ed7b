import Calculus
import MatrixEngine
import Notation

/// z = x·W + b, a = h(z): every input has a weight to every neuron.
package struct DenseLayer: Layer {
  package let name: String?
  package let inputs: Int
  package let outputs: Int
  package let parameters: [LayerParameter]
  private let function: Activation

  package var kind: String { LayerKind.dense.name }
  package var activation: Activation? { function }
  package var title: String {
    "\(outputs.counted("neuron")), \(function.notation)"
  }
  package var kinks: [String: [Double]] { ["z": function.kinks] }

  package var lines: [LayerLine] {
    let z = vector("z", outputs)
    let sum = try? Expression.add([
      .product(input, symbol(parameters[0])), symbol(parameters[1]),
    ])
    return [
      LayerLine("z", sum ?? z, title: "net input"),
      LayerLine(
        "a", (try? function.expression(z)) ?? z, title: "activation", applied: (function, "z")),
    ]
  }

  /// Throws: `NetworkError.units`, `.weightShape`, `.biasShape`, naming the layer.
  init(_ definition: Dense, inputs: Int, number: Int) throws(NetworkError) {
    let units = definition.units
    guard units >= 1 else { throw .units(layer: number, count: units) }
    name = definition.name
    self.inputs = inputs
    outputs = units
    function = definition.activation
    parameters = [
      LayerParameter(
        "W", sizes: [inputs, units], naming: .weight,
        start: definition.weights.map { .given($0) }
          ?? .drawn(definition.initializer ?? definition.activation.initializer)),
      LayerParameter(
        "b", sizes: [units], naming: .bias,
        start: definition.biases.map { .given($0) } ?? .constant(0), summandOf: "z"),
    ]
    try checkGivenParameters(number: number)
  }

  package func passes(in memory: PassMemory<Double>) -> LayerPasses<Double> {
    passes(in: memory, function.double)
  }

  package func passes(in memory: PassMemory<Float>) -> LayerPasses<Float> {
    passes(in: memory, function.float)
  }

  @inline(__always)
  private func passes<Scalar: MatrixScalar>(
    in memory: PassMemory<Scalar>, _ function: ActivationKernels<Scalar>
  ) -> LayerPasses<Scalar> {
    let (n, k) = (inputs, outputs)
    let z = memory.quantity("z", columns: k)
    let a = memory.quantity("a", columns: k)
    let endsEarly =
      memory.interrupt != nil && DenseKernels<Scalar>.isLong(m: memory.capacity, n: n, k: k)
    let interrupt = endsEarly ? memory.interrupt : nil
    return LayerPasses(
      quantities: [z, a], netInput: z, endsEarly: endsEarly,
      forward: { call in
        let netInputs = z.values.part(0, call.rows * k)
        DenseKernels.affine(
          call.x, call.parameters.part(0, n * k), call.parameters.part(n * k, k), into: netInputs,
          m: call.rows, n: n, k: k, interrupt: interrupt)
        function.apply(netInputs, a.values, k)
      },
      backward: { call in
        let count = call.rows * k
        let delta = z.gradients.part(0, count)
        if !call.startsAtNetInput {
          function.pullBack(
            z.values, a.values.part(0, count), a.gradients.part(0, count), delta, k)
        }
        DenseKernels.parameterGradients(
          call.x, delta, weights: call.gradients.part(0, n * k),
          biases: call.gradients.part(n * k, k), m: call.rows, n: n, k: k, adds: call.adds,
          interrupt: interrupt)
        if let target = call.inputGradient {
          DenseKernels.inputGradient(
            delta, call.parameters.part(0, n * k), into: target, m: call.rows, n: n, k: k,
            interrupt: interrupt)
        }
      })
  }
}
