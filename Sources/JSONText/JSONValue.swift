/// A JSON value whose objects keep the order of their members (RFC 8259).
///
/// Numbers keep the distinction that the wire protocol makes between whole numbers and others:
/// `integer` prints without a point, `number` with the shortest text that reads back equal.
package enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// A finite number; JSON has no others. Writers emit a non-finite one as the string "NaN", "INF" or
  /// "-INF", as Table Schema does.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

/// The members of a JSON object, in order. Of members with equal names the last one counts.
package struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  package var members: [(name: String, value: JSONValue)]

  package init(_ members: [(name: String, value: JSONValue)] = []) { self.members = members }

  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { (name: $0.0, value: $0.1) }
  }

  /// The member of that name, or nil. Setting nil removes it; setting a new name appends it.
  package subscript(name: String) -> JSONValue? {
    get { members.last { $0.name == name }?.value }
    set {
      if let index = members.lastIndex(where: { $0.name == name }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append((name: name, value: newValue))
      }
    }
  }

  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count
      && zip(left.members, right.members).allSatisfy { $0.name == $1.name && $0.value == $1.value }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.map { (name: $0.0, value: $0.1) }))
  }
}

extension JSONValue {
  /// The member of an object, or nil for other values and absent names.
  package subscript(name: String) -> JSONValue? {
    if case .object(let object) = self { object[name] } else { nil }
  }

  package var stringValue: String? { if case .string(let text) = self { text } else { nil } }
  package var booleanValue: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
  package var arrayValue: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
  package var objectValue: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// A whole number, also where it was written as `3.0`.
  package var integerValue: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  package var numberValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
