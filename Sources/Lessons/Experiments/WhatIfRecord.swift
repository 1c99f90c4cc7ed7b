import Display
import Language
import Notation

/// What `whatif` returns: everything downstream of a change, before and after it.
package struct WhatIfRecord: Record {
  package struct Row: Sendable {
    /// z, a or the loss.
    package var quantity: String
    package var layer: Int?
    package var neuron: Int?
    package var example: Int?
    package var before: Double
    package var after: Double
    package var change: Double { after - before }
  }

  package let network: String
  /// What was changed, as it was written.
  package let changes: [String]
  package let rows: [Row]
  package let examples: Int

  package var kindName: String { "WhatIf" }
  package var description: String { "a what-if of \(network)" }
  package static let members = ["before", "after", "change"]
  package static let columns = [
    "quantity", "layer", "neuron", "example", "before", "after", "change",
  ]
  package var memberNames: [String] { Self.members }

  /// The losses.
  package func member(_ name: String) -> Value? {
    guard let loss = rows.last(where: { $0.quantity == "loss" }) else { return nil }
    switch name {
    case "before": return .scalar(loss.before)
    case "after": return .scalar(loss.after)
    case "change": return .scalar(loss.change)
    default: return nil
    }
  }

  package var columnNames: [String] { Self.columns }
  package var rowCount: Int { rows.count }

  package var tidy: TidyTable {
    TidyTable([
      TidyColumn("quantity", strings: rows.map(\.quantity)),
      TidyColumn("layer", .optionalIntegers(rows.map(\.layer))),
      TidyColumn("neuron", .optionalIntegers(rows.map(\.neuron))),
      TidyColumn("example", .optionalIntegers(rows.map(\.example))),
      TidyColumn("before", numbers: rows.map(\.before)),
      TidyColumn("after", numbers: rows.map(\.after)),
      TidyColumn("change", numbers: rows.map(\.change)),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let names = rows.map { row -> SymbolText in
      guard let layer = row.layer, let neuron = row.neuron else { return .variable("L") }
      return NetworkSymbol.neuron(row.quantity, layer, neuron)
    }
    var columns = [TableColumn("", symbols: names)]
    if examples > 1 {
      columns.append(
        TableColumn("example", cells: rows.map { $0.example.map { .integer($0) } ?? .text("") }))
    }
    columns += [
      TableColumn("before", numbers: rows.map(\.before)),
      TableColumn("after", numbers: rows.map(\.after)),
      TableColumn("change", numbers: rows.map(\.change)),
    ]
    return Table(
      caption: .words(
        "What if \(changes.joined(separator: ", ")): \(network) itself is as it was"),
      columns: columns
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

/// What `scalar_vs_vectorized` returns: each of the lecture's operations by loops and by matrices.
package struct VectorizationRecord: Record {
  package struct Row: Sendable {
    package let operation: String
    let scalarMicroseconds: Double
    let vectorizedMicroseconds: Double
    let maxDifference: Double
    var ratio: Double { scalarMicroseconds / vectorizedMicroseconds }
  }

  package let network: String
  package let examples: Int
  package let rows: [Row]

  package var kindName: String { "Vectorization" }
  package var description: String { "a comparison of loops and matrices" }
  package var memberNames: [String] { ["equal"] }
  package static let columns = [
    "operation", "scalar_us", "vectorized_us", "ratio", "max_difference",
  ]

  package func member(_ name: String) -> Value? {
    name == "equal" ? .boolean(rows.allSatisfy { $0.maxDifference < 1e-9 }) : nil
  }

  package var columnNames: [String] { Self.columns }

  package var tidy: TidyTable {
    TidyTable([
      TidyColumn("operation", strings: rows.map(\.operation)),
      TidyColumn("scalar_us", numbers: rows.map(\.scalarMicroseconds)),
      TidyColumn("vectorized_us", numbers: rows.map(\.vectorizedMicroseconds)),
      TidyColumn("ratio", numbers: rows.map(\.ratio)),
      TidyColumn("max_difference", numbers: rows.map(\.maxDifference)),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    Table(
      caption: .words(
        "Loops and matrices for \(network) on \(examples.counted("example"))"),
      columns: [
        TableColumn("operation", texts: rows.map(\.operation), isStub: true),
        TableColumn("loops (µs)", numbers: rows.map(\.scalarMicroseconds), style: .decimals(1)),
        TableColumn(
          "matrices (µs)", numbers: rows.map(\.vectorizedMicroseconds), style: .decimals(1)),
        TableColumn("times as fast", numbers: rows.map(\.ratio), style: .decimals(1)),
        TableColumn(
          "largest difference", numbers: rows.map(\.maxDifference), style: .scientific(decimals: 1)),
        TableColumn("", cells: rows.map { .mark($0.maxDifference < 1e-9 ? .holds : .fails) }),
      ]
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}
