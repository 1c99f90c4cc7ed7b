import Calculus

/// Programs of layers as lines of PyTorch.
struct PythonProgram: ProgramTarget {
  private(set) var lines: [String] = []
  private let layer: Int

  /// The lines of a layer, from 1.
  init(layer: Int) { self.layer = layer }

  private mutating func line(_ text: String) -> String {
    let name = "t\(layer)_\(lines.count + 1)"
    lines.append("\(name) = \(text)")
    return name
  }

  mutating func entries(_ formula: Expression, of operands: [String: String])
    throws(UnwritableFormula) -> String
  {
    line(try PythonFormula(names: operands).text(formula))
  }

  mutating func constants(_ numbers: [Double]) -> String {
    line("torch.tensor([[\(numbers.map(PythonFormula.number).joined(separator: ", "))]])")
  }

  /// Places that follow one another are a slice.
  mutating func gather(_ array: String, _ places: [Int]) -> String {
    let first = places.first ?? 0
    let isRun = places == Array(first..<(first + places.count))
    return line(
      isRun
        ? "\(array)[:, \(first):\(first + places.count)]"
        : "\(array)[:, [\(places.map(String.init).joined(separator: ", "))]]")
  }

  mutating func product(_ a: String, _ b: String, _ product: LineProgram.Product) -> String {
    let (m, k, n) = (product.m, product.k, product.n)
    func matrix(_ name: String, _ rows: Int, _ columns: Int, isTransposed: Bool) -> String {
      isTransposed
        ? "\(name).reshape(-1, \(columns), \(rows)).mT" : "\(name).reshape(-1, \(rows), \(columns))"
    }
    let left = matrix(a, m, k, isTransposed: product.isATransposed)
    let right = matrix(b, k, n, isTransposed: product.isBTransposed)
    return line("(\(left) @ \(right)).reshape(-1, \(m * n))")
  }

  mutating func reduce(_ array: String, _ reduction: LineProgram.Reduction) -> String {
    let function = PythonFormula.reductions[reduction.kind] ?? "torch.sum"
    let operand =
      "\(array).reshape(-1, \(reduction.outer), \(reduction.count), \(reduction.inner))"
    return line(
      "\(function)(\(operand), dim=2).reshape(-1, \(reduction.outer * reduction.inner))")
  }

  mutating func softmax(_ array: String, width: Int, count: Int) -> String {
    line(
      "torch.softmax(\(array).reshape(-1, \(count / max(width, 1)), \(width)), dim=-1).reshape(-1, \(count))"
    )
  }

  mutating func concatenate(_ arrays: [String]) -> String {
    line("torch.cat([\(arrays.joined(separator: ", "))], dim=1)")
  }
}
