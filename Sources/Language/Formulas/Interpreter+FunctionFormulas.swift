import Calculus
import Syntax

/// Functions of one's own as formulas: of their parameters, or of arguments that are formulas.
extension Interpreter {
  /// The body of a function, its parameters as symbols.
  func body(of function: UserFunction, _ span: SourceSpan, _ reading: FormulaReading)
    throws(Diagnostic) -> Expression
  {
    var sizes: [(String, Dimension)] = []
    var parts: [(String, Value)] = []
    for parameter in function.syntax.parameters {
      let symbol = symbol(of: parameter) { reading.sizes.fresh() }
      parts.append((parameter.name, .expression(reading.add(symbol))))
      reading.parameters.insert(parameter.name)
      for case (.name(let name), let size) in zip(parameter.sizes, symbol.shape.dimensions) {
        sizes.append((name, size))
      }
    }
    return try body(of: function, sizes, parts, span, reading)
  }

  /// A function of arguments that are formulas: its body with them in the place of its parameters.
  func apply(
    _ function: UserFunction, _ arguments: [(value: Value, span: SourceSpan)],
    _ span: SourceSpan, _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    guard reading.point != nil || callDepth < Self.formulaDepthLimit else {
      throw needsPoint("\(function.syntax.name) calls itself", at: span, reading)
    }
    var sizes: [(String, Dimension)] = []
    var parts: [(String, Value)] = []
    var mapped: [(entry: Symbol, array: Expression)] = []
    for (parameter, argument) in zip(function.syntax.parameters, arguments) {
      if case .function = argument.value, function.calledNames.contains(parameter.name) {
        parts.append((parameter.name, argument.value))
        continue
      }
      let formula = try settled(
        operand(argument.value, argument.span, reading), argument.span, reading)
      switch (parameter.rank, formula.shape) {
      case (formula.shape.dimensions.count, _):
        parts.append((parameter.name, .expression(formula)))
      case (0, _) where parameter.kind != .index && reading.point != nil:
        return try mappedAtPoint(function, arguments, span, reading)
      case (0, _) where parameter.kind != .index:
        // A function of numbers maps over the entries: it is read for one, then given all.
        let entry = Symbol("\(parameter.name)\u{200B}\(callDepth)")
        mapped.append((entry, formula))
        parts.append((parameter.name, .expression(.symbol(entry))))
      default:
        throw Diagnostic(
          .type,
          "\(parameter.name) of \(function.syntax.name) is \(parameter.kind.described), but the argument is \(formula.shape.kindText)",
          at: argument.span, help: function.signature)
      }
      for (axis, dimension) in formula.shape.dimensions.enumerated() where axis < parameter.rank {
        guard let size = parameter.size(along: axis) else { continue }
        switch size {
        case .number(let number):
          try agree(.number(number), dimension, argument.span, function, reading)
        case .name(let name):
          if let known = sizes.first(where: { $0.0 == name }) {
            try agree(known.1, dimension, argument.span, function, reading)
          } else {
            sizes.append((name, dimension))
          }
        }
      }
    }
    let body = try body(of: function, sizes, parts, span, reading)
    if reading.point != nil { return try settled(body, span, reading) }
    let entries = mapped.map(\.entry)
    return .named(
      function.syntax.name,
      try calculus([body] + mapped.map(\.array), span, reading) { parts throws(CalculusError) in
        let map = Dictionary(uniqueKeysWithValues: zip(entries, parts.dropFirst()))
        return map.isEmpty ? parts[0] : try parts[0].mapped(map)
      })
  }

  /// Calls inside one another, before a function counts as calling itself.
  private static let formulaDepthLimit = 60

  /// The body where names of sizes and parameters are bound; a parameter hides a size of its name.
  func body(
    of function: UserFunction, _ sizes: [(String, Dimension)], _ parts: [(String, Value)],
    _ span: SourceSpan, _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    var scope = Scope.global
    scope.reading = reading
    for (name, size) in sizes { scope.bind(name, .expression(.size(size))) }
    for (name, part) in parts { scope.bind(name, part) }
    let value = try evaluateBody(of: function, scope, span)
    return try operand(value, span, reading)
  }

  private func agree(
    _ first: Dimension, _ second: Dimension, _ span: SourceSpan, _ function: UserFunction,
    _ reading: FormulaReading
  ) throws(Diagnostic) {
    reading.sizes.agree(first, second)
    let (first, second) = (reading.sizes.resolve(first), reading.sizes.resolve(second))
    guard first != second else { return }
    throw Diagnostic(
      .shape, "\(function.syntax.name) meets the sizes \(first) and \(second) where it needs one",
      at: span, help: function.signature)
  }

  /// The symbol that a parameter is; `fresh` gives the sizes that its kind leaves open.
  package func symbol(of parameter: ParameterSyntax, _ fresh: () -> Dimension) -> Symbol {
    let structure = Symbol.Structure(rawValue: parameter.kind.rawValue)
    let open = structure == nil || structure == .oneHot ? nil : fresh()
    let sizes = (0..<parameter.rank).map { axis -> Dimension in
      switch parameter.size(along: axis) {
      case .name(let name)?: .name(name)
      case .number(let number)?: .number(number)
      case nil: open ?? fresh()
      }
    }
    return Symbol(parameter.name, ExpressionShape(sizes), structure: structure)
  }
}
