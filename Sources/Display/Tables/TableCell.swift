import MatrixEngine
import Notation

/// One entry of a table.
package enum TableCell: Sendable, Equatable {
  /// What was not computed; shown as `—`, never as 0.
  case missing
  case number(Double)
  /// A number with the digits that it has to be shown with, whatever the session's format.
  case written(FormattedNumber)
  case integer(Int)
  case boolean(Bool)
  /// Plain words, as users and classes are named.
  case text(String)
  case symbol(SymbolText)
  /// A vector, shown as a column in brackets, or a matrix.
  case array(Tensor<Double>)
  case mark(VerdictMark)

  /// The number, or `missing`.
  package static func number(_ value: Double?) -> TableCell {
    if let value { .number(value) } else { .missing }
  }

  /// The integer, or `missing`.
  package static func integer(_ value: Int?) -> TableCell {
    if let value { .integer(value) } else { .missing }
  }
}

/// The verdict of a comparison.
package enum VerdictMark: String, Sendable, Hashable, CaseIterable {
  case holds, close, fails

  /// As it is shown and as the tidy column holds it.
  package var symbol: String {
    switch self {
    case .holds: "✓"
    case .close: "≈"
    case .fails: "✗"
    }
  }
}
