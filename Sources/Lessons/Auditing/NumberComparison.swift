import Calculus
import Display
import Language
import MatrixEngine
import Syntax

/// Compares numbers as they are printed: with the run's quantities, operand by operand, and by their digits.
struct NumberComparison {
  let names: AuditNames
  let format: NumberFormat
  var carried = false
  /// With names as their lines printed them.
  var prefersPrinted = false
  /// To how many decimals the quantities were rounded on the way, as `set carry` says.
  var carry: Int?

  private var point: AuditNames.Point {
    AuditNames.Point(prefersValues: true, carried: carried, prefersPrinted: prefersPrinted)
  }

  /// The numbers of a side, if all of its names have some.
  func value(of side: AuditFormula) -> Tensor<Double>? {
    names.value(of: side.expression, at: point)
  }

  /// Whether a side of numbers is what the quantity on the left of its chain is; `before` is the side before it, whose
  /// names its operands stand for.
  func compare(
    _ side: AuditFormula, with quantity: Tensor<Double>, named name: String,
    before: AuditFormula?
  ) -> AuditComparison {
    if let printed = side.printed {
      return compare(
        printed, with: quantity, named: name, before: before, isRounded: side.isRounded)
    }
    if let before, !before.isNumeric, let found = operands(of: side, standingFor: before) {
      return found
    }
    guard let value = value(of: side) else { return .undecided(why: "it has no value") }
    guard value.storage.count == quantity.storage.count else {
      return sizesDiffer(quantity, value)
    }
    var isExact = true
    for (place, (a, b)) in zip(quantity.storage, value.storage).enumerated() {
      if a == b || a.isNaN && b.isNaN || isNear(a, b) { continue }
      isExact = false
      let allowed =
        names.allowances(of: side.expression, at: point, place: place) + roundedAway(from: a)
      guard abs(a - b) <= allowed else {
        return differs(a, b, quantity, place, "\(name) is", "these numbers give")
      }
    }
    return isExact ? .holds(why: "") : .close(why: "as far as its rounded numbers tell")
  }

  /// What rounding on the way may have taken from a quantity.
  private func roundedAway(from number: Double) -> Double {
    (roundingUnit(of: number) ?? 0) * (Verdict.holdsWithin + Verdict.slack)
  }

  /// The worth of the last digit that a quantity was rounded to on the way.
  private func roundingUnit(of number: Double) -> Double? {
    guard let carry else { return nil }
    let literal = NumberFormat(digits: carry).text(abs(number))
    var unit = PrintedNumber(number, literal: literal).unit ?? 1
    // A whole number is shown without its decimals.
    for _ in 0..<carry where !literal.contains(".") { unit /= 10 }
    return unit
  }

  /// Printed results by compare's rule; or what the numbers of the side before come to, rounded.
  private func compare(
    _ printed: [PrintedNumber], with quantity: Tensor<Double>, named name: String,
    before: AuditFormula?, isRounded: Bool
  ) -> AuditComparison {
    guard printed.count == quantity.storage.count else {
      return .differs(
        expected: text(quantity),
        why: "\(name) has \(quantity.storage.count) numbers, not \(printed.count)")
    }
    var worst = Verdict.holds
    for (place, (number, computed)) in zip(printed, quantity.storage).enumerated() {
      var verdict = number.verdict(of: computed, isRounded: isRounded)
      if verdict == .fails, let before, before.isNumeric, before.printed == nil,
        let sum = value(of: before), sum.storage.count == quantity.storage.count,
        let unit = number.unit, number.isDecimal || isRounded,
        abs(sum.storage[place] - number.value) <= unit * (Verdict.holdsWithin + Verdict.slack),
        abs(sum.storage[place] - computed)
          <= names.allowances(of: before.expression, at: point, place: place)
      {
        verdict = .close
      }
      // More digits than were carried on.
      if verdict == .fails, let unit = number.unit, unit < roundingUnit(of: computed) ?? 0,
        abs(number.value - computed) <= roundedAway(from: computed) + unit / 2
      {
        verdict = .close
      }
      if verdict == .fails {
        let shown = shown(computed, beside: number)
        let entry = entry(place, quantity)
        return .differs(
          expected: shown, why: "\(name)\(entry) is \(shown), not \(number.text)")
      }
      if verdict == .close { worst = .close }
    }
    return worst == .holds ? .holds(why: "") : .close(why: "rounded numbers were carried on")
  }

