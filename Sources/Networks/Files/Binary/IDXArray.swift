import MatrixEngine

/// An array in the format of MNIST's files: two zeros, the type, the number of dimensions, their sizes, the numbers.
///
/// Source: Yann LeCun, Corinna Cortes, Christopher J.C. Burges, "The MNIST database", "The IDX file format".
enum IDXArray {
  /// Whether bytes begin as such a file does.
  static func isBeginning(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && ElementType(idx: bytes[2]) != nil
      && bytes[3] > 0
  }

  /// Throws: `DataError.malformed` for anything that is not such a file, `.tooMany`.
  static func read(_ feed: ByteFeed) throws(DataError) -> Tensor<Double> {
    var beginning: [UInt8] = []
    var builder: ArrayBuilder?
    let path = feed.source.path
    try feed.parts { (bytes, part) throws(DataError) in
      if builder != nil {
        builder?.append(bytes, part)
        return
      }
      beginning.append(contentsOf: bytes[part])
      guard beginning.count >= 4 else { return }
      guard isBeginning(beginning), let type = ElementType(idx: beginning[2]) else {
        throw ArrayBuilder.malformed(path, "this is no IDX file")
      }
      let length = 4 + 4 * Int(beginning[3])
      guard beginning.count >= length else { return }
      let sizes = (0..<Int(beginning[3])).map { axis in
        (0..<4).reduce(0) { $0 << 8 | Int(beginning[4 + 4 * axis + $1]) }
      }
      // How much follows is known of a file alone.
      builder = try ArrayBuilder(
        type, sizes, bytes: feed.packing == .none ? feed.range.count - length : .max,
        subject: feed.subject, path: path)
      builder?.append(beginning, length..<beginning.count)
      beginning = []
    }
    guard let builder else {
      throw ArrayBuilder.malformed(path, "this is no IDX file: its header is cut off")
    }
    return try builder.finish()
  }
}
