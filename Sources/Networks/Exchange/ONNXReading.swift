import Calculus
import MatrixEngine

/// Follows the nodes of a graph from the input to the output, and reads layers off them.
///
/// A product with constant weights begins a layer; what follows of it, entry by entry, is its activation. The first
/// operator that is none of these is named.
struct ONNXNetworkReader {
  /// What a tensor of the graph is.
  private enum Meaning {
    case constant(Tensor<Double>)
    /// A formula of the net inputs of a layer; of layer 0, of what comes in.
    case formula(Expression, layer: Int)
    /// A comparison, which decides and is no number.
    case truth(Expression, layer: Int)

    var isConstant: Bool { if case .constant = self { true } else { false } }
  }

  /// A product with weights, and what is added to it.
  private struct Stage {
    var weights: Tensor<Double>
    var bias: Tensor<Double>?
    var activation: Expression?
  }

  private let path: String
  private let catalog: NetworkCatalog
  private let card: NetworkCard
  private var meanings: [String: Meaning] = [:]
  private var stages: [Stage] = []
  private var inputWidth: Int?
  private var isDouble = false

  /// Formulas of more nodes than these are no activation.
  private static let mostNodes = 400.0

  private init(path: String, catalog: NetworkCatalog, card: NetworkCard) {
    self.path = path
    self.catalog = catalog
    self.card = card
  }

  /// The layers of a model, and their precision. Throws: `DataError.malformed`, naming the operator.
  static func layers(
    of model: ONNXModel, path: String, catalog: NetworkCatalog, card: NetworkCard
  ) throws(DataError) -> (inputs: Int, layers: [Dense], precision: Precision) {
    var reader = ONNXNetworkReader(path: path, catalog: catalog, card: card)
    try reader.read(model.graph)
    return (
      reader.stages[0].weights.rows, try reader.layers(),
      reader.isDouble ? .float64 : .float32
    )
  }

  private func refused(_ reason: String, _ help: String? = nil) -> DataError {
    ArrayBuilder.malformed(path, reason, help)
  }

  private func refused(_ node: ONNXNode, _ reason: String) -> DataError {
    refused(
      "the operator \(node.operation) \(reason)",
      "dense layers are read: Gemm, or MatMul and Add, with an activation behind each")
  }

  // MARK: - The graph

  private mutating func read(_ graph: ONNXGraph) throws(DataError) {
    for tensor in graph.initializers {
      if tensor.isDouble { isDouble = true }
      meanings[tensor.name] = .constant(Tensor(Shape(tensor.sizes), tensor.values))
    }
    let inputs = graph.inputs.filter { meanings[$0.name] == nil }
    guard inputs.count == 1, let input = inputs.first else {
      throw refused("the graph has \(inputs.count) inputs, a network has one")
    }
    inputWidth = input.sizes.last
    if input.elementType == .double { isDouble = true }
    meanings[input.name] = .formula(.netInput, layer: 0)
    for node in graph.nodes {
      guard node.domain.isEmpty || node.domain == "ai.onnx" else {
        throw refused(node, "of \(node.domain) is not known here")
      }
      let result = try meaning(of: node)
      guard let output = node.outputs.first else { throw refused(node, "has no output") }
      meanings[output] = result
    }
    guard let output = graph.outputs.first, let last = meanings[output.name] else {
      throw refused("the graph has no output")
    }
    guard case .formula(let formula, let layer) = last, layer == stages.count, layer > 0 else {
      throw refused(
        stages.isEmpty
          ? "the graph has no layer" : "the graph's output is not that of its last layer")
    }
    stages[layer - 1].activation = formula
  }

  private func operands(_ node: ONNXNode) throws(DataError) -> [Meaning] {
    var result: [Meaning] = []
    for name in node.inputs where !name.isEmpty {
      guard let known = meanings[name] else {
        throw refused(node, "takes \(name), which nothing has given")
      }
      result.append(known)
    }
    return result
  }

