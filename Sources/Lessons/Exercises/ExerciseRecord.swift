import Calculus
import Display
import Language
import MatrixEngine
import Notation

/// What `exercise` returns: an explanation in which numbers are left out, with the key.
package struct ExerciseRecord: Record {
  let explanation: DerivationRecord
  let gaps: [ExerciseGap]
  /// nil where it cannot be made anew.
  let source: ExerciseSource?

  package var kindName: String { "Exercise" }
  package var description: String { "an exercise on \(explanation.derivation.title)" }
  package var memberNames: [String] { Self.members }
  package static let members = ["key", "blanks"]

  var derivation: Derivation { explanation.derivation }

  /// What belongs into the gaps, in their order.
  var key: [Double] {
    gaps.map { derivation.lines[$0.line].value?.storage[$0.entry] ?? .nan }
  }

  /// The quantity of a gap: `z₁^[2]`, `Z^[1][2,1]`.
  func name(of gap: ExerciseGap) -> String { derivation.lines[gap.line].name + place(of: gap) }

  /// The same, as a table sets it.
  func symbol(of gap: ExerciseGap) -> SymbolText {
    switch derivation.lines[gap.line].quantity {
    case .name(let symbol): .quantity(symbol.quantity) + .words(place(of: gap))
    case .partial(let of, let by, let entry) where entry.isEmpty:
      .partial(.quantity(of.quantity), by: .quantity(by.quantity)) + .words(place(of: gap))
    default: .words(name(of: gap))
    }
  }

  /// `[2,1]`; empty of a number.
  private func place(of gap: ExerciseGap) -> String {
    guard let value = derivation.lines[gap.line].value, !value.sizes.isEmpty else { return "" }
    let place = Expression.position(gap.entry, in: value.sizes).map(String.init)
    return "[\(place.joined(separator: ","))]"
  }

  package func member(_ name: String) -> Value? {
    switch name {
    case "key": .vector(key)
    case "blanks": .scalar(Double(gaps.count))
    default: nil
    }
  }

  package static let columnNames = Explanation.columnNames
  package var columnNames: [String] { Self.columnNames }
  package var tidy: TidyTable { shown(Settings()).tidy }
  package var rowCount: Int { shown(Settings()).rowCount }
  package func render(_ settings: Settings) -> MIMEBundle { shown(settings).bundle }

  private func shown(_ settings: Settings) -> Explanation {
    explanation.shown(settings, hiding: HiddenNumbers(gaps, in: derivation))
  }
}
