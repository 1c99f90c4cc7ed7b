import Notation

/// A record's data for programs: named, typed columns, one row an observation, full precision.
///
/// Shape: all columns have `rowCount` values. Names are unique: the second column named x becomes `x (2)`.
package struct TidyTable: Sendable, Equatable {
  package let columns: [TidyColumn]
  package let rowCount: Int

  package init(_ columns: [TidyColumn]) {
    let count = columns.first?.values.count ?? 0
    precondition(columns.allSatisfy { $0.values.count == count }, "columns of different lengths")
    var taken: Set<String> = []
    self.columns = columns.map { column in
      guard !taken.insert(column.name).inserted else { return column }
      var number = 2
      while !taken.insert("\(column.name) (\(number))").inserted { number += 1 }
      return TidyColumn("\(column.name) (\(number))", column.values)
    }
    rowCount = count
  }

  /// The column of that name, or nil.
  package func column(_ name: String) -> TidyColumn? { columns.first { $0.name == name } }
}

/// A named column of one type; nil is a missing value.
package struct TidyColumn: Sendable, Equatable {
  package let name: String
  /// What a reader sees above it: the name, unless there is a better way to write what it holds.
  package let head: SymbolText
  package let values: TidyValues

  package init(_ name: String, _ values: TidyValues, head: SymbolText? = nil) {
    self.name = name
    self.head = head ?? .quantity(Quantity(name: name))
    self.values = values
  }

  package init(_ name: String, numbers: [Double]) { self.init(name, .numbers(numbers)) }
  package init(_ name: String, integers: [Int]) { self.init(name, .integers(integers)) }
  package init(_ name: String, strings: [String]) {
    self.init(name, .optionalStrings(strings))
  }
  package init(_ name: String, booleans: [Bool]) {
    self.init(name, .optionalBooleans(booleans))
  }
}

/// The values of a column. The frequent kinds have a form without missing values.
package enum TidyValues: Sendable, Equatable {
  case numbers([Double])
  case optionalNumbers([Double?])
  case integers([Int])
  case optionalIntegers([Int?])
  case optionalStrings([String?])
  case optionalBooleans([Bool?])

  package var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .optionalNumbers(let values): values.count
    case .integers(let values): values.count
    case .optionalIntegers(let values): values.count
    case .optionalStrings(let values): values.count
    case .optionalBooleans(let values): values.count
    }
  }
}
