/// Fills outlines in pixels, with smooth edges.
///
/// An outline's pieces leave in each pixel that they pass by how much the covered part of the row changes there; the
/// sum from the left is how much of a pixel lies inside.
/// Source: Levien, "Inside the fastest font renderer in the world" (2016), the accumulation buffer.
struct PixelCanvas {
  /// What lies inside of outlines that overlap: all of it, or where an odd number of them is around.
  enum Rule { case nonzero, evenOdd }

  let width: Int
  let height: Int
  /// The pixels row by row, as positions in `colors`.
  private(set) var pixels: [UInt16]
  /// All colours that were drawn, as 0xAARRGGBB.
  private(set) var colors: [UInt32] = []
  private var places: [UInt32: UInt16] = [:]
  /// The positions of those that outlines were filled with, and of the ground; the others are shades of their edges.
  private(set) var inks: Set<UInt16> = []

  /// The pieces of the outline that is filled next.
  private var pieces: [(upper: Point, lower: Point, isDown: Bool)] = []
  /// The changes in the rows of a band, `width + 2` a row, all 0 between two fillings; and a bit for each that is not.
  private var changes: [Float]
  private var marks: [UInt64]
  private let stride: Int
  private let words: Int

  /// Few rows at a time, so that what is written and read again stays near.
  private static let bandHeight = 32
  /// Edges have so many shades, which keeps a picture's colours few; the eye sees no more.
  private static let shades = 7
  /// A picture that is filled with more colours has shades of its own.
  private static let mostInks = 192

  init(width: Int, height: Int, ground: RGBColor) {
    self.width = width
    self.height = height
    stride = width + 2
    words = (stride + 63) / 64
    changes = Array(repeating: 0, count: stride * Self.bandHeight)
    marks = Array(repeating: 0, count: words * Self.bandHeight)
    pixels = Array(repeating: 0, count: width * height)
    inks.insert(place(of: ground.pixel))
  }

  /// The position of a colour among those of the picture.
  private mutating func place(of color: UInt32) -> UInt16 {
    if let place = places[color] { return place }
    // More than that have no place, and nobody would see them.
    guard let place = UInt16(exactly: colors.count) else { return 0 }
    colors.append(color)
    places[color] = place
    return place
  }

  // MARK: - Outlines

  /// Adds a ring to the outline that is filled next.
  mutating func add(ring: [Point]) {
    guard var last = ring.last else { return }
    for point in ring {
      add(from: last, to: point)
      last = point
    }
  }

  private mutating func add(from start: Point, to end: Point) {
    guard start.y != end.y, start.x.isFinite, start.y.isFinite, end.x.isFinite, end.y.isFinite
    else { return }
    let isDown = start.y < end.y
    let (upper, lower) = isDown ? (start, end) : (end, start)
    guard lower.y > 0, upper.y < Double(height) else { return }
    pieces.append((upper, lower, isDown))
  }

  // MARK: - Filling

  /// Fills the outline that was added, and forgets it.
  mutating func fill(_ color: RGBColor, opacity: Double = 1, _ rule: Rule = .nonzero) {
    guard !pieces.isEmpty else { return }
    var (top, bottom) = (Double(height), 0.0)
    for piece in pieces {
      top = min(top, piece.upper.y)
      bottom = max(bottom, piece.lower.y)
    }
    let first = Int(max(top, 0))
    let last = Int(min(bottom, Double(height)).rounded(.up))
    var ink = Ink(color.pixel, place(of: color.pixel), opacity, shades: Self.shades)
    if inks.count < Self.mostInks { inks.insert(ink.place) }
    var start = first
    while start < last {
      let band = start..<min(start + Self.bandHeight, last)
      let marked = cover(band)
      if marked.last >= 0 {
        for row in band { fill(row, row - band.lowerBound, marked, &ink, rule) }
      }
      start = band.upperBound
    }
    pieces.removeAll(keepingCapacity: true)
  }

  /// Notes what the pieces cover in a band of rows; the words of a row's bits between which all that are not 0 lie.
  private mutating func cover(_ band: Range<Int>) -> (first: Int, last: Int) {
    let (pieces, width, stride, words) = (pieces, width, stride, words)
    return changes.withUnsafeMutableBufferPointer { changes in
      marks.withUnsafeMutableBufferPointer { marks in
        var coverage = Coverage(
          changes: changes, marks: marks, width: width, stride: stride, words: words)
        for piece in pieces { coverage.cover(piece, in: band) }
        return coverage.marked
      }
    }
  }

  private mutating func fill(
    _ row: Int, _ slot: Int, _ marked: (first: Int, last: Int), _ ink: inout Ink, _ rule: Rule
  ) {
    var covered: Float = 0
    var place = 0
    let pixel = row * width
    let start = slot * stride
    for word in marked.first...marked.last {
      var bits = marks[slot * words + word]
      guard bits != 0 else { continue }
      marks[slot * words + word] = 0
      while bits != 0 {
        let column = word * 64 + bits.trailingZeroBitCount
        bits &= bits - 1
        if column > place, place < width {
          paint((pixel + place)..<(pixel + min(column, width)), &ink, Self.shade(covered, rule))
        }
        covered += changes[start + column]
        changes[start + column] = 0
        if column < width {
          paint((pixel + column)..<(pixel + column + 1), &ink, Self.shade(covered, rule))
        }
        place = column + 1
      }
    }
    if place > 0, place < width {
      paint((pixel + place)..<(pixel + width), &ink, Self.shade(covered, rule))
    }
  }

