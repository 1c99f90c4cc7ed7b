/// A file that gzip has compressed: one or more members, each with its checksum.
///
/// Source: RFC 1952, GZIP file format specification 4.3.
enum GzipFile {
  /// Gives what is in it to the body. Throws: `DataError.malformed` for anything that gzip has not made.
  static func parts(
    of feed: ByteFeed, _ body: ([UInt8], Range<Int>) throws(DataError) -> Void
  ) throws(DataError) {
    let source = feed.source
    func malformed(_ reason: String) -> DataError { ArrayBuilder.malformed(source.path, reason) }
    var position = feed.range.lowerBound
    repeat {
      let header = try source.bytes(from: position, atMost: 1 << 12)
      guard header.count >= 18, header.starts(with: [0x1F, 0x8B, 8]) else {
        throw malformed("this is no .gz file")
      }
      guard let length = headerLength(header), position + length <= source.count else {
        throw malformed("its header is damaged")
      }
      var sum = Checksum()
      var inflater = try Inflater(
        BitReader(source, position + length..<source.count, subject: feed.subject))
      let end = try inflater.run { (bytes, part) throws(DataError) in
        sum.include(bytes, part)
        try body(bytes, part)
      }
      let stored = try source.bytes(from: end, atMost: 4)
      guard stored.count == 4,
        sum.value == stored.reversed().reduce(UInt32(0), { $0 << 8 | UInt32($1) })
      else { throw malformed("it is damaged: its checksum is another") }
      position = end + 8
      // Zeros may fill the last block of a tape.
    } while try source.bytes(from: position, atMost: 2) == [0x1F, 0x8B]
  }

  /// Where the compressed bytes begin; nil when the header does not end.
  private static func headerLength(_ header: [UInt8]) -> Int? {
    let flags = header[3]
    var start = 10
    if flags & 4 != 0 { start += 2 + Int(header[10]) + Int(header[11]) << 8 }
    // The name of the file and a comment, each up to a zero.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard start < header.count, let end = header[start...].firstIndex(of: 0) else { return nil }
      start = end + 1
    }
    if flags & 2 != 0 { start += 2 }
    return start
  }
}
