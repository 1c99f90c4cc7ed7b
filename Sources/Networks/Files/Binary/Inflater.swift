/// Undoes the compression of zip and gzip, part by part: what is kept is the last 32 KB.
///
/// Source: RFC 1951, DEFLATE Compressed Data Format Specification 1.3.
struct Inflater {
  private var input: BitReader
  /// The window, and behind it what has not been given away.
  private var output: [UInt8]
  private var start = 0
  private var filled = 0
  private let literalLengths: HuffmanCode
  private let distanceLengths: HuffmanCode

  private static let window = 1 << 15
  private static let partSize = 1 << 18
  private static let longestCopy = 258
  private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  init(_ input: BitReader) throws(DataError) {
    self.input = input
    let fixed = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
    literalLengths = try HuffmanCode(fixed.map(UInt8.init), input)
    distanceLengths = try HuffmanCode(Array(repeating: 5, count: 30), input)
    output = [UInt8](
      repeating: 0, count: Inflater.window + Inflater.partSize + Inflater.longestCopy)
  }

  /// Gives everything to the body; returns the position behind the compressed bytes.
  ///
  /// Throws: `DataError.malformed` for bytes that are not so compressed; what the body throws.
  mutating func run(_ body: ([UInt8], Range<Int>) throws(DataError) -> Void) throws(DataError)
    -> Int
  {
    var isLast = false
    while !isLast {
      isLast = try input.bits(1) == 1
      switch try input.bits(2) {
      case 0: try stored(body)
      case 1: try compressed(literalLengths, distanceLengths, body)
      case 2:
        let (literals, distances) = try codes()
        try compressed(literals, distances, body)
      default: throw input.damage("a block of no kind")
      }
    }
    try give(body)
    return input.byteBoundary()
  }

  /// Hands over what is new and keeps the window.
  private mutating func give(_ body: ([UInt8], Range<Int>) throws(DataError) -> Void)
    throws(DataError)
  {
    try body(output, start..<filled)
    let kept = min(filled, Inflater.window)
    for place in 0..<kept { output[place] = output[filled - kept + place] }
    (start, filled) = (kept, kept)
  }

  private mutating func stored(_ body: ([UInt8], Range<Int>) throws(DataError) -> Void)
    throws(DataError)
  {
    input.skipToByte()
    let length = try input.bits(16)
    guard try input.bits(16) == (~length & 0xFFFF) else {
      throw input.damage("a length that is none")
    }
    for _ in 0..<length {
      output[filled] = UInt8(truncatingIfNeeded: try input.bits(8))
      filled += 1
      if filled - start >= Inflater.partSize { try give(body) }
    }
  }

  /// The codes of a block that brings its own.
  private mutating func codes() throws(DataError) -> (HuffmanCode, HuffmanCode) {
    let literals = Int(try input.bits(5)) + 257
    let distances = Int(try input.bits(5)) + 1
    let count = Int(try input.bits(4)) + 4
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for place in 0..<count { codeLengths[Inflater.codeOrder[place]] = UInt8(try input.bits(3)) }
    let code = try HuffmanCode(codeLengths, input)
    var lengths: [UInt8] = []
    while lengths.count < literals + distances {
      let symbol = try input.symbol(code)
      switch symbol {
      case 0...15: lengths.append(UInt8(symbol))
      case 16:
        guard let last = lengths.last else { throw input.damage("a repeated length before any") }
        lengths.append(contentsOf: repeatElement(last, count: 3 + Int(try input.bits(2))))
      case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + Int(try input.bits(3))))
      default: lengths.append(contentsOf: repeatElement(0, count: 11 + Int(try input.bits(7))))
      }
    }
    guard lengths.count == literals + distances else { throw input.damage("too many lengths") }
    return (
      try HuffmanCode(Array(lengths[..<literals]), input),
      try HuffmanCode(Array(lengths[literals...]), input)
    )
  }

  private mutating func compressed(
    _ literals: HuffmanCode, _ distances: HuffmanCode,
    _ body: ([UInt8], Range<Int>) throws(DataError) -> Void
  ) throws(DataError) {
    while true {
      let symbol = try input.symbol(literals)
      if symbol < 256 {
        output[filled] = UInt8(truncatingIfNeeded: symbol)
        filled += 1
      } else if symbol == 256 {
        return
      } else {
        let length = try extended(symbol - 257, Inflater.lengths)
        let distance = try extended(try input.symbol(distances), Inflater.distances)
        guard distance <= filled else { throw input.damage("a copy from before the beginning") }
        for place in filled..<filled + length { output[place] = output[place - distance] }
        filled += length
      }
      if filled - start >= Inflater.partSize { try give(body) }
    }
  }

  /// Bases with the numbers of further bits; the tables of sections 3.2.5.
  private static let lengths: [(base: Int, bits: Int)] =
    zip(
      [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131,
        163, 195, 227, 258,
      ], [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    ).map { ($0, $1) }
  private static let distances: [(base: Int, bits: Int)] = (0..<30).map { code in
    guard code >= 4 else { return (code + 1, 0) }
    let bits = code / 2 - 1
    let high = 2 + code % 2
    return ((high << bits) + 1, bits)
  }

  private mutating func extended(_ code: Int, _ table: [(base: Int, bits: Int)]) throws(DataError)
    -> Int
  {
    guard code < table.count else { throw input.damage("a length that is none") }
    return table[code].base + Int(try input.bits(table[code].bits))
  }
}

