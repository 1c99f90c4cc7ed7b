import Calculus
import Language
import MatrixEngine
import Notation
import Syntax

/// `audit`: which quantities its lines are about, and the lines one after the other.
extension Interpreter {
  /// Throws: what is wrong with the call, and what in the lines cannot be read.
  package func audit(_ audit: AuditSyntax, _ span: SourceSpan, _ scope: Scope) throws(Diagnostic)
    -> Value
  {
    var names = AuditNames()
    if let call = audit.call {
      let value = try explain(call, audit.options, scope)
      guard case .record(let record) = value, let told = record as? DerivationRecord else {
        throw Diagnostic(
          .gradient, "\(written(call.span)) has nothing to audit", at: call.span,
          help: Self.explainable)
      }
      names = AuditNames(of: told.derivation)
    }
    let reader = AuditReader(self, scope, names)
    let chains = audit.items.compactMap { if case .chain(let sides) = $0 { sides } else { nil } }
    guard !chains.isEmpty else {
      throw Diagnostic(
        .value, "there is nothing to judge", at: span, label: "no equality in the block",
        help: "audit { y = (x + 1)^2 = x^2 + 2x + 1 }")
    }
    for case .symbols(let parameters) in audit.items { reader.declare(parameters) }
    reader.collectTurns(chains)
    reader.settleSizes(chains)
    reader.settleKinds(chains)
    var judge = AuditJudge(reader, settings.numberFormat)
    var headings = audit.headings[...]
    for item in audit.items {
      switch item {
      case .symbols: break
      case .assumption(let assumption): try reader.assume(assumption)
      case .chain(let sides):
        while let heading = headings.first, heading.line <= sides[0].line {
          reader.names.enter(heading.text)
          headings.removeFirst()
        }
        try judge.judge(sides)
      }
    }
    return .record(
      AuditRecord(rows: judge.rows, subject: audit.call.map { oneLine($0.span) }))
  }
}

extension AuditNames {
  /// The quantities of an explanation: what each is by the last of its formulas, and its numbers.
  init(of derivation: Derivation) {
    self.init()
    for section in derivation.sections { add(section.lines, in: section.title?.written.text) }
  }

  private mutating func add(_ lines: [Derivation.Line], in section: String?) {
    for line in lines {
      var formulas = line.equals.compactMap { side in
        if case .formula(let formula) = side {
          side.isOpen ? formula.withNamedIndices : formula
        } else {
          nil
        }
      }.map(StandInFunctions.standing)
      guard let formula = formulas.popLast() else { continue }
      let name = line.quantity.written.text
      if symbols[name] == nil { symbols[name] = Symbol(name, formula.shape) }
      if case .differential = line.quantity { differentials[name.filter { $0 != " " }] = name }
      for part in [formula] + formulas {
        for symbol in part.symbols where symbols[symbol.name] == nil {
          symbols[symbol.name] = symbol
        }
      }
      if !formula.symbols.contains(where: { $0.name == name }) {
        if self.formulas[name] == nil { self.formulas[name] = formula }
        if let section { formulasBySection[section, default: [:]][name] = formula }
      }
      if !formulas.isEmpty { alternatives[name, default: []] += formulas }
      var numbers = line.operands
      numbers[name] = line.value
      values.merge(numbers) { first, _ in first }
      valuesByStep[line.step.name, default: [:]].merge(numbers) { $1 }
    }
  }

  /// Below the heading of a part with numbers of its own these are the numbers; what was wrong in the part before goes
  /// on in the names of which it made new ones.
  mutating func enter(_ heading: String) {
    let number = heading.prefix { $0.isNumber || $0 == "." || $0 == " " }
    let title = String(heading.dropFirst(number.count))
    if let own = formulasBySection[heading] { formulas.merge(own) { $1 } }
    guard let own = valuesByStep[title] ?? valuesByStep[heading] else { return }
    let isRepeated = own.contains { (name, value) in
      values[name].map { $0.storage != value.storage } ?? false
    }
    values.merge(own) { $1 }
    guard isRepeated else { return }
    var carried: [String: Tensor<Double>] = [:]
    for (name, value) in carriedValues where name.hasSuffix("_new") {
      carried[String(name.dropLast(4))] = value
    }
    carriedValues = carried
    carriedFormulas = [:]
  }
}

extension Derivation.RightSide {
  /// Whether it is a formula with free indices.
  fileprivate var isOpen: Bool {
    if case .formula(let formula) = self { !formula.freeIndices.isEmpty } else { false }
  }
}

extension Expression {
  /// Free indices as symbols, which can be given numbers.
  fileprivate var withNamedIndices: Expression {
    let free = freeIndices
    return
      (try? replacingParts { part in
        if case .index(let name) = part.node, free.contains(name) {
          .symbol(Symbol(name))
        } else {
          nil
        }
      }) ?? self
  }
}
