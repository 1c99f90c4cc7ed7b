import Calculus

/// Programs of layers as nodes of a graph.
extension ONNXFormulaWriter: ProgramTarget {
  mutating func entries(_ formula: Expression, of operands: [String: String])
    throws(UnwritableFormula) -> String
  {
    written = [:]
    tensors = operands
    return try tensor(formula)
  }

  mutating func constants(_ numbers: [Double]) -> String {
    let name = "k\(initializers.count + 1)"
    initializers.append(
      ONNXTensor(name: name, sizes: [1, numbers.count], code: code, values: numbers))
    return name
  }

  /// A tensor of whole numbers.
  private mutating func whole(_ numbers: [Int]) -> String {
    if let known = wholes[numbers] { return known }
    let name = "i\(wholes.count + 1)"
    wholes[numbers] = name
    initializers.append(
      ONNXTensor(
        name: name, sizes: [numbers.count], code: .int64, values: numbers.map(Double.init)))
    return name
  }

  /// The same entries in other sizes, of which the first is free.
  mutating func reshaped(_ tensor: String, _ sizes: [Int], named name: String? = nil) -> String {
    node("Reshape", [tensor, whole([-1] + sizes)], name)
  }

  mutating func gather(_ array: String, _ places: [Int]) -> String {
    node(
      "Gather", [array, whole(places)], nil, [ONNXAttribute(name: "axis", content: .whole(1))])
  }

  mutating func product(_ a: String, _ b: String, _ product: LineProgram.Product) -> String {
    let (m, k, n) = (product.m, product.k, product.n)
    let left = matrix(a, m, k, isTransposed: product.isATransposed)
    let right = matrix(b, k, n, isTransposed: product.isBTransposed)
    return reshaped(node("MatMul", [left, right]), [m * n])
  }

  private mutating func matrix(_ array: String, _ rows: Int, _ columns: Int, isTransposed: Bool)
    -> String
  {
    guard isTransposed else { return reshaped(array, [rows, columns]) }
    return node(
      "Transpose", [reshaped(array, [columns, rows])], nil,
      [ONNXAttribute(name: "perm", content: .wholes([0, 2, 1]))])
  }

  mutating func reduce(_ array: String, _ reduction: LineProgram.Reduction) -> String {
    let operand = reshaped(array, [reduction.outer, reduction.count, reduction.inner])
    let keeping = ONNXAttribute(name: "keepdims", content: .whole(0))
    let name = ONNXOperators.reductions.first { $0.kind == reduction.kind }?.name ?? "ReduceSum"
    let reduced =
      reduction.kind == .sum
      ? node(name, [operand, whole([2])], nil, [keeping])
      : node(
        name, [operand], nil, [keeping, ONNXAttribute(name: "axes", content: .wholes([2]))])
    return reshaped(reduced, [reduction.outer * reduction.inner])
  }

  mutating func softmax(_ array: String, width: Int, count: Int) -> String {
    let rows = reshaped(array, [count / max(width, 1), width])
    let result = node(
      "Softmax", [rows], nil, [ONNXAttribute(name: "axis", content: .whole(-1))])
    return reshaped(result, [count])
  }

  mutating func concatenate(_ arrays: [String]) -> String {
    node("Concat", arrays, nil, [ONNXAttribute(name: "axis", content: .whole(1))])
  }
}