  /// By the digits alone: both sides are numbers that nothing else is known of.
  func compare(_ left: AuditFormula, _ right: AuditFormula) -> AuditComparison {
    guard let a = value(of: left), let b = value(of: right) else {
      return .undecided(why: "a side has no value")
    }
    guard a.storage.count == b.storage.count else { return sizesDiffer(a, b) }
    let printed = right.printed ?? []
    var isExact = true
    for (place, (p, q)) in zip(a.storage, b.storage).enumerated() {
      if p == q || p.isNaN && q.isNaN || isNear(p, q) { continue }
      var allowed = names.allowances(of: left.expression, at: point, place: place)
      let isRounded = allowed > 0
      if printed.count == b.storage.count {
        let number = printed[place]
        if number.isDecimal || right.isRounded, let unit = number.unit {
          if abs(p - q) <= unit * (Verdict.holdsWithin + Verdict.slack) { continue }
          allowed += isRounded ? unit * Verdict.holdsWithin : 0
        }
      } else {
        allowed += names.allowances(of: right.expression, at: point, place: place)
      }
      isExact = false
      guard abs(p - q) <= allowed * (1 + Verdict.slack) else {
        return differs(p, q, a, place, "the left is", "the right")
      }
    }
    return isExact ? .holds(why: "") : .close(why: "as far as its rounded numbers tell")
  }

  // MARK: - Operands

  /// A number or name in the order of the text.
  private enum Slot {
    /// `isAlone`: in parentheses, brackets or a call of its own, so that its sign is its own too.
    case number(PrintedNumber, isAlone: Bool)
    /// `isNegated`: behind a minus of its own.
    case quantity(String, place: Int, Double, isNegated: Bool)
  }

  /// Whether the numbers of a side stand where the names of the formula before it do, each for its own quantity, and
  /// nothing else has changed. nil where the two are not written alike.
  private func operands(of side: AuditFormula, standingFor formula: AuditFormula)
    -> AuditComparison?
  {
    // What a quantity is called says nothing of operands.
    guard formula.name == nil, let wanted = slots(of: formula.syntax),
      let found = slots(of: side.syntax),
      wanted.count == found.count, !wanted.isEmpty
    else { return nil }
    var wrong: [Int] = []
    var isClose = false
    for (index, (slot, other)) in zip(wanted, found).enumerated() {
      guard case .number(let printed, let isAlone) = other else { return nil }
      switch slot {
      case .number(let number, _):
        if abs(number.value) != abs(printed.value) { wrong.append(index) }
      case .quantity(_, _, let value, let isNegated):
        if isAlone, !isNegated, printed.value * value < 0 {
          wrong.append(index)
          continue
        }
        var unsigned = printed
        unsigned.value = abs(printed.value)
        switch unsigned.verdict(of: abs(value)) {
        case .holds: break
        case .close: isClose = true
        case .fails: wrong.append(index)
        }
      }
    }
    if let index = wrong.first {
      // Where several are others, the line may be written in another way.
      guard wrong.count == 1 else { return nil }
      return operandDiffers(wanted[index], found[index])
    }
    guard let pattern = side.pattern, let isSame = isSame(pattern, formula, wanted) else {
      return nil
    }
    guard isSame else {
      let (a, b) = (value(of: formula), value(of: side))
      let numbers = zip(a?.storage ?? [], b?.storage ?? []).first { $0 != $1 }
      return .differs(
        expected: a.map(text) ?? formula.text,
        why: "a sign or an operation is not that of \(formula.text)"
          + (numbers.map { ": \(format.text($0)) instead of \(format.text($1))" } ?? ""))
    }
    return isClose ? .close(why: "rounded numbers were carried on") : .holds(why: "")
  }

  private func operandDiffers(_ wanted: Slot, _ found: Slot) -> AuditComparison? {
    guard case .number(let printed, _) = found else { return nil }
    switch wanted {
    case .number(let number, _):
      return .differs(
        expected: number.text, why: "\(printed.text) stands for the \(number.text) of the formula")
    case .quantity(let name, let place, let value, _):
      let shown = shown(abs(value), beside: printed)
      let entry = names.value(name, carried: carried).map { self.entry(place, $0) } ?? ""
      return .differs(
        expected: shown,
        why: "\(printed.text) stands for \(name)\(entry), which is \(value < 0 ? "-" : "")\(shown)")
    }
  }

