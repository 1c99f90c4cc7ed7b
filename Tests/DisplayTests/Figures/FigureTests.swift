import Display
import JSONText
import Testing

@Suite("Figures of every kind")
struct FigureTests {
  static let samples = (try? SampleFigures.all()) ?? []
  static let names = samples.map(\.name)

  private func figure(_ name: String) throws -> any Figure {
    try #require(Self.samples.first { $0.name == name }).figure
  }

  private func svg(_ name: String) throws -> String { try figure(name).svg(numbers: .standard) }

  @Test("there are samples of all kinds")
  func kinds() {
    for kind in ["chart", "heatmap", "network", "boundary", "graph", "image", "contour"] {
      #expect(Self.names.count { $0.hasPrefix(kind) } >= 3)
    }
  }

  @Test("snapshots are what is drawn", arguments: (try? SampleFigures.recorded().map(\.name)) ?? [])
  func snapshots(name: String) throws {
    try Snapshot.compare(figure(name).bundle(interactive: false), name: name)
  }

  @Test("a picture is well-formed XML", arguments: names)
  func wellFormed(name: String) throws { try Markup.parse(svg(name)) }

  @Test(
    "a picture has no style sheet, id, variable, bare dollar sign or number that is not finite",
    arguments: names)
  func portable(name: String) throws {
    let svg = try svg(name)
    for forbidden in [
      " id=", "<style", " style=", " class=", "var(", "currentColor", "\"nan", "\"inf", "NaN",
    ] {
      #expect(!svg.contains(forbidden), "\(forbidden)")
    }
    let drawn = svg.split(separator: "\n").filter { $0.hasPrefix("<text") }.joined()
    #expect(!drawn.replacing("<tspan>$</tspan>", with: "").contains("$"))
  }

  @Test("a picture has a background, a role, a name and a description", arguments: names)
  func described(name: String) throws {
    let svg = try svg(name)
    let picture = SVGPicture(svg)
    #expect(picture.elements[0].attributes["role"] == "img")
    #expect(picture.elements[0].attributes["aria-label"]?.isEmpty == false)
    #expect(svg.contains("<desc>"))
    let background = picture.elements[2]
    #expect(background.name == "rect" && background.number("width") == picture.width)
    #expect(background.number("height") == picture.height)
    #expect(background.attributes["fill"] == Palette.background.hexadecimal)
  }

  @Test("every label lies inside the picture, also in a wide font", arguments: names)
  func inside(name: String) throws {
    let picture = try SVGPicture(svg(name))
    for text in picture.texts {
      let box = text.box()
      #expect(box.left >= -2 && box.right <= picture.width + 2, "\(text.content)")
      #expect(box.top >= 0 && box.bottom <= picture.height, "\(text.content)")
    }
  }

  @Test("no label covers another one", arguments: names)
  func apart(name: String) throws {
    let boxes = try SVGPicture(svg(name)).texts.map { ($0.content, $0.box(part: 0.85)) }
    for (index, first) in boxes.enumerated() {
      for second in boxes[(index + 1)...] {
        let across = min(first.1.right, second.1.right) - max(first.1.left, second.1.left)
        let down = min(first.1.bottom, second.1.bottom) - max(first.1.top, second.1.top)
        #expect(across <= 1 || down <= 1, "\(first.0) and \(second.0)")
      }
    }
  }

  @Test("labels are large enough to be read", arguments: names)
  func readable(name: String) throws {
    let picture = try SVGPicture(svg(name))
    let least = picture.texts.map(\.size).min() ?? 14
    #expect(least >= 12)
  }

  @Test(
    "a bundle has text, SVG and PNG; charts and heat maps without numbers also Vega-Lite",
    arguments: names
  )
  func bundles(name: String) throws {
    let bundle = try figure(name).bundle()
    #expect(bundle.data[MIMEType.plain]?.stringValue?.isEmpty == false)
    #expect(bundle.data[MIMEType.svg]?.stringValue?.hasPrefix("<svg ") == true)
    #expect(bundle.data[MIMEType.png]?.stringValue?.hasPrefix("iVBORw0KGgo") == true)
    #expect(bundle.data[MIMEType.html] == nil)
    let isInteractive = ["chart", "heatmap-medium", "heatmap-large"].contains { name.hasPrefix($0) }
    #expect((bundle.data[MIMEType.vegaLite] != nil) == isInteractive)
    #expect(try figure(name).bundle(interactive: false).data[MIMEType.vegaLite] == nil)
  }

  @Test("a specification names version 5 and holds finite numbers only", arguments: names)
  func specifications(name: String) throws {
    guard let chart = try figure(name).vegaLite(numbers: .standard) else { return }
    #expect(chart["$schema"]?.stringValue == "https://vega.github.io/schema/vega-lite/v5.json")
    #expect(chart["background"]?.stringValue == Palette.background.hexadecimal)
    #expect(!Self.hasNonFinite(chart))
  }

  private static func hasNonFinite(_ value: JSONValue) -> Bool {
    switch value {
    case .number(let number): !number.isFinite
    case .array(let values): values.contains(where: hasNonFinite)
    case .object(let object): object.members.contains { hasNonFinite($0.value) }
    default: false
    }
  }

  @Test("the same figure is drawn the same again", arguments: names)
  func repeatable(name: String) throws {
    let again = try #require(try SampleFigures.all().first { $0.name == name })
    #expect(try again.figure.svg(numbers: .standard) == svg(name))
  }

  @Test("set digits changes the numbers in a picture")
  func digits() throws {
    let svg = try figure("network-forward").svg(numbers: NumberFormat(digits: 2))
    #expect(svg.contains("0.57") && !svg.contains("0.5744"))
  }

  @Test("errors say what is wrong in a sentence")
  func errors() {
    let texts: [(FigureError, String)] = [
      (.empty("the matrix"), "there is nothing to draw: the matrix has no entries"),
      (
        .notFinite("the matrix", .cell(row: 2, column: 3), value: .nan),
        "the matrix has nan at row 2, column 3, and only finite numbers can be drawn"
      ),
      (.wrongCount("classes", found: 3, expected: 2), "classes: 3 where 2 are needed"),
      (
        .outOfRange("the arrows", .index(2), reason: "there is no node at position 9"),
        "the arrows, entry 2: there is no node at position 9"
      ),
      (.circle(["a", "b"]), "the graph has no beginning: a → b → a"),
      (
        .tooMany("nodes", count: 500, limit: 120),
        "500 nodes are too many for a picture; it shows at most 120"
      ),
    ]
    for (error, text) in texts { #expect(error.description == text) }
  }
}
