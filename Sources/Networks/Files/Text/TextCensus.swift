import MatrixEngine
import Synchronization

/// What bytes a text has: counted once, before it is read, so that rows go where they belong and nothing is decoded
/// wrongly.
struct TextCensus {
  private(set) var lineFeeds = 0
  private(set) var carriageReturns = 0
  private(set) var hasQuotes = false
  private(set) var hasZeros = false
  private(set) var isASCII = true
  /// Which bytes from 0x80 to 0x9F there are, a bit each.
  private var controls: UInt32 = 0

  /// How many bytes are counted with one look at the interrupt flag.
  private static let partSize = 1 << 18

  init() {}

  /// Counts a part of the bytes. Throws: `DataError.file`, `.interrupted`.
  init(_ source: ByteSource, _ range: Range<Int>) throws(DataError) {
    var buffer = [UInt8](repeating: 0, count: TextCensus.partSize)
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = min(buffer.count, range.upperBound - position)
      let count = try source.read(from: position, into: &buffer, 0..<wanted)
      guard count > 0 else { break }
      include(buffer.span, count)
      position += count
    }
  }

  private mutating func include(_ bytes: Span<UInt8>, _ count: Int) {
    let raw = bytes.bytes
    var place = 0
    var (quotes, zeros, high): (UInt64, UInt64, UInt64) = (0, 0, 0)
    while place + 8 <= count {
      // As many words as a byte can count.
      let end = min(count, place + 8 * 255)
      var (feeds, returns): (UInt64, UInt64) = (0, 0)
      while place + 8 <= end {
        let word = raw.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        feeds &+= TextCensus.ones(word, 10)
        returns &+= TextCensus.ones(word, 13)
        quotes |= TextCensus.ones(word, UInt8(ascii: "\""))
        zeros |= TextCensus.ones(word, 0)
        high |= word
        place += 8
      }
      lineFeeds += TextCensus.sum(feeds)
      carriageReturns += TextCensus.sum(returns)
    }
    for index in place..<count {
      let byte = bytes[index]
      lineFeeds += byte == 10 ? 1 : 0
      carriageReturns += byte == 13 ? 1 : 0
      if byte == UInt8(ascii: "\"") { quotes = 1 }
      if byte == 0 { zeros = 1 }
      high |= UInt64(byte)
    }
    hasQuotes = hasQuotes || quotes > 0
    hasZeros = hasZeros || zeros > 0
    if high & 0x8080_8080_8080_8080 != 0 {
      isASCII = false
      for index in 0..<count where 0x80...0x9F ~= bytes[index] {
        controls |= 1 << UInt32(bytes[index] - 0x80)
      }
    }
  }

  /// A 1 in each byte of a word that is the given one, else a 0.
  @inline(__always)
  private static func ones(_ word: UInt64, _ byte: UInt8) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let difference = word ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
    return ~(((difference & low) &+ low) | difference | low) >> 7
  }

  /// The sum of the bytes of a word.
  private static func sum(_ counts: UInt64) -> Int {
    (0..<8).reduce(0) { $0 + Int(counts >> UInt64(8 * $1) & 0xFF) }
  }

  /// Both together.
  func joined(_ other: TextCensus) -> TextCensus {
    var result = self
    result.lineFeeds += other.lineFeeds
    result.carriageReturns += other.carriageReturns
    result.hasQuotes = hasQuotes || other.hasQuotes
    result.hasZeros = hasZeros || other.hasZeros
    result.isASCII = isASCII && other.isASCII
    result.controls |= other.controls
    return result
  }

  /// What ends a line: a carriage return only where there is no line feed.
  var newline: UInt8 { lineFeeds == 0 && carriageReturns > 0 ? 13 : 10 }
  /// How many ends of lines there are.
  var lines: Int { newline == 13 ? carriageReturns : lineFeeds }

  /// The encoding, if the bytes are no UTF-8.
  var singleByteEncoding: TextEncoding {
    .singleByte { controls >> UInt32($0 - 0x80) & 1 == 1 }
  }
}

/// The bytes of a text, as they are read: UTF-8 or an encoding of a byte a character, counted, in parts.
struct TextFile {
  let source: ByteSource
  let encoding: TextEncoding
  let census: TextCensus
  /// The parts that are read at the same time, each of whole lines but the last, and the ends of lines before each.
  let parts: [(range: Range<Int>, linesBefore: Int)]
  /// Where the text begins, behind a mark.
  let start: Int
  /// What was assumed, in words.
  private(set) var assumptions: [String] = []

  /// A smaller file is read by one thread.
  private static let worthTwo = 1 << 21

  var path: String { source.path }

