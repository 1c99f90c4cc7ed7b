import MatrixEngine

/// What a `for` or a generator runs over, made turn by turn: a loop over 1:1e9 holds no billion numbers.
package struct LoopTurns {
  private enum Source {
    case range(NumberRange)
    case array(Tensor<Double>)
    case elements([Value])
  }

  private let source: Source
  package let count: Int

  /// The turns of a range; nobody waits for the end of one with more than 2⁶² numbers.
  package init(_ range: NumberRange) {
    source = .range(range)
    count = Int(exactly: min(range.count, 0x1p62)) ?? 0
  }

  /// The turns of a value; nil for what nothing can run over.
  package init?(_ value: Value) {
    switch value {
    case .array(let array): (source, count) = (.array(array), array.rows)
    case .list(let list): (source, count) = (.elements(list.elements), list.elements.count)
    default: return nil
    }
  }

  /// All of them. Precondition: they are no range, which may be endless.
  var elements: [Value] { (0..<count).map { self[$0] } }

  package subscript(index: Int) -> Value {
    switch source {
    case .range(let range): .scalar(range[index])
    case .array(let array):
      array.rank == 1 ? .scalar(array.storage[index]) : .array(array.slice(index))
    case .elements(let elements): elements[index]
    }
  }
}
