import Notation

/// A table laid out once: which rows are shown, every number formatted, every column measured. The
/// renderers of all formats write the same layout.
struct TableLayout: Sendable {
  let caption: SymbolText?
  let columns: [LaidOutColumn]
  let spanners: [ColumnSpanner]
  let rows: [LaidOutRow]
  let notes: [LaidOutNote]
  let rowCount: Int
  let hiddenRows: Int
  /// The same table with every row, where it is short enough to be unfolded by the reader.
  let unfolded: [TableLayout]

  /// Tables up to this length, of no more cells than that, can be unfolded in formats that allow it.
  private static let unfoldableRows = 200
  private static let unfoldableCells = 4_000
  /// A wider table shows its first and last columns and says how many there are.
  private static let visibleColumns = 16

  init(_ table: Table, numbers: NumberFormat) {
    self.init(table, numbers: numbers, limit: table.visibleRows)
  }

  private init(_ table: Table, numbers: NumberFormat, limit: Int) {
    let folding = Folding(
      count: table.rowCount, limit: limit, keeping: table.notes.compactMap(\.firstRow))
    let shown = folding.shown
    let letters = NoteLetters(table.notes)
    let across = Folding(
      count: table.columns.count, limit: Self.visibleColumns,
      keeping: table.notes.flatMap(\.anchors).map(\.column))
    caption = table.caption
    spanners = table.spanners.map { spanner in
      ColumnSpanner(
        spanner.title,
        columns: Self.places(of: spanner.columns, in: across.shown))
    }.filter { !$0.columns.isEmpty }
    columns = across.shown.map { index in
      LaidOutColumn(
        table.columns[index], at: index, rows: shown, numbers: numbers, letters: letters)
    }
    rows = Self.rows(folding, groups: table.groups)
    notes = letters.notes + Self.note(of: across, table.columns)
    rowCount = table.rowCount
    hiddenRows = folding.hidden
    unfolded =
      folding.hidden > 0 && table.rowCount <= Self.unfoldableRows
        && table.rowCount * columns.count <= Self.unfoldableCells
      ? [TableLayout(table, numbers: numbers, limit: table.rowCount)] : []
  }

  /// Where the columns of a range stand among those that are shown.
  private static func places(of columns: Range<Int>, in shown: [Int]) -> Range<Int> {
    let start = shown.firstIndex { $0 >= columns.lowerBound } ?? shown.count
    let end = shown.firstIndex { $0 >= columns.upperBound } ?? shown.count
    return start..<max(start, end)
  }

  /// Says which columns are not shown.
  private static func note(of folding: Folding, _ columns: [TableColumn]) -> [LaidOutNote] {
    let shown = Set(folding.shown)
    guard let first = (0..<folding.count).first(where: { !shown.contains($0) }),
      let last = (0..<folding.count).last(where: { !shown.contains($0) })
    else { return [] }
    let text =
      "\(folding.hidden) of \(folding.count) columns are not shown: \(columns[first].head.text) to \(columns[last].head.text)"
    return [LaidOutNote(letter: nil, text: .words(text))]
  }

  /// How many characters stand side by side.
  var width: Int { columns.reduce(0) { $0 + $1.width } }

  /// Whether others may be put in the place of its numbers: then nothing may depend on how wide these are.
  var isMarked: Bool {
    columns.contains { column in
      column.cells.contains { cell in
        switch cell.content {
        case .number(let number): return number.mark != nil
        case .matrix(let matrix): return matrix.numbers.joined().contains { $0.mark != nil }
        default: return false
        }
      }
    }
  }

  /// The shown rows with the titles of the groups that they lie in, and the gaps.
  private static func rows(_ folding: Folding, groups: [RowGroup]) -> [LaidOutRow] {
    var result: [LaidOutRow] = []
    var group = -1
    var groupEnd = groups.isEmpty ? folding.count : 0
    var next = 0
    for (place, position) in folding.shown.enumerated() {
      if position > next { result.append(.gap(hidden: position - next)) }
      next = position + 1
      var entered: SymbolText??
      while position >= groupEnd {
        group += 1
        guard group < groups.count else {
          groupEnd = folding.count
          entered = .some(nil)
          break
        }
        groupEnd += groups[group].rowCount
        entered = groups[group].title
      }
      if let title = entered, !(title == nil && result.isEmpty) {
        result.append(.group(title))
      }
      result.append(.cells(place))
    }
    return result
  }
}

/// A line of a laid-out table.
enum LaidOutRow: Sendable {
  /// The title of the rows that follow, or nil where rows without a title follow a group.
  case group(SymbolText?)
  /// The cells at this index of every column.
  case cells(Int)
  case gap(hidden: Int)
}

/// A column with its shown cells.
struct LaidOutColumn: Sendable {
  let head: SymbolText
  let headLetters: String
  let alignment: ColumnAlignment
  let isStub: Bool
  let cells: [LaidOutCell]
  let numbers: NumberAlignment