  private mutating func meaning(of node: ONNXNode) throws(DataError) -> Meaning {
    if node.operation == "Constant" { return .constant(try constant(node)) }
    let operands = try operands(node)
    guard let first = operands.first else { throw refused(node, "is not known here") }
    switch node.operation {
    case "Gemm": return try product(node, operands)
    case "MatMul":
      guard operands.count == 2, case .constant(let weights) = operands[1] else { break }
      return try begin(node, first, weights, bias: nil)
    case "Identity", "Dropout", "Cast": return first
    case "Flatten", "Reshape", "Squeeze", "Transpose":
      if case .constant(let value) = first { return .constant(try moved(value, node)) }
      // One example is a vector already.
      if node.operation == "Flatten", node.whole("axis") ?? 1 == 1 { return first }
    case "Add":
      if let summed = try addingBias(operands) { return summed }
      return try combined(node, operands)
    case "Softmax", "LogSoftmax": return try softmax(node, first)
    default:
      let isReduction = ONNXOperators.reductions.contains { $0.name == node.operation }
      if operands.count == 1 || isReduction || ["Clip", "PRelu"].contains(node.operation) {
        return try applied(node, operands)
      }
      return try combined(node, operands)
    }
    throw refused(node, "is used in a way that is not known here")
  }

  // MARK: - Constants

  private mutating func constant(_ node: ONNXNode) throws(DataError) -> Tensor<Double> {
    switch node["value"] ?? node["value_float"] ?? node["value_int"] ?? node["value_floats"]
      ?? node["value_ints"]
    {
    case .tensor(let tensor): return Tensor(Shape(tensor.sizes), tensor.values)
    case .number(let value): return .scalar(Double(value))
    case .whole(let value): return .scalar(Double(value))
    case .numbers(let values): return .vector(values.map(Double.init))
    case .wholes(let values): return .vector(values.map(Double.init))
    default: throw refused(node, "has no numbers")
    }
  }

  private func moved(_ value: Tensor<Double>, _ node: ONNXNode) throws(DataError) -> Tensor<Double>
  {
    guard node.operation == "Transpose", value.rank == 2, node.wholes("perm") ?? [1, 0] == [1, 0]
    else { throw refused(node, "is used in a way that is not known here") }
    return value.transposed()
  }

  // MARK: - Layers

  /// alpha · A · B + beta · C. Source: docs/Operators.md, Gemm.
  private mutating func product(_ node: ONNXNode, _ operands: [Meaning]) throws(DataError)
    -> Meaning
  {
    guard operands.count >= 2, case .constant(var weights) = operands[1], weights.rank == 2,
      node.whole("transA") ?? 0 == 0
    else { throw refused(node, "is used in a way that is not known here") }
    if node.whole("transB") ?? 0 != 0 { weights = weights.transposed() }
    weights = scaled(weights, node.number("alpha"))
    var bias: Tensor<Double>?
    if operands.count > 2 {
      guard case .constant(let numbers) = operands[2] else {
        throw refused(node, "is used in a way that is not known here")
      }
      bias = scaled(numbers, node.number("beta"))
    }
    return try begin(node, operands[0], weights, bias: bias)
  }

  private func scaled(_ numbers: Tensor<Double>, _ factor: Float?) -> Tensor<Double> {
    guard let factor, factor != 1 else { return numbers }
    return Tensor(numbers.shape, numbers.storage.map { $0 * Double(factor) })
  }

  private mutating func begin(
    _ node: ONNXNode, _ input: Meaning, _ weights: Tensor<Double>, bias: Tensor<Double>?
  ) throws(DataError) -> Meaning {
    guard case .formula(let formula, let layer) = input, layer == stages.count, weights.rank == 2,
      weights.rows > 0, weights.columns > 0
    else {
      throw refused(
        node,
        input.isConstant || weights.rank != 2
          ? "is used in a way that is not known here" : "joins layers that do not follow each other"
      )
    }
    if layer == 0 {
      guard formula == .netInput else {
        throw refused(node, "comes behind a function of the inputs")
      }
      guard inputWidth ?? weights.rows == weights.rows else {
        throw refused(node, "has \(weights.rows) rows of weights for \(inputWidth ?? 0) inputs")
      }
    } else {
      let units = stages[layer - 1].weights.columns
      guard units == weights.rows else {
        throw refused(node, "has \(weights.rows) rows of weights for \(units) inputs")
      }
      stages[layer - 1].activation = formula
    }
    var stage = Stage(weights: weights)
    if let bias { stage.bias = try fitting(bias, stage, node) }
    stages.append(stage)
    return .formula(.netInput, layer: stages.count)
  }

