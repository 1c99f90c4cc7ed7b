import Calculus
import Display
import Language
import MatrixEngine
import Syntax

/// Goes through the chains of an audit and judges one equality after the other.
struct AuditJudge {
  let reader: AuditReader
  let format: NumberFormat
  private(set) var rows: [AuditRecord.Row] = []
  /// Whether a line before was wrong: those behind it are right by themselves, follow, or are wrong again.
  private var hasWrong = false

  init(_ reader: AuditReader, _ format: NumberFormat) {
    self.reader = reader
    self.format = format
  }

  private var names: AuditNames { reader.names }

  /// A chain while it is judged.
  private struct Chain {
    /// The sides that could be read, with whether they are what the first is.
    var sides: [(formula: AuditFormula, isRight: Bool)] = []
    var first: AuditFormula { sides[0].formula }
    var before: (formula: AuditFormula, isRight: Bool) { sides[sides.count - 1] }
    /// The last one that is right.
    var lastRight: AuditFormula { (sides.last { $0.isRight } ?? sides[0]).formula }
    /// What the chain is about, in words.
    var name: String { first.name ?? first.text }
  }

  // MARK: - Chains

  /// Throws: what cannot be read at all, in its place.
  mutating func judge(_ sides: [AuditSyntax.Side]) throws(Diagnostic) {
    let first: AuditFormula
    do throws(Diagnostic) {
      first = try reader.read(sides[0])
    } catch {
      guard error.isOfWrongLine else { throw error }
      // Nothing equals what does not exist; what stands behind is judged among itself.
      rows.append(
        AuditRecord.Row(
          step: rows.count + 1, line: sides[1].line,
          written: "\(text(sides[0])) \(sides[1].sign) \(text(sides[1]))",
          verdict: hasWrong ? .wrongAgain : .wrong, expected: "", got: text(sides[0]),
          why: error.message + reader.hintOfKinds(in: sides[0].expression, error)))
      hasWrong = true
      return sides.count > 2 ? try judge(Array(sides.dropFirst())) : ()
    }
    let definable = definable(first, sides)
    var chain = Chain(sides: [(first, true)])
    for (place, side) in sides.enumerated().dropFirst() {
      try reader.interpreter.checkInterrupt(side.expression.span)
      let formula: AuditFormula
      do throws(Diagnostic) {
        formula = try reader.read(side)
      } catch {
        guard error.isOfWrongLine else { throw error }
        add(
          side, place, chain,
          .differs(
            expected: chain.lastRight.text,
            why: error.message + reader.hintOfKinds(in: side.expression, error)),
          text(side))
        continue
      }
      if place == 1, let definable {
        let isKnown = reader.derive(definable.name, byChainRuleThrough: formula.expression)
        let isDefined = !isKnown && define(definable, as: formula)
        if isKnown || isDefined { chain.sides[0] = (try reader.read(sides[0]), true) }
        if isDefined {
          rows.append(
            row(
              side, place, chain, hasWrong ? .rightByItself : .right, formula.text,
              "defines \(definable.name)"))
          chain.sides.append((formula, true))
          continue
        }
      }
      let (comparison, judge) = (compare(formula, in: chain, carried: false), self)
      let isRight = add(side, place, chain, comparison, formula.text) {
        judge.follows(formula, in: chain)
      }
      chain.sides.append((formula, isRight))
    }
    carry(chain)
  }

  /// A name, or a function of some parameters, that a line can define.
  private struct Definable {
    let name: String
    var parameters: [String] = []
  }

  /// What the left side names, where nothing is known of it yet.
  private func definable(_ left: AuditFormula, _ sides: [AuditSyntax.Side]) -> Definable? {
    if let (name, parameters) = reader.functionDefined(by: sides) {
      return Definable(name: name, parameters: parameters)
    }
    guard let name = left.name, !names.isDefined(name), names.literals[name] == nil,
      !left.expression.symbols.isEmpty
    else { return nil }
    return Definable(name: name)
  }

  /// Whether a name can be what a formula says; not where the name is in it.
  private func define(_ definable: Definable, as formula: AuditFormula) -> Bool {
    let (name, expression) = (definable.name, formula.expression)
    guard !names.bases(of: [expression]).contains(where: { $0.name == name }) else { return false }
    reader.names.symbols[name] = Symbol(name, expression.shape)
    reader.names.formulas[name] = expression
    if !definable.parameters.isEmpty { reader.define(name, of: definable.parameters) }
    return true
  }

  /// What a chain has made of its name, for the lines that go on with it: by rounding, or by an error.
  private func carry(_ chain: Chain) {
    guard let name = chain.first.name, let last = chain.sides.last else { return }
    guard !last.isRight else {
      if last.formula.printed != nil, let value = numbers(carried: false).value(of: last.formula) {
        reader.names.printedValues[name] = value
      }
      return
    }
    let expression = last.formula.expression
    if let value = numbers(carried: true).value(of: last.formula) {
      reader.names.carriedValues[name] = value
    }
    if !names.bases(of: [expression], carried: true).contains(where: { $0.name == name }) {
      reader.names.carriedFormulas[name] = expression
    }
  }

  // MARK: - Equalities

  private func numbers(carried: Bool) -> NumberComparison {
    NumberComparison(
      names: names, format: format, carried: carried,
      carry: reader.interpreter.settings.carry)
  }

