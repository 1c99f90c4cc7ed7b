import MatrixEngine
import Notation

/// Matrices as pictures of grey pixels, one beside the other: the least number of all is white, the greatest black.
package struct ImageGrid: Figure {
  /// All of one shape.
  package let images: [Matrix<Double>]
  package let title: SymbolText
  /// A word below each image; nil where they have none.
  package let captions: [SymbolText]?

  /// More images than these are not drawn, which a note says.
  package static let imageLimit = 100
  /// Of a larger matrix a pixel is the mean of a block of entries.
  static let pixelLimit = 160

  /// A grid, filled row by row.
  ///
  /// Shape: `images: [h, w]` each, `captions`: one an image.
  /// Throws: `FigureError` if there is no image or no pixel, if the shapes or the number of captions differ, or if
  /// an entry is not finite.
  package init(_ images: [Matrix<Double>], title: SymbolText = "", captions: [SymbolText]? = nil)
    throws(FigureError)
  {
    guard let first = images.first, !first.isEmpty else { throw .empty("the image") }
    for (index, image) in images.enumerated() {
      let name = images.count == 1 ? "the image" : "image \(index + 1)"
      try FigureError.requireCount(image.rows, first.rows, "the rows of \(name)")
      try FigureError.requireCount(image.columns, first.columns, "the columns of \(name)")
      try FigureError.requireFinite(rowMajor: image.storage, columns: image.columns, name)
    }
    if let captions {
      try FigureError.requireCount(captions.count, images.count, "the captions")
    }
    self.images = images
    self.title = title
    self.captions = captions
  }

  /// The numbers that are white and black.
  var range: (least: Double, greatest: Double) {
    images.reduce((Double.infinity, -Double.infinity)) { range, image in
      image.storage.reduce(range) { (min($0.0, $1), max($0.1, $1)) }
    }
  }

  func notes(_ numbers: NumberFormat) -> [SymbolText] {
    let (least, greatest) = range
    var notes: [SymbolText] = []
    if least < greatest {
      notes.append("White is " + numbers.symbol(least) + ", black " + numbers.symbol(greatest))
    } else {
      notes.append("Every pixel is " + numbers.symbol(least))
    }
    if images.count > Self.imageLimit {
      notes.append(.words("The first \(Self.imageLimit) of \(images.count) images are drawn"))
    }
    return notes
  }

  package func text(numbers: NumberFormat) -> String {
    let heading = title.isEmpty ? "Image" : title.text
    let size = "\(images[0].rows)×\(images[0].columns) pixels"
    let count = images.count == 1 ? size : "\(images.count) images of \(size)"
    return (["\(heading): \(count)"] + notes(numbers).map { "  \($0.text)" })
      .joined(separator: "\n")
  }
}

extension ImageGrid {
  private static let margin = 16.0
  private static let widest = 720.0
  private static let gap = 14.0
  /// What one image may take, of several and by itself, and the largest pixel.
  private static let sizes = (several: 96.0, single: 360.0, pixel: 26.0)
  /// Greys that are closer look the same.
  private static let steps = 64.0

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let shown = images.prefix(Self.imageLimit).map { MatrixBlocks($0, limit: Self.pixelLimit) }
    let longest = Double(max(shown[0].rows.count, shown[0].columns.count))
    let room = shown.count == 1 ? Self.sizes.single : Self.sizes.several
    let pixel = min(max((room / longest).rounded(.down), 1), Self.sizes.pixel)
    let (width, height) = (
      pixel * Double(shown[0].columns.count), pixel * Double(shown[0].rows.count)
    )
    let style = TextStyle.note
    let pitch = max(width, captions == nil ? 0 : 48) + Self.gap
    let columns = max(min(Int((Self.widest + Self.gap) / pitch), shown.count), 1)
    var top = Self.margin
    canvas.heading(title, at: Self.margin, below: &top, width: Self.widest)
    let (least, greatest) = range
    let rowHeight = height + (captions == nil ? Self.gap : style.size * 1.4 + Self.gap)
    for (index, image) in shown.enumerated() {
      let corner = Point(
        Self.margin + Double(index % columns) * pitch,
        top + Double(index / columns) * rowHeight)
      let box = Box(corner.x, corner.y, width, height)
      canvas.cells(
        image.means.map { $0.map { Self.grey($0, least, greatest) } }, in: box,
        boxes: shown.count)
      canvas.rectangle(box, fill: nil, stroke: SVGCanvas.Stroke(color: Palette.axis))
      if let caption = captions?[index] {
        canvas.text(
          style.fitted(caption, width: pitch), at: Point(box.center.x, box.bottom + style.size),
          style, .middle)
      }
    }
    top += Double((shown.count + columns - 1) / columns) * rowHeight - Self.gap + 6
    let notes = notes(numbers)
    canvas.notes(notes, at: Self.margin, below: &top, width: Self.widest)
    let widths =
      [pitch * Double(columns) - Self.gap] + notes.map { style.width(of: $0) }
      + [min(TextStyle.title.width(of: title), Self.widest)]
    return canvas.document(
      width: (widths.max() ?? 0) + 2 * Self.margin, height: top + 14,
      title: title.isEmpty ? "Image" : title.text, description: text(numbers: numbers))
  }

  private static func grey(_ value: Double, _ least: Double, _ greatest: Double) -> RGBColor {
    // Divided first, since the difference might overflow.
    let part = least < greatest ? (value / 2 - least / 2) / (greatest / 2 - least / 2) : 0
    let light = 1 - (part * steps).rounded() / steps
    return RGBColor(red: light, green: light, blue: light)
  }
}
