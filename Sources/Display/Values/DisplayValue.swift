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

  /// Parts that are shown one below the other, each behind its index.
  struct Layers {
    let count: Int
    let element: (Int) -> DisplayValue
    /// `[2]`, of an array `[1,2]`.
    let index: (Int) -> String
    /// Whether they stand on one line.
    let areSimple: Bool
  }

  /// The elements of a list, or the matrices of an array of more than two dimensions; nil for everything else.
  var layers: Layers? {
    switch self {
    case .list(let elements, let first):
      return Layers(
        count: elements.count, element: { elements[$0] }, index: { "[\($0 + first)]" },
        areSimple: elements.allSatisfy(\.isSimple))
    case .array(let array) where array.rank > 2:
      let (outer, inner) = (Shape(array.sizes.dropLast(2)), Shape(array.sizes.suffix(2)))
      return Layers(
        count: outer.count,
        element: {
          let start = $0 * inner.count
          return .array(Tensor(inner, Array(array.storage[start..<start + inner.count])))
        },
        index: { "[\(outer.index(at: $0, separator: ","))]" }, areSimple: array.isEmpty)
    default: return nil
    }
  }
}
