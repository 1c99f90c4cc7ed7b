import Display
import Syntax

/// What a command returned: values under names, a tidy table, and the tables that are shown.
///
/// One type a command. `members` and `tidy` come from the same stored values; the shown table is the
/// neuron view or the matrix view of them.
package protocol Record: Tabular, Sendable {
  /// "Forward", "Gradients": as LANGUAGE.md §4 names it.
  var kindName: String { get }
  /// With its article, for messages: "a forward run".
  var description: String { get }
  /// The names after the dot, in the order of the contract.
  var memberNames: [String] { get }
  func member(_ name: String) -> Value?
  /// The columns of LANGUAGE.md §4, at full precision.
  var tidy: TidyTable { get }
  /// The names of those columns, which can be taken like members. Completion asks for them after every
  /// cell, so records with many rows say them without making the table.
  var columnNames: [String] { get }
  /// How many rows its table has.
  var rowCount: Int { get }
  /// What is shown under the given settings.
  func render(_ settings: Settings) -> MIMEBundle
  /// Whether it says no more than that what was said holds: it is shown where a cell shows nothing else.
  var isConfirmation: Bool { get }
}

extension Record {
  package func columns(named name: String, at span: SourceSpan) -> [TidyColumn] { tidy.columns }
  package var columnNames: [String] { tidy.columns.map(\.name) }
  package var rowCount: Int { tidy.rowCount }
  package var isConfirmation: Bool { false }
}
