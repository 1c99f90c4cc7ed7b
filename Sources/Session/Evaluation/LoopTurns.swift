import MatrixEngine

/// What a `for` or a generator runs over, made turn by turn: a loop over a million numbers makes no million
/// values first.
struct LoopTurns {
  private enum Source {
    case single(Value)
    case numbers([Double])
    case rows(Matrix<Double>)
    case elements([Value])
  }

  private let source: Source
  let count: Int

  /// The turns of a value; nil for what nothing can run over.
  init?(_ value: Value) {
    switch value {
    case .scalar, .boolean: (source, count) = (.single(value), 1)
    case .vector(let entries): (source, count) = (.numbers(entries), entries.count)
    case .matrix(let matrix): (source, count) = (.rows(matrix), matrix.rows)
    case .list(let list): (source, count) = (.elements(list.elements), list.elements.count)
    default: return nil
    }
  }

  subscript(index: Int) -> Value {
    switch source {
    case .single(let value): value
    case .numbers(let entries): .scalar(entries[index])
    case .rows(let matrix): .vector(matrix.row(index))
    case .elements(let elements): elements[index]
    }
  }
}
