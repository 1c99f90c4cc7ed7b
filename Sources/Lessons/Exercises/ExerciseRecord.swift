import Calculus
import Display
import Language
import MatrixEngine
import Notation

/// What `exercise` returns: an explanation in which numbers are left out, with the key.
package struct ExerciseRecord: Record {
  let explanation: DerivationRecord
  let gaps: [ExerciseGap]

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
  func name(of gap: ExerciseGap) -> String {
    let line = derivation.lines[gap.line]
    guard let value = line.value, !value.sizes.isEmpty else { return line.name }
    let place = Expression.position(gap.entry, in: value.sizes).map(String.init)
    return "\(line.name)[\(place.joined(separator: ","))]"
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
