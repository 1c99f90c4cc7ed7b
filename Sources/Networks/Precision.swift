/// A parameter of an activation or an initializer, such as the slope of `leaky_relu`.
package struct NamedParameter: Sendable, Equatable {
  package let name: String
  package let value: Double
  /// The value that need not be written, or nil where it always is.
  package let usual: Double?
  /// Where it may lie.
  package let range: Interval

  package init(name: String, value: Double, usual: Double? = nil, range: Interval = .all) {
    self.name = name
    self.value = value
    self.usual = usual
    self.range = range
  }
}

/// The precision in which a network computes.
package enum Precision: String, CaseIterable, Sendable { case float64, float32 }
