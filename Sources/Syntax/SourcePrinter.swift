import Notation

/// Writes syntax trees as normalized text, with no more parentheses than are needed.
///
/// What it writes reads back as the same tree, where the tree comes from the parser; in others,
/// parentheses that had to be put in read back as such. Spaces stand around all binary operators but
/// `*`, `/`, `^` and `:`.
package enum SourcePrinter {
  /// The text of an expression.
  package static func text(of expression: ExpressionSyntax) -> String {
    var printer = TreePrinter()
    printer.write(expression, at: .or)
    return printer.text
  }

  /// `f(x, A: matrix(m, n)) = body`
  package static func text(of function: FunctionSyntax) -> String {
    let parameters = function.parameters.map(text(of:)).joined(separator: ", ")
    return "\(function.name)(\(parameters)) = \(text(of: function.body))"
  }

  /// `x^2`, `{ q = x + y; q*z }`
  package static func text(of body: BodySyntax) -> String {
    guard !body.lines.isEmpty else { return text(of: body.result) }
    let lines = body.lines.map { text(ofLine: $0) + "; " }.joined()
    return "{ \(lines)\(text(of: body.result)) }"
  }

  /// A line of a body: `q = x + y`, `for i in 1:3 { q = q*i }`.
  private static func text(ofLine line: StatementSyntax) -> String {
    func block(_ lines: [StatementSyntax]) -> String {
      "{ \(lines.map(text(ofLine:)).joined(separator: "; ")) }"
    }
    switch line.kind {
    case .assignment(let target, let value): return "\(text(of: target)) = \(text(of: value))"
    case .forLoop(let variable, _, let range, let body):
      return "for \(variable) in \(text(of: range)) \(block(body))"
    case .whileLoop(let condition, let body): return "while \(text(of: condition)) \(block(body))"
    case .conditional(let condition, let then, let otherwise):
      let first = "if \(text(of: condition)) \(block(then))"
      guard let otherwise else { return first }
      if otherwise.count == 1, case .conditional = otherwise[0].kind {
        return "\(first) else \(text(ofLine: otherwise[0]))"
      }
      return "\(first) else \(block(otherwise))"
    default: return ""
    }
  }

  /// `x`, `w: vector(n)`
  package static func text(of parameter: ParameterSyntax) -> String {
    guard parameter.kind != .scalar else { return parameter.name }
    let sizes = parameter.sizes.map { size in
      switch size {
      case .name(let name): name
      case .number(let number): String(number)
      }
    }
    let shape = sizes.isEmpty ? "" : "(\(sizes.joined(separator: ", ")))"
    return "\(parameter.name): \(parameter.kind.rawValue)\(shape)"
  }

  /// `layer = 2`, `w[i]*x[i] for i in 1:n`
  package static func text(of argument: ArgumentSyntax) -> String {
    var printer = TreePrinter()
    printer.write(argument)
    return printer.text
  }

  /// A text in quotes, as it is written in a cell.
  package static func literal(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.append(character)
      }
    }
    return result + "\""
  }
}

/// The levels of operators, loosest first.
private enum Level: Int {
  case or, and, not, comparison, range, sum, product, prefix, juxtaposition, power, postfix
}

private struct TreePrinter {
  var text = ""

  /// Writes an expression where one of a level, or a tighter one, can stand.
  mutating func write(_ expression: ExpressionSyntax, at level: Level) {
    if Self.level(of: expression.kind).rawValue < level.rawValue {
      text += "("
      write(expression)
      text += ")"
    } else {
      write(expression)
    }
  }

  private static func level(of kind: ExpressionSyntax.Kind) -> Level {
    switch kind {
    case .or: .or
    case .and: .and
    case .not: .not
    case .comparison: .comparison
    case .range: .range
    case .chain(_, let links):
      switch links.first?.operation {
      case .add, .subtract: .sum
      default: .product
      }
    case .negative: .prefix
    case .juxtaposition(let factor, _): factor.isNumber ? .juxtaposition : .product
    case .power: .power
    case .number(_, let literal): literal.hasPrefix("-") ? .prefix : .postfix
    case .explain, .audit: .or
    default: .postfix
    }
  }

