/// A picture as a PDF of one page, made of a PNG file with a palette: the compressed rows of the one are those of the
/// other.
///
/// nbconvert's way to LaTeX asks Inkscape for a PDF of each SVG that comes without one.
/// Source: ISO 32000-1:2008, 7.4.4.4 (predictors), 8.6.6.3 (indexed colours), 8.9.5 (images).
struct PDFFile {
  let bytes: [UInt8]

  /// The page is the picture, so many points wide. nil for a PNG file of another kind.
  init?(png: [UInt8], width: Double) {
    var size: (width: Int, height: Int)?
    var (palette, rows): ([UInt8], [UInt8]) = ([], [])
    for (type, data) in Self.chunks(of: png) {
      switch type {
      case "IHDR":
        // 8 bits, a palette, no interlacing.
        guard data.count == 13, data[8] == 8, data[9] == 3, data[12] == 0 else { return nil }
        size = (Self.number(data, 0), Self.number(data, 4))
      case "PLTE": palette = Array(data)
      case "tRNS": Self.lay(&palette, onPaper: data)
      case "IDAT": rows += data
      default: break
      }
    }
    guard let size, size.width > 0, !palette.isEmpty, !rows.isEmpty else { return nil }
    let box = [size.width, size.height].map { pixels in
      let points = (Double(pixels) / Double(size.width) * width * 100).rounded() / 100
      return "\(points)"
    }
    let hex = palette.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    let drawing = "\(box[0]) 0 0 \(box[1]) 0 0 cm /P Do"
    let objects: [(dictionary: String, stream: [UInt8]?)] = [
      ("/Type /Catalog /Pages 2 0 R", nil), ("/Type /Pages /Kids [3 0 R] /Count 1", nil),
      (
        "/Type /Page /Parent 2 0 R /MediaBox [0 0 \(box[0]) \(box[1])] /Contents 4 0 R"
          + " /Resources << /XObject << /P 5 0 R >> >>", nil
      ),
      ("/Length \(drawing.utf8.count)", Array(drawing.utf8)),
      (
        "/Type /XObject /Subtype /Image /Width \(size.width) /Height \(size.height)"
          + " /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB \(palette.count / 3 - 1) <\(hex)>]"
          + " /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 1 /BitsPerComponent 8"
          + " /Columns \(size.width) >> /Length \(rows.count)", rows
      ),
    ]
    bytes = Self.written(objects)
  }

  /// The objects with their numbers, and the table that says where they are.
  private static func written(_ objects: [(dictionary: String, stream: [UInt8]?)]) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n".utf8)
    var places: [Int] = []
    for (index, object) in objects.enumerated() {
      places.append(bytes.count)
      bytes += Array("\(index + 1) 0 obj << \(object.dictionary) >>".utf8)
      if let stream = object.stream {
        bytes += Array("\nstream\n".utf8) + stream + Array("\nendstream".utf8)
      }
      bytes += Array("\nendobj\n".utf8)
    }
    let table = bytes.count
    let lines = places.map { place in
      String(repeating: "0", count: 10 - "\(place)".count) + "\(place) 00000 n \n"
    }
    let count = objects.count + 1
    bytes += Array("xref\n0 \(count)\n0000000000 65535 f \n\(lines.joined())".utf8)
    bytes += Array(
      "trailer << /Size \(count) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
    return bytes
  }

  /// What shines through shows the paper.
  private static func lay(_ palette: inout [UInt8], onPaper opacities: ArraySlice<UInt8>) {
    for (color, opacity) in opacities.enumerated() {
      for place in palette.indices.dropFirst(3 * color).prefix(3) {
        palette[place] = UInt8(
          (Int(palette[place]) * Int(opacity) + 255 * (255 - Int(opacity))) / 255)
      }
    }
  }

  /// The type and data of each chunk.
  private static func chunks(of png: [UInt8]) -> [(type: String, data: ArraySlice<UInt8>)] {
    var chunks: [(type: String, data: ArraySlice<UInt8>)] = []
    var place = 8
    while place + 12 <= png.count {
      let length = number(png[...], place)
      guard length <= png.count - place - 12 else { break }
      let type = String(decoding: png[(place + 4)..<(place + 8)], as: UTF8.self)
      let data = png[(place + 8)..<(place + 8 + length)]
      // Counted from 0, whoever reads them.
      chunks.append((type, ArraySlice(Array(data))))
      place += length + 12
    }
    return chunks
  }

  /// Four bytes, the highest first.
  private static func number(_ bytes: ArraySlice<UInt8>, _ place: Int) -> Int {
    bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
  }
}
