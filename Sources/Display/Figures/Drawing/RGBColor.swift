import Glibc

/// A colour of the screen (sRGB), each part from 0 to 1.
package struct RGBColor: Sendable, Hashable {
  package let red: Double
  package let green: Double
  package let blue: Double

  package init(red: Double, green: Double, blue: Double) {
    self.red = min(max(red, 0), 1)
    self.green = min(max(green, 0), 1)
    self.blue = min(max(blue, 0), 1)
  }

  /// The colour of a number such as `0x0072B2`.
  package init(_ hexadecimal: UInt32) {
    red = Double(hexadecimal >> 16 & 0xFF) / 255
    green = Double(hexadecimal >> 8 & 0xFF) / 255
    blue = Double(hexadecimal & 0xFF) / 255
  }

  /// As SVG and Vega write it: `#0072b2`.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    var result = "#"
    for part in [red, green, blue] {
      let value = Int((part * 255).rounded())
      result.append(digits[value >> 4])
      result.append(digits[value & 15])
    }
    return result
  }

  /// The relative luminance, 0 for black and 1 for white.
  /// Source: Web Content Accessibility Guidelines 2.1, "relative luminance".
  package var luminance: Double {
    let linear = [red, green, blue].map(Self.linear)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  /// How well two colours stand apart, from 1 to 21; text needs 4.5, lines need 3.
  /// Source: Web Content Accessibility Guidelines 2.1, "contrast ratio".
  package func contrast(with other: RGBColor) -> Double {
    let (first, second) = (luminance, other.luminance)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
  }

  /// A mixture that looks even to the eye: 0 is this colour, 1 the other.
  /// Source: Ottosson, "A perceptual color space for image processing" (2020), Oklab.
  package func mixed(with other: RGBColor, _ part: Double) -> RGBColor {
    let (first, second) = (oklab, other.oklab)
    return Self(oklab: zip(first, second).map { $0 + (($1 - $0) * part) })
  }

  private static func linear(_ part: Double) -> Double {
    part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
  }

  private static func encoded(_ part: Double) -> Double {
    part <= 0.0031308 ? part * 12.92 : 1.055 * pow(part, 1 / 2.4) - 0.055
  }

  private var oklab: [Double] {
    let (r, g, b) = (Self.linear(red), Self.linear(green), Self.linear(blue))
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return [
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
  }

  private init(oklab parts: [Double]) {
    let l = pow(parts[0] + 0.3963377774 * parts[1] + 0.2158037573 * parts[2], 3)
    let m = pow(parts[0] - 0.1055613458 * parts[1] - 0.0638541728 * parts[2], 3)
    let s = pow(parts[0] - 0.0894841775 * parts[1] - 1.2914855480 * parts[2], 3)
    self.init(
      red: Self.encoded(max(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, 0)),
      green: Self.encoded(max(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, 0)),
      blue: Self.encoded(max(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s, 0)))
  }
}
