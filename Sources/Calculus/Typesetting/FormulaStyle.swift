import Notation

/// How a formula is written: its decimal numbers, and its element-wise products.
package struct FormulaStyle: Sendable {
  private let format: (@Sendable (Double, SignPlace) -> String)?
  /// Whether numbers are written so that others can be put in their place: whole ones too, and each with its sign.
  let givesPlaces: Bool
  /// Whether element-wise products of arrays are ⊗, as somebody typed them, not ⊙.
  package var usesTimes = false
  /// Whether it is for a picture: functions by their signs, products with ·, and − for a minus.
  private(set) var isDrawn = false

  /// With as many digits as it takes to read the same number back.
  package static let exact = FormulaStyle(nil, givesPlaces: false)

  /// For a reader: finite numbers as `format` writes them, such as `0.5744` or `1.2e-05`.
  package init(_ format: @escaping @Sendable (Double) -> String) {
    self.init({ number, _ in format(number) }, givesPlaces: false)
  }

  /// For a text, not for LaTeX, in which numbers will be replaced: every one as `format` writes it with its sign.
  package init(placing format: @escaping @Sendable (Double, SignPlace) -> String) {
    self.init(format, givesPlaces: true)
  }

  private init(_ format: (@Sendable (Double, SignPlace) -> String)?, givesPlaces: Bool) {
    (self.format, self.givesPlaces) = (format, givesPlaces)
  }

  /// The same with ⊗ for element-wise products, where that is asked for.
  package func withTimes(_ usesTimes: Bool) -> FormulaStyle {
    var style = self
    style.usesTimes = usesTimes
    return style
  }

  /// The same for a picture, where nothing is read back.
  package var drawn: FormulaStyle {
    var style = self
    style.isDrawn = true
    return style
  }

  /// A finite number that is no fraction of whole numbers.
  func text(_ value: Double, _ place: SignPlace = .alone) -> String {
    format?(value, place) ?? "\(value)"
  }
}
