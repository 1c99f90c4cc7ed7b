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
  /// A column of n numbers.
  case vector([Double])
  case matrix(Matrix<Double>)
  case list(ListValue)
  case function(FunctionValue)
  case network(Network)
  case dataset(Dataset)
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
  }

  /// Several of its elements: "layers", "entries", "classes".
  var elementsName: String {
    switch elementName.last {
    case "y": "\(elementName.dropLast())ies"
    case "s": "\(elementName)es"
    default: "\(elementName)s"
    }
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
    case .vector(let entries): "a vector of \(entries.count)"
    case .matrix(let matrix):
      matrix.rows == 1 ? "a row (\(matrix.shape))" : "a \(matrix.shape) matrix"
    case .list(let list): "a list of \(list.elements.count)"
    case .function(let function): function.description
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
    case .vector: "vector"
    case .matrix: "matrix"
    case .list: "list"
    case .function(let function): function.isSymbol ? "symbol" : "function"
    case .network: "network"
    case .dataset: "dataset"
    case .record(let record): record.kindName
    }
  }

  /// The shape as messages say it: `2×3`, `3` for a vector, nil for what has none.
  package var shapeText: String? {
    switch self {
    case .scalar, .boolean: "scalar"
    case .vector(let entries): "vector of \(entries.count)"
    case .matrix(let matrix): "\(matrix.shape)"
    default: nil
    }
  }

  package var isNothing: Bool { if case .nothing = self { true } else { false } }
  var isNumeric: Bool { entries != nil }
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

  /// The entries as a matrix: a vector becomes one row, as in element-wise joins; a scalar 1×1.
  var asRowMatrix: Matrix<Double>? {
    switch self {
    case .scalar(let value): Matrix(rows: 1, columns: 1, storage: [value])
    case .boolean(let flag): Matrix(rows: 1, columns: 1, storage: [flag ? 1 : 0])
    case .vector(let entries): Matrix(rows: 1, columns: entries.count, storage: entries)
    case .matrix(let matrix): matrix
    default: nil
    }
  }

  /// All entries, row by row, or nil for what has no numbers.
  package var entries: [Double]? {
    switch self {
    case .scalar(let value): [value]
    case .boolean(let flag): [flag ? 1 : 0]
    case .vector(let entries): entries
    case .matrix(let matrix): matrix.storage
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
    case .vector(let entries):
      let row = Matrix(rows: 1, columns: entries.count, storage: entries)
      return .vector(try row.map(interrupt: interrupt, transform).storage)
    case .matrix(let matrix): return .matrix(try matrix.map(interrupt: interrupt, transform))
    default: return nil
    }
  }

  /// This value's entries in new storage; the shape stays. Only for values with numbers.
  func replacingEntries(_ entries: [Double]) -> Value {
    switch self {
    case .scalar, .boolean: .scalar(entries[0])
    case .matrix(let matrix):
      .matrix(Matrix(rows: matrix.rows, columns: matrix.columns, storage: entries))
    default: .vector(entries)
    }
  }
}
