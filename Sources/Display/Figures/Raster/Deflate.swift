/// Makes bytes shorter: what was there before is named by its distance, and what is frequent by few bits.
///
/// Source: Deutsch, RFC 1950 (zlib) and RFC 1951 (deflate).
enum Deflate {
  /// The bytes as a zlib stream. In a picture, what repeats often stands a row or a byte before.
  static func zlib(_ bytes: [UInt8], rowLength: Int) -> [UInt8] {
    var matcher = Matcher(bytes, rowLength: rowLength)
    matcher.run()
    var writer = BitWriter([0x78, 0x9C])
    DeflateBlock(matcher.tokens).write(to: &writer)
    var result = writer.finish()
    let check = checksum(bytes)
    result += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: check >> $0) }
    return result
  }

  /// Adler's checksum: the sum of the bytes, and the sum of those sums, each modulo 65521.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var (sum, sums): (UInt32, UInt32) = (1, 0)
    var start = 0
    while start < bytes.count {
      // So many cannot overflow.
      let end = min(start + 5_552, bytes.count)
      for byte in bytes[start..<end] {
        sum &+= UInt32(byte)
        sums &+= sum
      }
      sum %= 65_521
      sums %= 65_521
      start = end
    }
    return sums << 16 | sum
  }
}

/// Finds what repeats.
private struct Matcher {
  /// A byte, or a length of 3…258 shifted by 16 with its distance.
  private(set) var tokens: [UInt32] = []
  private let bytes: [UInt8]
  private let rowLength: Int
  /// The last place of every four bytes by their hash, and for every place in the window the one before.
  private var heads = Array(repeating: Int32(-1), count: 1 << hashBits)
  private var links = Array(repeating: Int32(-1), count: window)

  private static let hashBits = 14
  private static let window = 32_768
  private static let longest = 258
  /// So many earlier places are tried; a match of so many bytes is taken without looking further.
  private static let tries = 12
  private static let good = 64

  init(_ bytes: [UInt8], rowLength: Int) {
    self.bytes = bytes
    self.rowLength = rowLength
    tokens.reserveCapacity(bytes.count / 16)
  }

  mutating func run() {
    let bytes = bytes
    bytes.withUnsafeBytes { run($0) }
  }

  private mutating func run(_ bytes: UnsafeRawBufferPointer) {
    var place = 0
    while place < bytes.count {
      let (length, distance) = match(in: bytes, at: place)
      if length < 4 {
        tokens.append(UInt32(bytes[place]))
        note(bytes, place)
        place += 1
      } else {
        tokens.append(UInt32(length << 16 | distance))
        // Of a long match the ends are enough.
        for step in 0..<min(length, 8) { note(bytes, place + step) }
        for step in max(8, length - 4)..<max(8, length) { note(bytes, place + step) }
        place += length
      }
    }
  }

  private func match(in bytes: UnsafeRawBufferPointer, at place: Int)
    -> (length: Int, distance: Int)
  {
    var best = (length: 0, distance: 0)
    func attempt(_ distance: Int) {
      let length = Self.length(in: bytes, at: place, distance)
      if length > best.length { best = (length, distance) }
    }
    if place > 0 { attempt(1) }
    if rowLength > 1, rowLength <= min(place, Self.window) { attempt(rowLength) }
    guard best.length < Self.good, place + 4 <= bytes.count else { return best }
    var earlier = Int(heads[Self.hash(bytes, place)])
    for _ in 0..<Self.tries {
      guard earlier >= 0, place - earlier <= Self.window, earlier < place else { break }
      let end = place + best.length
      if end < bytes.count, bytes[earlier + best.length] == bytes[end] { attempt(place - earlier) }
      earlier = Int(links[earlier & (Self.window - 1)])
    }
    return best
  }

