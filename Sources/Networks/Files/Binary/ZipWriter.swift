/// Writes files into a zip archive, stored as they are.
///
/// Source: PKWARE APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16.
enum ZipWriter {
  /// A file of the archive. Its content is asked for twice, for the checksum and for the archive, part by part.
  struct Member {
    let name: String
    let parts: (_ append: ([UInt8]) throws(DataError) -> Void) throws(DataError) -> Void

    init(
      name: String,
      parts: @escaping (_ append: ([UInt8]) throws(DataError) -> Void) throws(DataError) -> Void
    ) {
      self.name = name
      self.parts = parts
    }
  }

  static func write(_ members: [Member], to writer: FileWriter) throws(DataError) {
    var directory: [UInt8] = []
    var offset = 0
    for member in members {
      let name = Array(member.name.utf8)
      var sum = Checksum()
      var size = 0
      try member.parts { part throws(DataError) in
        try writer.checkInterrupt()
        sum.include(part, 0..<part.count)
        size += part.count
      }
      // Version 2.0, names in UTF-8, stored, the first day of the format's calendar.
      var common = little([(20, 2), (0x800, 2), (0, 2), (0, 2), (0x21, 2)])
      common += little([(Int(sum.value), 4), (size, 4), (size, 4)])
      common += little([(name.count, 2), (0, 2)])
      try writer.append(little([(0x0403_4B50, 4)]) + common + name)
      try member.parts { part throws(DataError) in try writer.append(part) }
      directory += little([(0x0201_4B50, 4), (20, 2)])
      directory += common
      directory += little([(0, 2), (0, 2), (0, 2), (0, 4), (offset, 4)])
      directory += name
      offset += 4 + common.count + name.count + size
    }
    let end =
      little([(0x0605_4B50, 4), (0, 2), (0, 2), (members.count, 2), (members.count, 2)])
      + little([(directory.count, 4), (offset, 4), (0, 2)])
    try writer.append(directory + end)
  }

  /// Numbers with their sizes in bytes, lowest byte first.
  private static func little(_ numbers: [(value: Int, size: Int)]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<number.size).map { UInt8(truncatingIfNeeded: number.value >> (8 * $0)) }
    }
  }
}
