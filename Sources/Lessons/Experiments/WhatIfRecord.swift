import Display

/// What `whatif` returns: everything downstream of a change, before and after it.
struct WhatIfRecord: Record {
  struct Row: Sendable {
    /// z, a or the loss.
    var quantity: String
    var layer: Int?
    var neuron: Int?
    var example: Int?
    var before: Double
    var after: Double
    var change: Double { after - before }
  }

  let network: String
  /// What was changed, as it was written.
  let changes: [String]
  let rows: [Row]
  let examples: Int

  var kindName: String { "WhatIf" }
  var description: String { "a what-if of \(network)" }
  static let members = ["before", "after", "change"]
  static let columns = ["quantity", "layer", "neuron", "example", "before", "after", "change"]
  var memberNames: [String] { Self.members }

  /// The losses.
  func member(_ name: String) -> Value? {
    guard let loss = rows.last(where: { $0.quantity == "loss" }) else { return nil }
    switch name {
    case "before": return .scalar(loss.before)
    case "after": return .scalar(loss.after)
    case "change": return .scalar(loss.change)
    default: return nil
    }
  }

  var columnNames: [String] { Self.columns }
  var rowCount: Int { rows.count }

  var tidy: TidyTable {
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

  func render(_ settings: Settings) -> MIMEBundle {
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
struct VectorizationRecord: Record {
  struct Row: Sendable {
    let operation: String
    let scalarMicroseconds: Double
    let vectorizedMicroseconds: Double
    let maxDifference: Double
    var ratio: Double { scalarMicroseconds / vectorizedMicroseconds }
  }

  let network: String
  let examples: Int
  let rows: [Row]

  var kindName: String { "Vectorization" }
  var description: String { "a comparison of loops and matrices" }
  var memberNames: [String] { ["equal"] }
  static let columns = ["operation", "scalar_us", "vectorized_us", "ratio", "max_difference"]

  func member(_ name: String) -> Value? {
    name == "equal" ? .boolean(rows.allSatisfy { $0.maxDifference < 1e-9 }) : nil
  }

  var columnNames: [String] { Self.columns }

  var tidy: TidyTable {
    TidyTable([
      TidyColumn("operation", strings: rows.map(\.operation)),
      TidyColumn("scalar_us", numbers: rows.map(\.scalarMicroseconds)),
      TidyColumn("vectorized_us", numbers: rows.map(\.vectorizedMicroseconds)),
      TidyColumn("ratio", numbers: rows.map(\.ratio)),
      TidyColumn("max_difference", numbers: rows.map(\.maxDifference)),
    ])
  }

  func render(_ settings: Settings) -> MIMEBundle {
    Table(
      caption: .words(
        "Loops and matrices for \(network) on \(examples) example\(examples == 1 ? "" : "s")"),
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
