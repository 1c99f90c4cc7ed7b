/// Some elements of an array: where they stand in its storage, row by row, and the shape that they have.
package struct Places: Sendable {
  package var positions: [Int]
  package var shape: Shape
}

extension Shape {
  /// What an index chooses along one dimension, counted from 0.
  package enum Choice: Sendable {
    /// One place, which drops the dimension.
    case one(Int)
    case several([Int])
    case all
  }

  /// The position of the element that one place a dimension names; nil where more is chosen.
  package func position(_ choices: [Choice]) -> Int? {
    guard choices.count == rank else { return nil }
    var position = 0
    for axis in 0..<rank {
      guard case .one(let place) = choices[axis] else { return nil }
      position = position * self[axis] + place
    }
    return position
  }

  /// How many bytes the numbers take that an index a dimension names; dimensions without one are taken whole.
  package func bytes(of choices: [Choice]) -> Int {
    var bytes = MemoryLayout<Double>.stride
    for axis in 0..<rank {
      switch axis < choices.count ? choices[axis] : .all {
      case .one: break
      case .several(let places):
        bytes = bytes.multipliedReportingOverflow(by: places.count).partialValue
      case .all: bytes = bytes.multipliedReportingOverflow(by: self[axis]).partialValue
      }
    }
    return bytes
  }

  /// The elements at which truth values of this shape hold, in the order of the storage.
  package static func places(where truths: Tensor<Double>) -> Places {
    let positions = truths.storage.indices.filter { truths.storage[$0] != 0 }
    return Places(positions: positions, shape: Shape(CollectionOfOne(positions.count)))
  }

  /// The elements that an index a dimension names; dimensions without one are taken whole.
  ///
  /// Precondition: the places exist.
  package func places(_ choices: [Choice]) -> Places { places(choices, until: nil) }

  /// The same, with a look at the interrupt flag.
  ///
  /// Throws: `MatrixError.interrupted`.
  package func places(_ choices: [Choice], interrupt: InterruptFlag) throws(MatrixError) -> Places {
    let places = places(choices, until: interrupt)
    if interrupt.isRaised { throw .interrupted(operation: "[ ]") }
    return places
  }

  /// Those elements, or fewer when the flag is raised on the way.
  private func places(_ choices: [Choice], until interrupt: InterruptFlag?) -> Places {
    func goesOn() -> Bool { !(interrupt?.isRaised ?? false) }
    if let position = position(choices) { return Places(positions: [position], shape: Shape()) }
    var (positions, shape) = ([0], Shape())
    for axis in 0..<rank {
      let size = self[axis]
      switch axis < choices.count ? choices[axis] : .all {
      case .one(let place):
        for i in positions.indices { positions[i] = positions[i] * size + place }
      case .several(let places):
        positions = positions.flatMap { base in goesOn() ? places.map { base * size + $0 } : [] }
        shape.append(places.count)
      case .all:
        positions = positions.flatMap { base in
          base * size..<(goesOn() ? base + 1 : base) * size
        }
        shape.append(size)
      }
    }
    return Places(positions: positions, shape: shape)
  }
}

extension Tensor {
  /// The elements that an index a dimension names, in their shape. Precondition: the places exist.
  @specialized(where Scalar == Double)
  package func selecting(_ choices: Shape.Choice...) -> Tensor {
    elements(at: shape.places(choices))
  }

  /// The elements at some places, with a look at the interrupt flag.
  ///
  /// Throws: `MatrixError.interrupted`.
  @specialized(where Scalar == Double)
  package func elements(at places: Places, interrupt: InterruptFlag) throws(MatrixError) -> Tensor {
    var elements: [Scalar] = []
    elements.reserveCapacity(places.positions.count)
    for start in stride(from: 0, to: places.positions.count, by: 1 << 16) {
      if interrupt.isRaised { throw .interrupted(operation: "[ ]") }
      for position in places.positions[start...].prefix(1 << 16) {
        elements.append(storage[position])
      }
    }
    return Tensor(places.shape, elements, holdsTruths: holdsTruths)
  }

  @specialized(where Scalar == Double)
  package func elements(at places: Places) -> Tensor {
    Tensor(places.shape, places.positions.map { storage[$0] }, holdsTruths: holdsTruths)
  }
}
