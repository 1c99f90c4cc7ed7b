import MatrixEngine
import Networks
import Notation
import Syntax

extension Interpreter {
  func index(
    _ base: ExpressionSyntax, _ indices: [IndexSyntax], _ whole: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    if let reading = scope.reading, let layer = reading.layer, case .name(let name) = base.kind,
      layer.isFamily(name) || layer.announced.contains(name) && scope[name] == nil
    {
      return try familyMember(name, indices, whole.span, scope, reading)
    }
    if let reading = scope.reading,
      base.beginsWithMember || indices.contains(where: { mayChooseByTruths($0, scope) })
    {
      return .expression(try constant(whole, scope, reading))
    }
    let value = try evaluate(base, scope)
    guard value.isFormula else { return try index(value, base, indices, whole.span, scope) }
    return try forming(whole.span, scope) { (scope, reading) throws(Diagnostic) in
      try entry(
        of: operand(value, base.span, reading), base, indices, whole.span, scope, reading)
    }
  }

  private func elements(of array: Tensor<Double>, at places: Places, _ span: SourceSpan)
    throws(Diagnostic) -> Tensor<Double>
  {
    try placed(span) { () throws(MatrixError) in
      try array.elements(at: places, interrupt: interrupt)
    }
  }

  private func elements(of array: Tensor<Double>, at choices: [Shape.Choice], _ span: SourceSpan)
    throws(Diagnostic) -> Tensor<Double>
  {
    try placed(span) { () throws(MatrixError) in
      try array.elements(
        at: array.shape.places(choices, interrupt: interrupt), interrupt: interrupt)
    }
  }

  /// Entries of a value; `base` is what it was written as.
  package func index(
    _ value: Value, _ base: ExpressionSyntax, _ indices: [IndexSyntax], _ span: SourceSpan,
    _ scope: Scope
  ) throws(Diagnostic) -> Value {
    // Names and counts are written out in messages only: this runs in every turn of a loop.
    var name: String { written(base.span) }
    switch value {
    case .array(let array):
      if array.rank > 1, indices.count == 1, case .expression(let only) = indices[0] {
        let index = try evaluate(only, scope)
        if let truths = index.truths {
          try askMemory(for: value, copies: 5, span)
          return .array(
            try elements(of: array, at: places(truths, in: array, name, only.span), span))
        }
        // An array of more dimensions is also a list of arrays.
        guard array.rank > 2 else { throw wrongIndexCount(value, name, 1, span) }
        let choice = try choice(index, only.span, 0, of: array.shape, name)
        try askMemory(5 * array.shape.bytes(of: [choice]), span)
        return Value(try elements(of: array, at: [choice], span))
      }
      guard indices.count == array.rank else {
        throw wrongIndexCount(value, name, indices.count, span)
      }
      let choices = try choices(indices, in: array.shape, name, scope)
      if let position = array.shape.position(choices) { return .scalar(array.storage[position]) }
      try askMemory(5 * array.shape.bytes(of: choices), span)
      return Value(try elements(of: array, at: choices, span))
    case .list(let list):
      guard indices.count == 1 else { throw wrongIndexCount(value, name, indices.count, span) }
      return list.elements[try position(in: list, indices[0], name, scope)]
    case .string(let text):
      throw Diagnostic(
        .type, "a text has no entries to index", at: span, label: "\"\(text)\"")
    case .scalar, .boolean:
      throw Diagnostic(
        .type, "\(name) is a number and has no entries", at: span,
        help: "write \(name) alone")
    default:
      throw Diagnostic(
        .type, "\(value.description) cannot be indexed", at: span,
        help: value.isFunction ? "write \(name)(…)" : memberHelp(value))
    }
  }

  private func wrongIndexCount(
    _ value: Value, _ name: String, _ given: Int, _ span: SourceSpan
  ) -> Diagnostic {
    switch value {
    case .array(let array) where array.rank == 2:
      Diagnostic(
        .shape,
        "\(name) is a \(array.shape) matrix and needs two indices\(given == 1 ? "" : ", not \(given)")",
        at: span, label: given == 1 ? "one index" : "",
        help: given == 1
          ? "\(name)[1,:] is its first row, \(name)[:,1] its first column"
          : "\(name)[1,2] is an entry, \(name)[1,:] a row")
    case .array(let array) where array.rank > 2:
      Diagnostic(
        .shape, "\(name) is \(value.description) and needs \(array.rank) indices, not \(given)",
        at: span, help: "\(name)[1] is its first element")
    default:
      Diagnostic(
        .shape, "\(name) is \(value.description) and needs one index, not \(given)", at: span,
        help: "\(name)[1] is its first element")
    }
  }

