import MatrixEngine

/// Several named arrays: a zip archive of `.npy` files, stored or deflated; written stored.
///
/// Source: numpy.savez, numpy.savez_compressed; PKWARE APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16.
enum NPZArchive {
  /// A file of the archive, as its directory has it.
  private struct Member {
    var name: String
    var method: Int
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    var header: Int
  }

  /// Throws: `DataError.malformed` for no archive, or an array that is not of numbers or texts, by its name.
  static func arrays(in source: ByteSource) throws(DataError) -> [DataFile.NamedArray] {
    var arrays: [DataFile.NamedArray] = []
    for member in try members(of: source) {
      arrays.append(.init(name: member.name, content: try content(of: member, in: source)))
    }
    return arrays
  }

  private static func members(of source: ByteSource) throws(DataError) -> [Member] {
    let path = source.path
    func malformed(_ reason: String) -> DataError { ArrayBuilder.malformed(path, reason) }
    // The end record is 22 bytes and a comment; look for its signature from the back.
    let tail = try source.bytes(from: max(0, source.count - 65_557))
    guard tail.count >= 22,
      let end = stride(from: tail.count - 22, through: 0, by: -1)
        .first(where: { number(tail, $0, 4) == 0x0605_4B50 })
    else { throw malformed("this is no .npz file") }
    let start = number(tail, end + 16, 4)
    let directory = try source.bytes(from: start, atMost: number(tail, end + 12, 4))
    var members: [Member] = []
    var position = 0
    for _ in 0..<number(tail, end + 10, 2) {
      guard position + 46 <= directory.count, number(directory, position, 4) == 0x0201_4B50 else {
        throw malformed("the archive's directory is damaged")
      }
      let nameLength = number(directory, position + 28, 2)
      let nameEnd = position + 46 + nameLength
      guard nameEnd <= directory.count else {
        throw malformed("the archive's directory is damaged")
      }
      let file = Array(directory[position + 46..<nameEnd])
      let name =
        String(validating: file, as: UTF8.self)
        ?? TextEncoding.latin1.decode(file.span, 0..<file.count)
      members.append(
        Member(
          name: name.hasSuffix(".npy") ? String(name.dropLast(4)) : name,
          method: number(directory, position + 10, 2),
          checksum: UInt32(number(directory, position + 16, 4)),
          compressedSize: number(directory, position + 20, 4),
          size: number(directory, position + 24, 4), header: number(directory, position + 42, 4)))
      position = nameEnd + number(directory, position + 30, 2) + number(directory, position + 32, 2)
    }
    return members
  }

  private static func content(of member: Member, in source: ByteSource) throws(DataError)
    -> ArrayContent
  {
    let subject = "array \(member.name)"
    func malformed(_ reason: String, _ help: String? = nil) -> DataError {
      ArrayBuilder.malformed(source.path, "\(subject) \(reason)", help)
    }
    let header = try source.bytes(from: member.header, atMost: 30)
    guard header.count == 30, number(header, 0, 4) == 0x0403_4B50 else {
      throw malformed("is not where the archive's directory says")
    }
    guard member.method == 0 || member.method == 8 else {
      throw malformed(
        "is compressed in a way that is not known", "save it with np.savez or np.savez_compressed")
    }
    guard member.size != 0xFFFF_FFFF, member.compressedSize != 0xFFFF_FFFF else {
      throw malformed("is larger than this kernel reads")
    }
    let start = member.header + 30 + number(header, 26, 2) + number(header, 28, 2)
    guard start + member.compressedSize <= source.count else { throw malformed("is cut off") }
    let feed = ByteFeed(
      source: source, range: start..<start + member.compressedSize,
      packing: member.method == 8 ? .deflated : .none, subject: subject)
    var sum = Checksum()
    let content = try NPYArray.read(feed, bytes: member.size, checksum: &sum)
    guard sum.value == member.checksum else {
      throw malformed("is damaged: its checksum is another")
    }
    return content
  }

  /// A little-endian number; 0 beyond the end, which the callers' checks refuse.
  private static func number(_ bytes: [UInt8], _ start: Int, _ size: Int) -> Int {
    guard start >= 0, start + size <= bytes.count else { return 0 }
    return (0..<size).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
  }
}

extension NPZArchive {
  /// Writes the archive. An array is made twice, for its checksum and for the file: that costs no memory.
  static func write(_ arrays: [DataFile.NamedArray], to writer: FileWriter) throws(DataError) {
    let members = arrays.map { array in
      ZipWriter.Member(name: array.name + ".npy") { append throws(DataError) in
        try NPYArray.parts(of: array.content, append)
      }
    }
    try ZipWriter.write(members, to: writer)
  }
}
