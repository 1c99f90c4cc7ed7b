import JSONText

extension TidyTable {
  /// A longer table sends no data: it would make notebooks slow and large.
  package static let dataResourceLimit = 20_000

  /// The tabular data resource: a schema with the type of every column, and an object a row. Numbers
  /// keep their full precision, non-finite ones are the strings of Table Schema, a missing value is
  /// null. nil above `dataResourceLimit` rows.
  /// Source: Frictionless Tabular Data Resource and Table Schema, "number".
  package var dataResource: JSONValue? {
    guard rowCount <= Self.dataResourceLimit else { return nil }
    let fields = columns.map { column in
      JSONValue.object(["name": .string(column.name), "type": .string(column.values.schemaType)])
    }
    return .object(["schema": .object(["fields": .array(fields)]), "data": .array(rows)])
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
}
