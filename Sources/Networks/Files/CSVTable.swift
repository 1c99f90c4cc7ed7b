import MatrixEngine

/// A text of comma-separated values: records of fields, with the line each began on.
///
/// Quotes, doubled quotes and line breaks in quotes as RFC 4180; CRLF, LF and CR; a byte order
/// mark is skipped. Where the first line has more semicolons or tabs than commas, those separate;
/// where it has none of them and is, or is followed by, several numbers with spaces between them, the
/// spaces do. Empty lines are skipped.
struct CSVTable {
  struct Record {
    var line: Int
    var fields: [String]
  }

  let path: String
  /// The names of the columns: the first line if it is a header, else x1, x2, …
  let names: [String]
  let records: [Record]

  /// Throws: `DataError.malformed` for ragged rows, an open quote, or no data.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    self.path = path
    var records = try CSVTable.parse(bytes, path: path)
    guard let first = records.first else {
      throw .malformed(path: path, line: nil, column: nil, reason: "the file is empty", help: nil)
    }
    for record in records where record.fields.count != first.fields.count {
      throw .malformed(
        path: path, line: record.line, column: nil,
        reason: "\(record.fields.count) fields, but line \(first.line) has \(first.fields.count)",
        help: nil)
    }
    if CSVTable.isHeader(first, second: records.count > 1 ? records[1] : nil) {
      names = first.fields.enumerated().map { index, field in
        let name = CSVTable.trimmed(field)
        return name.isEmpty ? "x\(index + 1)" : name
      }
      records.removeFirst()
    } else {
      names = first.fields.indices.map { "x\($0 + 1)" }
    }
    guard !records.isEmpty else {
      throw .malformed(
        path: path, line: nil, column: nil, reason: "no rows follow the header", help: nil)
    }
    self.records = records
  }

  /// A header has text where the row below has a number, or text only.
  private static func isHeader(_ first: Record, second: Record?) -> Bool {
    let isNumber = first.fields.map { Double(trimmed($0)) != nil }
    if !isNumber.contains(true) { return true }
    guard let second else { return false }
    return zip(isNumber, second.fields).contains { !$0 && Double(trimmed($1)) != nil }
  }

  /// X of all columns but the target, which becomes Y: numbers, or texts numbered in sorted order.
  ///
  /// Throws: `DataError.unknownColumn`; `.malformed`, with line and column, for a hole or for text
  /// where a number belongs.
  func dataset(target: String?) throws(DataError) -> Dataset {
    var targetIndex: Int?
    if let target {
      targetIndex = names.firstIndex(of: target)
      if targetIndex == nil { throw .unknownColumn(path: path, name: target, columns: names) }
    }
    var elements: [Double] = []
    elements.reserveCapacity(records.count * names.count)
    for record in records {
      for j in names.indices where j != targetIndex {
        elements.append(try number(record, j, target: target))
      }
    }
    let inputs = names.indices.filter { $0 != targetIndex }
    var y: Tensor<Double>?
    var classes: [String] = []
    if let targetIndex {
      let first = CSVTable.trimmed(records[0].fields[targetIndex])
      if Double(first) != nil {
        var values: [Double] = []
        for record in records { values.append(try number(record, targetIndex, target: target)) }
        y = .vector(values)
      } else {
        var texts: [String] = []
        for record in records { texts.append(try text(record, targetIndex)) }
        classes = Set(texts).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, 1...))
        y = .vector(texts.map { Double(numbers[$0] ?? 0) })
      }
    }
    return Dataset(
      name: DataFile.baseName(path),
      x: Matrix(rows: records.count, columns: inputs.count, storage: elements), y: y,
      names: inputs.map { names[$0] }, classes: classes, targetName: target)
  }

  private func number(_ record: Record, _ j: Int, target: String?) throws(DataError) -> Double {
    let text = try text(record, j)
    if let value = Double(text) { return value }
    throw .malformed(
      path: path, line: record.line, column: names[j],
      reason: "\"\(text)\" is text where a number belongs",
      help: target == nil && Double(CSVTable.trimmed(records[0].fields[j])) == nil
        ? "if it is what the network shall predict: load(\"\(path)\", target = \"\(names[j])\")"
        : nil)
  }

  private func text(_ record: Record, _ j: Int) throws(DataError) -> String {
    let text = CSVTable.trimmed(record.fields[j])
    guard !text.isEmpty else {
      throw .malformed(
        path: path, line: record.line, column: names[j], reason: "the value is missing",
        help: "fill the hole or leave out the line")
    }
    return text
  }

  private static func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let start = text.firstIndex(where: { !isSpace($0) }),
      let end = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(text[start...end])
  }
}

