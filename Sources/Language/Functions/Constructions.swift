import Calculus
import MatrixEngine
import Syntax

/// Functions that build vectors and matrices.
package enum Constructions {
  package static let builtIns: [BuiltIn] = [
    filled("zeros", 0),
    filled("ones", 1),
    BuiltIn(
      "eye", .construction, [.init("n", .whole(atLeast: 1))],
      summary: "the n×n identity matrix", example: "eye(3)"
    ) { (interpreter, call) throws(Diagnostic) in
      let size = call.whole("n")
      return .array(
        try interpreter.placed(call.span) { () throws(MatrixError) in try Matrix.identity(size) })
    }.inFormulas { call throws(CalculusError) in
      .identity(try call.size("n") ?? .number(1))
    },
    BuiltIn(
      "linspace", .construction,
      [
        .init("from", .scalar), .init("to", .scalar),
        .init("n", .whole(atLeast: 1), default: .number(50)),
      ], summary: "n numbers at equal distances, both ends included",
      example: "linspace(0, 1, 5)"
    ) { (interpreter, call) throws(Diagnostic) in
      let (from, to) = (call.scalar("from"), call.scalar("to"))
      let count = call.whole("n")
      try interpreter.checkSize([count], call.span)
      guard count > 1 else { return .vector([from]) }
      return .vector(
        (0..<count).map { index in
          index == count - 1 ? to : from + (to - from) * Double(index) / Double(count - 1)
        })
    },
    BuiltIn(
      "diag", .construction, [.init("x", .numbers)],
      summary: "the diagonal matrix of a vector, or the diagonal of a matrix",
      example: "diag([1, 2])"
    ) { (interpreter, call) throws(Diagnostic) in
      guard case .array(let array) = call.value("x") else { return call.value("x") }
      if array.rank == 2 { return .vector(array.diagonalElements) }
      guard array.rank == 1 else {
        throw Diagnostic(
          .shape, "diag takes a vector or a matrix, not \(array.description)",
          at: call.span(of: "x"))
      }
      return .array(
        try interpreter.placed(call.span) { () throws(MatrixError) in
          try Matrix.diagonal(array.storage)
        })
    }.inFormulas { call throws(CalculusError) in try .diagonal(call["x"]) },
    BuiltIn(
      "kron", .construction, [.init("A", .numbers), .init("B", .numbers)],
      summary: "the Kronecker product", example: "kron(ones(3, 1), [[1, 2]])"
    ) { (interpreter, call) throws(Diagnostic) in
      guard let a = call.value("A").tensor, let b = call.value("B").tensor else { return .nothing }
      if let odd = [("A", a), ("B", b)].first(where: { $0.1.rank > 2 }) {
        throw Diagnostic(
          .shape, "kron takes vectors and matrices, not \(odd.1.description)",
          at: call.span(of: odd.0))
      }
      let result = try interpreter.placed(call.span) { () throws(MatrixError) in
        try a.kronecker(b, interrupt: interpreter.interrupt)
      }
      return a.rank == 1 && b.rank == 1 ? .vector(result.storage) : .array(result)
    }.inFormulas { call throws(CalculusError) in
      try .arranged(.kron, [call["A"], call["B"]])
    },
    BuiltIn(
      "transpose", .construction, [.init("A", .numbers)],
      summary: "the transpose, also written A' or Aᵀ", example: "transpose([1, 2; 3, 4])"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.transpose(call.value("A"), call.span)
    }.inFormulas { call throws(CalculusError) in try .transpose(call["A"]) },
    BuiltIn(
      "column", .construction, [.init("v", .numbers)],
      summary: "a vector as a matrix of one column", example: "column([1, 2, 3])"
    ) { (_, call) throws(Diagnostic) in
      guard let array = call.value("v").tensor, array.columns == 1 || array.rows == 1 else {
        throw Diagnostic(
          .shape, "column takes a vector, not \(call.value("v").description)",
          at: call.span(of: "v"), help: "A[:,1] is the first column of A")
      }
      return .array(.column(array.storage))
    }.inFormulas { call throws(CalculusError) in try .column(call["v"]) },
    BuiltIn(
      "concat", .construction, [.init("a", .any)], isVariadic: true,
      summary:
        "numbers and vectors joined into one vector; matrices of one width below one another",
      example: "concat(1, x)"
    ) { (_, call) throws(Diagnostic) in try concatenate(call) }
    .inFormulas { call throws(CalculusError) in
      let parts = [call["a"]] + call.rest
      guard let entries = try entries(of: parts) else { return try .arranged(.concat, parts) }
      return try .list(entries)
    },
    BuiltIn(
      "list", .construction, [.init("a", .any, default: .described(""))], isVariadic: true,
      summary: "values of any kinds side by side, each by itself: [ ] would stack them",
      gives: .init("a list"), example: "list(ones(3), eye(2))"
    ) { (_, call) throws(Diagnostic) in try Value.list(of: call.values, call.span) },
    BuiltIn(
      "one_hot", .construction,
      [
        .init("classes", .numbers),
        .init("k", .whole(atLeast: 1), default: .described("the largest class")),
      ],
      summary: "one row a class number, with a 1 in that column; of one number a vector",
      example: "one_hot([1, 3, 2])"
    ) { (interpreter, call) throws(Diagnostic) in try oneHot(interpreter, call) }
    .inFormulas { call throws(CalculusError) in
      guard call["classes"].shape == .scalar, let size = try call.size("k") else {
        throw .unsupported("in a formula one_hot takes one class number and how many there are")
      }
      return try .entry(.identity(size), [.value(call["classes"]), .all])
    },
    BuiltIn(
      "shape", .construction, [.init("x", .any)],
      summary: "the sizes: [rows, columns] of a matrix, [n] of a vector", example: "shape(W)"
    ) { (_, call) throws(Diagnostic) in
      switch call.value("x") {
      case .scalar, .boolean: return .vector([])
      case .array(let array): return .vector(array.sizes.map(Double.init))
      case .list(let list): return .vector([Double(list.elements.count)])
      default:
        throw Diagnostic(
          .type, "\(call.value("x").description) has no shape", at: call.span(of: "x"),
          help: "summary(net) shows the shapes of a network")
      }
    }.inFormulas { call throws(CalculusError) in
      try .list(call["x"].shape.dimensions.map { .size($0) })
    },
  ]

  private static func filled(_ name: String, _ value: Double) -> BuiltIn {
    BuiltIn(
      name, .construction,
      [
        .init("rows", .whole(atLeast: 0)),
        .init("columns", .whole(atLeast: 0), default: .described("a vector")),
      ], isVariadic: true,
      summary: "a vector of n, a matrix, or with more sizes an array, filled with \(Int(value))s",
      gives: .init("a vector, matrix or array"), example: "\(name)(2, 3)"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.filled(call) { _ in value }
    }.inFormulas { call throws(CalculusError) in
      let sizes =
        [try call.size("rows"), try call.size("columns")].compactMap { $0 } + (try call.restSizes)
      return .fill(Number(value), ExpressionShape(sizes))
    }
  }

  /// The entries that `concat` puts into one vector, where their number is known, or nil.
  private static func entries(of parts: [Expression]) throws(CalculusError) -> [Expression]? {
    var entries: [Expression] = []
    for part in parts {
      switch part.shape {
      case .scalar: entries.append(part)
      case .vector(.number(let count)) where count <= 100:
        for i in 0..<count {
          entries.append(try .entry(part, [.value(.number(i + 1))]))
        }
      default: return nil
      }
    }
    return entries
  }

  private static func concatenate(_ call: Call) throws(Diagnostic) -> Value {
    var entries: [Double] = []
    var width: Int?
    for argument in call.all {
      switch argument.value {
      case .array(let matrix) where matrix.rank == 2:
        if let width, width != matrix.columns {
          throw Diagnostic(
            .shape, "concat joins matrices of one width; this one is \(matrix.shape)",
            at: argument.span, label: "\(matrix.columns) columns, not \(width)")
        }
        guard width != nil || entries.isEmpty else {
          throw Diagnostic(
            .shape, "concat joins vectors or matrices, not both", at: argument.span,
            help: "column(v) makes a vector a matrix")
        }
        width = matrix.columns
        entries += matrix.storage
      case let value:
        guard let more = value.entries, value.tensor?.rank ?? 0 < 2 else {
          throw Diagnostic(
            .type, "concat joins numbers, vectors and matrices, not \(value.description)",
            at: argument.span)
        }
        guard width == nil || width == more.count else {
          throw Diagnostic(
            .shape, "concat joins vectors or matrices, not both", at: argument.span,
            label: "\(value.description) below \(width ?? 0) columns")
        }
        entries += more
      }
    }
    guard let width, width > 0 else { return .vector(entries) }
    return .array(Matrix(rows: entries.count / width, columns: width, storage: entries))
  }

  private static func oneHot(_ interpreter: Interpreter, _ call: Call) throws(Diagnostic) -> Value {
    let classes = call.value("classes").entries ?? []
    guard let largest = classes.max(), classes.allSatisfy({ $0 >= 1 && $0 == $0.rounded() }) else {
      throw Diagnostic(
        .value, "classes are whole numbers from 1", at: call.span(of: "classes"),
        help: classes.min() == 0 ? "for numbers from 0 write one_hot(y + 1)" : nil)
    }
    try interpreter.checkSize([classes.count, Int(exactly: largest) ?? Int.max], call.span)
    let count = call.has("k") ? call.whole("k") : Int(largest)
    guard Int(largest) <= count else {
      throw Diagnostic(
        .value, "class \(Int(largest)) is beyond k = \(count)", at: call.span(of: "classes"))
    }
    try interpreter.checkSize([classes.count, count], call.span)
    if call.value("classes").number != nil {
      return .vector((1...max(count, 1)).map { Double($0) == largest ? 1 : 0 })
    }
    return .array(
      try interpreter.placed(call.span) { () throws(MatrixError) in
        try Matrix.byRows(
          Shape(classes.count, count), operation: "one_hot", interrupt: interpreter.interrupt
        ) { row, target in
          target.initialize(repeating: 0)
          target[Int(classes[row]) - 1] = 1
        }
      })
  }
}

