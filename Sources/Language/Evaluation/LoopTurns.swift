import Calculus
import MatrixEngine

/// What a `for` or a generator runs over, made turn by turn: a loop over 1:1e9 holds no billion numbers.
package struct LoopTurns {
  package let count: Int
  /// One closure for all kinds, so that a turn copies nothing.
  private let turn: (Int) -> Value

  /// The turns of a range; nobody waits for the end of one with more than 2⁶² numbers.
  package init(
    _ range: NumberRange, as value: @escaping @Sendable (Double) -> Value = { .scalar($0) }
  ) {
    count = Int(exactly: min(range.count, 0x1p62)) ?? 0
    turn = { value(range[$0]) }
  }

  /// A turn for each of some values.
  init(_ elements: [Value]) {
    count = elements.count
    turn = { elements[$0] }
  }

  /// The turns of a value; nil for what nothing can run over.
  package init?(_ value: Value) {
    switch value {
    case .array(let array):
      count = array.rows
      turn =
        array.rank == 1 ? { .scalar(array.storage[$0]) } : { .array(array.slice($0)) }
    case .list(let list):
      count = list.elements.count
      turn = { list.elements[$0] }
    default: return nil
    }
  }

  /// The turns that are parts of a formula, each made when it is asked for.
  var expressions: some Sequence<Expression> {
    (0..<count).lazy.compactMap { if case .expression(let turn) = turn($0) { turn } else { nil } }
  }

  /// All of them. Precondition: they are no range, which may be endless.
  var elements: [Value] { (0..<count).map(turn) }

  package subscript(index: Int) -> Value { turn(index) }
}
