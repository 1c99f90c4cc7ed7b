import Calculus
import MatrixEngine

/// What a `for` or a generator runs over, made turn by turn: a loop over 1:1e9 holds no billion numbers.
package struct LoopTurns {
  private enum Source {
    case range(NumberRange, @Sendable (Double) -> Value)
    case array(Tensor<Double>)
    case elements([Value])
  }

  private let source: Source
  package let count: Int

  /// The turns of a range; nobody waits for the end of one with more than 2⁶² numbers.
  package init(
    _ range: NumberRange, as value: @escaping @Sendable (Double) -> Value = { .scalar($0) }
  ) {
    source = .range(range, value)
    count = Int(exactly: min(range.count, 0x1p62)) ?? 0
  }

  /// A turn for each of some values.
  init(_ elements: [Value]) { (source, count) = (.elements(elements), elements.count) }

  /// The turns of a value; nil for what nothing can run over.
  package init?(_ value: Value) {
    switch value {
    case .array(let array): (source, count) = (.array(array), array.rows)
    case .list(let list): (source, count) = (.elements(list.elements), list.elements.count)
    default: return nil
    }
  }

  /// The turns that are parts of a formula.
  var expressions: [Expression] {
    (0..<count).compactMap { if case .expression(let turn) = self[$0] { turn } else { nil } }
  }

  /// All of them. Precondition: they are no range, which may be endless.
  var elements: [Value] { (0..<count).map { self[$0] } }

  package subscript(index: Int) -> Value {
    switch source {
    case .range(let range, let value): value(range[index])
    case .array(let array):
      array.rank == 1 ? .scalar(array.storage[index]) : .array(array.slice(index))
    case .elements(let elements): elements[index]
    }
  }
}
