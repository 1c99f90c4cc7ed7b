import MatrixEngine
import Testing

@Suite("Arrays of any rank")
struct RankTests {
  static let shapes = [[], [3], [2, 3], [2, 3, 4], [2, 3, 4, 5], [1, 2, 1, 3, 2, 2]]

  static func numbered(_ sizes: [Int]) -> Tensor<Double> {
    let shape = Shape(sizes)
    return Tensor(shape, (0..<shape.count).map { Double($0 + 1) })
  }

  @Test("a shape has its sizes, its count and the indices of its elements", arguments: shapes)
  func shape(_ sizes: [Int]) {
    let shape = Shape(sizes)
    #expect(shape.sizes == sizes)
    #expect(shape.count == sizes.reduce(1, *))
    #expect(shape.rows * shape.columns == shape.count)
    #expect(
      shape.index(at: shape.count - 1, separator: ",")
        == sizes.map(String.init).joined(separator: ","))
    #expect(shape == Shape(sizes) && shape != Shape(sizes + [1]))
  }

  @Test("what broadcasts is stretched along sizes of 1 and missing dimensions", arguments: shapes)
  func broadcasting(_ sizes: [Int]) throws {
    let whole = RankTests.numbered(sizes)
    for mask in 0..<(1 << sizes.count) {
      for dropped in 0...sizes.count {
        let own = sizes.enumerated().map { mask >> $0.offset & 1 == 1 ? 1 : $0.element }
        let part = RankTests.numbered(Array(own.dropFirst(dropped)))
        let sum = try whole.adding(part)
        #expect(sum.shape == whole.shape)
        for position in whole.storage.indices {
          let there = part.shape.position(of: position, in: whole.shape)
          #expect(sum.storage[position] == whole.storage[position] + part.storage[there])
        }
        #expect(try part.adding(whole) == sum)
      }
    }
  }

  @Test("a reduction along an axis takes the slices there together", arguments: shapes)
  func reductions(_ sizes: [Int]) throws {
    let array = RankTests.numbered(sizes)
    for axis in sizes.indices {
      let sum = try array.reduced(by: .sum, axis: axis)
      var total = try Tensor<Double>.filled(sum.shape, with: 0)
      for place in 0..<sizes[axis] {
        var choices = sizes.map { _ in Shape.Choice.all }
        choices[axis] = .one(place)
        total = try total.adding(array.elements(at: array.shape.places(choices)))
      }
      #expect(total == sum)
    }
  }

  @Test("slices stack to what they were cut from", arguments: shapes.dropFirst())
  func stacking(_ sizes: [Int]) throws {
    let array = RankTests.numbered(sizes)
    let slices = (0..<sizes[0]).map(array.slice)
    #expect(slices.allSatisfy { $0.sizes == Array(sizes.dropFirst()) })
    #expect(try Tensor.stacked(slices) == array)
    #expect(throws: MatrixError.self) {
      try Tensor.stacked(slices + [.vector([1, 2, 3, 4, 5, 6])])
    }
  }
}
