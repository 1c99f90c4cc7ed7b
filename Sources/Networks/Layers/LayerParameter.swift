import MatrixEngine

/// A parameter of a layer: its name and shape, and where its numbers come from.
package struct LayerParameter: Named {
  /// How a single entry is called.
  package enum EntryNaming: Sendable {
    /// By the input it comes from and the neuron it goes to: w₁₃.
    case weight
    /// By its neuron, as what comes from input 0: b₁, or w₀₁.
    case bias
    /// One number for all neurons, as what comes from input 0: b, or w₀.
    case sharedBias
    /// By its own indices: γ₁.
    case plain
  }

  /// Where its numbers come from.
  package enum Start: Sendable {
    case given(Tensor<Double>)
    case drawn(Initializer)
    case constant(Double)
  }

  package let name: String
  package let aliases: [String]
  /// No size for a number, one for a vector, two for a matrix, more for an array.
  package let sizes: [Int]
  package let naming: EntryNaming
  package let start: Start
  /// The quantity that it is added to, example by example: ∂L by that is its gradient before the sum over them.
  package let summand: String?
  /// Whether updates leave it as it is.
  package let isFrozen: Bool
  /// Whether it is an average that training moves and prediction takes: no gradient is asked for.
  package let isAverage: Bool

  package init(
    _ name: String, aliases: [String] = [], sizes: [Int], naming: EntryNaming = .plain,
    start: Start, summandOf summand: String? = nil, isFrozen: Bool = false, isAverage: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.sizes = sizes
    self.naming = naming
    self.start = start
    self.summand = summand
    self.isFrozen = isFrozen || isAverage
    self.isAverage = isAverage
  }

  /// What the lines call it: an average has another name than the quantity that it is of.
  package var symbolName: String { isAverage ? Self.average(of: name) : name }

  /// What lines call the average of a quantity.
  package static func average(of quantity: String) -> String { "average of \(quantity)" }

  /// Of a vector one row.
  package var shape: Shape {
    switch sizes.count {
    case 0: Shape(1, 1)
    case 1: Shape(1, sizes[0])
    case 2: Shape(sizes[0], sizes[1])
    // An array has its last index along the rows.
    default: Shape(Shape(sizes.dropLast()).count, sizes[sizes.count - 1])
    }
  }

  package var count: Int { shape.count }

  /// Whether it counts among the weights, which a penalty keeps small: a matrix does.
  package var isWeight: Bool { sizes.count > 1 && !isAverage }

  /// "number", "vector", "matrix" or "array".
  package var kindName: String {
    sizes.count < 3 ? ["number", "vector", "matrix"][sizes.count] : "array"
  }

  /// The numbers that it begins with, drawn row by row where they are not given.
  func initialValues(_ random: inout RandomSource) -> [Double] {
    switch start {
    case .given(let value): value.storage
    case .drawn(let initializer):
      initializer.weights(count, inputs: fan.inputs, units: fan.units, from: &random)
    case .constant(let value): Array(repeating: value, count: count)
    }
  }

  /// How many values make one of what it gives, and how many one value goes into: of a matrix its rows and columns; of
  /// an array, units × inputs × window, with the window.
  private var fan: (inputs: Int, units: Int) {
    guard sizes.count > 2 else { return (shape.rows, shape.columns) }
    let window = sizes[2...].reduce(1, *)
    return (sizes[1] * window, sizes[0] * window)
  }

  /// Checks numbers that are given for it.
  ///
  /// Throws: `NetworkError.weightShape`, `.biasShape` or `.parameterShape`, naming the layer.
  package func check(_ given: Tensor<Double>, layer: Int) throws(NetworkError) {
    guard !(sizes.count > 2 ? given.fits(sizes) : given.fits(shape)) else { return }
    switch naming {
    case .weight:
      throw .weightShape(
        layer: layer, given: given, inputs: shape.rows, units: shape.columns)
    case .bias: throw .biasShape(layer: layer, given: given, units: shape.columns)
    case .sharedBias, .plain:
      throw .parameterShape(name: name, layer: layer, given: given, sizes: sizes)
    }
  }

  /// Numbers in this shape.
  package func value(_ storage: [Double]) -> Tensor<Double> {
    Tensor(Shape(sizes), storage)
  }

  /// The place of an entry, counted row by row from 0, in layer `layer`.
  package func place(_ offset: Int, layer: Int) -> ParameterPlace {
    let columns = shape.columns
    let input: Int? =
      switch naming {
      case .bias, .sharedBias: 0
      case .weight: offset / columns + 1
      case .plain: sizes.count > 1 ? offset / columns + 1 : nil
      }
    var (rest, index) = (offset, [Int]())
    if sizes.count > 2 {
      for size in sizes.reversed() {
        index.insert(rest % size + 1, at: 0)
        rest /= size
      }
    }
    return ParameterPlace(
      layer: layer, parameter: name, naming: naming, input: input,
      neuron: naming == .sharedBias ? nil : offset % columns + 1, index: index)
  }
}

/// An entry of a parameter. Layers, inputs and neurons count from 1; a bias has input 0, an entry of a vector none,
/// a number is neuron 1; what all neurons share has no neuron.
package struct ParameterPlace: Sendable, Hashable {
  package let layer: Int
  package let parameter: String
  package let naming: LayerParameter.EntryNaming
  package let input: Int?
  package let neuron: Int?
  /// Of a parameter of more than two indices: all of them.
  package let index: [Int]
  /// These as texts have them, `2,1,1,3`; nil of a parameter of fewer.
  package var indexText: String? {
    index.isEmpty ? nil : index.map(String.init).joined(separator: ",")
  }

  package init(
    layer: Int, parameter: String, naming: LayerParameter.EntryNaming, input: Int?, neuron: Int?,
    index: [Int] = []
  ) {
    self.layer = layer
    self.parameter = parameter
    self.naming = naming
    self.input = input
    self.neuron = neuron
    self.index = index
  }
}

/// The numbers of a parameter, or of what the loss changes by with it.
package struct ParameterValue: Sendable, Equatable {
  package let parameter: String
  package let naming: LayerParameter.EntryNaming
  package internal(set) var value: Tensor<Double>

  package var isMatrix: Bool { value.rank == 2 }

  /// As a matrix: a vector is one row.
  package var matrix: Matrix<Double> {
    isMatrix ? value : .row(value.storage)
  }
}
