import MatrixEngine

/// What the rows of a text hold, beside the inputs' numbers: targets, and what is not as it should be.
struct RowFindings {
  /// Something that is wrong, with its place; the first in the text is told.
  struct Problem: Sendable {
    enum Kind: Sendable {
      case hole(String)
      case text(String)
      /// A number with another decimal sign than the rest.
      case otherSign(String)
      case fields(Int)
      case openQuote
      case system(DataError)
    }

    var line: Int
    /// From 0.
    var column: Int?
    var kind: Kind
  }

  struct Counts {
    /// Of the target's values.
    var targetNumbers = 0
    var targetTexts = 0
    var nans = 0
  }

  var rows = 0
  var targets: [Double] = []
  /// The target's texts, each once, and for each row which.
  var texts: [String: Int] = [:]
  var textNumbers: [Int] = []
  var counts = Counts()
  var firstTargetText: Problem?
  var hasDecimalSign = false
  var firstOtherSign: Problem?
  var firstNaN: (line: Int, column: Int)?
  var comments = 0
  /// What ended the reading.
  var problem: Problem?
}

/// Reads the rows of a part of a text: numbers into a matrix, targets into a list.
///
/// The bytes are read in windows of a megabyte; what stays is the numbers.
struct RowReader {
  enum Goal {
    /// Inputs, and the target where it is a number.
    case numbers
    /// The target's texts alone.
    case targetTexts
  }

  let file: TextFile
  let table: TextTable.Layout
  let goal: Goal
  private var decimal: DecimalNumber
  private let scanner: FieldScanner
  private var findings = RowFindings()
  private var line = 0

  private static let windowSize = 1 << 20

  init(_ file: TextFile, _ table: TextTable.Layout, _ goal: Goal) {
    self.file = file
    self.table = table
    self.goal = goal
    decimal = DecimalNumber(decimalSign: table.dialect.decimalSign)
    scanner = FieldScanner(dialect: table.dialect, newline: file.census.newline)
  }

  /// Reads the rows of a part, whose first line has the given number, into the buffer.
  mutating func read(_ range: Range<Int>, firstLine: Int, into x: Buffer<Double>?) -> RowFindings {
    line = firstLine
    do throws(DataError) {
      try read(range, x)
    } catch {
      findings.problem = .init(line: line, column: nil, kind: .system(error))
    }
    findings.hasDecimalSign = decimal.hasSeenSign
    return findings
  }

  private mutating func read(_ range: Range<Int>, _ x: Buffer<Double>?) throws(DataError) {
    // A zero behind the last byte ends every number and field.
    var window = [UInt8](repeating: 0, count: min(RowReader.windowSize, range.count) + 1)
    var (kept, next) = (0, range.lowerBound)
    while true {
      let wanted = min(window.count - 1 - kept, range.upperBound - next)
      let got = try file.source.read(from: next, into: &window, kept..<kept + wanted)
      next += got
      let filled = kept + got
      window[filled] = 0
      let isLast = next >= range.upperBound || got < wanted
      let used = rows(window.span.extracting(0...filled), filled, isLast, x)
      guard !isLast, findings.problem == nil else { return }
      kept = filled - used
      if used == 0 {
        // A line longer than the window.
        window.append(contentsOf: repeatElement(0, count: window.count))
      } else {
        window.replaceSubrange(0..<kept, with: window[used..<filled])
      }
    }
  }

  /// Reads whole rows; returns how many bytes they are.
  private mutating func rows(
    _ bytes: Span<UInt8>, _ count: Int, _ isLast: Bool, _ x: Buffer<Double>?
  ) -> Int {
    var position = 0
    while findings.problem == nil {
      let start = position
      position = scanner.skippingBlanks(bytes, position)
      guard position < count else { return isLast ? count : start }
      let byte = bytes[position]
      if byte == scanner.newline {
        position += 1
        line += 1
        continue
      }
      if byte == UInt8(ascii: "#") || byte == 13 && bytes[position + 1] == scanner.newline {
        guard let next = scanner.nextLine(bytes, position, count: count, isLast: isLast) else {
          return start
        }
        if byte != 13 { findings.comments += 1 }
        position = next
        line += 1
        continue
      }
      let counts = findings.counts
      guard let next = row(bytes, position, count, isLast, x) else {
        // It is read again, with what follows.
        findings.counts = counts
        if goal == .targetTexts {
          findings.textNumbers.removeLast(findings.textNumbers.count - findings.rows)
        }
        return start
      }
      position = next
    }
    return position
  }

