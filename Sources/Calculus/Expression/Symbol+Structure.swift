import MatrixEngine

extension Symbol {
  /// What is known of the entries of a matrix (of a vector: one-hot); its word in declarations.
  package enum Structure: String, CaseIterable, Sendable {
    case symmetric, diagonal, triangular
    /// Rows, or a vector, that sum to 1.
    case oneHot = "one_hot"

    /// Whether such a matrix is its transpose.
    var isSymmetric: Bool { self == .symmetric || self == .diagonal }

    /// What a reader is told where the structure is used.
    func note(of name: String) -> String {
      switch self {
      case .symmetric: "\(name) is symmetric, \(name)' = \(name)"
      case .diagonal, .triangular: "\(name) is \(rawValue)"
      case .oneHot: "the entries of \(name) sum to 1 along a row"
      }
    }

    /// An array of this structure made of another one; the same where it has it.
    package func imposed(on array: Tensor<Double>) -> Tensor<Double> {
      let (n, storage) = (array.columns, array.storage)
      func entries(_ entry: (Int, Int) -> Double) -> Tensor<Double> {
        Tensor(array.shape, storage.indices.map { entry($0 / n, $0 % n) })
      }
      switch self {
      case .symmetric: return entries { (array[$0, $1] + array[$1, $0]) / 2 }
      case .diagonal: return entries { $0 == $1 ? array[$0, $1] : 0 }
      case .triangular:
        let isLower = storage.indices.allSatisfy { $0 / n >= $0 % n || storage[$0] == 0 }
        return isLower ? array : entries { $0 <= $1 ? array[$0, $1] : 0 }
      case .oneHot:
        let row = array.rank == 1 ? storage.count : n
        return Tensor(
          array.shape,
          storage.indices.map { place in
            let start = place / row * row
            return storage[place] / storage[start..<start + row].reduce(0, +)
          })
      }
    }

    /// Whether an array has the structure, but for rounding.
    package func isMet(by array: Tensor<Double>) -> Bool {
      if self != .oneHot, array.rows != array.columns { return false }
      return zip(imposed(on: array).storage, array.storage).allSatisfy { made, given in
        (made - given).magnitude <= 1e-9 * max(1, given.magnitude)
      }
    }
  }
}