  /// How many bytes from a place on are those that stand so far before, eight at a time.
  private static func length(in bytes: UnsafeRawBufferPointer, at place: Int, _ distance: Int)
    -> Int
  {
    let end = min(place + longest, bytes.count)
    var next = place
    while next + 8 <= end {
      let differing =
        bytes.loadUnaligned(fromByteOffset: next, as: UInt64.self)
        ^ bytes.loadUnaligned(fromByteOffset: next - distance, as: UInt64.self)
      if differing != 0 {
        return next - place + UInt64(littleEndian: differing).trailingZeroBitCount / 8
      }
      next += 8
    }
    while next < end, bytes[next] == bytes[next - distance] { next += 1 }
    return next - place
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int {
    let four = UInt32(
      littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    return Int((four &* 0x9E37_79B1) >> UInt32(32 - hashBits))
  }

  private mutating func note(_ bytes: UnsafeRawBufferPointer, _ place: Int) {
    guard place + 4 <= bytes.count else { return }
    let hash = Self.hash(bytes, place)
    links[place & (Self.window - 1)] = heads[hash]
    heads[hash] = Int32(place)
  }
}

/// All tokens as one block whose codes are made for them.
private struct DeflateBlock {
  private let tokens: [UInt32]
  private let literals: PrefixCode
  private let distances: PrefixCode

  private static let end = 256
  /// The least length and the least distance of every symbol, and how many further bits tell it exactly.
  private static let lengths = Steps(first: 3, symbols: 28, halving: 4, plain: 8)
  private static let distanceSteps = Steps(first: 1, symbols: 30, halving: 2, plain: 4)

  init(_ tokens: [UInt32]) {
    self.tokens = tokens
    var literalCounts = Array(repeating: 0, count: 286)
    var distanceCounts = Array(repeating: 0, count: 30)
    literalCounts[Self.end] = 1
    for token in tokens {
      if token < 256 {
        literalCounts[Int(token)] += 1
      } else {
        literalCounts[257 + Self.lengthSymbol(Int(token >> 16))] += 1
        distanceCounts[Self.distanceSteps.symbol(Int(token & 0xFFFF))] += 1
      }
    }
    literals = PrefixCode(literalCounts, longest: 15)
    distances = PrefixCode(distanceCounts, longest: 15)
  }

  /// The longest length has a symbol of its own.
  private static func lengthSymbol(_ length: Int) -> Int {
    length == 258 ? 28 : lengths.symbol(length)
  }

  func write(to writer: inout BitWriter) {
    // The last block, with codes of its own.
    writer.write(1, 1)
    writer.write(2, 2)
    writeCodes(to: &writer)
    for token in tokens {
      guard token >= 256 else {
        writer.write(literals.codes[Int(token)], literals.lengths[Int(token)])
        continue
      }
      let (length, distance) = (Int(token >> 16), Int(token & 0xFFFF))
      let symbol = Self.lengthSymbol(length)
      writer.write(literals.codes[257 + symbol], literals.lengths[257 + symbol])
      if symbol < 28 { Self.lengths.writeRest(of: length, symbol, to: &writer) }
      let step = Self.distanceSteps.symbol(distance)
      writer.write(distances.codes[step], distances.lengths[step])
      Self.distanceSteps.writeRest(of: distance, step, to: &writer)
    }
    writer.write(literals.codes[Self.end], literals.lengths[Self.end])
  }

  /// The lengths of all codes, themselves in a code: runs are written as one symbol.
  private func writeCodes(to writer: inout BitWriter) {
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    let all = literals.lengths + distances.lengths
    var symbols: [(symbol: Int, rest: Int, bits: Int)] = []
    var place = 0
    while place < all.count {
      let run = all[place...].prefix { $0 == all[place] }.count
      var used = min(run, 138)
      switch (all[place], used) {
      case (0, 11...): symbols.append((18, used - 11, 7))
      case (0, 3...): symbols.append((17, used - 3, 3))
      case (_, 4...) where all[place] > 0:
        used = min(run, 7)
        symbols.append((all[place], 0, 0))
        symbols.append((16, used - 4, 2))
      default:
        used = 1
        symbols.append((all[place], 0, 0))
      }
      place += used
    }
    var counts = Array(repeating: 0, count: 19)
    for symbol in symbols { counts[symbol.symbol] += 1 }
    let code = PrefixCode(counts, longest: 7)
    let shown = max((order.lastIndex { code.lengths[$0] > 0 } ?? 0) + 1, 4)
    writer.write(UInt32(literals.lengths.count - 257), 5)
    writer.write(UInt32(distances.lengths.count - 1), 5)
    writer.write(UInt32(shown - 4), 4)
    for symbol in order.prefix(shown) { writer.write(UInt32(code.lengths[symbol]), 3) }
    for (symbol, rest, bits) in symbols {
      writer.write(code.codes[symbol], code.lengths[symbol])
      writer.write(UInt32(rest), bits)
    }
  }

  /// Symbols for numbers that grow: a few stand for one number each, then every so many symbols stand for ranges
  /// twice as wide.
  private struct Steps {
    private var least: [Int] = []
    private var bits: [Int] = []
    private var symbols: [UInt8] = []

    init(first: Int, symbols count: Int, halving: Int, plain: Int) {
      var next = first
      for symbol in 0..<count {
        let extra = symbol < plain ? 0 : (symbol - plain) / halving + 1
        least.append(next)
        bits.append(extra)
        next += 1 << extra
      }
      symbols = Array(repeating: 0, count: next)
      for symbol in 0..<count {
        for value in least[symbol]..<(symbol + 1 < count ? least[symbol + 1] : next) {
          symbols[value] = UInt8(symbol)
        }
      }
    }

    func symbol(_ value: Int) -> Int { Int(symbols[value]) }

    func writeRest(of value: Int, _ symbol: Int, to writer: inout BitWriter) {
      writer.write(UInt32(value - least[symbol]), bits[symbol])
    }
  }
}

/// Bits for symbols, fewer for frequent ones, none of which begins with another.
///
/// Source: Huffman, "A method for the construction of minimum-redundancy codes" (1952); the lengths that are too
/// long are evened out as in ITU-T T.81 (JPEG), annex K.3.
private struct PrefixCode {
  /// By symbol, 0 for those that do not occur.
  private(set) var lengths: [Int]
  /// By symbol, the first bit lowest.
  private(set) var codes: [UInt32]

  init(_ counts: [Int], longest: Int) {
    lengths = Array(repeating: 0, count: counts.count)
    codes = lengths.map { _ in 0 }
    // At least two symbols, so that every code has a bit.
    var used = counts.indices.filter { counts[$0] > 0 }
    for symbol in counts.indices where used.count < 2 && counts[symbol] == 0 {
      used.append(symbol)
    }
    used.sort { (counts[$0], $0) < (counts[$1], $1) }
    var numbers = Self.numbers(used.map { max(counts[$0], 1) })
    Self.limit(&numbers, longest)
    var rank = 0
    for length in numbers.indices.reversed() {
      for symbol in used[rank..<(rank + numbers[length])] { lengths[symbol] = length }
      rank += numbers[length]
    }
    var code: UInt32 = 0
    for length in 1...longest {
      for symbol in lengths.indices where lengths[symbol] == length {
        codes[symbol] = (0..<length).reduce(0) {
          $0 | (code >> UInt32($1) & 1) << UInt32(length - 1 - $1)
        }
        code += 1
      }
      code <<= 1
    }
  }

  /// How many symbols get each length, for counts in ascending order.
  private static func numbers(_ counts: [Int]) -> [Int] {
    // Joins the two rarest again and again; joined ones come in order by themselves.
    var weights = counts
    var parents = Array(repeating: 0, count: 2 * counts.count - 1)
    var (leaf, joined) = (0, counts.count)
    func rarest() -> Int {
      if leaf < counts.count, joined >= weights.count || weights[leaf] <= weights[joined] {
        leaf += 1
        return leaf - 1
      }
      joined += 1
      return joined - 1
    }
    while weights.count < parents.count {
      let (first, second) = (rarest(), rarest())
      parents[first] = weights.count
      parents[second] = weights.count
      weights.append(weights[first] + weights[second])
    }
    var depths = Array(repeating: 0, count: parents.count)
    var numbers = Array(repeating: 0, count: counts.count + 1)
    for node in depths.indices.dropLast().reversed() {
      depths[node] = depths[parents[node]] + 1
      if node < counts.count { numbers[depths[node]] += 1 }
    }
    return numbers
  }

  private static func limit(_ numbers: inout [Int], _ longest: Int) {
    for length in stride(from: numbers.count - 1, to: longest, by: -1) {
      while numbers[length] > 0 {
        var shorter = length - 2
        while numbers[shorter] == 0 { shorter -= 1 }
        numbers[length] -= 2
        numbers[length - 1] += 1
        numbers[shorter + 1] += 2
        numbers[shorter] -= 1
      }
    }
  }
}

/// Bytes, filled bit by bit from the lowest.
private struct BitWriter {
  private var bytes: [UInt8]
  private var rest: UInt64 = 0
  private var count = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func write(_ value: UInt32, _ bits: Int) {
    rest |= UInt64(value) << UInt64(count)
    count += bits
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
      count -= 8
    }
  }

  func finish() -> [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: rest)] : bytes }
}
