import Display
import FoundationEssentials
import JSONText
import MatrixEngine
import Notation
import Testing

@Suite("Pictures as PDF")
struct PDFTests {
  private func drawing(_ name: String) throws -> Drawing {
    try #require(FigureTests.samples.first { $0.name == name }).figure.drawing(numbers: .standard)
  }

  /// The operators of the page, each with its numbers.
  private func operators(_ pdf: [UInt8]) throws -> [[Substring]] {
    let start = try #require(pdf.firstRange(of: Array("\nstream\n".utf8))).upperBound
    let end = try #require(pdf.firstRange(of: Array("\nendstream".utf8))).lowerBound
    let content = try #require(Inflater.bytes(zlib: Array(pdf[start..<end])))
    return String(decoding: content, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: " ") }
  }

  @Test(
    "a picture of every kind is a PDF of one page, three quarters of a point a pixel",
    arguments: FigureTests.names)
  func page(name: String) throws {
    let drawing = try drawing(name)
    let text = String(decoding: drawing.pdf, as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1.4\n") && text.hasSuffix("%%EOF\n"))
    let box = try #require(text.split(separator: "/MediaBox [").last?.split(separator: "]").first)
    let size = box.split(separator: " ").compactMap { Double($0) }
    #expect(
      size == [0, 0, 0.75 * Double(drawing.shownWidth), 0.75 * Double(drawing.shownHeight)])
  }

  @Test("its table says where its objects are", arguments: FigureTests.names)
  func places(name: String) throws {
    let bytes = try drawing(name).pdf
    let table = try #require(bytes.firstRange(of: Array("xref\n".utf8))).upperBound
    let lines = String(decoding: bytes[table...], as: UTF8.self).split(separator: "\n")
    for (number, line) in lines.dropFirst(2).prefix(4).enumerated() {
      let place = try #require(Int(line.prefix(10)))
      #expect(bytes[place...].starts(with: "\(number + 1) 0 obj".utf8))
    }
  }

  @Test(
    "what it is drawn with is known, its numbers are plain, and what is opened is closed",
    arguments: FigureTests.names)
  func content(name: String) throws {
    let known: Set<Substring> = [
      "cm", "M", "gs", "rg", "RG", "w", "d", "m", "l", "c", "h", "re", "f", "f*", "S", "B*", "q",
      "Q", "EI",
    ]
    var depth = 0
    for line in try operators(drawing(name).pdf) {
      let name = try #require(line.last)
      #expect(known.contains(name), "\(line)")
      #expect(!line.contains { $0.contains("e") && Double($0) != nil || $0 == "nan" })
      depth += name == "q" ? 1 : name == "Q" ? -1 : 0
      #expect(depth >= 0)
    }
    #expect(depth == 0)
  }

  @Test("letters are outlines, so it asks for no font; it is shorter than the PNG")
  func letters() throws {
    let drawing = try drawing("chart-functions")
    let text = String(decoding: drawing.pdf, as: UTF8.self)
    #expect(!text.contains("/Font"))
    #expect(try operators(drawing.pdf).count { $0.last == "f" } > 20)
    #expect(drawing.pdf.count < drawing.png.count)
  }

  @Test("a space that the font does not have is a space")
  func spaces() throws {
    func letters(_ title: SymbolText) throws -> Int {
      let picture = try HeatMap(Matrix(rows: 1, columns: 1, storage: [1]), title: title)
      return try operators(picture.drawing(numbers: .standard).pdf).count { $0.last == "f" }
    }
    #expect(try letters("a\u{2009}b") == letters("ab"))
    #expect(try letters("a\u{2009}bc") > letters("ab"))
  }

  @Test("a bundle has it, except where the picture changes often")
  func bundle() throws {
    let figure = try #require(FigureTests.samples.first).figure
    let pdf = try #require(figure.bundle().data[MIMEType.pdf]?.stringValue)
    #expect(Data(base64Encoded: pdf).map(Array.init) == figure.drawing(numbers: .standard).pdf)
    #expect(figure.bundle(interactive: false).data[MIMEType.pdf] == nil)
  }
}
