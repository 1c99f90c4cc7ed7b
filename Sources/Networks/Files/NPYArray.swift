import MatrixEngine

/// One array in NumPy's format.
///
/// Reads floating point of 4 and 8 bytes, whole numbers of 1 to 8 bytes and booleans, in either
/// byte order, in C or Fortran order, of at most two dimensions; writes `<f8` in C order.
/// Source: NumPy enhancement proposal 1, "A simple file format for NumPy arrays".
struct NPYArray {
  let value: Tensor<Double>

  init(value: Tensor<Double>) { self.value = value }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Throws: `DataError.malformed` for anything that is not such a file.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    func malformed(_ reason: String, _ help: String? = nil) -> DataError {
      .malformed(path: path, line: nil, column: nil, reason: reason, help: help)
    }
    guard bytes.count >= 12, bytes.starts(with: NPYArray.magic) else {
      throw malformed("this is no .npy file")
    }
    let isLong = bytes[6] >= 2
    let start = isLong ? 12 : 10
    let length =
      isLong
      ? Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
      : Int(bytes[8]) | Int(bytes[9]) << 8
    guard start + length <= bytes.count else { throw malformed("the header is cut off") }
    let header = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
    guard let type = NPYArray.quoted(after: "'descr'", in: header),
      let sizes = NPYArray.shape(in: header)
    else { throw malformed("the header does not name type and shape") }
    guard let read = NPYArray.reader(for: type) else {
      throw malformed(
        "elements of type \(type) are not known", "save it with .astype('float64')")
    }
    guard sizes.count <= Shape.largestRank else {
      throw malformed("an array has at most \(Shape.largestRank) dimensions, not \(sizes.count)")
    }
    let shape = Shape(sizes)
    guard Shape(sizes.map { max(1, $0) }).count <= Shape.largestCount else {
      throw .tooLarge(path: path, bytes: shape.count)
    }
    let body = bytes[(start + length)...]
    guard body.count >= shape.count * read.size else { throw malformed("the data is cut off") }
    var elements = [Double](repeating: 0, count: shape.count)
    for i in elements.indices { elements[i] = read.element(body, body.startIndex + i * read.size) }
    value =
      NPYArray.isFortran(header)
      ? Tensor(Shape(sizes.reversed()), elements).reversingDimensions() : Tensor(shape, elements)
  }

  /// The file: version 1.0, header padded so that the data begins at a multiple of 64.
  var bytes: [UInt8] {
    let sizes = value.sizes.map(String.init).joined(separator: ", ")
    var header = "{'descr': '<f8', 'fortran_order': False, "
    header += "'shape': (\(sizes)\(value.rank == 1 ? "," : "")), }"
    while (NPYArray.magic.count + 4 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var result = NPYArray.magic + [1, 0]
    result += [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
    result += Array(header.utf8)
    for element in value.storage {
      var bits = element.bitPattern
      for _ in 0..<8 {
        result.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
      }
    }
    return result
  }

  private struct ElementReader {
    let size: Int
    let element: (ArraySlice<UInt8>, Int) -> Double
  }

  /// How to read elements of a type such as `<f8`.
  private static func reader(for type: String) -> ElementReader? {
    let parts = Array(type)
    guard parts.count == 3, "<>|=".contains(parts[0]), let size = parts[2].wholeNumberValue,
      [1, 2, 4, 8].contains(size)
    else { return nil }
    let isBigEndian = parts[0] == ">"
    let bits: (ArraySlice<UInt8>, Int) -> UInt64 = { bytes, start in
      var result: UInt64 = 0
      for i in 0..<size {
        result = result << 8 | UInt64(bytes[start + (isBigEndian ? i : size - 1 - i)])
      }
      return result
    }
    switch (parts[1], size) {
    case ("f", 8): return ElementReader(size: 8) { Double(bitPattern: bits($0, $1)) }
    case ("f", 4):
      return ElementReader(size: 4) {
        Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits($0, $1))))
      }
    case ("u", _), ("b", 1): return ElementReader(size: size) { Double(bits($0, $1)) }
    case ("i", _):
      let unused = UInt64(64 - 8 * size)
      return ElementReader(size: size) {
        Double(Int64(bitPattern: bits($0, $1) << unused) >> Int64(unused))
      }
    default: return nil
    }
  }

  private static func quoted(after key: String, in header: String) -> String? {
    guard let rest = text(after: key, in: header), let open = rest.firstIndex(of: "'") else {
      return nil
    }
    let tail = rest[rest.index(after: open)...]
    return tail.firstIndex(of: "'").map { String(tail[..<$0]) }
  }

  private static func isFortran(_ header: String) -> Bool {
    guard let rest = text(after: "'fortran_order'", in: header) else { return false }
    return rest.drop { $0 == ":" || $0 == " " }.hasPrefix("True")
  }

  private static func shape(in header: String) -> [Int]? {
    guard let rest = text(after: "'shape'", in: header), let open = rest.firstIndex(of: "("),
      let close = rest.firstIndex(of: ")"), open < close
    else { return nil }
    var sizes: [Int] = []
    for part in rest[rest.index(after: open)..<close].split(separator: ",") {
      let digits = part.filter { $0 != " " && $0 != "L" }
      if digits.isEmpty { continue }
      guard let size = Int(digits), size >= 0 else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  private static func text(after key: String, in header: String) -> Substring? {
    var rest = header[...]
    while !rest.isEmpty {
      if rest.hasPrefix(key) { return rest.dropFirst(key.count) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
