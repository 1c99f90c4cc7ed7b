/// A PNG file with a palette, read by the specification without the kernel's help; nil where it is not one.
struct PNGPicture {
  let width: Int
  let height: Int
  /// Red, green, blue and opacity.
  let palette: [[UInt8]]
  let indices: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [137, 80, 78, 71, 13, 10, 26, 10]) else { return nil }
    var chunks: [String: [UInt8]] = [:]
    var place = 8
    while place + 12 <= bytes.count {
      let length = Self.number(bytes, place)
      guard place + 12 + length <= bytes.count else { return nil }
      let body = bytes[(place + 4)..<(place + 8 + length)]
      guard Self.checksum(body) == UInt32(Self.number(bytes, place + 8 + length)) else {
        return nil
      }
      chunks[String(decoding: body.prefix(4), as: UTF8.self), default: []] += body.dropFirst(4)
      place += 12 + length
    }
    guard place == bytes.count, let head = chunks["IHDR"], head.count == 13, chunks["IEND"] == [],
      Array(head[8...]) == [8, 3, 0, 0, 0], let colors = chunks["PLTE"],
      let packed = chunks["IDAT"], let rows = Inflater.bytes(zlib: packed)
    else { return nil }
    width = Self.number(head, 0)
    height = Self.number(head, 4)
    let opacities = chunks["tRNS"] ?? []
    palette = stride(from: 0, to: colors.count, by: 3).map { start in
      Array(colors[start..<(start + 3)])
        + [start / 3 < opacities.count ? opacities[start / 3] : 255]
    }
    guard rows.count == (width + 1) * height else { return nil }
    var indices: [UInt8] = []
    for row in 0..<height {
      guard rows[row * (width + 1)] == 0 else { return nil }
      indices += rows[(row * (width + 1) + 1)..<((row + 1) * (width + 1))]
    }
    self.indices = indices
    guard indices.allSatisfy({ Int($0) < colors.count / 3 }) else { return nil }
  }

  func color(_ column: Int, _ row: Int) -> [UInt8] { palette[Int(indices[row * width + column])] }

  private static func number(_ bytes: [UInt8], _ place: Int) -> Int {
    (0..<4).reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
  }

  /// CRC-32, bit by bit.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1) * 0xEDB8_8320 }
    }
  }
}

/// Undoes deflate with codes of its own, the only form that the kernel writes.
struct Inflater {
  private let input: [UInt8]
  private var bit: Int

  /// Source: RFC 1951, 3.2.5: the least number of every symbol, and its further bits.
  private static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]

  static func bytes(zlib input: [UInt8]) -> [UInt8]? {
    guard input.count > 6, input[0] == 0x78, (Int(input[0]) << 8 + Int(input[1])) % 31 == 0 else {
      return nil
    }
    var inflater = Inflater(input: input, bit: 16)
    guard let output = inflater.block() else { return nil }
    var (sum, sums) = (1, 0)
    for byte in output {
      sum = (sum + Int(byte)) % 65_521
      sums = (sums + sum) % 65_521
    }
    let check = input.suffix(4).reduce(0) { $0 << 8 | Int($1) }
    return check == sums << 16 | sum ? output : nil
  }

  private mutating func number(_ bits: Int) -> Int {
    (0..<bits).reduce(0) { result, place in
      defer { bit += 1 }
      guard bit >> 3 < input.count else { return result }
      return result | Int(input[bit >> 3] >> UInt8(bit & 7) & 1) << place
    }
  }

  /// A code: symbols by their length and their bits, the first one highest.
  private struct Code {
    var symbols: [Int: Int] = [:]

    init(_ lengths: [Int]) {
      var next = 0
      for length in 1...15 {
        for symbol in lengths.indices where lengths[symbol] == length {
          symbols[length << 16 | next] = symbol
          next += 1
        }
        next <<= 1
      }
    }
  }

  private mutating func symbol(_ code: Code) -> Int? {
    var bits = 0
    for length in 1...15 {
      bits = bits << 1 | number(1)
      if let symbol = code.symbols[length << 16 | bits] { return symbol }
    }
    return nil
  }

  private mutating func block() -> [UInt8]? {
    guard number(1) == 1, number(2) == 2 else { return nil }
    let (literals, distances, shown) = (number(5) + 257, number(5) + 1, number(4) + 4)
    var lengths = Array(repeating: 0, count: 19)
    for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(shown) {
      lengths[symbol] = number(3)
    }
    let code = Code(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      switch symbol(code) {
      case let length? where length < 16: all.append(length)
      case 16: all += Array(repeating: all.last ?? 0, count: number(2) + 3)
      case 17: all += Array(repeating: 0, count: number(3) + 3)
      case 18: all += Array(repeating: 0, count: number(7) + 11)
      default: return nil
      }
    }
    let (first, second) = (Code(Array(all[..<literals])), Code(Array(all[literals...])))
    var output: [UInt8] = []
    while let found = symbol(first) {
      if found == 256 { return output }
      guard found > 256 else {
        output.append(UInt8(found))
        continue
      }
      let length = Self.lengths[found - 257] + number(Self.lengthBits[found - 257])
      guard let step = symbol(second) else { return nil }
      let distance = Self.distances[step] + number(max(step / 2 - 1, 0))
      guard distance <= output.count else { return nil }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
    return nil
  }
}