  fileprivate init(
    _ column: TableColumn, at index: Int, rows: [Int], numbers format: NumberFormat,
    letters: NoteLetters
  ) {
    head = column.head
    headLetters = letters.at(.head(column: index))
    isStub = column.isStub
    var contents = rows.map { LaidOutCell.Content(column.cells[$0], column.style, format) }
    if column.style == .equalDecimals {
      Self.equalizeDecimals(&contents, rows: rows, column: column, format: format)
    }
    var alignment = NumberAlignment()
    var isNumeric = false
    var isCentred = true
    for content in contents {
      switch content {
      case .number(let number):
        isNumeric = true
        alignment.include(number)
      case .mark: break
      case .missing: break
      default: isCentred = false
      }
    }
    numbers = alignment
    self.alignment =
      column.alignment
      ?? (isNumeric ? .decimal : isCentred && !contents.isEmpty ? .center : .left)
    cells =
      letters.isEmpty
      ? contents.map { LaidOutCell(content: $0, letters: "") }
      : zip(contents, rows).map { content, row in
        LaidOutCell(content: content, letters: letters.at(.cell(row: row, column: index)))
      }
  }

  /// How many characters its widest line has.
  var width: Int {
    cells.reduce(TextWidth.columns(of: head.text)) { max($0, width(of: $1.content)) }
  }

  private func width(of content: LaidOutCell.Content) -> Int {
    switch content {
    case .missing, .mark: 1
    case .number(let number):
      alignment == .decimal ? numbers.head + numbers.tail : number.headWidth + number.tailWidth
    case .words(let text): TextWidth.columns(of: text)
    case .symbol(let symbol): TextWidth.columns(of: symbol.text)
    case .matrix(let matrix): matrix.width
    }
  }

  private static func equalizeDecimals(
    _ contents: inout [LaidOutCell.Content], rows: [Int], column: TableColumn,
    format: NumberFormat
  ) {
    let places = rows.indices.filter {
      if case .number = column.cells[rows[$0]] { true } else { false }
    }
    let values = places.compactMap { place -> Double? in
      if case .number(let value) = column.cells[rows[place]] { value } else { nil }
    }
    let formatted = format.format(column: values, style: .equalDecimals)
    for (place, number) in zip(places, formatted) { contents[place] = .number(number) }
  }
}

/// A cell whose number, if it is one, has its final digits.
struct LaidOutCell: Sendable {
  enum Content: Sendable {
    case missing
    case number(FormattedNumber)
    case words(String)
    case symbol(SymbolText)
    case matrix(MatrixLayout)
    case mark(VerdictMark)

    /// Entries of a matrix inside a table are fewer than of one by itself.
    private static let matrixLimit = 8

    /// A longer text is cut off in a table.
    private static let mostCharacters = 1_000

    private static func shortened(_ text: String) -> String {
      text.utf8.count <= mostCharacters ? text : "\(text.prefix(mostCharacters))…"
    }

    init(_ cell: TableCell, _ style: NumberStyle, _ format: NumberFormat) {
      switch cell {
      case .missing: self = .missing
      case .number(let value): self = .number(format.format(value, style: style))
      case .written(let number): self = .number(number)
      case .integer(let value): self = .number(FormattedNumber(value))
      case .boolean(let value): self = .words(value ? "true" : "false")
      case .text(let text): self = .words(Self.shortened(text))
      case .symbol(.words(let text)): self = .words(text)
      case .symbol(let symbol): self = .symbol(symbol)
      case .array(let array):
        self = .matrix(
          MatrixLayout(
            array, numbers: format, rowLimit: Self.matrixLimit, columnLimit: Self.matrixLimit))
      case .mark(let mark): self = .mark(mark)
      }
    }
  }

  let content: Content
  /// The letters of its footnotes.
  let letters: String
}

/// A line below the table; a footnote has a letter.
struct LaidOutNote: Sendable {
  let letter: String?
  let text: SymbolText
}

/// The letters of a table's footnotes, in the order of the notes.
private struct NoteLetters {
  private var letters: [TableNote.Anchor: String] = [:]
  private(set) var notes: [LaidOutNote] = []

  var isEmpty: Bool { letters.isEmpty }

  init(_ source: [TableNote]) {
    var count = 0
    for note in source {
      guard !note.anchors.isEmpty else {
        notes.append(LaidOutNote(letter: nil, text: note.text))
        continue
      }
      let letter = Self.letter(count)
      count += 1
      notes.append(LaidOutNote(letter: letter, text: note.text))
      for anchor in note.anchors { letters[anchor, default: ""] += letter }
    }
  }

  func at(_ anchor: TableNote.Anchor) -> String { letters[anchor] ?? "" }

  /// a, b, … p, then the numbers from 17 on. (Unicode has no superscript q.)
  private static func letter(_ index: Int) -> String {
    index < 16
      ? String(Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index)))) : "\(index + 1)"
  }
}

extension FormattedNumber {
  /// A count or an index, in full.
  init(_ value: Int) {
    self.init(isNegative: value < 0, integer: String(value.magnitude))
  }
}
