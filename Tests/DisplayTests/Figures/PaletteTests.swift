import Display
import Testing

@Suite("Colours")
struct PaletteTests {
  @Test("lines stand out from the background, text more so")
  func contrast() {
    for color in Palette.series { #expect(color.contrast(with: Palette.background) >= 3) }
    #expect(Palette.axis.contrast(with: Palette.background) >= 3)
    for color in [Palette.ink, Palette.mutedInk] {
      #expect(color.contrast(with: Palette.background) >= 7)
    }
    #expect(Palette.gradient.contrast(with: Palette.surface) >= 4.5)
  }

  @Test("verdicts stand out from a light page and from a dark one", arguments: VerdictMark.allCases)
  func verdicts(mark: VerdictMark) throws {
    func color(_ text: String) throws -> RGBColor {
      RGBColor(try #require(UInt32(text.dropFirst(), radix: 16)))
    }
    #expect(try color(mark.colors.light).contrast(with: RGBColor(0xFFFFFF)) >= 4.5)
    #expect(try color(mark.colors.dark).contrast(with: RGBColor(0x111111)) >= 4.5)
    #expect(try color(mark.colors.dark).contrast(with: RGBColor(0x212121)) >= 4.5)
  }

  @Test("text stands out from every ground that it is set on")
  func texts() {
    let grounds = [
      Palette.background, Palette.surface, Palette.tint(Palette.blue, 0.14),
      Palette.tint(Palette.green, 0.16),
    ]
    for ground in grounds {
      for color in [Palette.ink, Palette.mutedInk, Palette.gradient] {
        #expect(color.contrast(with: ground) >= 4.5)
      }
    }
  }

  @Test("numbers can be read on every colour of a heat map", arguments: -20...20)
  func diverging(step: Int) {
    let color = Palette.diverging(Double(step) / 20)
    #expect(Palette.text(on: color).contrast(with: color) >= 4.5)
  }

  @Test("a larger magnitude is darker, and 0 is nearly white")
  func order() {
    for sign in [-1.0, 1] {
      let steps = (0...10).map { Palette.diverging(sign * Double($0) / 10).luminance }
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 > $1 })
    }
    #expect(Palette.diverging(0).luminance > 0.9)
    #expect(Palette.diverging(5) == Palette.diverging(1))
  }

  /// The colours as people without one kind of cone see them, in linear light.
  /// Source: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
  /// vision deficiency" (2009), severity 1.
  private static let visions: [(name: String, rows: [[Double]])] = [
    ("usual", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protanopia",
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    ),
    (
      "deuteranopia",
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
      ]
    ),
    (
      "tritanopia",
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
      ]
    ),
  ]

  private func seen(_ color: RGBColor, _ rows: [[Double]]) -> [Double] {
    // Squares are near enough to linear light here, and roots back.
    let linear = [color.red, color.green, color.blue].map { $0 * $0 }
    return rows.map { row in
      max(zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 }, 0).squareRoot()
    }
  }

  @Test("series and signs differ for every kind of colour vision", arguments: visions.indices)
  func vision(index: Int) {
    let vision = Self.visions[index]
    let colors = Palette.series.map { seen($0, vision.rows) }
    for (position, first) in colors.enumerated() {
      for second in colors[(position + 1)...] {
        let distance = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(distance.squareRoot() > 0.1, "\(vision.name)")
      }
    }
  }

  @Test("colours are written as six hexadecimal digits and read back")
  func hexadecimal() {
    #expect(RGBColor(0x0072B2).hexadecimal == "#0072b2")
    #expect(RGBColor(red: 2, green: -1, blue: 0.5).hexadecimal == "#ff0080")
    #expect(RGBColor(0x123456).mixed(with: RGBColor(0xABCDEF), 0).hexadecimal == "#123456")
    #expect(RGBColor(0x123456).mixed(with: RGBColor(0xABCDEF), 1).hexadecimal == "#abcdef")
  }
}
