/// How the decimal numbers of a formula are written.
package struct NumeralStyle: Sendable {
  private let format: (@Sendable (Double) -> String)?

  /// With as many digits as it takes to read the same number back.
  package static let exact = NumeralStyle(format: nil)

  /// For a reader: finite numbers as `format` writes them, such as `0.5744` or `1.2e-05`.
  package init(_ format: @escaping @Sendable (Double) -> String) { self.init(format: format) }

  private init(format: (@Sendable (Double) -> String)?) { self.format = format }

  /// A finite number that is no fraction of whole numbers.
  func text(_ value: Double) -> String { format?(value) ?? "\(value)" }
}
