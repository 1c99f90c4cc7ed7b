import Calculus
import MatrixEngine
import Networks

/// A value of the language (LANGUAGE.md §3).
///
/// Everything is a value that copies, but for networks, which are references.
package enum Value {
  /// What `print(…)` returns; never displayed.
  case nothing
  case scalar(Double)
  case boolean(Bool)
  case string(String)
  /// A vector, which is a column, a matrix, or an array of more dimensions; a single number is a scalar.
  case array(Tensor<Double>)
  case list(ListValue)
  case function(FunctionValue)
  /// A part of a formula while that is evaluated; names outside of a `Scope` never hold it.
  case expression(Expression)
  case network(Network)
  /// In a box, so that a number is not copied at the size of a dataset.
  indirect case dataset(Dataset)
  /// What a command returned: it has members, a table, and two views.
  case record(any Record)
}

/// Several values under one name, such as `net.W` or `run.a`.
package struct ListValue {
  package let elements: [Value]
  /// The index of the first element: 1, but 0 for `run.a`, whose a[0] is the input.
  package var firstIndex: Int
  /// What an element is, for messages: "layer", "entry".
  package var elementName: String
  /// How many elements there are in all, and how many lists lie inside one another: both are limited.
  package let total: Int
  package let depth: Int
  /// Whether a formula is among them.
  let holdsFormula: Bool

  package init(_ elements: [Value], firstIndex: Int = 1, elementName: String = "entry") {
    self.elements = elements
    self.firstIndex = firstIndex
    self.elementName = elementName
    var (total, depth) = (elements.count, 0)
    for case .list(let list) in elements {
      total = total.addingReportingOverflow(list.total).partialValue
      depth = max(depth, list.depth)
    }
    self.total = total
    self.depth = depth + 1
    holdsFormula = elements.contains(where: \.holdsFormula)
  }

  package var indices: ClosedRange<Int>? {
    elements.isEmpty ? nil : firstIndex...(firstIndex + elements.count - 1)
  }
}

extension Value {
  /// The value's kind as messages say it, with its article: "a 2×3 matrix", "a vector of 3".
  package var description: String {
    switch self {
    case .nothing: "nothing"
    case .scalar: "a number"
    case .boolean: "a truth value"
    case .string: "a text"
    case .array(let array): array.description
    case .list(let list): "a list of \(list.elements.count)"
    case .function(let function): function.description
    case .expression(let expression):
      switch expression.shape {
      case .scalar, .vector: expression.shape.sizeText
      case let shape where shape.isRow: "a row (\(shape))"
      case let shape: "a \(shape) matrix"
      }
    case .network(let network): "the network \(network.name)"
    case .dataset: "a dataset"
    case .record(let record): record.description
    }
  }

  /// The kind alone: "matrix", for the variable panel and completion.
  package var kindName: String {
    switch self {
    case .nothing: "nothing"
    case .scalar: "scalar"
    case .boolean: "boolean"
    case .string: "string"
    case .array(let array): array.rank == 1 ? "vector" : array.rank == 2 ? "matrix" : "array"
    case .list: "list"
    case .function(let function): function.isSymbol ? "symbol" : "function"
    case .expression: "function"
    case .network: "network"
    case .dataset: "dataset"
    case .record(let record): record.kindName
    }
  }

  /// The shape as messages say it: `2×3`, `3` for a vector, nil for what has none.
  package var shapeText: String? {
    switch self {
    case .scalar, .boolean: "scalar"
    case .array(let array): array.rank == 1 ? "vector of \(array.rows)" : "\(array.shape)"
    default: nil
    }
  }

  /// Numbers in their shape.
  package init(_ array: Tensor<Double>) {
    self = array.rank == 0 ? .scalar(array.storage[0]) : .array(array)
  }

  package static func vector(_ entries: [Double]) -> Value { .array(.vector(entries)) }

  /// Truth values of many entries; nil for what is none.
  var truths: Tensor<Double>? {
    if case .array(let array) = self, array.holdsTruths { array } else { nil }
  }

  package var isNothing: Bool { if case .nothing = self { true } else { false } }
  var isBoolean: Bool { if case .boolean = self { true } else { false } }
  /// Whether it is a 1×n matrix.
  var isRow: Bool { matrix?.rows == 1 }
  var isArray: Bool { if case .array = self { true } else { false } }
  package var isFunction: Bool { if case .function = self { true } else { false } }
  var isText: Bool { text != nil }
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// A number, where a truth value counts as 0 or 1.
  package var number: Double? {
    switch self {
    case .scalar(let value): value
    case .boolean(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The numbers with their shape; nil for what has none.
  package var tensor: Tensor<Double>? {
    switch self {
    case .scalar(let value): .scalar(value)
    case .boolean(let flag): .scalar(flag ? 1 : 0)
    case .array(let array): array
    default: nil
    }
  }

  /// As it is typed in, bit for bit; nil of what has no such form.
  package var literal: String? {
    switch self {
    case .scalar(let number): return Interpreter.plain(number)
    case .boolean(let flag): return "\(flag)"
    case .string(let text):
      let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "\"\(escaped.replacing("\n", with: "\\n"))\""
    case .array(let array): return array.bracketed(Interpreter.plain)
    case .function(.builtIn(let builtIn)): return builtIn.name
    case .function(.user(let function)): return function.syntax.name
    default: return nil
    }
  }

  /// How many indices an array, or a formula of one, has.
  var indexCount: Int {
    switch self {
    case .array(let array): array.rank
    case .expression(let formula): formula.shape.dimensions.count
    default: 0
    }
  }

  /// The entries of a vector; nil for everything else.
  package var vector: [Double]? {
    if case .array(let array) = self, array.rank == 1 { array.storage } else { nil }
  }

  /// A matrix; nil for everything else.
  package var matrix: Matrix<Double>? {
    if case .array(let array) = self, array.rank == 2 { array } else { nil }
  }

  /// All entries, row by row, or nil for what has no numbers.
  package var entries: [Double]? {
    switch self {
    case .scalar(let value): [value]
    case .boolean(let flag): [flag ? 1 : 0]
    case .array(let array): array.storage
    default: nil
    }
  }

  /// The same entries mapped; the shape stays. Nil for what has no numbers.
  ///
  /// Throws: `MatrixError.interrupted`.
  @inline(__always)
  func mapNumbers(_ interrupt: InterruptFlag, _ transform: (Double) -> Double)
    throws(MatrixError) -> Value?
  {
    switch self {
    case .scalar(let value): return .scalar(transform(value))
    case .boolean(let flag): return .scalar(transform(flag ? 1 : 0))
    case .array(let array): return .array(try array.map(interrupt: interrupt, transform))
    default: return nil
    }
  }

  /// This value's entries in new storage; the shape stays. Only for values with numbers.
  func replacingEntries(_ entries: [Double]) -> Value {
    switch self {
    case .scalar, .boolean: .scalar(entries[0])
    case .array(let array): .array(Tensor(array.shape, entries))
    default: .vector(entries)
    }
  }
}
