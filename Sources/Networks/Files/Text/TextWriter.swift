import MatrixEngine

/// Writes tables as text: a line a row, fields separated by commas, in a `.tsv` by tabs, numbers that read back as the same Double.
struct TextWriter {
  private let writer: FileWriter
  private let separator: UInt8

  init(_ writer: FileWriter, _ path: String) {
    self.writer = writer
    separator = UInt8(ascii: DataFile.ending(of: path) == "tsv" ? "\t" : ",")
  }

  /// A header and one line a row.
  func write(_ columns: [DataFile.Column]) throws(DataError) {
    try line(columns.map { TextWriter.quoted($0.name) })
    for row in 0..<(columns.map(\.cells.count).max() ?? 0) {
      try line(columns.map { TextWriter.field($0.cells, row) })
    }
  }

  /// A value without a header: a matrix row by row, a vector one number a line.
  func write(_ value: Tensor<Double>) throws(DataError) {
    let columns = max(1, value.columns)
    for row in 0..<value.rows where value.columns > 0 {
      try writer.append { bytes in
        for place in row * columns..<(row + 1) * columns {
          if place > row * columns { bytes.append(separator) }
          bytes.append(contentsOf: TextWriter.formatted(value.storage[place]).utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
      }
    }
  }

  /// X's columns, then the target's, with class names as text.
  func write(_ dataset: Dataset) throws(DataError) {
    let targets = TextWriter.targets(of: dataset)
    try line((dataset.names + targets.map(\.name)).map(TextWriter.quoted))
    for row in 0..<dataset.x.rows {
      try writer.append { bytes in
        let start = row * dataset.x.columns
        for column in 0..<dataset.x.columns {
          if column > 0 { bytes.append(separator) }
          bytes.append(contentsOf: TextWriter.formatted(dataset.x.storage[start + column]).utf8)
        }
        for (place, target) in targets.enumerated() {
          if dataset.x.columns + place > 0 { bytes.append(separator) }
          bytes.append(contentsOf: TextWriter.field(target.cells, row).utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
      }
    }
  }

  private func line(_ fields: [String]) throws(DataError) {
    try writer.append { bytes in
      for (place, field) in fields.enumerated() {
        if place > 0 { bytes.append(separator) }
        bytes.append(contentsOf: field.utf8)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  private static func field(_ cells: DataFile.Column.Cells, _ row: Int) -> String {
    switch cells {
    case .numbers(let numbers): row < numbers.count ? formatted(numbers[row]) : ""
    case .texts(let texts): row < texts.count ? quoted(texts[row]) : ""
    }
  }

  private static func targets(of dataset: Dataset) -> [DataFile.Column] {
    let name = dataset.targetName ?? "y"
    guard let y = dataset.y else { return [] }
    if y.rank == 1, !dataset.classes.isEmpty {
      let texts = y.storage.map { value in
        guard let number = Int(exactly: value), dataset.classes.indices.contains(number - 1)
        else { return formatted(value) }
        return dataset.classes[number - 1]
      }
      return [DataFile.Column(name: name, cells: .texts(texts))]
    }
    return (0..<y.columns).map { j in
      DataFile.Column(
        name: y.rank < 2 ? name : "\(name)\(j + 1)", cells: .numbers(y.column(j)))
    }
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  private static func formatted(_ value: Double) -> String {
    if value == 0, value.sign == .minus { return "-0" }
    return value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// A text in quotes where it would be read as something else without.
  private static func quoted(_ text: String) -> String {
    let first = text.utf8.first
    let isPlain =
      !text.utf8.contains {
        $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 || $0 == 59 || $0 == 9 || $0 == 124
      }
      && first != UInt8(ascii: "#") && first != UInt8(ascii: " ")
      && text.utf8.last != UInt8(ascii: " ")
    return isPlain
      ? text
      : "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
  }
}

extension DataFile.Column.Cells {
  var count: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .texts(let texts): texts.count
    }
  }
}
