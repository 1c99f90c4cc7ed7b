import Display
import Testing

/// No letter of a diagram lies on another, whatever the network: 300 random ones in every kind and detail.
@Suite("Diagrams of random networks")
struct DiagramOverlapTests {
  static let networks = 300
  static let digits = [2, 4, 4, 4, 6, 12]

  private typealias Room = (left: Double, top: Double, right: Double, bottom: Double)

  /// What two rooms share across and down.
  private static func shared(_ first: Room, _ second: Room) -> (Double, Double) {
    (
      min(first.right, second.right) - max(first.left, second.left),
      min(first.bottom, second.bottom) - max(first.top, second.top)
    )
  }

  /// What is wrong with a picture, nil if nothing.
  static func fault(_ svg: String) -> String? {
    let picture = SVGPicture(svg)
    let texts = picture.texts
    if svg.utf8.count > 60_000 { return "\(svg.utf8.count) bytes" }
    if picture.width > 700 { return "\(picture.width) pixels wide" }
    for (index, text) in texts.enumerated() {
      let room = text.measured
      if text.size < 14 { return "“\(text.content)” is small: \(text.size)" }
      if room.left < 0 || room.top < 0 || room.right > picture.width || room.bottom > picture.height
      {
        return "“\(text.content)” leaves the picture"
      }
      for other in texts[(index + 1)...] {
        let (across, down) = shared(room, other.measured)
        if across > 0, down > 0 { return "“\(text.content)” meets “\(other.content)”" }
      }
    }
    for circle in picture.elements where circle.name == "circle" && circle.number("r") > 8 {
      let (x, y, radius) = (circle.number("cx"), circle.number("cy"), circle.number("r"))
      for text in texts {
        let room = text.measured
        let own =
          abs((room.left + room.right) / 2 - x) < 1 && room.top > y - radius
          && room.bottom < y + radius && room.right - room.left < 2 * radius
        let across = max(room.left - x, 0, x - room.right)
        let down = max(room.top - y, 0, y - room.bottom)
        if !own, across * across + down * down < radius * radius {
          return "“\(text.content)” meets a circle"
        }
      }
    }
    return nil
  }

  @Test(
    "no text meets another one or a circle that is not its own, leaves the picture or is small",
    arguments: RandomNetworks.Kind.allCases)
  func overlaps(kind: RandomNetworks.Kind) throws {
    var circles = 0
    for seed in 0..<Self.networks {
      var random = RandomNetworks(seed: seed)
      var diagram = try random.diagram(kind)
      let numbers = NumberFormat(digits: Self.digits[seed % Self.digits.count])
      for detail in DiagramDetail.allCases {
        diagram.detail = detail
        let svg = diagram.svg(numbers: numbers)
        if detail == .auto, svg.contains("<circle cx"), svg.contains("<line") { circles += 1 }
        let fault = Self.fault(svg)
        #expect(fault == nil, "network \(seed), \(detail): \(fault ?? "")")
        if seed.isMultiple(of: 10) {
          #expect(
            diagram.drawing(numbers: numbers).png.count <= 60_000, "network \(seed), \(detail)")
        }
      }
    }
    // Most of them are small enough for circles.
    #expect(circles > Self.networks / 2)
  }

  @Test("nor in the close-up of a neuron", arguments: RandomNetworks.Kind.allCases)
  func closeUps(kind: RandomNetworks.Kind) throws {
    for seed in 0..<Self.networks {
      var random = RandomNetworks(seed: seed)
      let figure = try random.neuron(kind)
      let svg = figure.svg(numbers: NumberFormat(digits: Self.digits[seed % Self.digits.count]))
      let fault = Self.fault(svg)
      #expect(fault == nil, "neuron \(seed): \(fault ?? "")")
    }
  }
}