  private static func shade(_ covered: Float, _ rule: Rule) -> Int {
    var part = abs(covered)
    switch rule {
    case .nonzero: part = min(part, 1)
    case .evenOdd:
      part -= 2 * (part / 2).rounded(.down)
      if part > 1 { part = 2 - part }
    }
    return Int(part * Float(shades) + 0.5)
  }

  private mutating func paint(_ range: Range<Int>, _ ink: inout Ink, _ shade: Int) {
    guard shade > 0 else { return }
    if ink.parts[shade] >= 255 {
      let place = ink.place
      pixels.withUnsafeMutableBufferPointer { $0[range].update(repeating: place) }
      return
    }
    for place in range {
      let under = pixels[place]
      if ink.mixed[shade].under != under {
        let color = colors[Int(under)].mixed(with: ink.color, ink.parts[shade])
        ink.mixed[shade] = (under, self.place(of: color))
      }
      pixels[place] = ink.mixed[shade].result
    }
  }

  /// Fills a rectangle with rows of cells, whose edges lie between pixels.
  mutating func fill(
    _ cells: [[RGBColor]], left: Double, top: Double, right: Double, bottom: Double
  ) {
    func edges(_ start: Double, _ end: Double, _ count: Int, _ limit: Int) -> [Int] {
      (0...count).map { index in
        let edge = start + (end - start) * Double(index) / Double(count)
        return Int(min(max(edge.rounded(), 0), Double(limit)))
      }
    }
    let vertical = edges(top, bottom, cells.count, height)
    for (row, colors) in cells.enumerated() where vertical[row] < vertical[row + 1] {
      let horizontal = edges(left, right, colors.count, width)
      let first = vertical[row] * width
      for (column, color) in colors.enumerated() {
        let place = place(of: color.pixel)
        if inks.count < Self.mostInks { inks.insert(place) }
        pixels.withUnsafeMutableBufferPointer {
          $0[(first + horizontal[column])..<(first + horizontal[column + 1])]
            .update(repeating: place)
        }
      }
      // The other rows of pixels are as the first; a slice of an array would be a copy of all of it.
      pixels.withUnsafeMutableBufferPointer { pixels in
        let line = UnsafeBufferPointer(
          rebasing: pixels[(first + horizontal[0])..<(first + horizontal[colors.count])])
        for other in (vertical[row] + 1)..<vertical[row + 1] {
          let start = other * width + horizontal[0]
          _ = pixels[start..<(start + line.count)].update(fromContentsOf: line)
        }
      }
    }
  }

  /// Makes the corners of the picture round; beyond them it is transparent.
  mutating func roundCorners(radius: Double) {
    let size = min(Int(radius.rounded(.up)), width / 2, height / 2)
    for row in 0..<size {
      for column in 0..<size {
        let away = Point(radius - Double(column) - 0.5, radius - Double(row) - 0.5).length - radius
        let part = min(max(0.5 - away, 0), 1)
        let alpha = UInt32((part * Double(Self.shades)).rounded() * 255 / Double(Self.shades))
        for y in [row, height - 1 - row] {
          for x in [column, width - 1 - column] {
            let color = colors[Int(pixels[y * width + x])] & 0xFF_FFFF | alpha << 24
            pixels[y * width + x] = place(of: alpha == 0 ? 0 : color)
          }
        }
      }
    }
  }

  /// A colour at each of its shades.
  private struct Ink {
    let color: UInt32
    let place: UInt16
    /// From 0 to 255, by shade.
    let parts: [UInt32]
    /// By shade, what it gave last over which colour: neighbours are often alike.
    var mixed: [(under: UInt16?, result: UInt16)]

    init(_ color: UInt32, _ place: UInt16, _ opacity: Double, shades: Int) {
      self.color = color
      self.place = place
      let whole = min(max(opacity, 0), 1) * 255
      parts = (0...shades).map { UInt32((Double($0) / Double(shades) * whole).rounded()) }
      mixed = parts.map { _ in (nil, 0) }
    }
  }
}

extension RGBColor {
  /// The colour as 0xAARRGGBB, opaque.
  var pixel: UInt32 {
    [red, green, blue].reduce(0xFF) { $0 << 8 | UInt32(($1 * 255).rounded()) }
  }
}

extension UInt32 {
  /// An opaque pixel with a part of another colour, from 0 to 255, over it.
  fileprivate func mixed(with other: UInt32, _ part: UInt32) -> UInt32 {
    var result: UInt32 = 0xFF00_0000
    for shift: UInt32 in [16, 8, 0] {
      let own = self >> shift & 255
      let over = other >> shift & 255
      result |= ((own * (255 - part) + over * part + 127) / 255) << shift
    }
    return result
  }
}
