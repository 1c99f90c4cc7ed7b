/// How a formula is written: its decimal numbers, and its element-wise products.
package struct FormulaStyle: Sendable {
  private let format: (@Sendable (Double) -> String)?
  /// Whether element-wise products of arrays are ⊗, as somebody typed them, not ⊙.
  package var usesTimes = false
  /// Whether it is for a picture: functions by their signs, products with ·, and − for a minus.
  private(set) var isDrawn = false

  /// With as many digits as it takes to read the same number back.
  package static let exact = FormulaStyle(format: nil)

  /// For a reader: finite numbers as `format` writes them, such as `0.5744` or `1.2e-05`.
  package init(_ format: @escaping @Sendable (Double) -> String) { self.init(format: format) }

  private init(format: (@Sendable (Double) -> String)?) { self.format = format }

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
  func text(_ value: Double) -> String { format?(value) ?? "\(value)" }
}