  /// Whether a line of numbers is the formula with other numbers too: else a sign or an operation is another, even
  /// where a 0 hides it. nil where that cannot be told.
  private func isSame(_ pattern: Expression, _ formula: AuditFormula, _ slots: [Slot]) -> Bool? {
    var compared = 0
    for round in 0..<Self.rounds {
      var point = AuditNames.Point(prefersValues: true, carried: carried)
      var arrays: [String: Tensor<Double>] = [:]
      for (index, slot) in slots.enumerated() {
        let slotName = AuditFormula.slotName(index)
        switch slot {
        case .number(let number, _): point.values[slotName] = .scalar(abs(number.value))
        case .quantity(let name, let place, let value, _):
          guard var array = arrays[name] ?? names.value(name, carried: carried) else { return nil }
          if arrays[name] == nil {
            array = Tensor(
              array.shape,
              array.storage.enumerated().map { Self.other($1, round, index + $0) })
            arrays[name] = array
          }
          let number = array.storage[place]
          point.values[slotName] = .scalar(value < 0 ? -number : number)
        }
      }
      point.values.merge(arrays) { $1 }
      guard let a = names.value(of: formula.expression, at: point),
        let b = names.value(of: pattern, at: point), a.storage.count == b.storage.count
      else { continue }
      for (p, q) in zip(a.storage, b.storage) where p.isFinite && q.isFinite {
        guard abs(p - q) <= 1e-9 * max(1, abs(p), abs(q)) else { return false }
        compared += 1
      }
    }
    return compared > 0 ? true : nil
  }

  private static let rounds = 12

  /// Another number in the place of one: first like it, then any.
  private static func other(_ number: Double, _ round: Int, _ place: Int) -> Double {
    let fraction = (Double(17 * round + 5 * place + 3) * 0.618_033_988_749_894_9)
      .truncatingRemainder(dividingBy: 1)
    if round.isMultiple(of: 2) {
      if number > 0, number < 1 { return fraction }
      return number == 0 ? fraction : number * (0.5 + fraction)
    }
    return 6 * fraction - 3
  }

  /// nil for a side in which numbers and names have no order of their own.
  private func slots(of syntax: ExpressionSyntax) -> [Slot]? {
    var slots: [Slot] = []
    // `isAlone`: whether a sign before it would be its own; `sign`: the one that stands before it.
    func visit(_ part: ExpressionSyntax, isAlone: Bool = false, sign: Double = 1) -> Bool {
      switch part.kind {
      case .number(let value, let literal):
        slots.append(
          .number(
            PrintedNumber(isAlone ? sign * value : value, literal: literal), isAlone: isAlone))
        return true
      case .name(let name):
        guard let value = names.value(name, carried: carried) else {
          return Constants.value(named: name) != nil
        }
        for (place, number) in value.storage.enumerated() {
          slots.append(.quantity(name, place: place, number, isNegated: sign < 0))
        }
        return true
      case .call(let callee, let arguments):
        guard case .name = callee.kind else { return false }
        return arguments.allSatisfy { argument in
          if case .positional(let value) = argument { visit(value, isAlone: true) } else { false }
        }
      case .negative(let inner): return visit(inner, isAlone: isAlone, sign: -sign)
      case .parenthesized(let inner): return visit(inner, isAlone: true, sign: sign)
      case .brackets(let rows):
        return rows.allSatisfy { $0.allSatisfy { visit($0, isAlone: true) } }
      case .power(let base, let exponent):
        return visit(base, isAlone: true) && visit(exponent, isAlone: true)
      case .chain, .juxtaposition, .transpose, .prime, .comparison, .conditional:
        var isOrdered = true
        part.kind.forEachChild { isOrdered = isOrdered && visit($0) }
        return isOrdered
      default: return false
      }
    }
    return visit(syntax) ? slots : nil
  }

  // MARK: - Words

  private func isNear(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  private func sizesDiffer(_ a: Tensor<Double>, _ b: Tensor<Double>) -> AuditComparison {
    .differs(
      expected: text(a),
      why: "\(a.storage.count.counted("number")) on the left, \(b.storage.count) on the right")
  }

  private func differs(
    _ a: Double, _ b: Double, _ whole: Tensor<Double>, _ place: Int, _ left: String, _ right: String
  ) -> AuditComparison {
    let pair = format.format(a, apartFrom: b)
    let entry = entry(place, whole)
    return .differs(
      expected: pair.0.text,
      why: "\(left)\(entry.isEmpty ? "" : " at \(entry)") \(pair.0.text), \(right) \(pair.1.text)")
  }

  private func entry(_ place: Int, _ whole: Tensor<Double>) -> String {
    guard whole.storage.count > 1 else { return "" }
    let position = Expression.position(place, in: whole.sizes).map(String.init)
    return "[\(position.joined(separator: ","))]"
  }

  /// With one digit more than was printed.
  private func shown(_ computed: Double, beside printed: PrintedNumber) -> String {
    guard let literal = printed.literal,
      let written = FormattedNumber(literal: literal, isNegative: printed.value.sign == .minus)
    else { return format.text(computed) }
    return format.format(computed, beside: written).text
  }

  private func text(_ value: Tensor<Double>) -> String {
    value.storage.count == 1
      ? format.text(value.storage[0])
      : "[\(value.storage.prefix(6).map(format.text).joined(separator: ", "))]"
  }
}
