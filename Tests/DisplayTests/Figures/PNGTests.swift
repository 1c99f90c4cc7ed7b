import Display
import FoundationEssentials
import JSONText
import Testing

@Suite("Pictures as PNG")
struct PNGTests {
  private func drawing(_ name: String) throws -> Drawing {
    try #require(FigureTests.samples.first { $0.name == name }).figure.drawing(numbers: .standard)
  }

  private func picture(_ name: String) throws -> PNGPicture {
    try #require(PNGPicture(drawing(name).png))
  }

  @Test(
    "a picture of every kind is a PNG file of the size that it says", arguments: FigureTests.names)
  func decodes(name: String) throws {
    let drawing = try drawing(name)
    let picture = try #require(PNGPicture(drawing.png))
    let fineness = Double(picture.width) / Double(drawing.shownWidth)
    #expect(fineness > 1.2 && fineness <= 2.01)
    #expect(abs(Double(picture.height) - Double(drawing.shownHeight) * fineness) <= 1)
  }

  @Test(
    "it says what the SVG says: its ground, and its ink where there is text",
    arguments: FigureTests.names)
  func colors(name: String) throws {
    let picture = try picture(name)
    func bytes(_ color: RGBColor) -> [UInt8] {
      [color.red, color.green, color.blue].map { UInt8(($0 * 255).rounded()) } + [255]
    }
    #expect(picture.color(picture.width / 2, 2) == bytes(Palette.background))
    #expect([Palette.ink, Palette.mutedInk].contains { picture.palette.contains(bytes($0)) })
    #expect(picture.palette.count <= 256)
  }

  @Test("its corners are round and let the page through")
  func corners() throws {
    let picture = try picture("chart-functions")
    for (column, row) in [(0, 0), (picture.width - 1, picture.height - 1)] {
      #expect(picture.color(column, row)[3] == 0)
    }
  }

  @Test("a bundle says how large the PNG is shown; a picture that changes often has none")
  func bundle() throws {
    let figure = try #require(FigureTests.samples.first).figure
    let bundle = figure.bundle()
    let png = try #require(bundle.data[MIMEType.png]?.stringValue)
    let drawing = figure.drawing(numbers: .standard)
    #expect(Data(base64Encoded: png).map(Array.init) == drawing.png)
    #expect(bundle.metadata[MIMEType.png]?["width"] == .integer(drawing.shownWidth))
    #expect(figure.bundle(interactive: false).data[MIMEType.png] == nil)
  }
}