  /// Reads a row; nil where the bytes end before it does.
  private mutating func row(
    _ bytes: Span<UInt8>, _ start: Int, _ count: Int, _ isLast: Bool, _ x: Buffer<Double>?
  ) -> Int? {
    var position = start
    var place = findings.rows * table.inputs
    guard x.map({ place + table.inputs <= $0.count }) ?? true else {
      findings.problem = .init(
        line: line, column: nil,
        kind: .system(.file(path: file.path, reason: "it changes while it is read")))
      return start
    }
    var target = 0.0
    var breaks = 0
    let last = table.names.count - 1
    for column in 0...last {
      var value = 0.0
      var ending = ScannedField.Ending.cut
      var end = position
      if goal == .numbers { end = decimal.read(bytes, at: position, into: &value) }
      if end > position {
        // The two frequent ends of a number, before all others.
        let byte = bytes[end]
        if byte == table.dialect.separator, !table.dialect.separatesByBlanks {
          ending = .separator
          end = scanner.skippingBlanks(bytes, end + 1)
        } else if byte == scanner.newline {
          ending = .line
          end += 1
        } else if let found = scanner.ending(bytes, end, count: count, isLast: isLast) {
          (ending, end) = found
          if ending == .cut { return nil }
        } else {
          end = position
        }
      }
      if end == position {
        let field = scanner.field(bytes, at: position, count: count, isLast: isLast)
        guard field.ending != .cut else { return nil }
        (ending, end) = (field.ending, field.next)
        guard ending != .openQuote else {
          findings.problem = .init(line: line, column: nil, kind: .openQuote)
          return end
        }
        value = other(bytes, field, column, line + breaks)
        breaks += field.lineBreaks
        // A missing field is rather a line that is too short.
        if findings.problem != nil, ending == .separator || column == last { return end }
      } else if column == table.target {
        findings.counts.targetNumbers += 1
      }
      if column == table.target {
        target = value
      } else if let x, goal == .numbers {
        x[place] = value
        place += 1
      }
      position = end
      if ending == .line, column == last { break }
      if ending == .separator, column < last { continue }
      guard ending == .separator, let end = emptyRest(bytes, position, count, isLast) else {
        findings.problem = nil
        return raggedRow(bytes, start, count, isLast)
      }
      guard end != .max else { return nil }
      position = end
    }
    findings.rows += 1
    if table.target != nil, goal == .numbers { findings.targets.append(target) }
    line += 1 + breaks
    return position
  }

  /// The end of a line that ends behind a separator; `Int.max` where the bytes end before, nil for another field.
  private func emptyRest(_ bytes: Span<UInt8>, _ start: Int, _ count: Int, _ isLast: Bool) -> Int? {
    guard let (ending, next) = scanner.ending(bytes, start, count: count, isLast: isLast) else {
      return nil
    }
    return ending == .line ? next : ending == .cut ? .max : nil
  }

  /// Tells of a row with more or fewer fields than there are columns.
  private mutating func raggedRow(
    _ bytes: Span<UInt8>, _ start: Int, _ count: Int, _ isLast: Bool
  ) -> Int? {
    var fields = 0
    var position = start
    while true {
      let field = scanner.field(bytes, at: position, count: count, isLast: isLast)
      guard field.ending != .cut else { return nil }
      fields += 1
      position = field.next
      guard field.ending == .separator else { break }
    }
    findings.problem = .init(line: line, column: nil, kind: .fields(fields))
    return position
  }

  /// The value of a field that is no plain number; a problem where it has none.
  private mutating func other(
    _ bytes: Span<UInt8>, _ field: ScannedField, _ column: Int, _ line: Int
  ) -> Double {
    let isTarget = column == table.target
    if goal == .targetTexts && !isTarget { return 0 }
    let text = scanner.text(bytes, field, file.encoding)
    if FieldText.isHole(text) {
      findings.problem = .init(line: line, column: column, kind: .hole(text))
      return 0
    }
    if goal == .targetTexts {
      let number = findings.texts[text] ?? findings.texts.count
      findings.texts[text] = number
      findings.textNumbers.append(number)
      return 0
    }
    guard let (value, sign) = FieldText.number(text, table.dialect) else {
      let kind: RowFindings.Problem.Kind =
        FieldText.isHoleAmongNumbers(text) ? .hole(text) : .text(text)
      let problem = RowFindings.Problem(line: line, column: column, kind: kind)
      if isTarget {
        findings.counts.targetTexts += 1
        findings.firstTargetText = findings.firstTargetText ?? problem
      } else {
        findings.problem = problem
      }
      return 0
    }
    if isTarget { findings.counts.targetNumbers += 1 }
    if sign == table.dialect.decimalSign { decimal.noteSign() }
    if let sign, sign != table.dialect.decimalSign, findings.firstOtherSign == nil {
      findings.firstOtherSign = .init(line: line, column: column, kind: .otherSign(text))
    }
    if value.isNaN {
      findings.counts.nans += 1
      findings.firstNaN = findings.firstNaN ?? (line, column)
    }
    return value
  }
}