  /// A bias as one number a unit, or one for all.
  private func fitting(_ bias: Tensor<Double>, _ stage: Stage, _ node: ONNXNode) throws(DataError)
    -> Tensor<Double>
  {
    let units = stage.weights.columns
    guard bias.storage.count == units || bias.storage.count == 1, bias.rank < 2 || bias.rows == 1
    else { throw refused(node, "adds \(bias.storage.count) numbers to \(units) units") }
    return bias.rank == 0 ? bias : .vector(bias.storage)
  }

  /// The sum of a layer's product with numbers, where nothing has been added yet.
  private mutating func addingBias(_ operands: [Meaning]) throws(DataError) -> Meaning? {
    guard operands.count == 2 else { return nil }
    for (sum, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard case .formula(let formula, let layer) = sum, case .constant(let bias) = other,
        formula == .netInput, layer == stages.count, layer > 0, stages[layer - 1].bias == nil
      else { continue }
      let units = stages[layer - 1].weights.columns
      guard bias.storage.count == units || bias.storage.count == 1, bias.rank < 2 || bias.rows == 1
      else { return nil }
      stages[layer - 1].bias = bias.rank == 0 ? bias : .vector(bias.storage)
      return sum
    }
    return nil
  }
}

// MARK: - Activations

extension ONNXNetworkReader {
  private func calculated(
    _ node: ONNXNode, _ body: () throws(CalculusError) -> Expression
  ) throws(DataError) -> Expression {
    do throws(CalculusError) {
      let formula = try body()
      if formula.treeSize <= Self.mostNodes { return formula }
    } catch { throw refused(node, "is used in a way that is not known here") }
    throw refused("the formula that ends in \(node.operation) is too long for an activation")
  }

  /// A function of one tensor, with numbers behind it.
  private func applied(_ node: ONNXNode, _ operands: [Meaning]) throws(DataError) -> Meaning {
    guard case .formula(let u, let layer) = operands[0] else {
      if case .truth(let test, let layer) = operands[0], node.operation == "Not" {
        return .truth(
          try calculated(node) { () throws(CalculusError) in
            try .compare(.equal, test, 0)
          }, layer: layer)
      }
      throw refused(node, "is used in a way that is not known here")
    }
    if let known = ONNXOperators.reductions.first(where: { $0.name == node.operation }) {
      return try reduced(known.kind, u, node, operands, layer)
    }
    let numbers = try operands.dropFirst().map2 { (operand) throws(DataError) in
      guard case .constant(let value) = operand, value.storage.count == 1 else {
        throw refused(node, "is used in a way that is not known here")
      }
      return Expression.number(value.storage[0])
    }
    if node.operation == "Clip" {
      return .formula(try clipped(node, u, numbers), layer: layer)
    }
    if node.operation == "PRelu", let slope = numbers.first {
      return .formula(
        try calculated(node) { () throws(CalculusError) in
          try .choose(.compare(.greater, u, 0), u, .multiply([slope, u]))
        }, layer: layer)
    }
    guard let function = ONNXOperators.function(of: node) else {
      throw refused(node, "is not known here")
    }
    return .formula(
      try calculated(node) { () throws(CalculusError) in
        try function.mapped([Symbol("u"): u])
      }, layer: layer)
  }

  /// min(max(u, low), high); an input without a name has been left out.
  private func clipped(_ node: ONNXNode, _ u: Expression, _ numbers: [Expression]) throws(DataError)
    -> Expression
  {
    var bounds = numbers[...]
    let isGiven = node.inputs.dropFirst().map { !$0.isEmpty }
    let low = isGiven.first == true ? bounds.popFirst() : nil
    let high = isGiven.dropFirst().first == true ? bounds.popFirst() : nil
    return try calculated(node) { () throws(CalculusError) in
      let above = try low.map2 { (low) throws(CalculusError) in try .extremum(.max, low, u) } ?? u
      return try high.map2 { (high) throws(CalculusError) in try .extremum(.min, high, above) }
        ?? above
    }
  }

  /// The same of all net inputs of an example, where it was of one.
  private func ofAll(_ formula: Expression) throws(CalculusError) -> Expression {
    try formula.mapped([Symbol("z"): .netInputs])
  }