  /// An expression, without regard to what stands around it. Long: one case a kind of expression.
  private mutating func write(_ expression: ExpressionSyntax) {
    switch expression.kind {
    case .number(_, let literal): text += literal
    case .boolean(let value): text += value ? "true" : "false"
    case .string(let value): text += SourcePrinter.literal(value)
    case .name(let name): text += name
    case .brackets(let rows):
      text += "["
      write(rows, separator: "; ") { printer, row in
        printer.write(row, separator: ", ") { $0.write($1, at: .or) }
      }
      text += "]"
    case .comprehension(let generator):
      text += "["
      write(generator)
      text += "]"
    case .parenthesized(let inner):
      text += "("
      write(inner, at: .or)
      text += ")"
    case .several(let values):
      text += "("
      write(values, separator: ", ") { $0.write($1, at: .or) }
      text += ")"
    case .call(let callee, let arguments):
      writeBase(callee, refusesLiteral: true)
      text += "("
      write(arguments, separator: ", ") { $0.write($1) }
      text += ")"
    case .index(let base, let indices):
      writeBase(base, refusesLiteral: true, isIndexed: true)
      write(indices)
    case .member(let base, let name, _):
      writeBase(base, refusesLiteral: true)
      text += "." + name
    case .prime(let base):
      writeBase(base)
      text += "'"
    case .transpose(let base):
      writeBase(base)
      text += "ᵀ"
    case .power(let base, let exponent):
      writeBase(base)
      text += "^"
      writeExponent(exponent)
    case .negative(let operand):
      text += "-"
      write(operand, at: .prefix)
    case .juxtaposition(let number, let factor): writeJuxtaposition(number, factor)
    case .chain(let first, let links): writeChain(first, links)
    case .comparison(let first, let links):
      write(first, at: .range)
      for link in links {
        text += " \(link.operation.rawValue) "
        write(link.operand, at: .range)
      }
    case .not(let operand):
      text += "not "
      write(operand, at: .not)
    case .and(let operands): write(operands, separator: " and ") { $0.write($1, at: .not) }
    case .or(let operands): write(operands, separator: " or ") { $0.write($1, at: .and) }
    case .range(let from, let step, let to):
      write(from, at: .sum)
      if let step {
        text += ":"
        write(step, at: .sum)
      }
      text += ":"
      write(to, at: .sum)
    case .conditional(let condition, let then, let otherwise):
      writeConditional(condition, then, otherwise)
    case .partial(let partial): write(partial)
    case .nabla(let operand):
      text += "∇"
      switch operand.kind {
      case .name, .parenthesized: write(operand)
      default:
        text += "("
        write(operand, at: .or)
        text += ")"
      }
    case .explain(let subject, let options):
      text += "explain "
      write(subject, at: .or)
      for option in options {
        text += ", "
        write(option)
      }
    case .audit(let audit): write(audit)
    }
  }

  private mutating func write(_ audit: AuditSyntax) {
    text += "audit "
    if let call = audit.call {
      write(call, at: .or)
      for option in audit.options {
        text += ", "
        write(option)
      }
      text += " "
    }
    text += "{ "
    write(audit.items, separator: "; ") { printer, item in
      switch item {
      case .symbols(let symbols):
        printer.text += "symbols \(symbols.map(SourcePrinter.text(of:)).joined(separator: ", "))"
      case .assumption(let assumption):
        printer.text += "assume \(assumption.names.map(\.name).joined(separator: ", ")) in "
        printer.write(assumption.lower, at: .sum)
        printer.text += ".."
        printer.write(assumption.upper, at: .sum)
      case .chain(let sides):
        for (place, side) in sides.enumerated() {
          if place > 0 { printer.text += " \(side.sign) " }
          printer.write(side.expression, at: .or)
        }
      }
    }
    text += " }"
  }

  private mutating func write<Element>(
    _ elements: [Element], separator: String, _ write: (inout TreePrinter, Element) -> Void
  ) {
    for (index, element) in elements.enumerated() {
      if index > 0 { text += separator }
      write(&self, element)
    }
  }

  /// What a postfix operator, or `^`, stands behind. A number before a parenthesis would multiply.
  private mutating func writeBase(
    _ base: ExpressionSyntax, refusesLiteral: Bool = false, isIndexed: Bool = false
  ) {
    switch base.kind {
    case .number, .string, .boolean:
      if refusesLiteral {
        text += "("
        write(base)
        text += ")"
      } else {
        write(base, at: .postfix)
      }
    case .power(let inner, let exponent):
      // `x²'`: only a raised exponent binds as tightly as the operator that follows.
      if let raised = Superscript.text(of: exponent), !Superscript.isRaised(inner) {
        writeBase(inner)
        text += raised
      } else {
        write(base, at: .postfix)
      }
    case .partial(let partial):
      // `∂f/∂x[1]` is a derivative by an entry, and a power counts as an order.
      let last = partial.variables.last
      let isOpen = isIndexed ? last?.indices.isEmpty ?? true : partial.order > 1 && last?.order == 1
      if isOpen {
        text += "("
        write(base)
        text += ")"
      } else {
        write(base)
      }
    default: write(base, at: .postfix)
    }
  }

  private mutating func writeExponent(_ exponent: ExpressionSyntax) {
    if case .negative(let inner) = exponent.kind {
      text += "-"
      writeExponent(inner)
    } else {
      write(exponent, at: .power)
    }
  }

  private mutating func writeJuxtaposition(_ number: ExpressionSyntax, _ factor: ExpressionSyntax) {
    guard number.isNumber else {
      // `x|y|`, whose bars are written as a call.
      write(number, at: .prefix)
      text += "*"
      return write(factor, at: .power)
    }
    write(number, at: .power)
    var inner = TreePrinter()
    inner.write(factor, at: .power)
    if Self.joinsNumber(inner.text) {
      text += inner.text
    } else {
      text += "(\(inner.text))"
    }
  }

