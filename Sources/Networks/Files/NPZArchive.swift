import MatrixEngine

/// Several named arrays: a zip archive of `.npy` files, stored without compression.
///
/// Source: numpy.savez; PKWARE APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16.
enum NPZArchive {
  /// X (or x) with Y (or y) as a dataset, everything else as arrays.
  ///
  /// Throws: `DataError.malformed` for no archive, or a compressed one.
  static func content(of bytes: [UInt8], path: String) throws(DataError) -> DataFile.Content {
    let arrays = try self.arrays(in: bytes, path: path)
    func find(_ names: [String]) -> Tensor<Double>? {
      arrays.first { names.contains($0.name) }?.value
    }
    guard let x = find(["X", "x"]), x.rank == 2, arrays.count <= 2 else { return .arrays(arrays) }
    let y = find(["Y", "y"])
    guard arrays.count == (y == nil ? 1 : 2) else { return .arrays(arrays) }
    if let targets = y?.rows, targets != x.rows {
      throw .malformed(
        path: path, line: nil, column: nil,
        reason: "X has \(x.rows) examples, but Y has \(targets)",
        help: "save one target an example")
    }
    return .dataset(
      Dataset(
        name: DataFile.baseName(path), x: x, y: y, names: (0..<x.columns).map { "x\($0 + 1)" }))
  }

  static func arrays(in bytes: [UInt8], path: String) throws(DataError) -> [DataFile.NamedArray] {
    func malformed(_ reason: String, _ help: String? = nil) -> DataError {
      .malformed(path: path, line: nil, column: nil, reason: reason, help: help)
    }
    // The end record is 22 bytes and a comment; look for its signature from the back.
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: max(0, bytes.count - 65_557), by: -1)
        .first(where: { number(bytes, $0, 4) == 0x0605_4B50 })
    else { throw malformed("this is no .npz file") }
    var position = number(bytes, end + 16, 4)
    var arrays: [DataFile.NamedArray] = []
    for _ in 0..<number(bytes, end + 10, 2) {
      guard position + 46 <= bytes.count, number(bytes, position, 4) == 0x0201_4B50 else {
        throw malformed("the archive's directory is damaged")
      }
      let method = number(bytes, position + 10, 2)
      let size = number(bytes, position + 20, 4)
      let nameLength = number(bytes, position + 28, 2)
      let next =
        position + 46 + nameLength + number(bytes, position + 30, 2)
        + number(bytes, position + 32, 2)
      let header = number(bytes, position + 42, 4)
      guard next <= bytes.count, header + 30 <= bytes.count else {
        throw malformed("the archive's directory is damaged")
      }
      let file = String(
        decoding: bytes[(position + 46)..<(position + 46 + nameLength)], as: UTF8.self)
      guard method == 0 else {
        throw malformed("\(file) is compressed", "save it with np.savez, not np.savez_compressed")
      }
      let start =
        header + 30 + number(bytes, header + 26, 2) + number(bytes, header + 28, 2)
      guard start + size <= bytes.count else { throw malformed("\(file) is cut off") }
      let array = try NPYArray(Array(bytes[start..<(start + size)]), path: path)
      arrays.append(
        DataFile.NamedArray(
          name: file.hasSuffix(".npy") ? String(file.dropLast(4)) : file, value: array.value))
      position = next
    }
    return arrays
  }

  /// A little-endian number; 0 beyond the end, which the callers' checks refuse.
  private static func number(_ bytes: [UInt8], _ start: Int, _ size: Int) -> Int {
    guard start >= 0, start + size <= bytes.count else { return 0 }
    return (0..<size).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
  }

  static func bytes(_ arrays: [DataFile.NamedArray]) -> [UInt8] {
    var result: [UInt8] = []
    var directory: [UInt8] = []
    for array in arrays {
      let name = Array((array.name + ".npy").utf8)
      let data = NPYArray(value: array.value).bytes
      let offset = result.count
      // Version 2.0, no flags, stored, the first day of the format's calendar.
      var common = little([(20, 2), (0, 2), (0, 2), (0, 2), (0x21, 2)])
      common += little([(Int(checksum(data)), 4), (data.count, 4), (data.count, 4)])
      common += little([(name.count, 2), (0, 2)])
      result += little([(0x0403_4B50, 4)])
      result += common
      result += name
      result += data
      directory += little([(0x0201_4B50, 4), (20, 2)])
      directory += common
      directory += little([(0, 2), (0, 2), (0, 2), (0, 4), (offset, 4)])
      directory += name
    }
    let start = result.count
    result += directory
    result += little([(0x0605_4B50, 4), (0, 2), (0, 2), (arrays.count, 2), (arrays.count, 2)])
    result += little([(directory.count, 4), (start, 4), (0, 2)])
    return result
  }

  /// Numbers with their sizes in bytes, lowest byte first.
  private static func little(_ numbers: [(value: Int, size: Int)]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<number.size).map { UInt8(truncatingIfNeeded: number.value >> (8 * $0)) }
    }
  }

  /// CRC-32 with polynomial 0xEDB88320, as zip wants it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var table: [UInt32] = []
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
      table.append(value)
    }
    var sum = UInt32.max
    for byte in bytes { sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
    return ~sum
  }
}