/// A prefix code, as a table of all its longest words.
struct HuffmanCode {
  /// The symbol shifted by 4, and the length of its word; 0 where no word begins so.
  fileprivate let table: [UInt16]
  fileprivate let longest: Int

  /// The code of the given lengths, symbol by symbol. Throws: `DataError.malformed` where there is none.
  fileprivate init(_ lengths: [UInt8], _ input: BitReader) throws(DataError) {
    longest = max(1, Int(lengths.max() ?? 0))
    var counts = [Int](repeating: 0, count: 17)
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    var next = [Int](repeating: 0, count: 17)
    var code = 0
    for length in 1...longest {
      code = (code + counts[length - 1]) << 1
      next[length] = code
      guard code + counts[length] <= 1 << length else {
        throw input.damage("a code of too many words")
      }
    }
    var table = [UInt16](repeating: 0, count: 1 << longest)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let word = next[Int(length)]
      next[Int(length)] += 1
      // Words come with their first bit lowest.
      var reversed = 0
      for bit in 0..<Int(length) where word >> bit & 1 == 1 {
        reversed |= 1 << (Int(length) - 1 - bit)
      }
      for place in stride(from: reversed, to: table.count, by: 1 << Int(length)) {
        table[place] = UInt16(symbol << 4 | Int(length))
      }
    }
    self.table = table
  }
}

/// Bits of a part of a source, lowest first.
struct BitReader {
  let source: ByteSource
  /// What is read, as messages name it.
  let subject: String
  private var next: Int
  private let end: Int
  private var buffer: [UInt8]
  private var position = 0
  private var filled = 0
  private var held: UInt64 = 0
  private var count = 0

  init(_ source: ByteSource, _ range: Range<Int>, subject: String) {
    self.source = source
    self.subject = subject
    next = range.lowerBound
    end = range.upperBound
    buffer = [UInt8](repeating: 0, count: 1 << 16)
  }

  func damage(_ reason: String) -> DataError {
    .malformed(
      path: source.path, line: nil, column: nil, reason: "\(subject) is damaged: \(reason)",
      help: nil)
  }

  /// At least so many bits, zeros behind the end.
  @inline(__always)
  private mutating func fill(_ wanted: Int) throws(DataError) {
    while count < wanted {
      if position == filled { try refill() }
      guard position < filled else {
        // Some words are looked up with more bits than there are.
        count += 8
        overrun += 1
        guard overrun < 8 else { throw damage("it is cut off") }
        continue
      }
      held |= UInt64(buffer[position]) << UInt64(count)
      position += 1
      count += 8
    }
  }
  private var overrun = 0

  private mutating func refill() throws(DataError) {
    filled = try source.read(from: next, into: &buffer, 0..<min(buffer.count, max(0, end - next)))
    next += filled
    position = 0
  }

  @inline(__always)
  mutating func bits(_ wanted: Int) throws(DataError) -> UInt64 {
    try fill(wanted)
    let mask: UInt64 = (1 << UInt64(wanted)) &- 1
    let result = held & mask
    held >>= UInt64(wanted)
    count -= wanted
    return result
  }

  @inline(__always)
  mutating func symbol(_ code: HuffmanCode) throws(DataError) -> Int {
    try fill(code.longest)
    let mask = (1 << code.longest) - 1
    let entry = code.table[Int(truncatingIfNeeded: held) & mask]
    let length = Int(entry & 15)
    guard length > 0 else { throw damage("a word that is none") }
    held >>= UInt64(length)
    count -= length
    return Int(entry >> 4)
  }

  mutating func skipToByte() {
    held >>= UInt64(count % 8)
    count -= count % 8
  }

  /// Where the first byte lies of which no bit was taken.
  mutating func byteBoundary() -> Int {
    skipToByte()
    return next - (filled - position) - (count / 8 - overrun)
  }
}
