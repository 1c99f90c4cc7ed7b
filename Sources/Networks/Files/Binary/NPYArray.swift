import MatrixEngine

/// One array in NumPy's format.
///
/// Reads floating point of 2, 4 and 8 bytes, whole numbers of 1 to 8 bytes, booleans and texts, in either byte order,
/// in C or Fortran order; writes `<f8` and `<U` in C order.
/// Source: NumPy enhancement proposal 1, "A simple file format for NumPy arrays".
struct NPYArray {
  /// What stands before the numbers.
  struct Header {
    var type: String
    var isFortran: Bool
    var sizes: [Int]
    /// Where the numbers begin.
    var length: Int
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// A header is longer only where it does not describe numbers.
  private static let largestHeader = 1 << 16

  /// Reads the array from bytes that come in parts, of which there are so many.
  ///
  /// Throws: `DataError.malformed` for anything that is no array of numbers or texts.
  static func read(
    _ feed: ByteFeed, bytes count: Int, checksum: inout Checksum
  ) throws(DataError) -> ArrayContent {
    var beginning: [UInt8] = []
    var reading: Reading?
    var sum = checksum
    try feed.parts { (bytes, part) throws(DataError) in
      sum.include(bytes, part)
      if reading != nil {
        reading?.append(bytes, part)
        return
      }
      beginning.append(contentsOf: bytes[part])
      guard let header = try header(of: beginning, feed, isWhole: beginning.count >= count) else {
        return
      }
      reading = try Reading(header, bytes: count - header.length, feed)
      reading?.append(beginning, min(header.length, beginning.count)..<beginning.count)
      beginning = []
    }
    checksum = sum
    guard let reading else {
      throw ArrayBuilder.malformed(feed.source.path, "\(feed.subject) is no .npy file")
    }
    return try reading.finish()
  }

  /// Reads the array that a file holds: numbers as this machine has them go to their place at once.
  static func read(_ source: ByteSource) throws(DataError) -> ArrayContent {
    let feed = ByteFeed(
      source: source, range: 0..<source.count, packing: .none, subject: "the file")
    let beginning = try source.bytes(atMost: largestHeader)
    guard let header = try header(of: beginning, feed, isWhole: true),
      ElementType(numpy: header.type) == .double, !header.isFortran || header.sizes.count < 2
    else {
      var checksum = Checksum()
      return try read(feed, bytes: source.count, checksum: &checksum)
    }
    // Checks the header before any memory is asked for.
    _ = try ArrayBuilder(
      .double, header.sizes, bytes: source.count - header.length, subject: feed.subject,
      path: source.path)
    let shape = Shape(header.sizes)
    let numbers = try source.doubles(from: header.length, count: shape.count)
    guard numbers.count == shape.count else {
      throw ArrayBuilder.malformed(source.path, "the data is cut off")
    }
    return .numbers(Tensor(shape, numbers))
  }

  /// What an array is made of while its bytes come.
  private enum Reading {
    case numbers(ArrayBuilder)
    case texts(TextArray)

    init(_ header: Header, bytes: Int, _ feed: ByteFeed) throws(DataError) {
      if let type = ElementType(numpy: header.type) {
        self = .numbers(
          try ArrayBuilder(
            type, header.sizes, isFortran: header.isFortran, bytes: bytes, subject: feed.subject,
            path: feed.source.path))
      } else if let texts = try TextArray(header, bytes: bytes, feed) {
        self = .texts(texts)
      } else {
        throw ArrayBuilder.malformed(
          feed.source.path, "\(feed.subject): elements of type \(header.type) are not known",
          "save it with .astype('float64')")
      }
    }

    mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
      let old = self
      // Its memory is not to be shared while it grows.
      self = .texts(.empty)
      switch consume old {
      case .numbers(var builder):
        builder.append(bytes, range)
        self = .numbers(builder)
      case .texts(var texts):
        texts.bytes.append(contentsOf: bytes[range])
        self = .texts(texts)
      }
    }

    consuming func finish() throws(DataError) -> ArrayContent {
      switch self {
      case .numbers(let builder): .numbers(try builder.finish())
      case .texts(let texts): .texts(try texts.finish())
      }
    }
  }

  /// The header at the beginning of bytes; nil while it is not complete.
  private static func header(of bytes: [UInt8], _ feed: ByteFeed, isWhole: Bool) throws(DataError)
    -> Header?
  {
    func malformed(_ reason: String) -> DataError {
      ArrayBuilder.malformed(feed.source.path, "\(feed.subject): \(reason)")
    }
    guard bytes.count >= 12 else {
      if isWhole { throw malformed("this is no .npy file") }
      return nil
    }
    guard bytes.starts(with: magic) else { throw malformed("this is no .npy file") }
    let isLong = bytes[6] >= 2
    let start = isLong ? 12 : 10
    let length =
      isLong
      ? Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
      : Int(bytes[8]) | Int(bytes[9]) << 8
    guard length <= largestHeader else { throw malformed("the header does not describe numbers") }
    guard start + length <= bytes.count else {
      if isWhole { throw malformed("the header is cut off") }
      return nil
    }
    let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard let type = quoted(after: "'descr'", in: text), let sizes = shape(in: text) else {
      throw malformed("the header does not name type and shape")
    }
    return Header(
      type: type, isFortran: isFortran(text), sizes: sizes, length: start + length)
  }

