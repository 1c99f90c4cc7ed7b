import Calculus
import Glibc
import MatrixEngine
import Syntax

extension Interpreter {
  /// Two values combined; the places are for messages, which name both operands and shapes.
  package func binary(
    _ operation: Operation, _ left: Value, _ leftSpan: SourceSpan, _ right: Value,
    _ rightSpan: SourceSpan
  ) throws(Diagnostic) -> Value {
    let operands = Operands(left: left, right: right, leftSpan: leftSpan, rightSpan: rightSpan)
    if case .product = operation {
      let result = try product(operands)
      try noteOverflow(operands, result)
      return result
    }
    let result = try elementwise(operation, operands)
    try noteNonFinite(operation, operands, result)
    return result
  }

  /// Two operands with the places where they were written.
  package struct Operands {
    package let left: Value
    package let right: Value
    let leftSpan: SourceSpan
    let rightSpan: SourceSpan
    package var span: SourceSpan { leftSpan.joined(with: rightSpan) }

    /// Whether a vector meets an n×1 matrix.
    var meetsColumn: Bool {
      guard let (entries, matrix) = vectorAndMatrix else { return false }
      return matrix.columns == 1 && matrix.rows > 1 && entries.count > 1
    }

    /// A vector and a matrix, on whatever sides.
    var vectorAndMatrix: (vector: [Double], matrix: Matrix<Double>)? {
      if let entries = left.vector, let matrix = right.matrix { return (entries, matrix) }
      if let entries = right.vector, let matrix = left.matrix { return (entries, matrix) }
      return nil
    }
  }

  // MARK: - Element by element

  private func elementwise(_ operation: Operation, _ operands: Operands) throws(Diagnostic)
    -> Value
  {
    let (left, right) = (operands.left, operands.right)
    if case .power = operation, right.number == -1, left.matrix != nil {
      throw Diagnostic.inverseMeant(of: written(operands.leftSpan), at: operands.span)
    }
    if let a = left.number, let b = right.number {
      if case .power = operation, a < 0, b != b.rounded(), b.isFinite {
        throw Diagnostic(
          .domain, "\(plain(a)) to the power \(plain(b)) is not a real number",
          at: operands.span,
          help: "a negative base needs a whole exponent")
      }
      return .scalar(operation.apply(a, b))
    }
    guard left.entries != nil, right.entries != nil else { throw kindMismatch(operation, operands) }
    if let b = right.number {
      return try mapped(left, operands.span) { operation.apply($0, b) } ?? .nothing
    }
    if let a = left.number {
      return try mapped(right, operands.span) { operation.apply(a, $0) } ?? .nothing
    }
    if case .multiply = operation, operands.vectorAndMatrix != nil, !operands.meetsColumn {
      throw starRefused(operands)
    }
    return try joined(operands, .init(operation), operation.apply)
  }

  /// How two arrays are joined element by element, for messages: by an operator, or by a function such as max.
  package struct Joining {
    package let text: String
    let verb: String
    package var isFunction = false

    package init(_ operation: Operation) { (text, verb) = (operation.text, operation.verb) }
    package init(_ comparison: ComparisonOperator) {
      (text, verb) = (comparison.rawValue, "compare")
    }
    package init(function name: String) {
      (text, verb, isFunction) = (name, "take the \(name) of", true)
    }

    package func written(_ left: String, _ right: String) -> String {
      isFunction ? "\(text)(\(left), \(right))" : "\(left) \(text) \(right)"
    }
  }

  /// Two arrays joined element by element. The rules of shapes stand here, for operators, comparisons and
  /// functions of two arguments alike.
  package func joined(
    _ operands: Operands, _ joining: Joining, _ function: (Double, Double) -> Double
  ) throws(Diagnostic) -> Value {
    if let (entries, matrix) = operands.vectorAndMatrix {
      if matrix.rows == 1 { throw rowMeetsVector(joining, operands) }
      if operands.meetsColumn {
        throw columnMeetsVector(matrix.rows == entries.count, joining, operands)
      }
      guard entries.count == matrix.columns || entries.count == 1 else {
        throw shapeMismatch(joining, operands)
      }
    }
    guard let a = operands.left.tensor, let b = operands.right.tensor,
      a.rank != 1 || b.rank != 1 || a.rows == b.rows,
      let result = try broadcast(a, b, operands.span, function)
    else { throw shapeMismatch(joining, operands) }
    return Value(result)
  }

  // MARK: - Products

