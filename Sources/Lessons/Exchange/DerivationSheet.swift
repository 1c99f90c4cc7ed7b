import Calculus
import MatrixEngine

/// A derivation as a spreadsheet: what is given are cells with numbers, every line's value a formula of cells, so that
/// whoever changes a number sees all that follows.
struct DerivationSheet {
  /// Where an array's entries stand: from here to the right, and down for rows.
  private struct Block {
    let corner: Spreadsheet.Cell
    let value: Tensor<Double>

    /// The cell of an entry: a vector lies in a row.
    func cell(_ place: [Int]) -> String? {
      guard zip(value.sizes, place).allSatisfy({ $1 >= 0 && $1 < $0 }), place.count == value.rank,
        place.count <= 2
      else { return nil }
      let column = corner.column + (place.last ?? 0)
      return Spreadsheet.Cell(row: corner.row + (place.count == 2 ? place[0] : 0), column: column)
        .name
    }
  }

  /// What a symbol stands for: an array under a name may become another one later.
  private struct Known: Hashable {
    let name: String
    let value: Tensor<Double>
  }

  private(set) var sheet = Spreadsheet()
  private var blocks: [Known: Block] = [:]
  private static let firstColumn = 3
  /// Arrays of more columns are left out.
  private static let mostColumns = 256

  init(_ derivation: Derivation, notes: [String]) {
    sheet.append([.heading(derivation.title)])
    let given = Self.given(derivation.lines)
    if !given.isEmpty {
      sheet.append([])
      sheet.append([.heading("given"), nil, nil, .heading("value")])
      for (symbol, value) in given { add(symbol.name, value) }
    }
    var step: String?
    for section in derivation.sections {
      for line in section.lines {
        if line.step.name != step {
          step = line.step.name
          sheet.append([])
          sheet.append([.heading(line.step.name)])
        }
        add(line)
      }
    }
    if !notes.isEmpty { sheet.append([]) }
    for note in notes { sheet.append([.text("note: \(note)")]) }
  }

  /// The numbers that formulas use and no line before them gives, in the order of their use.
  private static func given(_ lines: [Derivation.Line]) -> [(symbol: Symbol, value: Tensor<Double>)]
  {
    var known: Set<Known> = []
    var given: [(symbol: Symbol, value: Tensor<Double>)] = []
    for line in lines {
      for (symbol, value) in line.numbers
      where value.rank <= 2 && known.insert(Known(name: symbol.name, value: value)).inserted {
        given.append((symbol, value))
      }
      if case .name(let symbol) = line.quantity, let value = line.value {
        known.insert(Known(name: symbol.name, value: value))
      }
    }
    return given
  }

  /// The cells of an array, row by row: `content` says what stands in each.
  private mutating func add(
    _ labels: [Spreadsheet.Content?], _ value: Tensor<Double>,
    _ content: ([Int], Double) -> Spreadsheet.Content
  ) -> Block {
    let block = Block(
      corner: .init(row: sheet.rows.count, column: Self.firstColumn), value: value)
    let columns = value.rank == 0 ? 1 : value.sizes[value.rank - 1]
    let rows = value.rank == 2 ? value.sizes[0] : 1
    for row in 0..<max(rows, 1) {
      var cells = row == 0 ? labels : labels.map { _ in nil }
      for column in 0..<columns where rows > 0 {
        let place = value.rank == 0 ? [] : value.rank == 1 ? [column] : [row, column]
        cells.append(content(place, value.storage[row * columns + column]))
      }
      sheet.append(cells)
    }
    return block
  }

  private mutating func add(_ name: String, _ value: Tensor<Double>) {
    guard (value.sizes.last ?? 1) <= Self.mostColumns else { return }
    blocks[Known(name: name, value: value)] = add([nil, .text(name), nil], value) { .number($1) }
  }

  private mutating func add(_ line: Derivation.Line) {
    let formula = line.equals.last
    let labels: [Spreadsheet.Content?] = [
      nil, .text(line.quantity.written.text), .text(formula?.written().text ?? ""),
    ]
    guard let value = line.value, value.rank <= 2, (value.sizes.last ?? 1) <= Self.mostColumns
    else {
      return sheet.append(labels)
    }
    var writer: SheetFormula?
    if case .formula(let expression)? = formula,
      expression.symbols.isEmpty || !line.numbers.isEmpty
    {
      let values = Dictionary(
        line.numbers.map { ($0.symbol.name, $0.value) }, uniquingKeysWith: { $1 })
      let cells = blocks
      writer = SheetFormula(
        cell: { symbol, place in
          values[symbol.name].flatMap { cells[Known(name: symbol.name, value: $0)]?.cell(place) }
        }, sizes: expression.symbols.sizes(in: values))
    }
    let block = add(labels, value) { place, number in
      guard case .formula(let expression)? = formula, let writer,
        let text = try? writer.text(
          expression, at: place.suffix(expression.shape.dimensions.count))
      else { return .number(number) }
      return .formula(text, number)
    }
    if case .name(let symbol) = line.quantity {
      blocks[Known(name: symbol.name, value: value)] = block
    }
  }
}
