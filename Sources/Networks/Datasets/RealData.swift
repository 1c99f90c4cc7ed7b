import MatrixEngine

extension DatasetGenerator {
  /// Fisher's irises: 150 flowers, four lengths in centimetres, three species as classes 1 to 3.
  package static let iris = DatasetGenerator("iris", "150 irises of 3 species, 4 lengths in cm") {
    _ in
    let digits = IrisData.millimetres.utf8.compactMap { byte in
      (48...57).contains(byte) ? Double(byte - 48) : nil
    }
    let lengths = stride(from: 0, to: digits.count - 1, by: 2).map {
      (10 * digits[$0] + digits[$0 + 1]) / 10
    }
    return Dataset(
      name: "iris", x: Matrix(rows: 150, columns: 4, storage: lengths),
      y: .vector((0..<150).map { Double($0 / 50 + 1) }),
      names: ["sepal_length", "sepal_width", "petal_length", "petal_width"],
      classes: ["setosa", "versicolor", "virginica"], targetName: "species")
  }

  /// Handwritten digits: 1797 images of 8×8 pixels, values 0 to 16; class 1 is digit "0".
  package static let digits = DatasetGenerator(
    "digits", "1797 handwritten digits, 8×8 pixels of 0 to 16",
    form: .init(name: "images", sizes: [1, 8, 8])
  ) {
    _ in
    let labels = DigitsData.labels.utf8.compactMap { byte in
      (48...57).contains(byte) ? Double(byte - 47) : nil
    }
    return Dataset(
      name: "digits",
      x: Matrix(rows: labels.count, columns: 64, storage: digitPixels()), y: .vector(labels),
      names: (0..<64).map { "pixel_\($0 / 8 + 1)_\($0 % 8 + 1)" },
      classes: (0...9).map { "\($0)" }, targetName: "digit")
  }

  /// Unpacks `DigitsData.pixels`; see there.
  private static func digitPixels() -> [Double] {
    let alphabet = (35...126).filter { $0 != 92 }.map { UInt8($0) }
    var symbol: [UInt8: Int] = [:]
    for (index, byte) in alphabet.enumerated() { symbol[byte] = index }
    var runs: [[Double]] = (0...16).map { [Double($0)] }
    let pairs = DigitsData.pairs.utf8.compactMap { symbol[$0] }
    for i in stride(from: 0, to: pairs.count - 1, by: 2) {
      runs.append(runs[pairs[i]] + runs[pairs[i + 1]])
    }
    var pixels: [Double] = []
    pixels.reserveCapacity(1797 * 64)
    for byte in DigitsData.pixels.utf8 {
      if let index = symbol[byte] { pixels += runs[index] }
    }
    return pixels
  }
}
