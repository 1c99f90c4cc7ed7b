import Calculus
import MatrixEngine
import Syntax

/// Functions that make an array by placing entries of others, multiplied or added up.
package enum Arrangements {
  package static let builtIns: [BuiltIn] = [
    stack(
      .hstack, "matrices beside each other; a vector is a column", "hstack(ones(3), rand(3, 2))"),
    stack(.vstack, "matrices below one another; a vector is a row", "vstack([1, 2], eye(2))"),
    BuiltIn(
      "reshape", .construction,
      [
        .init("x", .numbers), .init("rows", .whole(atLeast: 0)),
        .init("columns", .whole(atLeast: 0), default: .described("a vector")),
      ], isVariadic: true,
      summary: "the same entries, row by row, as a vector, a matrix or an array of other sizes",
      gives: .init("a vector, matrix or array"), example: "reshape(1:6, 2, 3)"
    ) { (interpreter, call) throws(Diagnostic) in
      let sizes =
        [call.whole("rows")] + (call.has("columns") ? [call.whole("columns")] : [])
        + call.rest.compactMap { $0.value.number.flatMap(Int.init(exactly:)) }
      guard let array = call.value("x").tensor else { return .nothing }
      guard
        sizes.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue })
          == array.storage.count
      else {
        throw Diagnostic(
          .shape,
          "reshape keeps the \(array.storage.count.counted("entry")) of \(call.value("x").description), but \(sizes.map(String.init).joined(separator: "×")) is another number",
          at: call.span(of: "rows"))
      }
      try interpreter.checkSize(sizes, call.span)
      return .array(array.reshaped(Shape(sizes)))
    }.inFormulas { call throws(CalculusError) in
      let sizes =
        [try call.size("rows"), try call.size("columns")].compactMap { $0 } + (try call.restSizes)
      return try .arranged(.reshape(ExpressionShape(sizes)), [call["x"]])
    },
    BuiltIn(
      "windows", .construction,
      [
        .init("X", .numbers), .init("height", .whole(atLeast: 1)),
        .init("width", .whole(atLeast: 1), default: .described("a window along one index")),
        .init("stride", .numbers, default: .number(1), isKeywordOnly: true),
        .init("padding", .numbers, default: .number(0), isKeywordOnly: true),
        .init("fill", .scalar, default: .number(0), isKeywordOnly: true),
      ],
      summary:
        "what a window sees at each of its places, a row each; the first of three indices is a channel",
      gives: .init("a matrix: places × what is seen"), example: "windows([1, 2, 3; 4, 5, 6], 2, 2)"
    ) { (interpreter, call) throws(Diagnostic) in
      let sizes = [call.whole("height")] + (call.has("width") ? [call.whole("width")] : [])
      func numbers(_ name: String) throws(Diagnostic) -> [Int]? {
        try interpreter.placed(call.span(of: name)) { () throws(CalculusError) in
          try windowNumbers(
            call[name]?.value.entries ?? [call.scalar(name)], name, count: sizes.count)
        }
      }
      let windows = Windows(
        sizes: sizes, strides: try numbers("stride") ?? [], padding: try numbers("padding") ?? [],
        filling: call.scalar("fill"))
      return try interpreter.arranged(.windows(windows), call, ["X"])
    }.inFormulas { call throws(CalculusError) in
      let sizes = [try call.size("height")?.count, try call.size("width")?.count].compactMap { $0 }
      func numbers(_ name: String, _ usual: Double) throws(CalculusError) -> [Int] {
        try windowNumbers(
          try call.optional(name)?.value(at: [:]).storage ?? [usual], name, count: sizes.count)
      }
      let windows = Windows(
        sizes: sizes, strides: try numbers("stride", 1), padding: try numbers("padding", 0),
        filling: try call.optional("fill")?.value(at: [:]).storage.first ?? 0)
      return try .arranged(.windows(windows), [call["X"]])
    },
    BuiltIn(
      "overlap", .construction,
      [
        .init("P", .matrix), .init("rows", .whole(atLeast: 1)),
        .init("columns", .whole(atLeast: 1), default: .described("a vector")),
        .init("window", .numbers, isKeywordOnly: true),
        .init("stride", .numbers, default: .number(1), isKeywordOnly: true),
        .init("padding", .numbers, default: .number(0), isKeywordOnly: true),
      ], isVariadic: true,
      summary:
        "windows laid back over an array of these sizes, what lies on one place added up: the way back of windows",
      gives: .init("a vector, matrix or array"),
      example: "overlap(windows([1, 2, 3; 4, 5, 6], 2, 2), 2, 3, window = [2, 2])"
    ) { (interpreter, call) throws(Diagnostic) in
      let sizes =
        [call.whole("rows")] + (call.has("columns") ? [call.whole("columns")] : [])
        + call.rest.compactMap { $0.value.number.flatMap(Int.init(exactly:)) }
      try interpreter.checkSize(sizes, call.span)
      let kind = try interpreter.placed(call.span) { () throws(CalculusError) in
        try overlap(sizes.map { .number($0) }) { name in call[name]?.value.entries }
      }
      return try interpreter.arranged(kind, call, ["P"], withRest: false)
    }.inFormulas { call throws(CalculusError) in
      let sizes =
        [try call.size("rows"), try call.size("columns")].compactMap { $0 } + (try call.restSizes)
      return try .arranged(
        overlap(sizes) { (name) throws(CalculusError) in
          try call.optional(name)?.value(at: [:]).storage
        }, [call["P"]])
    },
    BuiltIn(
      "flatten", .construction, [.init("A", .numbers)],
      summary: "all entries as one vector, row by row", example: "flatten([1, 2; 3, 4])"
    ) { (_, call) throws(Diagnostic) in .vector(call.value("A").entries ?? []) }
    .inFormulas { call throws(CalculusError) in
      let count = call["A"].shape.dimensions.reduce(.number(1), *)
      return try .arranged(.reshape(.vector(count)), [call["A"]])
    },
    BuiltIn(
      "outer", .construction, [.init("a", .vector), .init("b", .vector)],
      summary: "the outer product of two vectors: the matrix of all products", formula: "aᵢ bⱼ",
      example: "outer([1, 2], [3, 4, 5])"
    ) { (interpreter, call) throws(Diagnostic) in
      let (a, b) = (call.value("a").entries ?? [], call.value("b").entries ?? [])
      return .array(
        try interpreter.placed(call.span) { () throws(MatrixError) in
          try Matrix.column(a).product(.row(b), interrupt: interpreter.interrupt)
        })
    }.inFormulas { call throws(CalculusError) in
      guard case .vector = call["a"].shape, case .vector = call["b"].shape else {
        throw .shapeMismatch(operation: "outer", left: call["a"].shape, right: call["b"].shape)
      }
      return try .product(call["a"], .transpose(call["b"]))
    },
    BuiltIn(
      "cross", .construction, [.init("a", .vector), .init("b", .vector)],
      summary: "the cross product of two vectors of 3", example: "cross([1, 0, 0], [0, 1, 0])"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.arranged(.cross, call, ["a", "b"])
    }.inFormulas { call throws(CalculusError) in try .arranged(.cross, [call["a"], call["b"]]) },
    BuiltIn(
      "cumsum", .construction,
      [
        .init("x", .numbers),
        .init("axis", .whole(atLeast: 1), default: .described("of a matrix 1 or 2")),
      ],
      summary: "every entry added to those before it; of a matrix down (axis = 1) or along (2)",
      example: "cumsum([1, 2, 3])"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.arranged(
        .cumsum(axis: call.has("axis") ? call.whole("axis") : nil), call, ["x"])
    }.inFormulas { call throws(CalculusError) in
      try .arranged(.cumsum(axis: try call.number("axis")?.integer), [call["x"]])
    },
  ]

  /// The stride or the padding of a window: one number for all indices, or one each.
  private static func windowNumbers(_ numbers: [Double], _ name: String, count: Int)
    throws(CalculusError) -> [Int]
  {
    let whole = numbers.compactMap { Int(exactly: $0) }
    let least = name == "stride" ? 1 : 0
    guard whole.count == numbers.count, whole.allSatisfy({ $0 >= least }),
      whole.count == 1 || whole.count == count
    else {
      throw .unsupported(
        "\(name) of windows is a whole number of at least \(least), or \(count) such")
    }
    return whole.count == count ? whole : Array(repeating: whole[0], count: count)
  }

  /// How what windows have seen is put back into an array of these sizes.
  private static func overlap(
    _ sizes: [Dimension], _ numbers: (String) throws(CalculusError) -> [Double]?
  ) throws(CalculusError) -> Arrangement {
    let seen = (try numbers("window") ?? []).compactMap { Int(exactly: $0) }
    guard (1...2).contains(seen.count), seen.allSatisfy({ $0 >= 1 }) else {
      throw .unsupported("the window of overlap is one or two whole numbers, such as [2, 2]")
    }
    let windows = Windows(
      sizes: seen,
      strides: try windowNumbers(numbers("stride") ?? [1], "stride", count: seen.count),
      padding: try windowNumbers(numbers("padding") ?? [0], "padding", count: seen.count))
    return .overlap(windows, ExpressionShape(sizes))
  }

  private static func stack(_ kind: Arrangement, _ summary: String, _ example: String) -> BuiltIn {
    BuiltIn(
      kind.name, .construction, [.init("A", .numbers)], isVariadic: true, summary: summary,
      gives: .init("a matrix"), example: example
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.arranged(kind, call, ["A"]) }
    .inFormulas { call throws(CalculusError) in try .arranged(kind, [call["A"]] + call.rest) }
  }
}

extension Interpreter {
  /// An arrangement of the arguments of these names and those beyond the last; shapes are those of formulas.
  fileprivate func arranged(
    _ kind: Arrangement, _ call: Call, _ names: [String], withRest: Bool = true
  ) throws(Diagnostic) -> Value {
    let arguments =
      names.compactMap { call[$0]?.value } + (withRest ? call.rest.map(\.value) : [])
    return try placed(call.span) { () throws(CalculusError) in
      let operands = arguments.compactMap(\.expressionShape).enumerated().map {
        Expression.symbol("x\($0.offset)", $0.element)
      }
      let shape = try Expression.arranged(kind, operands).shape
      let sizes = shape.dimensions.compactMap { if case .number(let n) = $0 { n } else { nil } }
      return Value(
        try kind.value(
          of: arguments.compactMap(\.tensor), try CalculusError.shape(sizes), interrupt: interrupt))
    }
  }
}