  /// Throws: `DataError.malformed` for bytes that are no text; `.file`, `.interrupted`.
  init(_ given: ByteSource) throws(DataError) {
    let beginning = try given.bytes(atMost: 1 << 10)
    func refused(_ reason: String) -> DataError {
      .malformed(
        path: given.path, line: nil, column: nil, reason: reason, help: "save it as UTF-8")
    }
    if beginning.starts(with: [0xFF, 0xFE, 0, 0]) || beginning.starts(with: [0, 0, 0xFE, 0xFF]) {
      throw refused("this file is UTF-32")
    }
    if let (littleEndian, mark) = UTF16Text.isLittleEndian(beginning) {
      guard
        let text = UTF16Text.utf8(try given.bytes(), littleEndian: littleEndian, from: mark)
      else { throw refused("this file begins as UTF-16 and does not go on so") }
      source = ByteSource(text, path: given.path, interrupt: given.interrupt)
      assumptions.append("read as UTF-16")
    } else {
      source = given
    }
    start = beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let middle = source.count < TextFile.worthTwo ? source.count : source.count / 2
    let ranges = [0..<middle, middle..<source.count]
    let counts = try TextFile.inParts(source, ranges)
    census = counts[0].joined(counts[1])
    guard !census.hasZeros else { throw refused("this file holds zero bytes and is no text") }
    if census.isASCII {
      encoding = .utf8
    } else if try TextFile.isUTF8(source) {
      encoding = .utf8
    } else {
      encoding = census.singleByteEncoding
      assumptions.append("read as \(encoding.name ?? ""), since it is no UTF-8")
    }
    parts = try TextFile.parts(source, ranges, counts, census)
  }

  /// The counts of several parts, taken at the same time.
  private static func inParts(_ source: ByteSource, _ ranges: [Range<Int>]) throws(DataError)
    -> [TextCensus]
  {
    let results = Mutex([Result<TextCensus, DataError>?](repeating: nil, count: ranges.count))
    simultaneously(ranges[1].isEmpty ? 1 : ranges.count) { piece in
      let result = Result { () throws(DataError) in try TextCensus(source, ranges[piece]) }
      results.withLock { $0[piece] = result }
    }
    return try results.withLock { $0 }.map { result throws(DataError) in
      try result?.get() ?? TextCensus()
    }
  }

  private static func isUTF8(_ source: ByteSource) throws(DataError) -> Bool {
    var check = UTF8Check()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var position = 0
    while check.isValid {
      let count = try source.read(from: position, into: &buffer, 0..<buffer.count)
      guard count > 0 else { break }
      check.include(buffer.span.extracting(0..<count))
      position += count
    }
    return check.isValid && check.isComplete
  }

  /// The file divided behind the first end of a line of its second half. In quotes an end of a line ends none, so a
  /// text with quotes stays whole.
  private static func parts(
    _ source: ByteSource, _ halves: [Range<Int>], _ counts: [TextCensus], _ whole: TextCensus
  ) throws(DataError) -> [(range: Range<Int>, linesBefore: Int)] {
    let undivided = [(range: 0..<source.count, linesBefore: 0)]
    guard !halves[1].isEmpty, !whole.hasQuotes else { return undivided }
    let near = try source.bytes(from: halves[1].lowerBound, atMost: 1 << 20)
    guard let end = near.firstIndex(of: whole.newline) else { return undivided }
    let middle = halves[1].lowerBound + end + 1
    let before = whole.newline == 13 ? counts[0].carriageReturns : counts[0].lineFeeds
    return [(0..<middle, 0), (middle..<source.count, before + 1)]
  }

  /// The first lines: as many as tell what the text is like.
  func sample() throws(DataError) -> TextSample {
    var size = 1 << 16
    while true {
      var bytes = try source.bytes(atMost: size)
      let isWhole = bytes.count >= source.count
      let first = census.newline
      let lines = bytes.count { $0 == first }
      if !isWhole, lines < 4, size < ByteSource.largestPiece / 2 {
        size *= 4
        continue
      }
      bytes.append(0)
      let (start, line) = separatorLine(bytes).map { ($0.end, 2) } ?? (start, 1)
      return TextSample(
        bytes: bytes, start: start, firstLine: line, newline: first, isWhole: isWhole,
        encoding: encoding)
    }
  }

  /// The line `sep=;` with which spreadsheets begin some files.
  func separatorLine(_ bytes: [UInt8]) -> (separator: UInt8, end: Int)? {
    let word = Array("sep=".utf8)
    guard bytes.count > start + 5, bytes[start..<start + 4].elementsEqual(word) else { return nil }
    let rest = bytes[(start + 5)...].prefix(3)
    guard let end = rest.firstIndex(where: { $0 == census.newline }),
      rest[..<end].allSatisfy({ $0 == 13 })
    else { return nil }
    return (bytes[start + 4], end + 1)
  }
}