  /// One number of all net inputs, as it stands beside them again.
  private func reduced(
    _ kind: ExpressionReduction, _ u: Expression, _ node: ONNXNode, _ operands: [Meaning],
    _ layer: Int
  ) throws(DataError) -> Meaning {
    var axes = node.wholes("axes") ?? []
    if operands.count > 1, case .constant(let given) = operands[1] {
      axes = given.storage.map { Int($0.clamped(to: -1e9...1e9)) }
    }
    guard axes == [1] || axes == [-1], node.whole("keepdims") ?? 1 == 1 else {
      throw refused(node, "is used in a way that is not known here")
    }
    return .formula(
      try calculated(node) { () throws(CalculusError) in
        try .reduce(kind, ofAll(u))
      }, layer: layer)
  }

  private func softmax(_ node: ONNXNode, _ operand: Meaning) throws(DataError) -> Meaning {
    guard case .formula(let u, let layer) = operand, layer > 0,
      [1, -1].contains(node.whole("axis") ?? -1)
    else { throw refused(node, "is used in a way that is not known here") }
    return .formula(
      try calculated(node) { () throws(CalculusError) in
        let shares = try Expression.softmax(ofAll(u))
        return node.operation == "Softmax" ? shares : .function(.ln, shares)
      }, layer: layer)
  }

  /// Two or more tensors joined entry by entry: numbers, and formulas of one layer.
  private func combined(_ node: ONNXNode, _ operands: [Meaning]) throws(DataError) -> Meaning {
    guard ONNXOperators.joins(node.operation) else { throw refused(node, "is not known here") }
    var parts: [Expression] = []
    var layer: Int?
    for operand in operands {
      switch operand {
      case .constant(let value):
        guard value.storage.count == 1 else {
          throw refused(node, "joins a layer with \(value.storage.count) numbers")
        }
        parts.append(.number(value.storage[0]))
      case .formula(let formula, let own), .truth(let formula, let own):
        guard layer ?? own == own else { throw refused(node, "joins two layers") }
        layer = own
        parts.append(formula)
      }
    }
    guard let layer else { throw refused(node, "is used in a way that is not known here") }
    let isOfAll = parts.contains { $0.symbols.contains { $0.shape != .scalar } }
    let known = parts
    var isTruth = false
    let joined = try calculated(node) { () throws(CalculusError) in
      let parts =
        isOfAll ? try known.map2 { (part) throws(CalculusError) in try ofAll(part) } : known
      if let comparison = ONNXOperators.comparisons.first(where: { $0.name == node.operation }) {
        isTruth = true
        guard parts.count == 2 else { throw .unsupported(node.operation) }
        return try .compare(comparison.comparison, parts[0], parts[1])
      }
      return try join(node.operation, parts)
    }
    return isTruth ? .truth(joined, layer: layer) : .formula(joined, layer: layer)
  }

  private func join(_ operation: String, _ parts: [Expression]) throws(CalculusError) -> Expression
  {
    if let extremum = ONNXOperators.extrema.first(where: { $0.name == operation }), parts.count > 1
    {
      var result = parts[0]
      for part in parts.dropFirst() { result = try .extremum(extremum.kind, result, part) }
      return result
    }
    switch (operation, parts.count) {
    case ("Add", 2): return try .add(parts)
    case ("Sub", 2): return try .subtract(parts[0], parts[1])
    case ("Mul", 2): return try .multiply(parts)
    case ("Div", 2): return try .divide(parts[0], parts[1])
    case ("Pow", 2): return try .power(parts[0], parts[1])
    case ("Sum", 2...): return try .add(parts)
    case ("Where", 3): return try .choose(parts[0], parts[1], parts[2])
    default: throw .unsupported(operation)
    }
  }

  // MARK: - The result

  private func layers() throws(DataError) -> [Dense] {
    try stages.enumerated().map2 { (place, stage) throws(DataError) in
      let formula = stage.activation ?? .netInput
      let name = card.activation(place + 1) ?? "activation\(place + 1)"
      guard let activation = catalog.activation(of: formula, named: name) else {
        throw refused(
          "the activation of layer \(place + 1), \(formula.text), has no form for all examples at once"
        )
      }
      let bias: Biases =
        switch stage.bias {
        case nil: .none
        case let bias? where bias.rank > 0 && bias.storage.count == stage.weights.columns:
          .each(bias)
        case let bias?: .shared(bias.storage[0])
        }
      return Dense(
        units: stage.weights.columns, activation: activation, name: card.layerName(place + 1),
        weights: stage.weights, biases: bias, frozen: card.frozen(place + 1))
    }
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    isNaN ? range.lowerBound : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
