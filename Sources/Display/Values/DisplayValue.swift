import MatrixEngine

/// A value of the language as far as showing it goes.
package indirect enum DisplayValue: Sendable, Equatable {
  case number(Double)
  case boolean(Bool)
  case string(String)
  /// A vector, which is a column.
  case vector([Double])
  case matrix(Matrix<Double>)
  /// A list, whose elements count from `firstIndex`: 0 where the first belongs to the input layer.
  case list([DisplayValue], firstIndex: Int = 1)
  /// A function, network or other thing that is shown by a line of text.
  case description(String)
}
