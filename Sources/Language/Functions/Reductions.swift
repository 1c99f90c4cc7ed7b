import Calculus
import MatrixEngine
import Syntax

/// Functions that make one number, or one number a column, out of many.
package enum Reductions {
  package static let builtIns: [BuiltIn] = [
    reduction(.sum, "the sum of all entries; with axis = 1 of each column", "Σ xᵢ")
      .folding(neutral: .zero),
    reduction(.mean, "the mean of all entries; with axis = 1 of each column", "(1/n) Σ xᵢ"),
    extremum(.max, "the largest entry; with two arguments, element by element") { a, b in
      a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    },
    extremum(.min, "the smallest entry; with two arguments, element by element") { a, b in
      a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    },
    reduction(
      .norm, "the Euclidean norm of a vector, the Frobenius norm of a matrix", "sqrt(Σ xᵢ²)"),
    reduction(.median, "the middle entry in order of size; with axis = 1 of each column", nil),
    spread("var", "the variance, the mean squared distance from the mean", "mean((x - mean(x))^2)")
    {
      .variance(ofSample: $0)
    },
    spread("std", "the standard deviation, the root of the variance", "sqrt(var(x))") {
      .deviation(ofSample: $0)
    },
    reduction(.count, "how many entries are not 0, so how many truth values hold", nil),
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
  private static func reduction(_ reduction: Reduction, _ summary: String, _ formula: String?)
    -> BuiltIn
  {
    let builtIn = BuiltIn(
      reduction.name, .reduction,
      [
        .init("x", .numbers), .init("axis", .whole(atLeast: 1), default: .described("all entries")),
      ],
      summary: summary, formula: formula, example: "\(reduction.name)([1, 2, 3])"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.reduce(call, reduction)
    }
    guard ExpressionReduction(rawValue: reduction.name) != nil else { return builtIn }
    return builtIn.inFormulas { call throws(CalculusError) in
      try reduced(call, name: reduction.name)
    }
  }

  /// A variance or deviation: its divisor is the number of entries, of a sample one less.
  private static func spread(
    _ name: String, _ summary: String, _ formula: String,
    _ reduction: @escaping @Sendable (_ ofSample: Bool) -> Reduction
  ) -> BuiltIn {
    BuiltIn(
      name, .reduction,
      [
        .init("x", .numbers), .init("axis", .whole(atLeast: 1), default: .described("all entries")),
        .init("sample", .boolean, default: .truth(false)),
      ],
      summary: "\(summary); its divisor is n, with sample = true n - 1", formula: formula,
      example: "\(name)([1, 2, 4])"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.reduce(call, reduction(call.boolean("sample")))
    }.inFormulas { call throws(CalculusError) in
      let whole = try reduced(call, name: name)
      guard let sample = try call.number("sample"), !sample.isZero else { return whole }
      // n/(n − 1), of the deviation its root.
      let sizes = call["x"].shape.dimensions
      let axis = try call.number("axis")?.integer
      let n = try Expression.multiply((axis.map { [sizes[$0 - 1]] } ?? sizes).map { .size($0) })
      let ratio = try Expression.divide(n, .subtract(n, .number(1)))
      return try .multiply([name == "std" ? .function(.sqrt, ratio) : ratio, whole])
    }
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
    let name = reduction.name
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
        try whole.reduced(by: reduction, interrupt: interrupt)
      }
      noteOverflow(reduction, whole.storage, result)
      return .scalar(result)
    }
    let axis = try axis(call, of: whole)
    return .array(
      try placed(call.span(of: "x")) { () throws(MatrixError) in
        try whole.reduced(by: reduction, axis: axis, interrupt: interrupt)
      })
  }

  /// The dimension, counted from 0, that a call's `axis` means in its argument.
  ///
  /// Throws: a ValueError for one that the argument does not have.
  func axis(_ call: Call, of whole: Tensor<Double>) throws(Diagnostic) -> Int {
    let axis = call.whole("axis")
    guard whole.rank > 1, axis <= whole.rank else {
      let description = call.value("x").description
      throw Diagnostic(
        .value,
        whole.rank > 2
          ? "axis of \(description) is 1 to \(whole.rank), not \(axis)"
          : axis > 2
            ? "axis is 1 (down the columns) or 2 (along the rows), not \(axis)"
            : "axis belongs to a matrix, but \(call.builtIn.name) has \(description)",
        at: call.span(of: "axis"))
    }
    return axis - 1
  }

  /// Two arguments joined element by element by an operation of the language.
  fileprivate func joined(
    _ call: Call, _ first: String, _ second: String, _ operation: Operation
  ) throws(Diagnostic) -> Value {
    guard let a = call[first], let b = call[second] else { return .nothing }
    return try binary(operation, a.value, a.span, b.value, b.span)
  }

  /// Two arguments joined element by element by a function, with the shapes of the operators.
  func joined(
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
