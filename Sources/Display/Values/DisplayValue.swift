import MatrixEngine

/// A value of the language as far as showing it goes.
package indirect enum DisplayValue: Sendable, Equatable {
  case number(Double)
  case boolean(Bool)
  case string(String)
  /// A vector, which is a column, a matrix, or an array of more dimensions.
  case array(Tensor<Double>)
  /// A list, whose elements count from `firstIndex`: 0 where the first belongs to the input layer.
  case list([DisplayValue], firstIndex: Int = 1)
  /// A function, network or other thing that is shown by a line of text.
  case description(String)

  /// An array of more than two dimensions as the list of its parts; everything else as it is.
  var layered: DisplayValue {
    guard case .array(let array) = self, array.rank > 2 else { return self }
    return .list((0..<array.rows).map { .array(array.slice($0)) })
  }
}