  /// A text in quotes, or what stands there instead: `[('a', '<f8')]` of records.
  private static func quoted(after key: String, in header: String) -> String? {
    guard let rest = text(after: key, in: header)?.drop(while: { $0 == ":" || $0 == " " }) else {
      return nil
    }
    guard rest.first == "'" else {
      return rest.first == "[" ? "record" : nil
    }
    return rest.dropFirst().firstIndex(of: "'").map { String(rest.dropFirst()[..<$0]) }
  }

  private static func isFortran(_ header: String) -> Bool {
    guard let rest = text(after: "'fortran_order'", in: header) else { return false }
    return rest.drop { $0 == ":" || $0 == " " }.hasPrefix("True")
  }

  private static func shape(in header: String) -> [Int]? {
    guard let rest = text(after: "'shape'", in: header), let open = rest.firstIndex(of: "("),
      let close = rest[open...].firstIndex(of: ")")
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

  /// Version 1.0, padded so that the data begins at a multiple of 64.
  static func header(_ type: String, _ sizes: [Int]) -> [UInt8] {
    let shape = sizes.map(String.init).joined(separator: ", ")
    var header = "{'descr': '\(type)', 'fortran_order': False, "
    header += "'shape': (\(shape)\(sizes.count == 1 ? "," : "")), }"
    while (magic.count + 4 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    return magic + [1, 0, UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
      + Array(header.utf8)
  }

  /// Gives the file's bytes in parts.
  static func parts(
    of content: ArrayContent, _ body: ([UInt8]) throws(DataError) -> Void
  ) throws(DataError) {
    switch content {
    case .numbers(let value):
      try body(header("<f8", value.sizes))
      var start = 0
      while start < value.storage.count {
        let end = min(value.storage.count, start + 1 << 16)
        try body(bytes(of: value.storage[start..<end]))
        start = end
      }
    case .texts(let texts):
      let length = max(1, texts.map(\.unicodeScalars.count).max() ?? 0)
      try body(header("<U\(length)", [texts.count]))
      try body(texts.flatMap { TextArray.bytes($0, length) })
    }
  }

  private static func bytes(of numbers: ArraySlice<Double>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * 8)
    for number in numbers {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}

/// What one array of a file holds.
package enum ArrayContent: Sendable, Equatable {
  case numbers(Tensor<Double>)
  /// A list of texts, in order.
  case texts([String])
}

/// An array of texts: NumPy's `<U12` and `|S12`, whose texts all take the same room and end with zeros.
private struct TextArray {
  let isWide: Bool
  let isBigEndian: Bool
  let length: Int
  let count: Int
  let subject: String
  let path: String
  var bytes: [UInt8] = []

  static let empty = TextArray()

  private init() {
    (isWide, isBigEndian, length, count, subject, path) = (false, false, 0, 0, "", "")
  }

  /// nil of other types. Throws: `DataError.malformed`, `.tooMany`.
  init?(_ header: NPYArray.Header, bytes: Int, _ feed: ByteFeed) throws(DataError) {
    let type = header.type
    guard let order = type.first, "<>|=".contains(order), let kind = type.dropFirst().first,
      kind == "U" || kind == "S", let length = Int(type.dropFirst(2)), length >= 0
    else { return nil }
    isWide = kind == "U"
    isBigEndian = order == ">"
    self.length = length
    path = feed.source.path
    subject = feed.subject
    guard header.sizes.count <= Shape.largestRank, Shape(header.sizes).isHeld, length <= 1 << 20
    else { throw .tooMany(path: path, sizes: header.sizes) }
    count = Shape(header.sizes).count
    guard bytes >= count * length * (isWide ? 4 : 1) else {
      throw ArrayBuilder.malformed(path, "\(subject): the data is cut off")
    }
  }

  func finish() throws(DataError) -> [String] {
    let size = length * (isWide ? 4 : 1)
    guard bytes.count >= count * size else {
      throw ArrayBuilder.malformed(path, "\(subject): the data is cut off")
    }
    return (0..<count).map { text(bytes[$0 * size..<($0 + 1) * size]) }
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> String {
    guard isWide else {
      let end = (bytes.lastIndex { $0 != 0 } ?? bytes.startIndex - 1) + 1
      let part = bytes[..<end]
      return String(validating: part, as: UTF8.self)
        ?? TextEncoding.latin1.decode(Array(part).span, 0..<part.count)
    }
    var scalars = String.UnicodeScalarView()
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      let code = (0..<4).reduce(UInt32(0)) { code, place in
        code | UInt32(bytes[start + place]) << UInt32(8 * (isBigEndian ? 3 - place : place))
      }
      if code > 0, let scalar = Unicode.Scalar(code) { scalars.append(scalar) }
    }
    return String(scalars)
  }

  /// A text of so many characters, as `<U` has it.
  static func bytes(_ text: String, _ length: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value >> shift))
      }
    }
    return bytes + [UInt8](repeating: 0, count: 4 * length - bytes.count)
  }
}