extension Interpreter {
  /// Throws a LimitError when a vector or matrix of these sizes would be too large, or there is no memory for it.
  func checkSize(_ sizes: [Int], _ span: SourceSpan) throws(Diagnostic) {
    try checkExtent(sizes, span)
    try askMemory(2 * Shape(sizes).extent * MemoryLayout<Double>.stride, span)
  }

  /// Throws a LimitError when no array may have these sizes.
  func checkExtent(_ sizes: [Int], _ span: SourceSpan) throws(Diagnostic) {
    guard sizes.count <= Shape.largestRank else {
      throw Diagnostic(MatrixError.tooManyDimensions(count: sizes.count), at: span)
    }
    // No side is longer than a whole array, even where another one is 0.
    guard Shape(sizes).isHeld else {
      throw Diagnostic(
        .limit,
        "\(sizes.map(String.init).joined(separator: "×")) entries are more than this kernel holds",
        at: span, label: "the limit is \(Limits.entries) entries")
    }
  }

  /// A vector of `rows`, a matrix of `rows` × `columns`, or an array of these and the further sizes, entry by entry.
  package func filled(_ call: Call, _ entry: (Int) throws(Diagnostic) -> Double) throws(Diagnostic)
    -> Value
  {
    let sizes = call.all.map { Int(exactly: $0.value.number ?? 0) ?? 0 }
    try checkSize(sizes, call.span)
    let shape = Shape(sizes)
    var storage: [Double] = []
    storage.reserveCapacity(shape.count)
    for index in 0..<shape.count {
      if index & 0xFFFF == 0 { try checkInterrupt(call.span) }
      storage.append(try entry(index))
    }
    return .array(Tensor(shape, storage))
  }
}
