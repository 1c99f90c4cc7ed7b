import MatrixEngine

extension DatasetGenerator {
  package static let and = gate("and", "x1 and x2") { $0 == 1 && $1 == 1 }
  package static let or = gate("or", "x1 or x2") { $0 == 1 || $1 == 1 }
  package static let nand = gate("nand", "not (x1 and x2)") { !($0 == 1 && $1 == 1) }
  package static let xor = gate("xor", "one of x1 and x2, not both") { $0 != $1 }

  /// The truth table of a gate: 00, 01, 10, 11, targets 0 and 1.
  private static func gate(
    _ name: String, _ summary: String, _ truth: @escaping @Sendable (Double, Double) -> Bool
  ) -> DatasetGenerator {
    DatasetGenerator(name, "the truth table of \(summary): 4 examples, 2 inputs") { _ in
      let inputs: [Double] = [0, 0, 0, 1, 1, 0, 1, 1]
      let targets = stride(from: 0, to: 8, by: 2).map { truth(inputs[$0], inputs[$0 + 1]) }
      return Dataset(
        name: name, x: Matrix(rows: 4, columns: 2, storage: inputs),
        y: .vector(targets.map { $0 ? 1 : 0 }), names: ["x1", "x2"], targetName: "y")
    }
  }
}
