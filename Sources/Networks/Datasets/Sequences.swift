import MatrixEngine

extension DatasetGenerator {
  /// All sequences of 8 bits, with the number of ones in each: class 1 is "0".
  package static let counting = DatasetGenerator(
    "counting", "all 256 sequences of 8 bits, classes by the number of ones",
    form: .init(name: "sequences", sizes: [8, 1])
  ) { _ in
    let length = 8
    let numbers = 0..<(1 << length)
    let bits = numbers.flatMap { number in
      (0..<length).reversed().map { Double(number >> $0 & 1) }
    }
    return Dataset(
      name: "counting", x: Matrix(rows: numbers.count, columns: length, storage: bits),
      y: .vector(numbers.map { Double($0.nonzeroBitCount + 1) }),
      names: (1...length).map { "bit_\($0)" }, classes: (0...length).map { "\($0)" },
      targetName: "ones")
  }
}
