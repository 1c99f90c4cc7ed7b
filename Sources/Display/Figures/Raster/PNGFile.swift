/// A picture as a PNG file with a palette.
///
/// Source: W3C, "Portable Network Graphics (PNG) Specification", third edition (2025).
struct PNGFile {
  let bytes: [UInt8]

  /// A file of what was drawn.
  init(_ canvas: PixelCanvas) {
    self.init(
      IndexedColors(
        canvas.pixels, width: canvas.width, colors: canvas.colors, inks: canvas.inks))
  }

  /// A file with one pixel for each of these colours, all rows equally long.
  init(_ rows: [[RGBColor]]) {
    var colors: [UInt32] = []
    var places: [UInt32: UInt16] = [:]
    let pixels = rows.joined().map { color in
      let pixel = color.pixel
      if let place = places[pixel] { return place }
      let place = UInt16(truncatingIfNeeded: colors.count)
      places[pixel] = place
      colors.append(pixel)
      return place
    }
    self.init(
      IndexedColors(
        pixels, width: rows.first?.count ?? 0, colors: colors,
        inks: Set(0..<UInt16(clamping: colors.count))))
  }

  private init(_ image: IndexedColors) {
    let (width, height) = (image.width, image.height)
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // 8 bits a pixel, a palette, no interlacing.
    Self.append("IHDR", Self.number(width) + Self.number(height) + [8, 3, 0, 0, 0], to: &bytes)
    Self.append(
      "PLTE",
      image.palette.flatMap { color in [16, 8, 0].map { UInt8(color >> UInt32($0) & 255) } },
      to: &bytes)
    let opacities = image.palette.map { UInt8($0 >> 24) }
    if let last = opacities.lastIndex(where: { $0 < 255 }) {
      Self.append("tRNS", Array(opacities[...last]), to: &bytes)
    }
    Self.append("IDAT", Deflate.zlib(image.rows, rowLength: width + 1), to: &bytes)
    Self.append("IEND", [], to: &bytes)
    self.bytes = bytes
  }

  private static func append(_ type: String, _ data: [UInt8], to bytes: inout [UInt8]) {
    bytes += number(data.count)
    let start = bytes.count
    bytes += Array(type.utf8)
    bytes += data
    var check: UInt32 = 0xFFFF_FFFF
    for byte in bytes[start...] {
      check = checks[Int((check ^ UInt32(byte)) & 255)] ^ check >> 8
    }
    bytes += number(Int(check ^ 0xFFFF_FFFF))
  }

  private static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// The remainders of all bytes, for the checksum of a chunk.
  private static let checks: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
  }
}

/// Pixels as positions in a palette of at most 256 colours.
struct IndexedColors {
  let width: Int
  let height: Int
  let palette: [UInt32]
  /// The positions row by row, as a PNG file has them: before each row the number of its filter, which is none. With a
  /// palette the filters do not help.
  let rows: [UInt8]

  private static let limit = 256
  /// The squared distance of shades that look alike: telling them apart is no gain that is seen, and costs room.
  private static let alike: Int32 = 150

  /// The same pixels, where shades are told from those that are more frequent; of more colours than there are places,
  /// the rarest take that of their nearest neighbour. `inks`: the positions of those that are kept as they are.
  init(_ pixels: [UInt16], width: Int, colors: [UInt32], inks: Set<UInt16>) {
    var counts = Array(repeating: 0, count: colors.count)
    // Runs of equal pixels, which most of a picture is, are counted at once.
    pixels.withUnsafeBufferPointer { pixels in
      var start = 0
      while start < pixels.count {
        let pixel = pixels[start]
        var end = start + 1
        while end < pixels.count, pixels[end] == pixel { end += 1 }
        counts[Int(pixel)] += end - start
        start = end
      }
    }
    let used = colors.indices.filter { counts[$0] > 0 }.sorted {
      (counts[$0], $1) > (counts[$1], $0)
    }
    let isInk = colors.indices.map { inks.contains(UInt16($0)) }
    var palette: [UInt32] = []
    var places = Array(repeating: UInt8(0), count: colors.count)
    for index in used.filter({ isInk[$0] }) + used.filter({ !isInk[$0] }) {
      let near = Self.nearest(to: colors[index], in: palette)
      let isNew = near.distance > (isInk[index] ? 0 : Self.alike)
      if isNew, palette.count < Self.limit { palette.append(colors[index]) }
      places[index] = UInt8(isNew && palette.last == colors[index] ? palette.count - 1 : near.place)
    }
    self.palette = palette
    self.width = width
    let height = width > 0 ? pixels.count / width : 0
    self.height = height
    rows = places.withUnsafeBufferPointer { places in
      pixels.withUnsafeBufferPointer { pixels in
        [UInt8](unsafeUninitializedCapacity: height * (width + 1)) { rows, filled in
          var next = 0
          for row in 0..<height {
            rows[next] = 0
            next += 1
            for pixel in (row * width)..<((row + 1) * width) {
              rows[next] = places[Int(pixels[pixel])]
              next += 1
            }
          }
          filled = next
        }
      }
    }
  }

  private static func nearest(to color: UInt32, in palette: [UInt32]) -> (
    place: Int, distance: Int32
  ) {
    var best = (place: 0, distance: Int32.max)
    for (place, other) in palette.enumerated() {
      var distance: Int32 = 0
      for shift: UInt32 in [24, 16, 8, 0] {
        let step = Int32(color >> shift & 255) - Int32(other >> shift & 255)
        distance += step * step
      }
      if distance < best.distance { best = (place, distance) }
    }
    return best
  }
}
