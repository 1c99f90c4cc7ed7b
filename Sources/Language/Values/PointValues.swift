import Calculus
import MatrixEngine

/// Values of a function's lines at one point, each with its derivative in one direction, under names of their own.
final class PointValues {
  private(set) var values: [String: Tensor<Double>] = [:]
  private(set) var tangents: [String: Tensor<Double>] = [:]
  /// What is kept takes this many numbers, those of its names included.
  private(set) var size = 0
  private var count = 0

  /// Keeps a value; the symbol that means it.
  func keep(_ value: Tensor<Double>, tangent: Tensor<Double>?) -> Expression {
    count += 1
    let name = "\u{200B}\(count)"
    size += Self.size(of: value)
    values[name] = value
    tangents[name] = tangent
    return .symbol(Symbol(name, ExpressionShape(value.sizes.map { .number($0) })))
  }

  /// Forgets a value whose name means another one from now on.
  func release(_ part: Expression) {
    guard case .symbol(let symbol) = part.node,
      let value = values.removeValue(forKey: symbol.name)
    else { return }
    tangents[symbol.name] = nil
    size -= Self.size(of: value)
  }

  private static func size(of value: Tensor<Double>) -> Int { value.storage.count + 32 }
}