  /// Whether a text behind a number reads as a factor: not as an exponent, more digits, or an operator.
  private static func joinsNumber(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(8))
    guard let first = bytes.first else { return false }
    let isWord = CharacterClass.isASCIILetter(first) || first >= 0x80
    guard isWord || first == UInt8(ascii: "(") || first == UInt8(ascii: "[") else { return false }
    if bytes.count > 1, first | 0x20 == UInt8(ascii: "e") || first == UInt8(ascii: "_") {
      let next = bytes[1]
      let isSigned = next == UInt8(ascii: "-") || next == UInt8(ascii: "+")
      if CharacterClass.isDigit(next) || isSigned && bytes.count > 2 { return false }
    }
    let word = bytes.prefix { CharacterClass.isASCIIName($0) }
    switch Keyword.spelled(by: word) {
    case .and, .or, .not, .if, .else, .for, .in: return false
    default: return true
    }
  }

  private mutating func writeChain(
    _ first: ExpressionSyntax, _ links: [ExpressionSyntax.Link<BinaryOperator>]
  ) {
    let isSum = links.first.map { $0.operation == .add || $0.operation == .subtract } ?? false
    let operandLevel: Level = isSum ? .product : .prefix
    write(first, at: operandLevel)
    for link in links {
      switch link.operation {
      case .multiply: text += "*"
      case .divide: text += "/"
      default: text += " \(link.operation.rawValue) "
      }
      let divides = link.operation == .divide || link.operation == .hadamardDivide
      write(
        link.operand, at: divides && Self.endsInJuxtaposition(link.operand) ? .power : operandLevel)
    }
  }

  private static func endsInJuxtaposition(_ expression: ExpressionSyntax) -> Bool {
    switch expression.kind {
    case .juxtaposition: true
    case .negative(let inner): endsInJuxtaposition(inner)
    default: false
    }
  }

  private mutating func writeConditional(
    _ condition: ExpressionSyntax, _ then: ExpressionSyntax, _ otherwise: ExpressionSyntax?
  ) {
    text += "if "
    write(condition, at: .or)
    text += " { "
    write(then, at: .or)
    text += " }"
    guard let otherwise else { return }
    text += " else "
    if case .conditional(let condition, let then, let last) = otherwise.kind {
      writeConditional(condition, then, last)
    } else {
      text += "{ "
      write(otherwise, at: .or)
      text += " }"
    }
  }

  private mutating func write(_ partial: ExpressionSyntax.PartialSyntax) {
    text += "∂"
    if partial.order > 1 { text += ScriptCharacters.high(partial.order) }
    switch partial.numerator.kind {
    case .name, .parenthesized, .call, .member, .prime, .transpose, .index, .power:
      let numerator = SourcePrinter.text(of: partial.numerator)
      let first = numerator.unicodeScalars.first ?? " "
      text += first == "(" || CharacterClass.beginsName(first) ? numerator : "(\(numerator))"
    default:
      text += "("
      write(partial.numerator, at: .or)
      text += ")"
    }
    text += "/"
    for variable in partial.variables {
      text += "∂" + variable.name
      if !variable.indices.isEmpty { write(variable.indices) }
      if variable.order > 1 { text += ScriptCharacters.high(variable.order) }
    }
  }

  private mutating func write(_ indices: [IndexSyntax]) {
    text += "["
    write(indices, separator: ", ") { printer, index in
      switch index {
      case .expression(let expression): printer.write(expression, at: .or)
      case .all: printer.text += ":"
      }
    }
    text += "]"
  }

  private mutating func write(_ generator: ExpressionSyntax.Generator) {
    write(generator.element, at: .or)
    text += " for "
    write(generator.ranges, separator: ", ") { printer, range in
      printer.text += "\(range.variable) in "
      printer.write(range.values, at: .or)
    }
    guard let condition = generator.condition else { return }
    text += " if "
    write(condition, at: .or)
  }

  mutating func write(_ argument: ArgumentSyntax) {
    switch argument {
    case .positional(let value): write(value, at: .or)
    case .keyword(let name, _, let value):
      text += name + " = "
      write(value, at: .or)
    case .path(let path, let value):
      write(path, at: .or)
      text += " = "
      write(value, at: .or)
    case .generator(let generator, _): write(generator)
    }
  }
}

extension ExpressionSyntax {
  fileprivate var isNumber: Bool { if case .number = kind { true } else { false } }
}

/// Exponents in raised characters.
private enum Superscript {
  /// The raised form of an exponent that has one: `²`, `⁻¹`, `ⁿ`.
  static func text(of exponent: ExpressionSyntax) -> String? {
    switch exponent.kind {
    case .number(_, let literal) where literal.utf8.allSatisfy(CharacterClass.isDigit):
      return ScriptCharacters.superscripted(literal)
    case .name(let name) where name == "n" || name == "i":
      return ScriptCharacters.superscripted(name)
    case .negative(let inner):
      if case .negative = inner.kind { return nil }
      return text(of: inner).map { "⁻" + $0 }
    default: return nil
    }
  }

  static func isRaised(_ expression: ExpressionSyntax) -> Bool {
    if case .power = expression.kind { return true }
    return false
  }
}
