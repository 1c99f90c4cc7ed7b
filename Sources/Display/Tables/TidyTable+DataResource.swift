import JSONText

extension TidyTable {
  /// A longer table sends no data: it would make notebooks slow and large.
  package static let dataResourceLimit = 20_000
  /// Nor does one whose data takes more bytes than this.
  private static let dataResourceBytes = 950_000

  /// The tabular data resource: a schema with the type of every column, and an object a row. Numbers
  /// keep their full precision, non-finite ones are the strings of Table Schema, a missing value is
  /// null. nil of a table that is too large.
  /// Source: Frictionless Tabular Data Resource and Table Schema, "number".
  package var dataResource: JSONValue? {
    guard rowCount <= Self.dataResourceLimit, estimatedBytes <= Self.dataResourceBytes else {
      return nil
    }
    let fields = columns.map { column in
      JSONValue.object(["name": .string(column.name), "type": .string(column.values.schemaType)])
    }
    return .object(["schema": .object(["fields": .array(fields)]), "data": .array(rows)])
  }

  /// How many bytes the data takes, about: by some rows of every column.
  private var estimatedBytes: Int {
    guard rowCount > 0 else { return 0 }
    let rows = Array(stride(from: 0, to: rowCount, by: max(1, rowCount / 20)))
    let cells = columns.reduce(0) { sum, column in
      let bytes = column.values.picking(rows).jsonValues.reduce(0) { $0 + $1.byteCount }
      return sum + (column.name.utf8.count + 4) * rows.count + bytes
    }
    return cells / rows.count * rowCount
  }

  private var rows: [JSONValue] {
    let names = columns.map(\.name)
    let values = columns.map(\.values.jsonValues)
    return (0..<rowCount).map { row in
      var members: [(name: String, value: JSONValue)] = []
      members.reserveCapacity(names.count)
      for column in names.indices {
        members.append((name: names[column], value: values[column][row]))
      }
      return .object(JSONObject(members))
    }
  }
}

extension TidyValues {
  /// The column's type in Table Schema.
  var schemaType: String {
    switch self {
    case .numbers, .optionalNumbers: "number"
    case .integers, .optionalIntegers: "integer"
    case .optionalStrings: "string"
    case .optionalBooleans: "boolean"
    }
  }

  fileprivate var jsonValues: [JSONValue] {
    switch self {
    case .numbers(let values): values.map(JSONValue.init(tableNumber:))
    case .optionalNumbers(let values): values.map { $0.map(JSONValue.init(tableNumber:)) ?? .null }
    case .integers(let values): values.map(JSONValue.integer)
    case .optionalIntegers(let values): values.map { $0.map(JSONValue.integer) ?? .null }
    case .optionalStrings(let values): values.map { $0.map(JSONValue.string) ?? .null }
    case .optionalBooleans(let values): values.map { $0.map(JSONValue.boolean) ?? .null }
    }
  }
}

extension JSONValue {
  /// A number as Table Schema writes it.
  init(tableNumber value: Double) {
    if value.isFinite {
      self = .number(value)
    } else {
      self = .string(value.isNaN ? "NaN" : value < 0 ? "-INF" : "INF")
    }
  }

  /// How many bytes a number, a truth value or a text takes when it is written.
  fileprivate var byteCount: Int {
    switch self {
    case .string(let text): text.utf8.count + 2
    case .number(let value): value.description.utf8.count
    case .integer(let value): value.description.utf8.count
    default: 5
    }
  }
}
