import MatrixEngine

extension DisplayValue {
  /// Up to how many rows or entries, and matrix columns, are shown whole.
  static let entryLimit = 20
  static let textColumnLimit = 12
  /// The width at which a vector goes on in the next line.
  private static let lineWidth = 88

  /// The value as plain text. Vectors are written as a cell writes them, `[0.3000, 0.4000]`; a matrix
  /// in aligned columns below its dimensions.
  package func text(numbers: NumberFormat = .standard) -> String {
    switch self {
    case .number(let value): numbers.text(value)
    case .boolean(let value): value ? "true" : "false"
    case .string(let text): Self.quoted(text)
    case .array(let array) where array.rank < 2: Self.text(vector: array.storage, numbers)
    case .array(let array) where array.rank == 2: Self.text(matrix: array, numbers)
    case .array(let array) where array.isEmpty: "\(array.shape) array"
    case .array, .list: layers.map { Self.text(layers: $0, numbers) } ?? ""
    case .description(let text): text
    }
  }

  private static func text(vector: [Double], _ numbers: NumberFormat) -> String {
    let folding = Folding(count: vector.count, limit: entryLimit)
    let parts = folding.positions.map { $0.map { numbers.text(vector[$0]) } ?? "…" }
    return wrapped(parts) + count(folding, "entries")
  }

  /// The value behind its label: `w = 0.3000`; below it where there is no room beside it.
  func text(numbers: NumberFormat, label: String) -> String {
    let text = text(numbers: numbers)
    let end = text.firstIndex(of: "\n") ?? text.endIndex
    let fits = TextWidth.columns(of: label + text[..<end]) + 3 <= Self.lineWidth
    // What a vector goes on with stands below its own entries.
    guard case .array(let array) = self, array.rank < 2, end != text.endIndex else {
      return fits ? "\(label) = \(text)" : "\(label) =\n\(text)"
    }
    return "\(label) =\n\(text)"
  }

  private static func text(matrix: Matrix<Double>, _ numbers: NumberFormat) -> String {
    let layout = MatrixLayout(
      matrix, numbers: numbers, rowLimit: entryLimit, columnLimit: textColumnLimit)
    let title = "\(matrix.shape) matrix"
    guard !matrix.storage.isEmpty else { return title }
    return title + TextMatrixRenderer.lines(layout).map { "\n  " + TextWidth.trimmed($0) }.joined()
  }

  private static func text(layers: Layers, _ numbers: NumberFormat) -> String {
    let folding = Folding(count: layers.count, limit: entryLimit)
    if layers.areSimple {
      let parts = folding.positions.map {
        $0.map { layers.element($0).text(numbers: numbers) } ?? "…"
      }
      return wrapped(parts) + count(folding, "elements")
    }
    let indexWidth = layers.index(layers.count - 1).count
    return folding.positions.map { position in
      guard let position else { return "⋮ \(folding.hidden) more of \(folding.count)" }
      let index = layers.index(position)
      let start = index + TextWidth.spaces(indexWidth - index.count + 1)
      let lines = layers.element(position).text(numbers: numbers).split(
        separator: "\n", omittingEmptySubsequences: false)
      return start + lines.joined(separator: "\n" + TextWidth.spaces(indexWidth + 1))
    }.joined(separator: "\n")
  }

  private static func count(_ folding: Folding, _ noun: String) -> String {
    folding.hidden > 0 ? "  (\(folding.count) \(noun))" : ""
  }

  /// The parts between square brackets, with commas, in lines of limited width.
  private static func wrapped(_ parts: [String]) -> String {
    var result = "["
    var width = 1
    for (index, part) in parts.enumerated() {
      let room = TextWidth.columns(of: part) + 2
      if index > 0 {
        result += ","
        if width + room > lineWidth {
          result += "\n "
          width = 1
        } else {
          result += " "
        }
      }
      result += part
      width += room
    }
    return result + "]"
  }

  /// A text as a cell writes it.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.append(character)
      }
    }
    return result + "\""
  }
}
