import Calculus
import MatrixEngine

/// The passes of a layer of which nothing but the lines are known.
struct LinePasses {
  private let layer: any Layer
  private let formulas: LayerFormulas?

  init(_ layer: any Layer, backward: Bool) {
    self.layer = layer
    // Lines that the calculus has no form for give NaN, which is seen; a definition has tried them before.
    formulas = try? LayerFormulas(layer, backward: backward)
  }

  func passes<Scalar: MatrixScalar>(in memory: PassMemory<Scalar>) -> LayerPasses<Scalar> {
    let forward = formulas?.forward ?? []
    let quantities =
      forward.isEmpty
      ? [memory.quantity("a", columns: layer.outputs)]
      : forward.map { memory.quantity($0.name, columns: $0.columns) }
    let forwardPasses = forward.map { FormulaPass($0.formula) }
    let backward = (formulas?.backward ?? []).map { (name: $0.name, pass: FormulaPass($0.formula)) }
    var parameters: [(parameter: LayerParameter, start: Int)] = []
    var start = 0
    for parameter in layer.parameters {
      parameters.append((parameter, start))
      start += parameter.count
    }
    let (places, inputs) = (parameters, layer.inputs)

    /// Everything that a formula may read.
    func arrays(_ x: Buffer<Scalar>, _ rows: Int, _ own: Buffer<Scalar>, gradients: Bool)
      -> [FormulaPass.Input<Scalar>]
    {
      var arrays = [
        FormulaPass.Input(LayerLine.input, x.part(0, rows * inputs), sizes: [rows, inputs])
      ]
      for (parameter, start) in places {
        arrays.append(
          .init(parameter.name, own.part(start, parameter.count), sizes: parameter.sizes))
      }
      for quantity in quantities {
        let (count, sizes) = (rows * quantity.columns, [rows, quantity.columns])
        arrays.append(.init(quantity.name, quantity.values.part(0, count), sizes: sizes))
        guard gradients else { continue }
        arrays.append(
          .init(
            LayerFormulas.gradient(quantity.name), quantity.gradients.part(0, count), sizes: sizes))
      }
      return arrays
    }

    return LayerPasses(
      quantities: quantities,
      forward: { call in
        guard forwardPasses.count == quantities.count else {
          return quantities[0].values.fill(.nan)
        }
        for (quantity, pass) in zip(quantities, forwardPasses) {
          pass.run(
            arrays(call.x, call.rows, call.parameters, gradients: false),
            into: quantity.values.part(0, call.rows * quantity.columns))
        }
      },
      backward: { call in
        if !call.adds { call.gradients.fill(0) }
        call.inputGradient?.part(0, call.rows * inputs).fill(0)
        for line in backward {
          let known = arrays(call.x, call.rows, call.parameters, gradients: true)
          if let quantity = quantities.first(where: { $0.name == line.name }) {
            line.pass.run(known, into: quantity.gradients.part(0, call.rows * quantity.columns))
          } else if let (parameter, start) = places.first(where: { $0.parameter.name == line.name })
          {
            line.pass.run(known, into: call.gradients.part(start, parameter.count), adds: true)
          } else if let target = call.inputGradient {
            line.pass.run(known, into: target.part(0, call.rows * inputs))
          }
        }
      })
  }
}