  /// Whether an index will be truth values, which in a formula are numbers already.
  private func mayChooseByTruths(_ index: IndexSyntax, _ scope: Scope) -> Bool {
    guard case .expression(let expression) = index else { return false }
    return switch expression.kind {
    case .comparison, .not, .and, .or: true
    case .name(let name): (scope[name] ?? memory[name])?.truths != nil
    default: false
    }
  }

  /// The entries that truth values choose in a whole array, `M[M > 0]`: they make a vector, row by row.
  ///
  /// Throws: a ShapeError where there is not one for each entry.
  func places(
    _ truths: Tensor<Double>, in array: Tensor<Double>, _ name: @autoclosure () -> String,
    _ span: SourceSpan
  ) throws(Diagnostic) -> Places {
    guard truths.shape == array.shape else {
      let texts = [
        "\(name())[\(written(span)), :] chooses rows",
        "\(name())[:, \(written(span))] chooses columns",
      ]
      let fitting =
        truths.rank == 1 && array.rank == 2
        ? (0..<2).first { array.shape[$0] == truths.rows } : nil
      throw Diagnostic(
        .shape,
        "\(name()) is \(array.description), but the index is \(truths.description) of truth values",
        at: span, help: fitting.map { texts[$0] } ?? "one truth value is needed for each entry")
    }
    return Shape.places(where: truths)
  }

  /// What indices choose, one a dimension.
  func choices(
    _ indices: [IndexSyntax], in shape: Shape, _ name: @autoclosure () -> String, _ scope: Scope
  ) throws(Diagnostic) -> [Shape.Choice] {
    var choices: [Shape.Choice] = []
    choices.reserveCapacity(indices.count)
    for (axis, index) in indices.enumerated() {
      choices.append(try choice(index, axis, of: shape, name(), scope))
    }
    return choices
  }

  private func choice(
    _ index: IndexSyntax, _ axis: Int, of shape: Shape, _ name: @autoclosure () -> String,
    _ scope: Scope
  ) throws(Diagnostic) -> Shape.Choice {
    guard case .expression(let expression) = index else { return .all }
    return try choice(evaluate(expression, scope), expression.span, axis, of: shape, name())
  }

  private func choice(
    _ value: Value, _ span: SourceSpan, _ axis: Int, of shape: Shape,
    _ name: @autoclosure () -> String
  ) throws(Diagnostic) -> Shape.Choice {
    func place(_ number: Double) throws(Diagnostic) -> Int {
      let count = shape[axis]
      return try position(
        number, count: count, of: "\(name()) has \(extent(count, axis, of: shape))", name(),
        span)
    }
    if let number = value.number { return .one(try place(number)) }
    if let truths = value.truths {
      guard truths.rank == 1, truths.rows == shape[axis] else {
        throw Diagnostic(
          .shape,
          "\(name()) has \(extent(shape[axis], axis, of: shape)), but the index is \(truths.description) of truth values",
          at: span, help: "one truth value is needed for each")
      }
      return .several(truths.storage.indices.filter { truths.storage[$0] != 0 })
    }
    guard let numbers = value.vector else {
      throw Diagnostic(
        .type, "an index is a whole number or a range, not \(value.description)",
        at: span, help: "for example \(name())[2] or \(name())[2:4]")
    }
    if numbers.count == shape[axis], numbers.contains(0), numbers.allSatisfy({ $0 == 0 || $0 == 1 })
    {
      throw Diagnostic(
        .value, "index 0 is out of range: 0 and 1 are places here, not truth values", at: span,
        label: "valid: 1 to \(shape[axis])",
        help: "\(written(span)) == 1 chooses where there is a 1")
    }
    return .several(try numbers.map2(place))
  }

  /// How many places there are along a dimension, for messages.
  private func extent(_ count: Int, _ axis: Int, of shape: Shape) -> String {
    switch (shape.rank, axis) {
    case (1, _): count.counted("entry")
    case (2, 0): count.counted("row")
    case (2, _): count.counted("column")
    default: "\(count.counted("place")) along dimension \(axis + 1)"
    }
  }

