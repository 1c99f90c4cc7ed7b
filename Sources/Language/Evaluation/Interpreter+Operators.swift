import Calculus
import Glibc
import MatrixEngine
import Notation
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

    /// The same as parts of a formula.
    func lifted(_ left: Expression, _ right: Expression) -> Operands {
      Operands(
        left: .expression(left), right: .expression(right), leftSpan: leftSpan,
        rightSpan: rightSpan)
    }

    /// Their shapes; a number's for what has none.
    var shapes: (left: ExpressionShape, right: ExpressionShape) {
      (left.expressionShape ?? .scalar, right.expressionShape ?? .scalar)
    }

    /// Whether one is a vector, the other a matrix.
    var mixVectorAndMatrix: Bool {
      switch shapes {
      case (.vector, .matrix), (.matrix, .vector): true
      default: false
      }
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
    init(isOr: Bool) { (text, verb) = (isOr ? "or" : "and", "join") }
    package init(function name: String) {
      (text, verb, isFunction) = (name, "take the \(name) of", true)
    }

    package func written(_ left: String, _ right: String) -> String {
      isFunction ? "\(text)(\(left), \(right))" : "\(left) \(text) \(right)"
    }
  }

  /// Two arrays joined element by element, for operators, comparisons and functions of two arguments alike.
  package func joined(
    _ operands: Operands, _ joining: Joining, _ function: (Double, Double) -> Double
  ) throws(Diagnostic) -> Value {
    guard let a = operands.left.tensor, let b = operands.right.tensor else { return .nothing }
    if a.shape != b.shape {
      do {
        _ = try operands.shapes.left.joined(with: operands.shapes.right)
      } catch {
        throw mismatch(error, joining, operands)
      }
      if joining.text == Operation.multiply.text, operands.mixVectorAndMatrix {
        throw starRefused(operands)
      }
    }
    guard let result = try broadcast(a, b, operands.span, function) else {
      throw mismatch(.sizes, joining, operands)
    }
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
      if case .shapeMismatch = error { throw innerMismatch(operands) }
      throw Diagnostic(error, at: operands.span)
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
    return try joinedTruths(operands, .init(operation)) { operation.holds($0, $1) }
  }

  /// Two arrays, or a number and an array, joined to truth values.
  func joinedTruths(
    _ operands: Operands, _ joining: Joining, _ holds: (Double, Double) -> Bool
  ) throws(Diagnostic) -> Value {
    let value = try joined(operands, joining) { holds($0, $1) ? 1 : 0 }
    guard case .array(var array) = value else { return value }
    array.holdsTruths = true
    return .array(array)
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

  /// What is wrong where two operands do not fit element by element.
  func mismatch(_ mismatch: ShapeMismatch, _ joining: Joining, _ operands: Operands) -> Diagnostic {
    switch mismatch {
    case .sizes, .mustAgree:
      joining.text == Operation.multiply.text && operands.mixVectorAndMatrix
        ? starRefused(operands) : shapeMismatch(joining, operands)
    case .rowMeetsVector:
      joining.text == Operation.multiply.text
        ? starRefused(operands) : rowMeetsVector(joining, operands)
    case .columnMeetsVector: columnMeetsVector(joining, operands)
    }
  }

  /// "cannot add W (2×3) and b (vector of 2)"
  private func shapeMismatch(_ joining: Joining, _ operands: Operands) -> Diagnostic {
    let (left, right) = (written(operands.leftSpan), written(operands.rightSpan))
    let shapes = operands.shapes
    var help = "element by element, the shapes must agree, or one of them have a side of 1"
    switch shapes {
    case (.vector, .vector):
      help = "vectors join entry by entry, so both need the same number of entries"
    case (.vector(let n), .matrix(let m, _)) where m == n:
      help = "a vector joins a matrix as a row; column(\(left)) makes it a \(n)×1 column"
    case (.matrix(let m, _), .vector(let n)) where m == n:
      help = "a vector joins a matrix as a row; column(\(right)) makes it a \(n)×1 column"
    default: break
    }
    let texts = (shapes.left.messageText, shapes.right.messageText)
    return Diagnostic(
      .shape, "cannot \(joining.verb) \(left) (\(texts.0)) and \(right) (\(texts.1))",
      at: operands.span, label: joining.written(texts.0, texts.1), help: help)
  }

  /// "cannot multiply W (2×3) by x (vector of 2)"
  func innerMismatch(_ operands: Operands) -> Diagnostic {
    let (left, right) = (written(operands.leftSpan), written(operands.rightSpan))
    let shapes = operands.shapes
    let (inner, outer) = (shapes.left.dimensions.last, shapes.right.dimensions.first)
    let meeting = (inner ?? .number(1), outer ?? .number(1))
    var label =
      "\(meeting.0.counted("column")) meet \(meeting.1.counted("row"))"
    var help = "a product needs as many columns on the left as rows on the right"
    switch shapes {
    case (.vector, .vector):
      label = "\(meeting.0) entries meet \(meeting.1)"
      help = "a dot product needs the same number of entries on both sides"
    case (.matrix(let m, let n), .matrix(let k, let l)) where n == l:
      help += "; \(left) @ \(turned(right)) is \(m)×\(k)"
    case (.matrix(let m, let n), .matrix(let k, let l)) where m == k:
      help += "; \(turned(left)) @ \(right) is \(n)×\(l)"
    case (.matrix(let m, _), .vector(let n)) where m == n:
      help += "; \(turned(left)) @ \(right) would fit"
    case (.vector(let n), .matrix(_, let l)) where l == n:
      help += "; \(right) @ \(left) would fit"
    default: break
    }
    return Diagnostic(
      .shape,
      "cannot multiply \(left) (\(shapes.left.messageText)) by \(right) (\(shapes.right.messageText))",
      at: operands.span, label: label, help: help)
  }

  /// The transpose of what was written: `X'` for `X`, and `X` for `X'`.
  private func turned(_ text: String) -> String {
    if !text.isOneOperand { return "(\(text))'" }
    return text.hasSuffix("'") ? String(text.dropLast()) : "\(text)'"
  }

  func starRefused(_ operands: Operands) -> Diagnostic {
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    let shapes = operands.shapes
    return Diagnostic(
      .shape,
      "* between \(shapes.left.messageText) and \(shapes.right.messageText) could mean two things",
      at: operands.span, label: "a matrix * a vector",
      help:
        "\(left) @ \(right) is the matrix product, \(left) ⊙ \(right) multiplies element by element"
    )
  }

  private func rowMeetsVector(_ joining: Joining, _ operands: Operands) -> Diagnostic {
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    let isRowLeft = operands.shapes.left.dimensions.count > 1
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
  private func columnMeetsVector(_ joining: Joining, _ operands: Operands) -> Diagnostic {
    // `*` of a vector and a matrix is written ⊙.
    let joining = joining.text == Operation.multiply.text ? Joining(.hadamard) : joining
    let left = written(operands.leftSpan)
    let right = written(operands.rightSpan)
    let shapes = operands.shapes
    let isColumnLeft = shapes.left.dimensions.count > 1
    let isOfOneLength = shapes.left.dimensions.first == shapes.right.dimensions.first
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

extension Dimension {
  /// With its noun: "3 columns", "n rows".
  fileprivate func counted(_ noun: String) -> String {
    "\(self) \(self == .number(1) ? noun : noun.plural)"
  }
}
