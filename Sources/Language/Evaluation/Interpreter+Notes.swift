import MatrixEngine
import Syntax

/// Notes: remarks under a result, such as why an entry is infinite (LANGUAGE.md §6, "Arithmetic is IEEE").
extension Interpreter {
  /// At most this many notes stand under one result.
  private static let noteLimit = 4

  package func note(_ text: String) { notes = Self.joined(notes, [text]) }

  /// Both, each text once, as many as there is room for.
  package static func joined(_ notes: [String], _ more: [String]) -> [String] {
    var result = notes
    for text in more where result.count < noteLimit && !result.contains(text) {
      result.append(text)
    }
    return result
  }

  /// Notes of a statement that shows no value, such as an assignment, go to the output.
  func emitNotes() {
    for text in notes { host?.emit(.stream(.stdout, "note: \(text)\n")) }
    notes = []
  }

  /// Notes the first entry that became infinite or nan although its operands were finite.
  package func noteNonFinite(_ operation: Operation, _ operands: Operands, _ result: Value)
    throws(Diagnostic)
  {
    guard let entries = result.entries,
      let index = try firstPosition(in: entries, operands.span, where: { !$0.isFinite })
    else { return }
    let a = operands.left.broadcastEntry(index, of: result)
    let b = operands.right.broadcastEntry(index, of: result)
    if case .power = operation, a < 0, b.isFinite, b != b.rounded() {
      throw Diagnostic(
        .domain, "\(plain(a)) to the power \(plain(b)) is not a real number", at: operands.span,
        help: "a negative base needs a whole exponent")
    }
    guard a.isFinite && b.isFinite || entries[index].isNaN && !a.isNaN && !b.isNaN else { return }
    note(
      "\(result.entryName(index))\(plain(a)) \(operation.text) \(plain(b)) is \(plain(entries[index]))"
        + cause(operation, a, b, entries[index]))
  }

  /// Notes the first entry of a product that is not finite although all of its operands are.
  func noteOverflow(_ operands: Operands, _ result: Value) throws(Diagnostic) {
    guard let entries = result.entries,
      let index = try firstPosition(in: entries, operands.span, where: { !$0.isFinite }),
      let a = operands.left.entries, let b = operands.right.entries,
      a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite)
    else { return }
    note(
      "\(result.entryName(index))the product is \(plain(entries[index])): beyond the largest number, about 1.8e308"
    )
  }

  /// Notes why a reduction is not finite where no entry tells it.
  func noteOverflow(_ reduction: Reduction, _ entries: [Double], _ result: Double) {
    guard !result.isFinite, !entries.contains(where: \.isNaN) else { return }
    if entries.count == 1, entries[0].isFinite {
      note("the \(reduction.name) is nan: a sample of one number has none")
    } else if entries.allSatisfy(\.isFinite) {
      note(
        "the \(reduction.name) is \(plain(result)): beyond the largest number, about 1.8e308")
    } else if result.isNaN {
      note("the \(reduction.name) is nan: inf and -inf have no sum")
    }
  }

  private func cause(_ operation: Operation, _ a: Double, _ b: Double, _ result: Double) -> String {
    if case .divide = operation, b == 0 { return ": division by 0" }
    if case .power = operation, a == 0 { return ": division by 0, since the exponent is negative" }
    if !a.isFinite || !b.isFinite { return "" }
    return result.isNaN ? "" : ": beyond the largest number, about 1.8e308"
  }

  /// A number as a person writes it, for messages: shortest form, no `.0`.
  package func plain(_ value: Double) -> String { Self.plain(value) }

  package static func plain(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return value.description
  }
}

extension Value {
  /// "entry [2, 1]: " for the entry at a row-by-row position; empty for a number.
  package func entryName(_ index: Int) -> String {
    if case .array(let array) = self { "entry [\(array.shape.index(at: index))]: " } else { "" }
  }

  /// The entry of this operand that went into entry `index` of the broadcast `result`.
  func broadcastEntry(_ index: Int, of result: Value) -> Double {
    guard let own = tensor, !own.isEmpty, let whole = result.tensor else { return .nan }
    return own.storage[own.shape.position(of: index, in: whole.shape)]
  }
}
