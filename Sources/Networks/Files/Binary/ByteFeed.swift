/// Bytes that come part by part: as they lie in a file, or compressed there.
struct ByteFeed {
  enum Packing { case none, deflated, gzip }

  let source: ByteSource
  let range: Range<Int>
  let packing: Packing
  /// What is read, as messages name it: `weights.npz, array b`.
  let subject: String

  /// Gives all bytes to the body, in order, as ranges of an array.
  ///
  /// Throws: `DataError.malformed` for damaged compression, `.file`, `.interrupted`; what the body throws.
  func parts(_ body: ([UInt8], Range<Int>) throws(DataError) -> Void) throws(DataError) {
    switch packing {
    case .none: try plain(body)
    case .deflated:
      var inflater = try Inflater(BitReader(source, range, subject: subject))
      _ = try inflater.run(body)
    case .gzip: try GzipFile.parts(of: self, body)
    }
  }

  private func plain(_ body: ([UInt8], Range<Int>) throws(DataError) -> Void) throws(DataError) {
    var buffer = [UInt8](repeating: 0, count: min(1 << 18, range.count))
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = min(buffer.count, range.upperBound - position)
      let count = try source.read(from: position, into: &buffer, 0..<wanted)
      guard count > 0 else { break }
      try body(buffer, 0..<count)
      position += count
    }
  }

  /// All bytes in one array. Throws: `DataError.tooLarge` beyond half a gigabyte, and as `parts`.
  func bytes() throws(DataError) -> [UInt8] {
    var result: [UInt8] = []
    let path = source.path
    try parts { (bytes, part) throws(DataError) in
      result.append(contentsOf: bytes[part])
      guard result.count <= ByteSource.largestPiece else {
        throw .tooLarge(path: path, bytes: result.count)
      }
    }
    return result
  }
}

/// CRC-32 with polynomial 0xEDB88320, as zip and gzip want it; eight bytes a step.
struct Checksum {
  private var state = UInt32.max
  var value: UInt32 { ~state }

  /// Table k tells what a byte does k bytes before the end.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = []
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
      tables.append(value)
    }
    for place in 256..<2048 {
      let before = tables[place - 256]
      tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
    }
    return tables
  }()

  mutating func include(_ bytes: [UInt8], _ range: Range<Int>) {
    let tables = Checksum.tables
    let span = bytes.span.extracting(range)
    let raw = span.bytes
    var place = 0
    while place + 8 <= span.count {
      let word = raw.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self) ^ UInt64(state)
      var sum: UInt32 = 0
      for byte in 0..<8 {
        sum ^= tables[(7 - byte) * 256 + Int(truncatingIfNeeded: word >> UInt64(8 * byte) & 0xFF)]
      }
      state = sum
      place += 8
    }
    while place < span.count {
      state = tables[Int(UInt8(truncatingIfNeeded: state) ^ span[place])] ^ (state >> 8)
      place += 1
    }
  }

  init() {}

  init(_ bytes: [UInt8]) {
    self.init()
    include(bytes, 0..<bytes.count)
  }
}
