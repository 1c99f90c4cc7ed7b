import Display

/// What a test needs to know of an SVG document that this kernel wrote, read without the kernel's help.
struct SVGPicture {
  struct Text {
    var content: String
    var x: Double
    var y: Double
    var size: Double
    var anchor: String
    var isTurned: Bool
    /// About its width in a wide font.
    var width: Double
    /// The room of its figures and letters by the measure that the drawing has of them.
    var measured: (left: Double, top: Double, right: Double, bottom: Double)

    /// About the room that the text takes; a usual font takes 0.85 of the width of a wide one.
    func box(part: Double = 1) -> (left: Double, top: Double, right: Double, bottom: Double) {
      let width = width * part
      let before = anchor == "middle" ? width / 2 : anchor == "end" ? width : 0
      return isTurned
        ? (x - 0.7 * size, y - (width - before), x + 0.1 * size, y + before)
        : (x - before, y - 0.7 * size, x + width - before, y + 0.1 * size)
    }
  }

  struct Element {
    var name: String
    var attributes: [String: String]

    func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? 0 }
  }

  let width: Double
  let height: Double
  let elements: [Element]
  let texts: [Text]

  /// Reads a document with one element a line.
  init(_ svg: String) {
    var elements: [Element] = []
    var texts: [Text] = []
    for line in svg.split(separator: "\n") where line.hasPrefix("<") && !line.hasPrefix("</") {
      let element = Self.element(line)
      elements.append(element)
      guard element.name == "text" else { continue }
      texts.append(
        Text(
          content: Self.content(line), x: element.number("x"), y: element.number("y"),
          size: element.number("font-size"), anchor: element.attributes["text-anchor"] ?? "start",
          isTurned: element.attributes["transform"] != nil,
          width: Self.width(line, size: element.number("font-size")),
          measured: Self.measured(line, element)))
    }
    self.elements = elements
    self.texts = texts
    // In the picture's own units: a wide one is shown smaller than that.
    let box = (elements.first?.attributes["viewBox"] ?? "").split(separator: " ").compactMap {
      Double($0)
    }
    width = box.count == 4 ? box[2] : 0
    height = box.count == 4 ? box[3] : 0
  }

  func count(_ name: String) -> Int { elements.count { $0.name == name } }

  /// How many lines the paths with an attribute begin.
  func starts(stroke: String) -> Int {
    elements.filter { $0.name == "path" && $0.attributes["stroke"] == stroke }
      .reduce(0) { $0 + ($1.attributes["d"] ?? "").count { $0 == "M" } }
  }

  private static func element(_ line: Substring) -> Element {
    let head = line.dropFirst().prefix { $0 != ">" }
    let name = head.prefix { $0 != " " && $0 != "/" }
    var attributes: [String: String] = [:]
    var rest = head.dropFirst(name.count)
    while let equals = rest.firstIndex(of: "=") {
      let key = rest[..<equals].drop { $0 == " " }
      let value = rest[equals...].dropFirst(2).prefix { $0 != "\"" }
      attributes[String(key)] = String(value)
      rest = rest[value.endIndex...].dropFirst()
    }
    return Element(name: String(name), attributes: attributes)
  }

  /// The widths of the pieces between tags, each in its size, and the moves between them.
  private static func width(_ line: Substring, size: Double) -> Double {
    line.split(separator: "<").dropFirst().reduce(0) { sum, piece in
      guard let end = piece.firstIndex(of: ">") else { return sum }
      let tag = element("<" + piece[...end])
      let scaled = tag.attributes["font-size"].flatMap(Double.init) ?? size
      let characters = unescaped(String(piece[end...].dropFirst()))
      return sum
        + characters.reduce(tag.name == "tspan" ? tag.number("dx") : 0) {
          $0 + em(of: $1) * scaled
        }
    }
  }

  /// The box around the runs of a line, each in its size and on its height.
  private static func measured(
    _ line: Substring, _ text: Element
  ) -> (left: Double, top: Double, right: Double, bottom: Double) {
    let isBold = text.attributes["font-weight"] != nil
    var (x, rise) = (0.0, 0.0)
    var (right, top, bottom) = (0.0, 0.0, 0.0)
    for piece in line.split(separator: "<").dropFirst() {
      guard let end = piece.firstIndex(of: ">") else { continue }
      let tag = element("<" + piece[...end])
      if tag.name == "tspan" {
        x += tag.number("dx")
        rise -= tag.number("dy")
      }
      let size = tag.attributes["font-size"].flatMap(Double.init) ?? text.number("font-size")
      let characters = unescaped(String(piece[end...].dropFirst()))
      guard !characters.isEmpty else { continue }
      x +=
        size
        * FontMetrics.width(of: characters, bold: isBold || tag.attributes["font-weight"] != nil)
      right = max(right, x)
      top = max(top, rise + FontMetrics.figureHeight * size)
      bottom = max(bottom, FontMetrics.descent * size - rise)
    }
    let anchor = text.attributes["text-anchor"]
    let before = anchor == "middle" ? right / 2 : anchor == "end" ? right : 0
    let place = (x: text.number("x"), y: text.number("y"))
    return (place.x - before, place.y - top, place.x - before + right, place.y + bottom)
  }

  private static func em(of character: Character) -> Double {
    switch character {
    case "i", "j", "l", "t", "f", "r", "I", " ", ".", ",", ":", ";", "(", ")", "[", "]", "′", "·":
      0.4
    case "m", "w", "M", "W", "−", "×", "=", "+", "→", "%", "—": 0.9
    case _ where character.isUppercase: 0.7
    case "\u{2009}": 0.2
    default: 0.63
    }
  }

  /// The characters of an element without its tags.
  private static func content(_ line: Substring) -> String {
    var result = ""
    var isTag = false
    for character in line {
      if character == "<" { isTag = true }
      if !isTag { result.append(character) }
      if character == ">" { isTag = false }
    }
    return unescaped(result)
  }

  private static func unescaped(_ text: String) -> String {
    var result = text
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
      result = result.replacing(entity, with: character)
    }
    return result
  }
}
