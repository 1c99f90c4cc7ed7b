import Calculus
import MatrixEngine

extension EntryProgram {
  /// What computes a formula of numbers. `inputs` are the parts whose values are given, in this order: its symbols, and
  /// what else is known.
  ///
  /// nil for a formula that does more than calculate with numbers.
  init?(_ formula: Expression, of inputs: [Expression]) {
    guard formula.shape == .scalar else { return nil }
    var writer = EntryProgramWriter(inputs)
    guard let value = writer.place(formula) else { return nil }
    if case .result(let place) = value, place == writer.instructions.count - 1 {
      self.init(inputs: inputs.count, writer.instructions)
    } else {
      self.init(inputs: inputs.count, writer.instructions + [.function(.identity, value)])
    }
  }

  init?(_ formula: Expression, of symbols: [Symbol]) {
    self.init(formula, of: symbols.map { Expression.symbol($0) })
  }
}

/// Turns parts of a formula into instructions, equal ones once.
private struct EntryProgramWriter {
  typealias Operand = EntryProgram.Operand

  private(set) var instructions: [EntryProgram.Instruction] = []
  private var places: [Fingerprint: Operand] = [:]

  init(_ inputs: [Expression]) {
    for (number, input) in inputs.enumerated() where places[input.fingerprint] == nil {
      places[input.fingerprint] = .input(number)
    }
  }

  mutating func place(_ part: Expression) -> Operand? {
    if let known = places[part.fingerprint] { return known }
    guard let found = write(part) else { return nil }
    places[part.fingerprint] = found
    return found
  }

  private mutating func append(_ instruction: EntryProgram.Instruction) -> Operand {
    instructions.append(instruction)
    return .result(instructions.count - 1)
  }

  private mutating func write(_ part: Expression) -> Operand? {
    switch part.node {
    case .number(let number): return .number(number.value)
    case .constant(let constant): return .number(constant.value)
    case .add(let parts): return sum(parts)
    case .multiply(let parts): return product(parts[...])
    case .divide(let a, let b): return join(a, b) { .divide($0, $1) }
    case .power(let a, let b): return power(a, b)
    case .function(let function, let a): return place(a).flatMap { apply(function, to: $0, a) }
    case .extremum(.max, let a, let b): return join(a, b) { .largest($0, $1) }
    case .extremum(.min, let a, let b): return join(a, b) { .smallest($0, $1) }
    case .compare(.less, let a, let b): return join(a, b) { .isLess($0, $1) }
    case .compare(.lessOrEqual, let a, let b): return join(a, b) { .isLessOrEqual($0, $1) }
    case .compare(.greater, let a, let b): return join(a, b) { .isLess($1, $0) }
    case .compare(.greaterOrEqual, let a, let b): return join(a, b) { .isLessOrEqual($1, $0) }
    case .compare(.equal, let a, let b): return join(a, b) { .isEqual($0, $1) }
    case .compare(.notEqual, let a, let b): return join(a, b) { .isNotEqual($0, $1) }
    case .choose(let condition, let a, let b):
      guard let condition = place(condition) else { return nil }
      return join(a, b) { .choose(condition, $0, $1) }
    case .named(_, let a), .steps(_, let a): return place(a)
    default: return nil
    }
  }

  private mutating func join(
    _ a: Expression, _ b: Expression, _ instruction: (Operand, Operand) -> EntryProgram.Instruction
  ) -> Operand? {
    guard let a = place(a), let b = place(b) else { return nil }
    return append(instruction(a, b))
  }

  private mutating func sum(_ parts: [Expression]) -> Operand? {
    guard var result = parts.first.flatMap({ place($0) }) else { return nil }
    for part in parts.dropFirst() {
      if case .multiply(let factors) = part.node, factors.first?.number == Number(-1),
        let rest = product(factors.dropFirst())
      {
        result = append(.subtract(result, rest))
      } else if let next = place(part) {
        result = append(.add(result, next))
      } else {
        return nil
      }
    }
    return result
  }

  private mutating func product(_ factors: ArraySlice<Expression>) -> Operand? {
    guard var result = factors.first.flatMap({ place($0) }) else { return nil }
    for factor in factors.dropFirst() {
      guard let next = place(factor) else { return nil }
      result = append(.multiply(result, next))
    }
    return result
  }

  /// Small whole exponents by products.
  private mutating func power(_ base: Expression, _ exponent: Expression) -> Operand? {
    if case .constant(.e) = base.node, let exponent = place(exponent) {
      return append(.function(.exp, exponent))
    }
    guard let base = place(base) else { return nil }
    let square = { (writer: inout EntryProgramWriter) in writer.append(.multiply(base, base)) }
    switch exponent.number?.value {
    case 2: return square(&self)
    case 3: return append(.multiply(square(&self), base))
    case 4:
      let squared = square(&self)
      return append(.multiply(squared, squared))
    case 0.5: return append(.function(.sqrt, base))
    case -1: return append(.divide(.number(1), base))
    case -2: return append(.divide(.number(1), square(&self)))
    default: return place(exponent).map { append(.power(base, $0)) }
    }
  }

  /// By its kernel; else by an exact form of kernels; else number by number.
  private mutating func apply(
    _ function: ElementFunction, to x: Operand, _ argument: Expression
  ) -> Operand? {
    if let kernel = function.kernel { return append(.function(kernel, x)) }
    if function == .softplus {
      let magnitude = append(.function(.abs, x))
      let below = append(.function(.exp, append(.subtract(.number(0), magnitude))))
      let rest = append(.function(.lnOnePlus, below))
      return append(.add(append(.largest(x, .number(0))), rest))
    }
    if function.name == ElementFunction.elu.name, let alpha = function.parameter?.value.value {
      let below = append(.multiply(.number(alpha), append(.function(.expMinusOne, x))))
      return append(.choose(append(.isLess(.number(0), x)), x, below))
    }
    if function.isExactAsWritten, let written = try? function.writtenOut(argument) {
      return place(written)
    }
    return append(.given({ function.value($0) }, x))
  }
}
