import MatrixEngine
import Synchronization

/// A text whose lines are the rows of a table: `.csv` and its kin.
struct TextTable {
  /// What the first lines tell.
  struct Layout {
    var dialect: TextDialect
    /// The names of the columns: the first line if it is a header, else x1, x2, …
    var names: [String]
    var target: Int?
    /// Where the rows begin, and on which line.
    var start: Int
    var firstLine: Int

    /// How many columns go into X.
    var inputs: Int { names.count - (target == nil ? 0 : 1) }
  }

  let file: TextFile
  private(set) var layout: Layout
  /// What was assumed of the file, in words.
  private(set) var assumptions: [String]
  private let isSeparatorGiven: Bool
  private let firstRowLine: Int?
  /// Lines before the rows that begin with `#`.
  private let commentsBefore: Int

  var names: [String] { layout.names }

  /// Throws: `DataError.malformed` for no rows, names that stand twice, and bytes that are no text.
  init(_ source: ByteSource, _ options: TextDialect.Options) throws(DataError) {
    let path = source.path
    file = try TextFile(source)
    assumptions = file.assumptions
    let sample = try file.sample()
    var options = options
    if options.separator == nil {
      options.separator = file.separatorLine(sample.bytes)?.separator
    }
    isSeparatorGiven = options.separator != nil
    let dialect = TextDialect(of: sample, options)
    let records = sample.records(dialect)
    guard let first = records.first else {
      // What has no whole record at all may be a quote that nobody closes.
      try TextTable.refuseOpenQuote(sample, dialect, path)
      throw .malformed(path: path, line: nil, column: nil, reason: "the file is empty", help: nil)
    }
    let rows = records.dropFirst()
    let isHeader = TextTable.isHeader(first, rows.first, dialect)
    var count = first.fields.count
    if first.usedCount < count,
      (isHeader ? rows : records[...]).allSatisfy({
        $0.usedCount < count || $0.fields.count < count
      })
    {
      count -= 1
      assumptions.append("each line ends with a separator")
    }
    firstRowLine = (isHeader ? rows.first : first)?.line
    let written = isHeader ? first.fields.prefix(count).map(\.text) : []
    layout = Layout(
      dialect: dialect, names: TextTable.names(written, count),
      start: isHeader ? first.end : sample.start,
      firstLine: isHeader ? first.nextLine : sample.firstLine)
    commentsBefore = sample.bytes[sample.start..<layout.start].split(separator: sample.newline)
      .count { $0.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "#") }
    try TextTable.refuseDoubled(written, path: path, line: first.line)
    if !isHeader {
      let last =
        count == 1
        ? "the column is x1" : "the columns are x1 \(count == 2 ? "and" : "to") x\(count)"
      assumptions.append("no header: \(last)")
    } else if let unnamed = written.firstIndex(of: "") {
      assumptions.append("column \(unnamed + 1) has no name: \(layout.names[unnamed])")
    }
    guard !isHeader || !rows.isEmpty || layout.start < source.count else {
      throw TextTable.noRows(path)
    }
  }

  static func noRows(_ path: String) -> DataError {
    .malformed(
      path: path, line: nil, column: nil, reason: "no rows follow the header", help: nil)
  }

  private static func refuseOpenQuote(
    _ sample: TextSample, _ dialect: TextDialect, _ path: String
  ) throws(DataError) {
    let scanner = FieldScanner(dialect: dialect, newline: sample.newline)
    let span = sample.bytes.span
    let start = scanner.skippingBlanks(span, sample.start)
    let count = sample.bytes.count - 1
    guard start < count,
      scanner.field(span, at: start, count: count, isLast: true).ending == .openQuote
    else { return }
    throw .malformed(
      path: path, line: sample.firstLine, column: nil, reason: "a quote is not closed", help: nil)
  }

  /// A header has text where the row below has a number, or text only.
  private static func isHeader(
    _ first: TextSample.Record, _ second: TextSample.Record?, _ dialect: TextDialect
  ) -> Bool {
    let isNumber = first.fields.prefix(first.usedCount).map {
      FieldText.number($0.text, dialect) != nil
    }
    if !isNumber.contains(true) { return true }
    guard let second else { return false }
    return zip(isNumber, second.fields).contains {
      !$0 && FieldText.number($1.text, dialect) != nil
    }
  }

  /// The written names, and x with the number of the column where there is none.
  private static func names(_ written: [String], _ count: Int) -> [String] {
    (0..<count).map { column in
      guard column >= written.count || written[column].isEmpty else { return written[column] }
      var name = "x\(column + 1)"
      while written.contains(name) { name += "_" }
      return name
    }
  }

  private static func refuseDoubled(_ names: [String], path: String, line: Int) throws(DataError) {
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() where !name.isEmpty {
      if let other = places.updateValue(place, forKey: name) {
        throw .malformed(
          path: path, line: line, column: nil,
          reason: "columns \(other + 1) and \(place + 1) have the same name, \(name)",
          help: "each column needs a name of its own")
      }
    }
  }

  /// X of all columns but the target, which becomes Y: numbers, or texts numbered in sorted order.
  ///
  /// Throws: `DataError.unknownColumn`; `.malformed`, with line and column, for a hole or for text where a number
  /// belongs; `.tooMany`, `.interrupted`.
  mutating func dataset(target: String?) throws(DataError) -> Dataset {
    if let target {
      layout.target = names.firstIndex(of: target)
      if layout.target == nil {
        throw .unknownColumn(path: file.path, name: target, columns: names)
      }
    }
    let (x, parts) = try numbers()
    if let problem = parts.lazy.compactMap(\.problem).first {
      throw error(problem, isTargetText: false)
    }
    guard x.rows > 0 else { throw TextTable.noRows(file.path) }
    var y: Tensor<Double>?
    var classes: [String] = []
    if layout.target != nil {
      let numbers = parts.reduce(0) { $0 + $1.counts.targetNumbers }
      let texts = parts.reduce(0) { $0 + $1.counts.targetTexts }
      if texts > numbers {
        (y, classes) = try targetClasses()
      } else if let text = parts.lazy.compactMap(\.firstTargetText).first {
        throw error(text, isTargetText: true)
      } else {
        y = .vector(parts.flatMap(\.targets))
      }
    }
    try settleDecimalSign(parts)
    assume(parts)
    let inputs = names.indices.filter { $0 != layout.target }
    return Dataset(
      name: DataFile.baseName(file.path), x: x, y: y, names: inputs.map { names[$0] },
      classes: classes, targetName: target)
  }

  /// Reads all parts at the same time.
  private func read(_ goal: RowReader.Goal, _ piece: Int, into x: Buffer<Double>?) -> RowFindings {
    let part = file.parts[piece]
    let isFirst = piece == 0
    var reader = RowReader(file, layout, goal)
    return reader.read(
      (isFirst ? layout.start : part.range.lowerBound)..<part.range.upperBound,
      firstLine: isFirst ? layout.firstLine : part.linesBefore + 1, into: x)
  }

  private func numbers() throws(DataError) -> (Matrix<Double>, [RowFindings]) {
    let lines = file.census.lines + 1
    let runs =
      file.parts.count == 1
      ? [lines] : [file.parts[1].linesBefore, lines - file.parts[1].linesBefore]
    // Blank lines and lines behind the header are counted too: only the most that there may be.
    guard Shape(lines, layout.inputs).count <= Shape.largestCount else {
      throw .tooMany(path: file.path, sizes: [lines, layout.inputs])
    }
    let results = Mutex([RowFindings](repeating: RowFindings(), count: runs.count))
    guard layout.inputs > 0 else {
      // Rows of no entries beside the target.
      simultaneously(runs.count) { piece in
        let findings = read(.numbers, piece, into: nil)
        results.withLock { $0[piece] = findings }
      }
      let parts = results.withLock { $0 }
      let rows = parts.reduce(0) { $0 + $1.rows }
      return (Matrix(rows: rows, columns: 0, storage: []), parts)
    }
    let x = Matrix<Double>.assembled(columns: layout.inputs, runs: runs) { piece, buffer in
      let findings = read(.numbers, piece, into: buffer)
      results.withLock { $0[piece] = findings }
      return findings.rows
    }
    return (x, results.withLock { $0 })
  }

  private func targetClasses() throws(DataError) -> (Tensor<Double>, [String]) {
    let results = Mutex([RowFindings](repeating: RowFindings(), count: file.parts.count))
    simultaneously(file.parts.count) { piece in
      let findings = read(.targetTexts, piece, into: nil)
      results.withLock { $0[piece] = findings }
    }
    let parts = results.withLock { $0 }
    if let problem = parts.lazy.compactMap(\.problem).first {
      throw error(problem, isTargetText: true)
    }
    let classes = parts.reduce(into: Set<String>()) { $0.formUnion($1.texts.keys) }.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(classes, 1...))
    let y = parts.flatMap { part in
      var places = [Double](repeating: 0, count: part.texts.count)
      for (text, place) in part.texts { places[place] = Double(numbers[text] ?? 0) }
      return part.textNumbers.map { places[$0] }
    }
    return (.vector(y), classes)
  }

  /// Numbers with points and numbers with commas do not stand in one file.
  private mutating func settleDecimalSign(_ parts: [RowFindings]) throws(DataError) {
    guard let other = parts.lazy.compactMap(\.firstOtherSign).first else { return }
    if parts.contains(where: \.hasDecimalSign) { throw error(other, isTargetText: false) }
    layout.dialect.decimalSign = layout.dialect.otherDecimalSign ?? layout.dialect.decimalSign
  }

  private mutating func assume(_ parts: [RowFindings]) {
    let dialect = layout.dialect
    let usual = DataFile.ending(of: file.path) == "tsv" ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    if !isSeparatorGiven, names.count > 1, dialect.separator != usual {
      assumptions.insert(
        "fields separated by \(TextDialect.name(dialect.separator))", at: 0)
    }
    if !dialect.decimalIsGiven, dialect.decimalSign == UInt8(ascii: ",") {
      assumptions.append("decimal commas")
    }
    let comments = parts.reduce(commentsBefore) { $0 + $1.comments }
    if comments > 0 {
      assumptions.append(
        "\(comments) \(comments == 1 ? "line that begins" : "lines that begin") with # left out")
    }
    let nans = parts.reduce(0) { $0 + $1.counts.nans }
    if let (line, column) = parts.lazy.compactMap(\.firstNaN).first {
      assumptions.append(
        "\(nans) nan, the first in line \(line), column \(names[column])")
    }
  }
}

