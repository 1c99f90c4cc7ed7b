import FoundationEssentials

/// The outline of a character, in units of the font's size, y upward.
struct Glyph: Sendable {
  /// The place among all glyphs of its font; those of the bold one are negative.
  let number: Int
  let advance: Double
  let rings: [[Point]]

  /// What is drawn for characters that the font does not have stands under 0.
  private static let regular = GlyphReader(GlyphData.regular).glyphs { $0 }
  private static let bold = GlyphReader(GlyphData.bold).glyphs { -1 - $0 }

  /// Spaces of other widths than the font's own are numbered downward from here.
  private static let firstSpace = -1_000_000

  /// The outline of a character, nil where nothing is to be drawn. A character that has no bold one is regular.
  static func glyph(_ scalar: Unicode.Scalar, bold isBold: Bool) -> Glyph? {
    // Signs that only say how their neighbour looks.
    if (0xFE00...0xFE0F).contains(scalar.value) || scalar.value == 0x200D { return nil }
    if isBold, let glyph = bold[scalar.value] { return glyph }
    if regular[scalar.value] == nil, scalar.properties.isWhitespace {
      return Glyph(
        number: firstSpace - Int(scalar.value),
        advance: FontMetrics.width(of: String(Character(scalar))),
        rings: [])
    }
    return regular[scalar.value] ?? regular[0]
  }
}

/// Reads outlines as glyphs.py packs them.
private struct GlyphReader {
  private let bytes: [UInt8]
  private var place = 0

  private static let grid = 512.0

  init(_ text: String) {
    bytes = Data(base64Encoded: text, options: .ignoreUnknownCharacters).map(Array.init) ?? []
  }

  func glyphs(numbers: (Int) -> Int) -> [UInt32: Glyph] {
    var reader = self
    var result: [UInt32: Glyph] = [:]
    var character = 0
    for index in 0..<reader.number() {
      character += reader.number()
      let advance = Double(reader.number()) / Self.grid
      var (x, y) = (0, 0)
      let rings = (0..<max(reader.number(), 0)).map { _ in reader.ring(&x, &y) }
      result[UInt32(character)] = Glyph(
        number: numbers(index), advance: advance, rings: rings)
    }
    return result
  }

  private mutating func ring(_ x: inout Int, _ y: inout Int) -> [Point] {
    let corners = (0..<max(number(), 0)).map { _ in
      let across = number()
      x += Self.unfolded(across >> 1)
      y += number()
      return (at: Point(Double(x) / Self.grid, Double(y) / Self.grid), isOn: across & 1 == 1)
    }
    // Between two points that are not on the outline there is one, in their middle.
    var whole: [(at: Point, isOn: Bool)] = []
    for (index, corner) in corners.enumerated() {
      let last = corners[(index + corners.count - 1) % corners.count]
      if !corner.isOn, !last.isOn { whole.append((last.at.toward(corner.at, 0.5), true)) }
      whole.append(corner)
    }
    guard let start = whole.firstIndex(where: \.isOn) else { return [] }
    var result: [Point] = []
    for step in 0..<whole.count {
      let corner = whole[(start + step) % whole.count]
      guard !corner.isOn, let from = result.last else {
        result.append(corner.at)
        continue
      }
      let end = whole[(start + step + 1) % whole.count].at
      let bend = (from - 2 * corner.at + end).length
      // Fine enough for letters of a hundred pixels.
      let count = min(max(Int((bend * 100).squareRoot().rounded(.up)), 1), 8)
      for piece in 1..<max(count, 1) {
        let t = Double(piece) / Double(count)
        result.append(from.toward(corner.at, t).toward(corner.at.toward(end, t), t))
      }
    }
    return result
  }

  private mutating func number() -> Int { Self.unfolded(folded()) }

  private static func unfolded(_ folded: Int) -> Int {
    folded.isMultiple(of: 2) ? folded / 2 : -(folded + 1) / 2
  }

  private mutating func folded() -> Int {
    var result = 0
    var shift = 0
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      result |= Int(byte & 127) << shift
      shift += 7
      if byte < 128 { break }
    }
    return result
  }
}
