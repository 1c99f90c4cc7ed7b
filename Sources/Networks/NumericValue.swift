import MatrixEngine

/// What a cell may give where a network expects numbers: one entry, a list, or rows and columns.
package enum NumericValue: Sendable, Equatable {
  case scalar(Double)
  case vector([Double])
  case matrix(Matrix<Double>)

  /// As messages name it: `a number`, `a vector of 3`, `2×3`.
  package var shapeDescription: String {
    switch self {
    case .scalar: "a number"
    case .vector(let elements): "a vector of \(elements.count)"
    case .matrix(let matrix): "\(matrix.shape)"
    }
  }

  package var storage: [Double] {
    switch self {
    case .scalar(let value): [value]
    case .vector(let elements): elements
    case .matrix(let matrix): matrix.storage
    }
  }
}

/// A parameter of an activation or an initializer, such as the slope of `leaky_relu`.
package struct NamedParameter: Sendable, Equatable {
  package let name: String
  package let value: Double
  /// The value that need not be written, or nil where it always is.
  package let usual: Double?

  package init(name: String, value: Double, usual: Double? = nil) {
    self.name = name
    self.value = value
    self.usual = usual
  }
}

/// The precision in which a network computes.
package enum Precision: String, CaseIterable, Sendable { case float64, float32 }
