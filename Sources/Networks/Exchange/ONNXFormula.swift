import Calculus

/// Writes formulas of a batch as nodes of a graph.
struct ONNXFormulaWriter {
  private(set) var nodes: [ONNXNode] = []
  var initializers: [ONNXTensor] = []
  let code: ONNXTensor.ElementCode
  /// The tensors that symbols stand for, in the layer that is being written.
  var tensors: [String: String] = [:]
  /// The tensors of formulas that have been written in this layer.
  var written: [Expression: String] = [:]
  private var constants: [UInt64: String] = [:]
  /// The tensors of whole numbers that shapes and places are.
  var wholes: [[Int]: String] = [:]

  init(_ code: ONNXTensor.ElementCode) { self.code = code }

  /// Begins with the symbols of another layer.
  mutating func beginLayer() {
    tensors = [:]
    written = [:]
  }

  mutating func add(_ tensor: ONNXTensor) { initializers.append(tensor) }

  /// The tensor that a formula gives; `name` is what it is to be called.
  mutating func tensor(_ formula: Expression, named name: String? = nil) throws(UnwritableFormula)
    -> String
  {
    if name == nil, let known = written[formula] { return known }
    let result = try write(formula, name)
    written[formula] = result
    return result
  }

  mutating func node(
    _ operation: String, _ inputs: [String], _ name: String? = nil,
    _ attributes: [ONNXAttribute] = []
  ) -> String {
    let output = name ?? "t\(nodes.count + 1)"
    nodes.append(
      ONNXNode(operation: operation, inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }

  private mutating func constant(_ value: Double) -> String {
    if let known = constants[value.bitPattern] { return known }
    let name = "c\(constants.count + 1)"
    constants[value.bitPattern] = name
    initializers.append(ONNXTensor(name: name, sizes: [], code: code, values: [value]))
    return name
  }

  private mutating func axes(_ axis: Int) -> String {
    let name = "axis\(axis)"
    if !initializers.contains(where: { $0.name == name }) {
      initializers.append(ONNXTensor(name: name, sizes: [1], code: .int64, values: [Double(axis)]))
    }
    return name
  }

  /// A tensor under the name that it must have.
  private mutating func passed(_ tensor: String, _ name: String?) -> String {
    name.map { node("Identity", [tensor], $0) } ?? tensor
  }

  private mutating func write(_ formula: Expression, _ name: String?) throws(UnwritableFormula)
    -> String
  {
    if let value = formula.constant { return passed(constant(value), name) }
    switch formula.node {
    case .symbol(let symbol):
      guard let tensor = tensors[symbol.name] else { throw UnwritableFormula(formula) }
      return passed(tensor, name)
    case .add(let parts): return try sum(parts, name)
    case .multiply(let parts):
      if let first = parts.first, first.number == .minusOne, parts.count == 2 {
        return node("Neg", [try tensor(parts[1])], name)
      }
      return try folded("Mul", parts, name)
    case .divide(let a, let b): return node("Div", [try tensor(a), try tensor(b)], name)
    case .power(let a, let b): return node("Pow", [try tensor(a), try tensor(b)], name)
    case .product(let a, let b):
      // A row and a column of one size make an array of one number, which is no number there.
      guard formula.shape != .scalar || a.shape.dimensions.count == 1 else {
        throw UnwritableFormula(formula)
      }
      return node("MatMul", [try tensor(a), try tensor(b)], name)
    case .transpose(let a):
      if case .vector = a.shape {
        return node("Unsqueeze", [try tensor(a), axes(0)], name)
      }
      if let kept = try keptReduction(a, name) { return kept }
      return node(
        "Transpose", [try tensor(a)], name, [ONNXAttribute(name: "perm", content: .wholes([1, 0]))])
    case .function(let function, let a): return try apply(function, a, formula, name)
    case .extremum(let kind, let a, let b):
      guard let known = ONNXOperators.extrema.first(where: { $0.kind == kind }) else { break }
      return node(known.name, [try tensor(a), try tensor(b)], name)
    case .reduce(let kind, let a, let axis):
      return try reduction(kind, a, axis.map { $0 - 1 }, keeps: false, formula, name)
    case .softmax(let a):
      return node(
        "Softmax", [try tensor(a)], name, [ONNXAttribute(name: "axis", content: .whole(-1))])
    case .compare:
      return node(
        "Cast", [try condition(formula)], name,
        [ONNXAttribute(name: "to", content: .whole(code.rawValue))])
    case .choose(let test, let a, let b):
      return node("Where", [try condition(test), try tensor(a), try tensor(b)], name)
    case .named(_, let a), .steps(_, let a): return try tensor(a, named: name)
    default: break
    }
    throw UnwritableFormula(formula)
  }

  private mutating func folded(_ operation: String, _ parts: [Expression], _ name: String?)
    throws(UnwritableFormula) -> String
  {
    guard let first = parts.first else { return passed(constant(1), name) }
    var result = try tensor(first)
    if parts.count == 1 { return passed(result, name) }
    for (place, part) in parts.enumerated().dropFirst() {
      result = node(operation, [result, try tensor(part)], place == parts.count - 1 ? name : nil)
    }
    return result
  }

  /// A sum; what is taken away is subtracted.
  private mutating func sum(_ parts: [Expression], _ name: String?) throws(UnwritableFormula)
    -> String
  {
    guard let first = parts.first else { return passed(constant(0), name) }
    var result = try tensor(first)
    if parts.count == 1 { return passed(result, name) }
    for (place, part) in parts.enumerated().dropFirst() {
      let own = place == parts.count - 1 ? name : nil
      if case .multiply(let factors) = part.node, factors.count == 2, factors[0].number == .minusOne
      {
        result = node("Sub", [result, try tensor(factors[1])], own)
      } else {
        result = node("Add", [result, try tensor(part)], own)
      }
    }
    return result
  }

  private mutating func apply(
    _ function: ElementFunction, _ a: Expression, _ formula: Expression, _ name: String?
  ) throws(UnwritableFormula) -> String {
    if ONNXOperators.writtenOut[function] == nil,
      let known = ONNXOperators.functions.first(where: { $0.function == function })
    {
      return node(known.name, [try tensor(a)], name)
    }
    let other: Expression?
    do throws(CalculusError) {
      other = try .writtenOut(function, of: a, by: ONNXOperators.writtenOut)
    } catch {
      throw UnwritableFormula(formula)
    }
    guard let other else { throw UnwritableFormula(formula) }
    return try tensor(other, named: name)
  }

  /// One number a row as a column, which keeps its axis: m×1.
  private mutating func keptReduction(_ row: Expression, _ name: String?)
    throws(UnwritableFormula) -> String?
  {
    guard case .transpose(let vector) = row.node,
      case .reduce(let kind, let a, axis: 2) = vector.node
    else { return nil }
    return try reduction(kind, a, 1, keeps: true, vector, name)
  }

  private mutating func reduction(
    _ kind: ExpressionReduction, _ a: Expression, _ axis: Int?, keeps: Bool, _ formula: Expression,
    _ name: String?
  ) throws(UnwritableFormula) -> String {
    guard let known = ONNXOperators.reductions.first(where: { $0.kind == kind }) else {
      throw UnwritableFormula(formula)
    }
    let keeping = ONNXAttribute(name: "keepdims", content: .whole(keeps ? 1 : 0))
    let operand = try tensor(a)
    // In operator set 17 the axes of a sum are an input, those of the others an attribute.
    if kind == .sum {
      return node(known.name, [operand] + (axis.map { [axes($0)] } ?? []), name, [keeping])
    }
    let along = axis.map { [ONNXAttribute(name: "axes", content: .wholes([$0]))] } ?? []
    return node(known.name, [operand], name, [keeping] + along)
  }

  /// A truth value as ONNX has it.
  private mutating func condition(_ formula: Expression) throws(UnwritableFormula) -> String {
    if case .compare(let comparison, let a, let b) = formula.node {
      let (left, right) = (try tensor(a), try tensor(b))
      if let known = ONNXOperators.comparisons.first(where: { $0.comparison == comparison }) {
        return node(known.name, [left, right])
      }
      return node("Not", [node("Equal", [left, right])])
    }
    return node("Not", [node("Equal", [try tensor(formula), constant(0)])])
  }
}