extension CSVTable {
  /// Divides bytes into records.
  fileprivate static func parse(_ bytes: [UInt8], path: String) throws(DataError) -> [Record] {
    let (quote, newline, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(13))
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let separator = separator(of: bytes[position...])
    var records: [Record] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var line = 1
    var recordLine = 1
    var quoteLine: Int?

    func endField() {
      // Several spaces separate as one does, and those at the ends of a line nothing.
      guard separator != UInt8(ascii: " ") || !field.isEmpty else { return }
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    func endRecord() {
      endField()
      if fields.count > 1 || fields.first.map({ !trimmed($0).isEmpty }) == true {
        records.append(Record(line: recordLine, fields: fields))
      }
      fields.removeAll(keepingCapacity: true)
    }

    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if quoteLine != nil {
        if byte == newline { line += 1 }
        if byte != quote {
          field.append(byte)
        } else if position < bytes.count, bytes[position] == quote {
          field.append(quote)
          position += 1
        } else {
          quoteLine = nil
        }
        continue
      }
      switch byte {
      case quote where field.isEmpty: quoteLine = line
      case separator: endField()
      case newline, carriageReturn:
        if byte == carriageReturn, position < bytes.count, bytes[position] == newline {
          position += 1
        }
        endRecord()
        line += 1
        recordLine = line
      default: field.append(byte)
      }
    }
    if let quoteLine {
      throw .malformed(
        path: path, line: quoteLine, column: nil, reason: "a quote is not closed", help: nil)
    }
    if !field.isEmpty || !fields.isEmpty { endRecord() }
    return records
  }

  /// The most frequent of comma, semicolon and tab in the first line; without them a space, where one of the
  /// first two lines is several numbers.
  private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == 10 || byte == 13 { break }
      counts[byte, default: 0] += 1
    }
    let comma = UInt8(ascii: ",")
    let best = [UInt8(ascii: ";"), UInt8(ascii: "\t")].reduce(comma) { best, next in
      counts[next, default: 0] > counts[best, default: 0] ? next : best
    }
    guard counts[best] == nil else { return best }
    let isOfNumbers = bytes.split(maxSplits: 2) { $0 == 10 || $0 == 13 }.prefix(2).contains {
      line in
      let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
      return parts.count > 1 && parts.allSatisfy { Double($0) != nil }
    }
    return isOfNumbers ? UInt8(ascii: " ") : comma
  }

  /// A header and one line a row; lines end with LF, numbers read back as the same Double.
  static func bytes(_ columns: [DataFile.Column]) -> [UInt8] {
    var text = columns.map { quoted($0.name) }.joined(separator: ",") + "\n"
    let cells = columns.map { column in
      switch column.cells {
      case .numbers(let numbers): numbers.map(formatted)
      case .texts(let texts): texts.map(quoted)
      }
    }
    for i in 0..<(cells.map(\.count).max() ?? 0) {
      text += cells.map { i < $0.count ? $0[i] : "" }.joined(separator: ",") + "\n"
    }
    return Array(text.utf8)
  }

  /// A value without a header: a matrix row by row, a vector one number a line.
  static func bytes(_ value: Tensor<Double>) -> [UInt8] {
    var text = ""
    for i in 0..<value.rows {
      text += value.row(i).map(formatted).joined(separator: ",") + "\n"
    }
    return Array(text.utf8)
  }

  /// X's columns, then the target's, with class names as text.
  static func columns(of dataset: Dataset) -> [DataFile.Column] {
    let result = dataset.names.indices.map { j in
      DataFile.Column(name: dataset.names[j], cells: .numbers(dataset.x.column(j)))
    }
    let name = dataset.targetName ?? "y"
    guard let y = dataset.y else { return result }
    if y.rank == 1, !dataset.classes.isEmpty {
      let texts = y.storage.map { value in
        guard let number = Int(exactly: value), dataset.classes.indices.contains(number - 1)
        else { return formatted(value) }
        return dataset.classes[number - 1]
      }
      return result + [DataFile.Column(name: name, cells: .texts(texts))]
    }
    return result
      + (0..<y.columns).map { j in
        DataFile.Column(
          name: y.rank < 2 ? name : "\(name)\(j + 1)", cells: .numbers(y.column(j)))
      }
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  private static func formatted(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 || $0 == 59 })
    else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