  /// A side beside what its chain begins with.
  private func compare(_ side: AuditFormula, in chain: Chain, carried: Bool) -> AuditComparison {
    let numbers = numbers(carried: carried)
    if side.isNumeric || chain.first.isNumeric, let value = wanted(chain, carried: carried),
      numbers.value(of: side) != nil
    {
      let isExact = names.literals(
        of: chain.first.expression, carried: carried, prefersValues: true
      ).isEmpty
      if isExact, side.isNumeric, !names.values.isEmpty, !chain.first.isNumeric {
        // Numbers are put in a formula that is right; what a wrong one would give, follows from it.
        return numbers.compare(
          side, with: value, named: chain.name,
          before: chain.before.isRight ? chain.before.formula : nil)
      }
      let whole = numbers.compare(chain.first, side)
      if !whole.isEqual, agreesWithPrinted(side, in: chain, carried: carried) {
        return .close(why: "rounded numbers were carried on")
      }
      guard !whole.isEqual, chain.before.isRight, chain.sides.count > 1,
        numbers.value(of: chain.before.formula) != nil
      else { return whole }
      return numbers.compare(chain.before.formula, side)
    }
    let formulas = FormulaComparison(names: names, format: format, carried: carried)
    let left = names.values.isEmpty ? chain.lastRight : chain.first
    let found = formulas.compare(left.expression, side.expression)
    if !found.isEqual, side.isRounded {
      return .undecided(
        why: "≈ is judged between numbers; as formulas the two are not equal")
    }
    guard !found.isEqual, let name = chain.first.name else { return found }
    let others = names.alternatives[name] ?? []
    return others.contains { formulas.compare($0, side.expression).isEqual }
      ? .holds(why: "") : found
  }

  /// Whether a side is what comes of the names as their lines printed them.
  private func agreesWithPrinted(_ side: AuditFormula, in chain: Chain, carried: Bool) -> Bool {
    guard !names.printedValues.isEmpty else { return false }
    var numbers = numbers(carried: carried)
    numbers.prefersPrinted = true
    return numbers.compare(chain.first, side).isEqual
  }

  /// The numbers that a chain is about; where an error is carried on, those that follow from it.
  private func wanted(_ chain: Chain, carried: Bool) -> Tensor<Double>? {
    let point = AuditNames.Point(prefersValues: true, carried: carried)
    if carried, let name = chain.first.name, let formula = names.formula(name, carried: false) {
      return names.value(of: formula, at: point)
    }
    return names.value(of: chain.first.expression, at: point)
  }

  /// Whether a side that is not right follows from what was wrong before.
  private func follows(_ side: AuditFormula, in chain: Chain) -> Bool {
    let before = chain.before
    if !before.isRight {
      for carried in [false, true] {
        let numbers = numbers(carried: carried)
        if side.isNumeric, let value = numbers.value(of: before.formula) {
          let found =
            before.formula.isNumeric
            ? numbers.compare(before.formula, side)
            : numbers.compare(side, with: value, named: chain.name, before: before.formula)
          if found.isEqual { return true }
        } else if FormulaComparison(names: names, format: format, carried: carried)
          .compare(before.formula.expression, side.expression).isEqual
        {
          return true
        }
      }
    }
    guard !names.carriedValues.isEmpty || !names.carriedFormulas.isEmpty else { return false }
    return compare(side, in: chain, carried: true).isEqual
  }

  // MARK: - Rows

  /// Adds the row of an equality; returns whether it is right.
  @discardableResult
  private mutating func add(
    _ side: AuditSyntax.Side, _ place: Int, _ chain: Chain, _ found: AuditComparison, _ got: String,
    follows: () -> Bool = { false }
  ) -> Bool {
    let verdict: AuditVerdict
    var (expected, reason) = (got, "")
    switch found {
    case .holds(let why): (verdict, reason) = (hasWrong ? .rightByItself : .right, why)
    case .close(let why): (verdict, reason) = (hasWrong ? .rightByItself : .close, why)
    case .differs(let value, let why):
      (expected, reason) = (value, why)
      verdict = !hasWrong ? .wrong : follows() ? .follows : .wrongAgain
    case .undecided(let why): (verdict, reason) = (.undecided, why)
    }
    var new = row(side, place, chain, verdict, expected, reason)
    new.got = got
    rows.append(new)
    if verdict == .wrong { hasWrong = true }
    return found.isEqual
  }

  private func row(
    _ side: AuditSyntax.Side, _ place: Int, _ chain: Chain, _ verdict: AuditVerdict,
    _ expected: String, _ why: String
  ) -> AuditRecord.Row {
    let says = "\(place == 1 ? "\(chain.first.text) " : "")\(side.sign) \(text(side))"
    return AuditRecord.Row(
      step: rows.count + 1, line: side.line, written: says, verdict: verdict, expected: expected,
      got: text(side), why: why)
  }

  private func text(_ side: AuditSyntax.Side) -> String {
    reader.interpreter.oneLine(side.expression.span)
  }
}

extension Diagnostic {
  /// Whether what is written exists for no values of its names: shapes that do not fit, an entry that there is not.
  fileprivate var isOfWrongLine: Bool { name == .shape || name == .value }
}
