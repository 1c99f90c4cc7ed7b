import Calculus
import MatrixEngine
import Syntax

/// Functions that make one number, or one number a column, out of many.
package enum Reductions {
  package static let builtIns: [BuiltIn] = [
    reduction(.sum, "the sum of all entries; with axis = 1 of each column", "Σ xᵢ"),
    reduction(.mean, "the mean of all entries; with axis = 1 of each column", "(1/n) Σ xᵢ"),
    extremum(.max, "the largest entry; with two arguments, element by element") { a, b in
      a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    },
    extremum(.min, "the smallest entry; with two arguments, element by element") { a, b in
      a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    },
    reduction(
      .norm, "the Euclidean norm of a vector, the Frobenius norm of a matrix", "sqrt(Σ xᵢ²)"),
    reduction(
      .prod, "the product of all entries; with axis = 1 of each column", "x₁·x₂·…"),
    BuiltIn(
      "dot", .reduction, [.init("a", .vector), .init("b", .vector)],
      summary: "the dot product of two vectors", formula: "Σ aᵢ bᵢ", example: "dot([1, 2], [3, 4])"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.joined(call, "a", "b", .product)
    }.inFormulas { call throws(CalculusError) in try .dot(call["a"], call["b"]) },
  ]

  /// A reduction of all entries, or down the columns (axis = 1) or along the rows (axis = 2).
  private static func reduction(_ reduction: Reduction, _ summary: String, _ formula: String)
    -> BuiltIn
  {
    BuiltIn(
      reduction.rawValue, .reduction,
      [
        .init("x", .numbers), .init("axis", .whole(atLeast: 1), default: .described("all entries")),
      ],
      summary: summary, formula: formula, example: "\(reduction.rawValue)([1, 2, 3])"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.reduce(call, reduction)
    }.inFormulas { call throws(CalculusError) in try reduced(call, name: reduction.rawValue) }
  }

  /// A reduction in a formula; the sum of a generator is a sum over its index.
  private static func reduced(_ call: FormulaCall, name: String) throws(CalculusError) -> Expression
  {
    let axis = try call.number("axis")?.integer
    if name == "sum", axis == nil, case .array(let index, let size, let body) = call["x"].node,
      body.shape == .scalar
    {
      return try .indexSum(index, to: size, body)
    }
    guard let kind = ExpressionReduction(rawValue: name) else {
      throw .unsupported("\(name) has no place in a formula")
    }
    return try .reduce(kind, call["x"], axis: axis)
  }

  private static func extremum(
    _ reduction: Reduction, _ summary: String,
    _ choose: @escaping @Sendable (Double, Double) -> Double
  ) -> BuiltIn {
    let name = reduction.rawValue
    return BuiltIn(
      name, .reduction,
      [
        .init("x", .numbers), .init("y", .numbers, default: .described("")),
        .init("axis", .whole(atLeast: 1), default: .described("all entries")),
      ], summary: summary, example: "\(name)(0, [-1, 2])"
    ) { (interpreter, call) throws(Diagnostic) in
      guard call.has("y") else { return try interpreter.reduce(call, reduction) }
      guard !call.has("axis") else {
        throw Diagnostic(
          .type,
          "\(name) takes one argument (and an axis), or two, which it joins element by element",
          at: call.span(of: "axis"), help: "\(name)([1, 2, 3]) takes all entries of a vector")
      }
      return try interpreter.joined(call, "x", "y", name, choose)
    }.inFormulas { call throws(CalculusError) in
      guard let other = call.optional("y") else { return try reduced(call, name: name) }
      guard call.optional("axis") == nil else {
        throw .unsupported("\(name) takes one argument (and an axis), or two")
      }
      return try .extremum(reduction == .max ? .max : .min, call["x"], other)
    }
  }
}

extension Interpreter {
  fileprivate func reduce(_ call: Call, _ reduction: Reduction) throws(Diagnostic) -> Value {
    let argument = call.value("x")
    guard let whole = argument.tensor else { return .nothing }
    guard call.has("axis") else {
      let result = try placed(call.span(of: "x")) { () throws(MatrixError) in
        try whole.reduced(by: reduction)
      }
      noteOverflow(reduction, whole.storage, result)
      return .scalar(result)
    }
    let axis = call.whole("axis")
    guard whole.rank > 1, axis <= whole.rank else {
      throw Diagnostic(
        .value,
        whole.rank > 2
          ? "axis of \(argument.description) is 1 to \(whole.rank), not \(axis)"
          : axis > 2
            ? "axis is 1 (down the columns) or 2 (along the rows), not \(axis)"
            : "axis belongs to a matrix, but \(reduction.rawValue) has \(argument.description)",
        at: call.span(of: "axis"))
    }
    return .array(
      try placed(call.span(of: "x")) { () throws(MatrixError) in
        try whole.reduced(by: reduction, axis: axis - 1)
      })
  }

  /// Two arguments joined element by element by an operation of the language.
  fileprivate func joined(
    _ call: Call, _ first: String, _ second: String, _ operation: Operation
  ) throws(Diagnostic) -> Value {
    guard let a = call[first], let b = call[second] else { return .nothing }
    return try binary(operation, a.value, a.span, b.value, b.span)
  }

  /// Two arguments joined element by element by a function, with the shapes of the operators.
  fileprivate func joined(
    _ call: Call, _ first: String, _ second: String, _ name: String,
    _ function: (Double, Double) -> Double
  ) throws(Diagnostic) -> Value {
    let (left, right) = (call.value(first), call.value(second))
    if let a = left.number { return try mapped(right, call.span) { function(a, $0) } ?? .nothing }
    if let b = right.number { return try mapped(left, call.span) { function($0, b) } ?? .nothing }
    let operands = Operands(
      left: left, right: right, leftSpan: call.span(of: first), rightSpan: call.span(of: second))
    return try joined(operands, .init(function: name), function)
  }
}