  private func product(_ operands: Operands) throws(Diagnostic) -> Value {
    let (left, right) = (operands.left, operands.right)
    if left.number != nil || right.number != nil {
      return try elementwise(.multiply, operands)
    }
    guard case .array(let a) = left, case .array(let b) = right, a.rank <= 2, b.rank <= 2 else {
      throw kindMismatch(.product, operands)
    }
    do {
      return Value(try a.times(b, interrupt: interrupt))
    } catch {
      guard case .shapeMismatch(_, let left, let right) = error else {
        throw diagnostic(error, at: operands.span)
      }
      throw innerMismatch(operands, left.columns, right.rows)
    }
  }

  // MARK: - Comparisons

  /// `a == b`, `a < b`…: a truth value for numbers and texts, 0s and 1s element by element.
  package func compare(
    _ operation: ComparisonOperator, _ left: Value, _ leftSpan: SourceSpan, _ right: Value,
    _ rightSpan: SourceSpan, _ scope: Scope = .global
  ) throws(Diagnostic) -> Value {
    if let a = left.number, let b = right.number { return .boolean(operation.holds(a, b)) }
    if case .string(let a) = left, case .string(let b) = right {
      return .boolean(operation.holds(a, b))
    }
    let operands = Operands(left: left, right: right, leftSpan: leftSpan, rightSpan: rightSpan)
    if left.isFormula || right.isFormula { return try compared(operation, operands, scope) }
    switch (left, right) {
    case (.network(let a), .network(let b)) where operation == .equal: return .boolean(a === b)
    case (.network(let a), .network(let b)) where operation == .notEqual:
      return .boolean(a !== b)
    default: break
    }
    guard left.entries != nil, right.entries != nil else {
      throw Diagnostic(
        .type, "cannot compare \(left.description) with \(right.description)", at: operands.span,
        help: left.isText || right.isText ? "number(…) reads a number out of a text" : nil)
    }
    return try joined(operands, .init(operation)) { operation.holds($0, $1) ? 1 : 0 }
  }

  // MARK: - Messages

  /// Help where the value of something that returns nothing is used.
  func nothingHelp(_ value: Value) -> String? {
    value.isNothing
      ? "print, display, save, reset and the like show or do something and return nothing" : nil
  }

  private func kindMismatch(_ operation: Operation, _ operands: Operands) -> Diagnostic {
    let isLeft =
      operands.left.entries == nil
      || operands.right.entries != nil && operands.left.tensor?.rank ?? 0 > 2
    let odd = isLeft ? operands.left : operands.right
    let place = isLeft ? operands.leftSpan : operands.rightSpan
    var help = memberHelp(odd) ?? nothingHelp(odd)
    if case .function(let function) = odd {
      help = "\(function.name) is a function: write \(function.name)(…), or rename it"
    }
    if case .string = odd, case .add = operation { help = "print(a, b) writes values side by side" }
    return Diagnostic(
      .type, "\(operation.text) works on numbers, vectors and matrices, not on \(odd.description)",
      at: place, help: help)
  }

  /// "cannot add W (2×3) and b (vector of 2)"
  private func shapeMismatch(_ joining: Joining, _ operands: Operands) -> Diagnostic {
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    let leftShape = operands.left.shapeText ?? ""
    let rightShape = operands.right.shapeText ?? ""
    var help = "element by element, the shapes must agree, or one of them have a side of 1"
    if operands.left.vector != nil, operands.right.vector != nil {
      help = "vectors join entry by entry, so both need the same number of entries"
    } else if let (entries, matrix) = operands.vectorAndMatrix, matrix.rows == entries.count {
      let vector = operands.left.vector == nil ? right : left
      help =
        "a vector joins a matrix as a row; column(\(vector)) makes it a \(entries.count)×1 column"
    }
    return Diagnostic(
      .shape, "cannot \(joining.verb) \(left) (\(leftShape)) and \(right) (\(rightShape))",
      at: operands.span, label: joining.written(leftShape, rightShape), help: help)
  }