  private func position(
    _ number: Double, count: Int, of description: @autoclosure () -> String,
    _ name: @autoclosure () -> String, _ span: SourceSpan
  ) throws(Diagnostic) -> Int {
    guard let whole = Int(exactly: number) else {
      throw Diagnostic(
        .value, "an index is a whole number, not \(plain(number))", at: span,
        help: "indices are 1, 2, 3…; round(…) gives a whole number")
    }
    guard whole >= 1, whole <= count else {
      throw outOfRange(whole, 1, count, of: description(), name(), span)
    }
    return whole - 1
  }

  private func outOfRange(
    _ index: Int, _ first: Int, _ last: Int, of description: String, _ name: String,
    _ span: SourceSpan
  ) -> Diagnostic {
    var help: String?
    if index == 0, first == 1 {
      help = "indices start at 1: \(name)[1] is the first"
    } else if index < 0 {
      help = "there are no negative indices; the last has index \(last)"
    }
    return Diagnostic(
      .value, "index \(index) is out of range: \(description)", at: span,
      label: last < first ? "there is none" : "valid: \(first) to \(last)", help: help)
  }

  /// The place of an element in a list, whose indices may start at 0.
  package func position(
    in list: ListValue, _ index: IndexSyntax, _ name: @autoclosure () -> String, _ scope: Scope
  ) throws(Diagnostic) -> Int {
    let expression: ExpressionSyntax
    switch index {
    case .expression(let given): expression = given
    case .all(let span):
      throw Diagnostic(
        .type, "a list is indexed by one number", at: span, help: "\(name())[\(list.firstIndex)]")
    }
    let number = try self.number(expression, scope)
    guard let whole = Int(exactly: number) else {
      throw Diagnostic(
        .value, "an index is a whole number, not \(plain(number))", at: expression.span)
    }
    let last = list.firstIndex + list.elements.count - 1
    guard whole >= list.firstIndex, whole <= last else {
      throw outOfRange(
        whole, list.firstIndex, last,
        of: "\(name()) has \(list.elements.count.counted(list.elementName))",
        name(),
        expression.span)
    }
    if case .nothing = list.elements[whole - list.firstIndex] {
      throw Diagnostic(
        .value, "\(list.elementName) \(whole) has no \(name().split(separator: ".").last ?? "")",
        at: expression.span, help: "its line gives it none")
    }
    return whole - list.firstIndex
  }

  // MARK: - Members

  package func member(
    of value: Value, _ name: String, _ span: SourceSpan, _ base: ExpressionSyntax
  ) throws(Diagnostic) -> Value {
    if let result = Members.member(name, of: value) { return result }
    let names = Members.names(of: value)
    if name == "T", value.entries != nil {
      throw Diagnostic(
        .syntax, "the transpose is written with ' or ᵀ", at: span,
        help: "\(written(base.span))'")
    }
    if names.isEmpty {
      throw Diagnostic(
        .type, "there is no .\(name) of \(value.description)", at: span,
        help: value.entries == nil
          ? nil
          : Self.memberHabits[name].map { $0(written(base.span)) }
            ?? vocabulary.builtIn(named: name).map { "write \($0.name)(\(written(base.span)))" }
            ?? "numbers have no members"
      )
    }
    let nearest = Spelling.nearest(to: name, in: names)
    throw Diagnostic(
      .name, "there is no member \(name) in \(value.description)", at: span,
      label: Spelling.question(Self.networkHabits[name] ?? nearest),
      help: "its members are \(names.map { ".\($0)" }.joined(separator: " "))")
  }

  static let networkHabits = [
    "weights": "W", "weight": "W", "w": "W", "biases": "b", "bias": "b", "B": "b",
    "use_bias": "b",
  ]

  /// What people write behind a vector or matrix in Python, and how it is written here.
  private static let memberHabits: [String: @Sendable (String) -> String] = [
    "shape": { "shape(\($0)) gives its sizes" }, "size": { "shape(\($0)) gives its sizes" },
    "T": { "\($0)' is the transpose" }, "dot": { "write \($0) @ …" },
    "transpose": { "\($0)' is the transpose" }, "copy": { "matrices are values: y = \($0) copies" },
  ]

  func memberHelp(_ value: Value) -> String? {
    let names = Members.names(of: value)
    guard !names.isEmpty else { return nil }
    return "its members are \(names.map { ".\($0)" }.joined(separator: " "))"
  }
}
