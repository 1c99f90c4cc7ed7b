import Calculus

/// The arguments of a built-in function in a formula.
package struct FormulaCall {
  package let builtIn: BuiltIn
  /// By the parameter's name.
  package var named: [String: Expression] = [:]
  /// Those beyond the last parameter of a variadic function.
  package var rest: [Expression] = []

  /// A call of a function by its name alone.
  package init(builtIn: BuiltIn) { self.builtIn = builtIn }

  /// A call with its arguments as formulas: those given to parameters, then the rest.
  init(_ call: Call, _ operands: [Expression]) {
    builtIn = call.builtIn
    let given = zip(builtIn.parameters, call.arguments).filter { $0.1 != nil }.map(\.0.name)
    for (name, operand) in zip(given, operands) { named[name] = operand }
    rest = Array(operands.dropFirst(given.count))
  }

  /// A required argument.
  package subscript(name: String) -> Expression { named[name] ?? .number(0) }

  func optional(_ name: String) -> Expression? { named[name] }

  /// An argument that must be a number as it stands.
  ///
  /// Throws: `CalculusError.unsupported`.
  package func number(_ name: String) throws(CalculusError) -> Number? {
    guard let argument = named[name] else { return nil }
    guard let number = argument.number else {
      throw .unsupported("\(name) of \(builtIn.name) is a plain number in a formula")
    }
    return number
  }

  /// The sizes beyond the last parameter.
  package var restSizes: [Dimension] {
    get throws(CalculusError) {
      var sizes: [Dimension] = []
      for part in rest {
        var call = FormulaCall(builtIn: builtIn)
        call.named["size"] = part
        if let size = try call.size("size") { sizes.append(size) }
      }
      return sizes
    }
  }

  /// An argument that is a size: a number, or the name of one.
  ///
  /// Throws: `CalculusError.unsupported`.
  package func size(_ name: String) throws(CalculusError) -> Dimension? {
    guard let argument = named[name] else { return nil }
    if let size = Dimension(argument), size.isNatural { return size }
    if argument.symbols.isEmpty, argument.freeIndices.isEmpty,
      let number = try? argument.value(at: [:]).storage.first, let whole = Int(exactly: number),
      whole >= 0
    {
      return .number(whole)
    }
    throw .unsupported("\(name) of \(builtIn.name) is a size: a whole number, or the name of one")
  }
}
