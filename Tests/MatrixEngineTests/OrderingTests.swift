import MatrixEngine
import Testing

@Suite("The order of many numbers, and what an interrupt ends")
struct OrderingTests {
  /// Numbers with ties, zeros of both signs and NaN among them.
  private func numbers(_ count: Int) -> Tensor<Double> {
    var source = RandomSource(seed: UInt64(count))
    return .vector(
      (0..<count).map { place in
        place % 1_001 == 1_000 ? .nan : (source.uniform() * 5_000).rounded() - 2_500
      })
  }

  @Test("many are put in order as few are", arguments: [3, 16_384, 16_385, 40_000, 70_001])
  func many(count: Int) throws {
    let numbers = numbers(count)
    let expected = numbers.storage.filter { !$0.isNaN }.sorted()
    let sorted = try numbers.sortedByRow().storage
    #expect(Array(sorted.prefix(expected.count)) == expected)
    let rest = sorted.dropFirst(expected.count)
    #expect(rest.allSatisfy { $0.isNaN })
    #expect(sorted.count == count)
    let descending = try numbers.sortedByRow(isDescending: true).storage
    #expect(Array(descending.suffix(expected.count)) == expected.reversed())
    let different = try numbers.distinct()
    #expect(different.prefix { !$0.isNaN } == ArraySlice(Set(expected).sorted()))
    let median = try Tensor<Double>.vector(expected).reduced(by: .median)
    let middle = expected.count / 2
    #expect(
      median
        == (expected.count % 2 == 1
          ? expected[middle] : (expected[middle - 1] + expected[middle]) / 2))
  }

  @Test("what is interrupted gives no value")
  func interrupted() throws {
    let flag = InterruptFlag()
    let line = numbers(40_000)
    let square = Matrix(rows: 200, columns: 200, storage: line.storage)
    let all: [Shape.Choice] = [.all, .several(Array(0..<150))]
    let works: [() throws -> Void] = [
      { _ = try line.sortedByRow(interrupt: flag) },
      { _ = try square.sortedByRow(interrupt: flag) },
      { _ = try line.distinct(interrupt: flag) },
      { _ = try line.reduced(by: .median, interrupt: flag) },
      {
        _ = try square.reduced(by: .deviation(ofSample: false), axis: 0, interrupt: flag)
      },
      { _ = try square.transposed(interrupt: flag) },
      { _ = try square.swappingLast(with: 0, interrupt: flag) },
      { _ = try square.shape.places(all, interrupt: flag) },
      {
        _ = try square.elements(at: square.shape.places(all), interrupt: flag)
      },
    ]
    for work in works { #expect(throws: Never.self) { try work() } }
    flag.raise()
    for work in works { #expect(throws: MatrixError.self) { try work() } }
  }

  @Test("with a flag that nobody raises, parts and transposes are the same")
  func same() throws {
    let flag = InterruptFlag()
    let matrix = Matrix(rows: 40, columns: 1_000, storage: (0..<40_000).map(Double.init))
    #expect(try matrix.transposed(interrupt: flag) == matrix.transposed())
    let choices: [Shape.Choice] = [.several([3, 1]), .all]
    let places = try matrix.shape.places(choices, interrupt: flag)
    #expect(places.positions == matrix.shape.places(choices).positions)
    #expect(try matrix.elements(at: places, interrupt: flag) == matrix.elements(at: places))
  }
}
