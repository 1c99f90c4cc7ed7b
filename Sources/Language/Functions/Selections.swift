import Calculus
import MatrixEngine
import Syntax

/// Functions that look for entries.
package enum Selections {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "argmax", .reduction, [.init("x", .numbers)],
      summary: "the index of the largest entry, the first at ties; of a matrix, row by row",
      example: "argmax([0.1, 0.7, 0.2])"
    ) { (interpreter, call) throws(Diagnostic) in
      guard let matrix = call.value("x").tensor else { return .nothing }
      let positions = try interpreter.placed(call.span(of: "x")) { () throws(MatrixError) in
        try matrix.argmaxByRow()
      }
      let numbers = positions.map { Double($0 + 1) }
      return matrix.rank < 2
        ? .scalar(numbers[0]) : .array(Tensor(Shape(matrix.sizes.dropLast()), numbers))
    }.inFormulas { call throws(CalculusError) in try .position(.max, call["x"]) },
    BuiltIn(
      "where", .construction,
      [
        .init("condition", .numbers), .init("a", .numbers, default: .described("the places")),
        .init("b", .numbers, default: .described("the places")),
      ],
      summary:
        "entry by entry a where a condition holds, else b; of a condition alone the places where it holds",
      gives: .init("numbers in the shape of all three; a vector of places, of a matrix one a row"),
      example: "where([1, -2, 3] > 0, 1, -1)"
    ) { (interpreter, call) throws(Diagnostic) in
      if !call.has("a"), !call.has("b") { return places(call.value("condition")) }
      for name in ["a", "b"] where !call.has(name) {
        throw interpreter.missing(name, of: "where", call.builtIn.signature, call.span)
      }
      return try chosen(interpreter, call)
    }.inFormulas { call throws(CalculusError) in
      guard let a = call.optional("a"), let b = call.optional("b") else {
        throw .unsupported("in a formula, where takes a condition and two values")
      }
      return try .choose(call["condition"], a, b)
    },
    BuiltIn(
      "sort", .reduction,
      [
        .init("x", .numbers), .init("axis", .whole(atLeast: 1), default: .described("along rows")),
        .init("descending", .boolean, default: .truth(false)),
      ],
      summary:
        "the entries in order of size; of a matrix row by row, with axis = 1 down each column",
      gives: .init("numbers in the shape of its argument"), example: "sort([3, 1, 2])"
    ) { (interpreter, call) throws(Diagnostic) in
      let isDescending = call.boolean("descending")
      guard let whole = call.value("x").tensor else { return .nothing }
      let axis = call.has("axis") ? try interpreter.axis(call, of: whole) : nil
      let flag = interpreter.interrupt
      return Value(
        try interpreter.placed(call.span) { () throws(MatrixError) in
          guard let axis else {
            return try whole.sortedByRow(isDescending: isDescending, interrupt: flag)
          }
          return try whole.swappingLast(with: axis, interrupt: flag)
            .sortedByRow(isDescending: isDescending, interrupt: flag)
            .swappingLast(with: axis, interrupt: flag)
        })
    },
    BuiltIn(
      "unique", .reduction, [.init("x", .numbers)],
      summary: "the different entries in order of size", gives: .init("a vector"),
      example: "unique([2, 1, 2])"
    ) { (interpreter, call) throws(Diagnostic) in
      .vector(
        try interpreter.placed(call.span) { () throws(MatrixError) in
          try call.value("x").tensor?.distinct(interrupt: interpreter.interrupt) ?? []
        })
    },
  ]

  /// The places, from 1, of the entries that are not 0: numbers of a vector, of other arrays rows of indices.
  private static func places(_ condition: Value) -> Value {
    guard let array = condition.tensor else { return .nothing }
    let places = array.storage.indices.filter { array.storage[$0] != 0 }
    if array.rank < 2 { return .vector(places.map { Double($0 + 1) }) }
    let indices = places.flatMap { place in
      (0..<array.rank).map { axis in
        Double(place / array.shape.count(axis + 1..<array.rank) % array.shape[axis] + 1)
      }
    }
    return .array(Matrix(rows: places.count, columns: array.rank, storage: indices))
  }

  /// c, a and b joined element by element, with the shapes of the operators.
  private static func chosen(_ interpreter: Interpreter, _ call: Call) throws(Diagnostic) -> Value {
    func joined(
      _ left: Call.Argument, _ right: Call.Argument, _ function: (Double, Double) -> Double
    ) throws(Diagnostic) -> Value {
      try interpreter.joined(
        .init(
          left: left.value, right: right.value, leftSpan: left.span, rightSpan: right.span),
        .init(function: "where"), function)
    }
    guard let condition = call["condition"], let a = call["a"], let b = call["b"] else {
      return .nothing
    }
    // Where one is not chosen, its nan and inf count for nothing.
    let first = try joined(condition, a) { $0 != 0 ? $1 : 0 }
    let second = try joined(condition, b) { $0 != 0 ? 0 : $1 }
    return try joined(
      .init(value: first, syntax: nil, span: a.span),
      .init(value: second, syntax: nil, span: b.span)
    ) { $0 + $1 }
  }
}
