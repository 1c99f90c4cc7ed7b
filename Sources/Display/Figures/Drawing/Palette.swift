/// The colours of figures, which readers with any kind of colour vision tell apart on the ground; and
/// what else tells things apart, since a colour never does it alone.
///
/// Source: Okabe and Ito, "Color Universal Design" (2008): the five colours of their set that stand
/// out from the ground at least 3 to 1, the purple a little darker for that.
package enum Palette {
  /// The ground of every picture, on a light and on a dark page: a white that does not glare.
  package static let background = RGBColor(0xFCFBF8)
  /// Text and axes, secondary text, grid lines.
  package static let ink = RGBColor(0x1A1A1A)
  package static let mutedInk = RGBColor(0x555555)
  package static let axis = RGBColor(0x8C8C8C)
  package static let grid = RGBColor(0xE4E4E4)
  /// The inside of nodes and boxes.
  package static let surface = RGBColor(0xF6F8FA)

  package static let blue = RGBColor(0x0072B2)
  package static let vermilion = RGBColor(0xD55E00)
  package static let green = RGBColor(0x009E73)
  package static let purple = RGBColor(0xC671A1)
  package static let black = RGBColor(0x000000)

  /// Signs have the same colours in every figure.
  package static let positive = blue
  package static let negative = vermilion
  /// Text about gradients and local derivatives: `purple` darkened until it reads as text.
  package static let gradient = RGBColor(0x9C3D76)

  /// The colours of series, in order; they begin again, with other dashes and markers.
  package static let series = [blue, vermilion, green, purple, black]
  /// The colours of classes: of two, the second is the positive one.
  package static let classes = [vermilion, blue, green, purple, black]

  static func series(_ index: Int) -> RGBColor { series[index % series.count] }
  static func classes(_ index: Int) -> RGBColor { classes[index % classes.count] }

  /// The colour of a number between −1 and 1, with white at 0.
  package static func diverging(_ part: Double) -> RGBColor {
    let end = part < 0 ? RGBColor(0xA84300) : RGBColor(0x005A9C)
    return RGBColor(0xFAFAFA).mixed(with: end, min(abs(part), 1))
  }

  /// Black or white, whichever reads better on a colour.
  package static func text(on color: RGBColor) -> RGBColor {
    color.contrast(with: black) >= color.contrast(with: background) ? black : background
  }

  /// A colour so light that points and text stand out on it.
  package static func tint(_ color: RGBColor, _ strength: Double = 0.3) -> RGBColor {
    background.mixed(with: color, strength)
  }
}
