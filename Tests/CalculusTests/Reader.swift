import Calculus
import MatrixEngine

/// Reads the text form of expressions back: a small part of the language, enough for the tests.
struct Reader {
  struct Failure: Error, CustomStringConvertible { let description: String }

  private var tokens: [String] = []
  private var position = 0
  private let names: [String: Expression]
  private var indices: Set<String> = []

  /// Reads `text`, where names stand for these symbols and all others are sizes or indices.
  static func read(_ text: String, _ symbols: [Symbol]) throws -> Expression {
    var reader = Reader(
      names: Dictionary(
        symbols.map { ($0.name, .symbol($0)) }, uniquingKeysWith: { first, _ in first }))
    reader.tokens = tokenize(text)
    let result = try reader.expression()
    guard reader.position == reader.tokens.count else {
      throw Failure(description: "left over at \(reader.position) of \(reader.tokens): \(text)")
    }
    return result
  }

  private init(names: [String: Expression]) { self.names = names }

  private static func tokenize(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == " " {
        rest.removeFirst()
      } else if first.isNumber {
        var number = ""
        while let c = rest.first,
          c.isNumber || c == "." || c == "e" || (c == "-" || c == "+") && number.last == "e"
        {
          number.append(c)
          rest.removeFirst()
        }
        tokens.append(number)
      } else if first.isLetter || first == "_" {
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        tokens.append(String(name))
        rest.removeFirst(name.count)
      } else if ["<=", ">=", "==", "!="].contains(String(rest.prefix(2))) {
        tokens.append(String(rest.prefix(2)))
        rest.removeFirst(2)
      } else {
        tokens.append(String(first))
        rest.removeFirst()
      }
    }
    return tokens
  }

  private var next: String? { position < tokens.count ? tokens[position] : nil }
  private mutating func take() -> String {
    position += 1
    return tokens[position - 1]
  }
  private mutating func accept(_ token: String) -> Bool {
    guard next == token else { return false }
    position += 1
    return true
  }
  private mutating func expect(_ token: String) throws {
    guard accept(token) else {
      throw Failure(description: "expected \(token) at \(position) of \(tokens)")
    }
  }

  private mutating func expression() throws -> Expression {
    let left = try sum()
    if let sign = next, let comparison = Comparison(rawValue: sign) {
      position += 1
      return try .compare(comparison, left, try sum())
    }
    return left
  }

  private mutating func sum() throws -> Expression {
    var parts = [try product()]
    while next == "+" || next == "-" {
      let isMinus = take() == "-"
      let part = try product()
      parts.append(isMinus ? .negate(part) : part)
    }
    return parts.count == 1 ? parts[0] : try .add(parts)
  }

  private mutating func product() throws -> Expression {
    var result = try prefixed()
    while let sign = next, ["*", "/", "@", "·", "⊙"].contains(sign) {
      position += 1
      let right = try prefixed()
      switch sign {
      case "*":
        let mixes = [result.shape, right.shape].map(\.dimensions.count).sorted() == [1, 2]
        if mixes { throw Failure(description: "* of a matrix and a vector") }
        result = try .multiply([result, right])
      case "⊙": result = try .multiply([result, right])
      case "/": result = try .divide(result, right)
      default: result = try .product(result, right)
      }
    }
    return result
  }

  private mutating func prefixed() throws -> Expression {
    if accept("-") { return .negate(try prefixed()) }
    return try power()
  }

  private mutating func power() throws -> Expression {
    let base = try postfix()
    if accept("^") {
      if accept("-") { return try .power(base, .negate(try power())) }
      return try .power(base, try power())
    }
    return base
  }

  private mutating func postfix() throws -> Expression {
    var result = try operand()
    while let sign = next {
      if sign == "'" {
        position += 1
        result = try .transpose(result)
      } else if sign == "[" {
        position += 1
        var selection: [EntryIndex] = []
        repeat {
          if accept(":") {
            selection.append(.all)
          } else {
            selection.append(.value(try expression()))
          }
        } while accept(",")
        try expect("]")
        result = try .entry(result, selection)
      } else {
        break
      }
    }
    return result
  }

  private mutating func operand() throws -> Expression {
    if accept("(") {
      let inner = try expression()
      try expect(")")
      return inner
    }
    if next == "[" { return try brackets() }
    guard position < tokens.count else { throw Failure(description: "ends early: \(tokens)") }
    let token = take()
    if let first = token.first, first.isNumber {
      if let whole = Int(token) { return .number(whole) }
      return .number(Double(token) ?? .nan)
    }
    if token == "if" {
      let condition = try expression()
      try expect("{")
      let first = try expression()
      try expect("}")
      try expect("else")
      try expect("{")
      let second = try expression()
      try expect("}")
      return try .choose(condition, first, second)
    }
    if next == "(" { return try call(token) }
    if indices.contains(token) { return .index(token) }
    if let symbol = names[token] { return symbol }
    if let constant = NamedConstant(rawValue: token) { return .constant(constant) }
    return .size(.name(token))
  }

  private mutating func size() -> Dimension {
    let token = take()
    return Int(token).map { .number($0) } ?? .name(token)
  }

  private mutating func brackets() throws -> Expression {
    try expect("[")
    if let generator = try generator(closing: "]") {
      return .array(generator.name, generator.size, generator.body)
    }
    var rows: [[Expression]] = [[]]
    repeat {
      repeat { rows[rows.count - 1].append(try expression()) } while accept(",")
      if accept(";") { rows.append([]) } else { break }
    } while true
    try expect("]")
    if rows.count == 1 { return try .list(rows[0]) }
    return try .list(rows.map { try .list($0) })
  }

  /// `body for i in 1:n`, with a condition or without, up to a closing sign, if that is what stands here.
  private mutating func generator(closing: String) throws
    -> (name: String, from: Int, size: Dimension, body: Expression)?
  {
    var depth = 0
    var end = position
    while end < tokens.count {
      let token = tokens[end]
      if "([{".contains(token) { depth += 1 }
      if ")]}".contains(token) {
        depth -= 1
        if depth < 0 { return nil }
      }
      if token == "for", depth == 0 { break }
      end += 1
    }
    guard end < tokens.count else { return nil }
    let name = tokens[end + 1]
    let isNew = indices.insert(name).inserted
    var body = try expression()
    try expect("for")
    _ = take()
    try expect("in")
    let from = Int(take()) ?? 1
    try expect(":")
    let size = size()
    if accept("if") { body = try .choose(expression(), body, .number(0)) }
    if isNew { indices.remove(name) }
    try expect(closing)
    return (name, from, size, body)
  }

  private mutating func call(_ name: String) throws -> Expression {
    try expect("(")
    if name == "sum", let generator = try generator(closing: ")") {
      return try .indexSum(generator.name, from: generator.from, to: generator.size, generator.body)
    }
    if ["eye", "ones", "zeros"].contains(name) {
      var sizes = [size()]
      while accept(",") { sizes.append(size()) }
      try expect(")")
      if name == "eye" { return .identity(sizes[0]) }
      return .fill(name == "ones" ? .one : .zero, ExpressionShape(sizes))
    }
    if name == "one_hot" {
      let place = try expression()
      try expect(",")
      let size = size()
      try expect(")")
      return try .entry(.identity(size), [.value(place), .all])
    }
    var arguments: [Expression] = []
    var keyword: Number?
    repeat {
      if position + 1 < tokens.count, tokens[position + 1] == "=" {
        position += 2
        let sign = accept("-") ? -1.0 : 1
        keyword = Number(sign * (Double(take()) ?? .nan))
      } else {
        arguments.append(try expression())
      }
    } while accept(",")
    try expect(")")
    let a = arguments[0]
    switch name {
    case "column": return try .column(a)
    case "softmax": return try .softmax(a)
    case "where": return try .choose(a, arguments[1], arguments[2])
    case "diag": return try .diagonal(a)
    case "argmax": return try .position(.max, a)
    case "max" where arguments.count == 2: return try .extremum(.max, a, arguments[1])
    case "min" where arguments.count == 2: return try .extremum(.min, a, arguments[1])
    default: break
    }
    if let function = MatrixFunction(rawValue: name) { return try .matrixFunction(function, a) }
    if let kind = ExpressionReduction(rawValue: name) {
      return try .reduce(kind, a, axis: keyword?.integer)
    }
    guard let function = ElementFunction.named(name) else {
      throw Failure(description: "unknown \(name)")
    }
    return .function(keyword.map(function.with) ?? function, a)
  }
}
