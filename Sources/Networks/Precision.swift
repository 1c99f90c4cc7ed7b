/// A parameter of an activation or an initializer, such as the slope of `leaky_relu`.
package struct NamedParameter: Sendable, Equatable {
  package let name: String
  package let value: Double
}

/// The precision in which a network computes.
package enum Precision: String, CaseIterable, Sendable { case float64, float32 }