  private func innerMismatch(_ operands: Operands, _ leftInner: Int, _ rightInner: Int)
    -> Diagnostic
  {
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    let leftShape = operands.left.shapeText ?? ""
    let rightShape = operands.right.shapeText ?? ""
    if operands.left.vector != nil, operands.right.vector != nil {
      return Diagnostic(
        .shape, "cannot multiply \(left) (\(leftShape)) by \(right) (\(rightShape))",
        at: operands.span, label: "\(leftInner) entries meet \(rightInner)",
        help: "a dot product needs the same number of entries on both sides")
    }
    var help = "a product needs as many columns on the left as rows on the right"
    if let a = operands.left.matrix, let b = operands.right.matrix {
      if a.columns == b.columns {
        help += "; \(left) @ \(turned(right)) is \(a.rows)×\(b.rows)"
      } else if a.rows == b.rows {
        help += "; \(turned(left)) @ \(right) is \(a.columns)×\(b.columns)"
      }
    } else if let a = operands.left.matrix, a.rows == operands.right.vector?.count {
      help += "; \(turned(left)) @ \(right) would fit"
    } else if let b = operands.right.matrix, b.columns == operands.left.vector?.count {
      help += "; \(right) @ \(left) would fit"
    }
    return Diagnostic(
      .shape, "cannot multiply \(left) (\(leftShape)) by \(right) (\(rightShape))",
      at: operands.span,
      label:
        "\(counted(leftInner, "column", "columns")) meet \(counted(rightInner, "row", "rows"))",
      help: help)
  }

  /// The transpose of what was written: `X'` for `X`, and `X` for `X'`.
  private func turned(_ text: String) -> String {
    if !text.isOneOperand { return "(\(text))'" }
    return text.hasSuffix("'") ? String(text.dropLast()) : "\(text)'"
  }

  private func starRefused(_ operands: Operands) -> Diagnostic {
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    return Diagnostic(
      .shape,
      "* between \(operands.left.shapeText ?? "") and \(operands.right.shapeText ?? "") could mean two things",
      at: operands.span, label: "a matrix * a vector",
      help:
        "\(left) @ \(right) is the matrix product, \(left) ⊙ \(right) multiplies element by element"
    )
  }

  private func rowMeetsVector(_ joining: Joining, _ operands: Operands) -> Diagnostic {
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    let isRowLeft = operands.left.matrix != nil
    return Diagnostic(
      .shape,
      "a row and a vector do not mix: \(left) is \(operands.left.description), \(right) \(operands.right.description)",
      at: operands.span,
      label: isRowLeft ? joining.written("row", "vector") : joining.written("vector", "row"),
      help:
        "transpose one of them: \(isRowLeft ? joining.written(left, turned(right)) : joining.written(turned(left), right))"
    )
  }

  /// The trap that makes n×n numbers of n and n.
  private func columnMeetsVector(_ isOfOneLength: Bool, _ joining: Joining, _ operands: Operands)
    -> Diagnostic
  {
    // `*` of a vector and a matrix is written ⊙.
    let joining = joining.text == Operation.multiply.text ? Joining(.hadamard) : joining
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    let isColumnLeft = operands.left.matrix != nil
    let every =
      isColumnLeft ? joining.written(left, turned(right)) : joining.written(turned(left), right)
    let entries =
      isColumnLeft
      ? joining.written(left, "column(\(right))") : joining.written("column(\(left))", right)
    return Diagnostic(
      .shape,
      "a vector and a column do not mix: \(left) is \(operands.left.description), \(right) \(operands.right.description)",
      at: operands.span,
      label: isColumnLeft
        ? joining.written("column", "vector") : joining.written("vector", "column"),
      help: (isOfOneLength ? "entry by entry: \(entries); " : "") + "every pair: \(every)")
  }
}

extension Diagnostic {
  /// `M^-1`: the inverse on a blackboard, the entries' reciprocals as a power element by element.
  static func inverseMeant(of matrix: String, at span: SourceSpan) -> Diagnostic {
    let inside = matrix.isParenthesized ? String(matrix.dropFirst().dropLast()) : matrix
    var diagnostic = Diagnostic(
      CalculusError.inverseMeant(matrix: inside, reciprocals: "1/\(matrix)"), at: span)
    diagnostic.label = "a matrix ^ -1"
    return diagnostic
  }
}

extension String {
  /// Whether it needs no parentheses in front of a `'`: a name, an entry, a call, brackets.
  fileprivate var isOneOperand: Bool {
    var depth = 0
    for character in self {
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if depth == 0, !character.isLetter, !character.isNumber, !"_.')]".contains(character) {
        return false
      }
    }
    return true
  }

  /// Whether the first parenthesis closes at the end: `(X' @ X)`, but not `(a) @ (b)`.
  fileprivate var isParenthesized: Bool {
    var depth = 0
    for index in indices {
      if self[index] == "(" { depth += 1 }
      if self[index] == ")" { depth -= 1 }
      if depth == 0 { return first == "(" && self.index(after: index) == endIndex }
    }
    return false
  }
}

extension ComparisonOperator {
  package func holds<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}
