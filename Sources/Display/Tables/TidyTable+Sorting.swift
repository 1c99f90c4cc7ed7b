extension TidyTable {
  /// The rows in ascending order of a column; equal ones keep their order, missing values and NaN go
  /// last. nil if there is no such column.
  package func sorted(by name: String) -> TidyTable? {
    guard let key = column(name)?.values else { return nil }
    let order = key.ascendingOrder
    return TidyTable(columns.map { TidyColumn($0.name, $0.values.picking(order), head: $0.head) })
  }
}

extension TidyValues {
  /// The rows at those positions.
  package func picking(_ rows: [Int]) -> TidyValues {
    switch self {
    case .numbers(let values): .numbers(rows.map { values[$0] })
    case .optionalNumbers(let values): .optionalNumbers(rows.map { values[$0] })
    case .integers(let values): .integers(rows.map { values[$0] })
    case .optionalIntegers(let values): .optionalIntegers(rows.map { values[$0] })
    case .optionalStrings(let values): .optionalStrings(rows.map { values[$0] })
    case .optionalBooleans(let values): .optionalBooleans(rows.map { values[$0] })
    }
  }

  fileprivate var ascendingOrder: [Int] {
    switch self {
    case .numbers(let values): Self.order(values.map { $0.isNaN ? nil : $0 })
    case .optionalNumbers(let values): Self.order(values.map { $0?.isNaN == true ? nil : $0 })
    case .integers(let values): Self.order(values.map(Optional.some))
    case .optionalIntegers(let values): Self.order(values)
    case .optionalStrings(let values): Self.order(values)
    case .optionalBooleans(let values): Self.order(values.map { $0.map { $0 ? 1 : 0 } })
    }
  }

  private static func order<Key: Comparable>(_ keys: [Key?]) -> [Int] {
    keys.indices.sorted { left, right in
      switch (keys[left], keys[right]) {
      case (let first?, let second?): first == second ? left < right : first < second
      case (_?, nil): true
      case (nil, _?): false
      case (nil, nil): left < right
      }
    }
  }
}