extension TextTable {
  /// The words for what is wrong with a row.
  private func error(_ problem: RowFindings.Problem, isTargetText: Bool) -> DataError {
    func malformed(_ reason: String, _ help: String?) -> DataError {
      .malformed(
        path: file.path, line: problem.line, column: problem.column.map { names[$0] },
        reason: reason, help: help)
    }
    switch problem.kind {
    case .system(let error): return error
    case .openQuote: return malformed("a quote is not closed", nil)
    case .fields(let count):
      return malformed(
        "\(count) field\(count == 1 ? "" : "s"), but the table has \(names.count) column\(names.count == 1 ? "" : "s")",
        nil)
    case .hole(let text):
      return malformed(
        "the value is missing" + (text.isEmpty ? "" : " (\(text))"),
        "fill the hole or leave out the line")
    case .otherSign(let text):
      let isComma = layout.dialect.decimalSign == UInt8(ascii: ".")
      return malformed(
        "\"\(text)\" has a decimal \(isComma ? "comma" : "point"), other numbers a \(isComma ? "point" : "comma")",
        "decimal = \".\" or decimal = \",\" says which one is meant; with it the other is text")
    case .text(let text):
      let shown = text.count > 60 ? text.prefix(60) + "…" : text[...]
      return malformed(
        "\"\(shown)\" is text where a number belongs",
        isTargetText ? nil : help(for: text, column: problem.column, line: problem.line))
    }
  }

  /// What may be meant by a text among numbers.
  private func help(for text: String, column: Int?, line: Int) -> String? {
    var comma = layout.dialect
    comma.decimalSign = UInt8(ascii: ",")
    comma.decimalIsGiven = true
    if FieldText.number(text, comma) != nil {
      return layout.dialect.decimalIsGiven
        ? nil : "if its comma is a decimal one: load(\"\(file.path)\", decimal = \",\")"
    }
    // In a column that begins with numbers it is rather a slip.
    guard layout.target == nil, let column, line == firstRowLine, text.first?.isLetter == true
    else { return nil }
    return
      "if it is what the network shall predict: load(\"\(file.path)\", target = \"\(names[column])\")"
  }
}
