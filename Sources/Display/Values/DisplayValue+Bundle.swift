import JSONText
import MatrixEngine
import Notation

extension DisplayValue {
  /// The value in every format that it has, and its data for programs.
  ///
  /// Numbers, booleans and texts are plain text, which can be copied back into a cell; vectors,
  /// matrices and lists also HTML and LaTeX. A label stands before the value in all of them: `w = 0.3000`.
  package func bundle(numbers: NumberFormat = .standard, label: String? = nil) -> MIMEBundle {
    var bundle = MIMEBundle(
      plain: label.map { text(numbers: numbers, label: $0) } ?? text(numbers: numbers))
    if let html = html(numbers: numbers, label: label) {
      bundle.data[MIMEType.html] = .string(html)
    }
    if let latex = latex(numbers: numbers) {
      let before = label.map { "\(LaTeXText.inline("\($0) ="))\n\n" } ?? ""
      bundle.data[MIMEType.latex] = .string(before + latex)
    }
    if let resource = tidy?.dataResource { bundle.data[MIMEType.dataResource] = resource }
    return bundle
  }

  /// The data: `value`; `index, value` of a vector or list; `row, column, value` of a matrix;
  /// `axis1, axis2, …, value` of an array. nil for
  /// descriptions, for lists of other things than numbers, booleans or texts alone, and where there
  /// would be more rows than a data resource may have.
  package var tidy: TidyTable? {
    switch self {
    case .number(let value): TidyTable([TidyColumn("value", numbers: [value])])
    case .boolean(let value): TidyTable([TidyColumn("value", booleans: [value])])
    case .string(let value): TidyTable([TidyColumn("value", strings: [value])])
    case .array(let array): Self.tidy(array)
    case .list(let elements, let first):
      Self.column(of: elements).flatMap { Self.indexed($0, from: first) }
    case .description: nil
    }
  }

  private static func tidy(_ array: Tensor<Double>) -> TidyTable? {
    guard array.storage.count <= TidyTable.dataResourceLimit else { return nil }
    var columns = [TidyColumn("value", numbers: array.storage)]
    var step = 1
    for axis in (0..<array.rank).reversed() {
      let size = max(array.sizes[axis], 1)
      let name =
        switch (array.rank, axis) {
        case (1, _): "index"
        case (2, 0): "row"
        case (2, _): "column"
        default: "axis\(axis + 1)"
        }
      let places = array.storage.indices.map { [step] in $0 / step % size + 1 }
      columns.insert(TidyColumn(name, integers: places), at: 0)
      step *= size
    }
    return TidyTable(columns)
  }

  private static func indexed(_ column: TidyColumn, from first: Int = 1) -> TidyTable? {
    let count = column.values.count
    guard count <= TidyTable.dataResourceLimit else { return nil }
    return TidyTable([TidyColumn("index", integers: (0..<count).map { $0 + first }), column])
  }

  /// The elements as one column, if they are of one simple type.
  private static func column(of elements: [DisplayValue]) -> TidyColumn? {
    var numbers: [Double] = []
    var strings: [String] = []
    var booleans: [Bool] = []
    for element in elements {
      switch element {
      case .number(let value): numbers.append(value)
      case .string(let value): strings.append(value)
      case .boolean(let value): booleans.append(value)
      default: return nil
      }
    }
    guard !elements.isEmpty else { return nil }
    return switch elements.count {
    case numbers.count: TidyColumn("value", numbers: numbers)
    case strings.count: TidyColumn("value", strings: strings)
    case booleans.count: TidyColumn("value", booleans: booleans)
    default: nil
    }
  }

  /// Whether the value is written on the line of its list, rather than below.
  var isSimple: Bool {
    switch self {
    case .number, .boolean, .string, .description: true
    case .array, .list: false
    }
  }
}
