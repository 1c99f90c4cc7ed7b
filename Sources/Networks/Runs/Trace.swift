import MatrixEngine

/// What a run of a network left: ordered, named quantities a layer.
///
/// Of a way forward they are values, of a way back what the loss changes by with each. Layers count from 1.
/// Shape: an example a row.
package struct Trace: Sendable, Equatable {
  package struct Quantity: Sendable, Equatable {
    package let name: String
    package let values: Matrix<Double>
    /// The sizes of an example's values: one of a vector, none of a number.
    package let sizes: [Int]
    /// Which of a family it is.
    package let member: FamilyMember?
    /// Whether there is one for all examples, with one row.
    package let isShared: Bool

    package init(
      _ name: String, _ values: Matrix<Double>, sizes: [Int]? = nil, member: FamilyMember? = nil,
      isShared: Bool = false
    ) {
      self.name = name
      self.values = values
      self.sizes = sizes ?? [values.columns]
      self.member = member
      self.isShared = isShared
    }

    /// In the shape that it has: of several examples these come first.
    package func array(isSingle: Bool) -> Tensor<Double> {
      let isOne = isSingle || isShared
      return Tensor(Shape((isOne ? [] : [values.rows]) + sizes), values.storage)
    }
  }

  /// What went in, the output of no layer: `a` of layer 0.
  package let input: Matrix<Double>
  /// The sizes of an example.
  package let inputSizes: [Int]
  /// In the order of each layer's lines; the last is its output `a`.
  package let layers: [[Quantity]]
  /// What comes out where something is added to what the last layer gives.
  private let sum: Matrix<Double>?

  package init(
    input: Matrix<Double>, inputSizes: [Int]? = nil, layers: [[Quantity]],
    sum: Matrix<Double>? = nil
  ) {
    self.input = input
    self.sum = sum
    self.inputSizes = inputSizes ?? [input.columns]
    self.layers = layers
  }

  /// The name of what every layer gives.
  package static let output = LayerLine.output

  package var examples: Int { input.rows }

  /// What comes out. Shape: `[m, k]`.
  package var output: Matrix<Double> { sum ?? layers.last?.last?.values ?? input }
  /// The sizes of an example of it.
  package var outputSizes: [Int] { layers.last?.last?.sizes ?? inputSizes }

  /// A quantity of a layer, from 1; `a` of layer 0 is the input. nil where there is none.
  package subscript(name: String, layer: Int) -> Matrix<Double>? {
    if layer == 0 { return name == Trace.output ? input : nil }
    guard layers.indices.contains(layer - 1) else { return nil }
    return layers[layer - 1].first { $0.name == name }?.values
  }

  /// What a layer gives, from 1; of layer 0 the input. Shape: `[m, k]`.
  package func output(of layer: Int) -> Matrix<Double> {
    self[Trace.output, layer] ?? input
  }

  /// A quantity of a layer, from 1, with its sizes; `a` of layer 0 is the input. nil where there is none.
  package func quantity(_ name: String, layer: Int) -> Quantity? {
    if layer == 0 {
      return name == Trace.output ? Quantity(name, input, sizes: inputSizes) : nil
    }
    guard layers.indices.contains(layer - 1) else { return nil }
    return layers[layer - 1].first { $0.name == name }
  }

  /// The members of a family in a layer, from 1, in the order of their indices.
  package func family(_ name: String, layer: Int) -> [Quantity] {
    guard layers.indices.contains(layer - 1) else { return [] }
    return layers[layer - 1].filter { $0.member?.family == name }
      .sorted { ($0.member?.index ?? 0) < ($1.member?.index ?? 0) }
  }

  /// The names by which quantities are asked for: a family has one for all of its members.
  package var memberNames: [String] {
    var names: [String] = []
    for quantity in layers.joined() {
      let name = quantity.member?.family ?? quantity.name
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The names of all quantities, in the order in which they first occur.
  package var names: [String] {
    var names: [String] = []
    for quantity in layers.joined() where !names.contains(quantity.name) {
      names.append(quantity.name)
    }
    return names
  }
}

/// The derivatives of the mean loss by everything in a network, 1/m included.
package struct Gradients: Sendable, Equatable {
  /// By the input and every quantity. That by the last output is the slide's factor ∂L/∂ŷ also where the way
  /// back takes the stable form ŷ − y, so it may be infinite where nothing else is.
  package let trace: Trace
  /// By the parameters, layer by layer, summed over the examples.
  package internal(set) var parameters: [[ParameterValue]]
  /// The mean loss at which they were taken.
  package internal(set) var loss: Double
  let units: [UnitHealth]
  /// What loss and parameters contain besides.
  package internal(set) var penalty = Penalty.none
  private var ofData: Share?

  init(
    trace: Trace, parameters: [[ParameterValue]], loss: Double, units: [UnitHealth]
  ) {
    self.trace = trace
    self.parameters = parameters
    self.loss = loss
    self.units = units
  }

  /// Loss and gradients of the data alone.
  private struct Share: Sendable, Equatable {
    let loss: Double
    let parameters: [[ParameterValue]]
  }

  /// The same without the penalty.
  package var withoutPenalty: Gradients {
    guard let ofData else { return self }
    var result = self
    (result.loss, result.parameters) = (ofData.loss, ofData.parameters)
    (result.penalty, result.ofData) = (.none, nil)
    return result
  }

  /// With the share of a penalty on the weights of layers whose parameters are `old`; `value` is its share of the loss.
  func adding(_ penalty: Penalty, value: Double, at layers: [any Layer], _ old: [[ParameterValue]])
    -> Gradients
  {
    var result = self
    result.ofData = Share(loss: loss, parameters: parameters)
    result.penalty = penalty
    result.loss += value
    for (l, layer) in layers.enumerated() {
      for (p, parameter) in layer.parameters.enumerated() where parameter.isWeight {
        let (slopes, weights) = (parameters[l][p].value.storage, old[l][p].value.storage)
        result.parameters[l][p].value = parameter.value(
          zip(slopes, weights).map { $0 + penalty.slope($1) })
      }
    }
    return result
  }

  /// The derivative by a parameter of a layer, from 1.
  package subscript(parameter name: String, layer: Int) -> ParameterValue? {
    guard parameters.indices.contains(layer - 1) else { return nil }
    return parameters[layer - 1].first { $0.parameter == name }
  }

  /// The Frobenius norm of the derivative by each layer's first parameter; 0 where it has none.
  package var norms: [Double] {
    parameters.map { values in values.first.flatMap { try? $0.matrix.reduced(by: .norm) } ?? 0 }
  }

  /// Units whose derivative h′(z) is 0 for every example, so that they do not learn: relu units
  /// with z ≤ 0 throughout. Neurons from 1, one list a layer.
  package var dead: [[Int]] { units.map(\.dead) }

  /// Units so far out on a flat part of h that h′(z) is below 1 % of its largest value for every
  /// example (sigmoid, tanh). Neurons from 1, one list a layer.
  package var saturated: [[Int]] { units.map(\.saturated) }
}
