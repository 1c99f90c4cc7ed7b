/// Finds the sizes of symbols that were declared without them: `C(w: vector, X: matrix) = X @ w`.
///
/// Sizes that must be equal are one from the moment at which that shows: unknown sizes take any other, a name takes a
/// number. What was built before is brought up to date by `resolve`.
package final class SizeInference {
  /// What a size is equal to; that may be equal to another one in turn.
  private var known: [Dimension: Dimension] = [:]
  private var freshCount = 0

  package init() {}

  /// An unknown size that is none of those before.
  package func fresh() -> Dimension {
    freshCount += 1
    return .unknown(freshCount)
  }

  /// Makes two sizes equal, where one of them is unknown, or a name and the other a number; false where that changes
  /// nothing.
  @discardableResult
  package func agree(_ first: Dimension, _ second: Dimension) -> Bool {
    let (a, b) = (resolve(first), resolve(second))
    guard a != b else { return false }
    switch (a, b) {
    case (.unknown, _) where !b.atoms.contains(a), (.name, .number): known[a] = b
    case (_, .unknown) where !a.atoms.contains(b), (.number, .name): known[b] = a
    case (.made, _), (_, .made):
      guard let (atom, size) = Dimension.solved(a, b) else { return false }
      known[atom] = size
    default: return false
    }
    return true
  }

  /// The size as far as it is known.
  package func resolve(_ size: Dimension) -> Dimension {
    var size = size
    while let next = known[size] { size = next }
    if case .made = size { return size.mapped(resolve) }
    return size
  }

  package func resolve(_ shape: ExpressionShape) -> ExpressionShape {
    known.isEmpty ? shape : ExpressionShape(shape.dimensions.map(resolve))
  }

  package func resolve(_ symbol: Symbol) -> Symbol {
    known.isEmpty ? symbol : symbol.with(resolve(symbol.shape))
  }

  /// The expression with its sizes as far as they are known.
  ///
  /// Throws: as `Expression.resized`.
  package func resolve(_ expression: Expression) throws(CalculusError) -> Expression {
    known.isEmpty ? expression : try expression.resized(resolve)
  }

  /// Builds something out of operands, with sizes made equal where they must be.
  ///
  /// Operands are brought up to date only where they do not fit as they are.
  ///
  /// Throws: what `build` throws, but `CalculusError.sizesMustAgree`.
  package func solving<Result>(
    _ operands: [Expression], _ build: ([Expression]) throws(CalculusError) -> Result
  ) throws(CalculusError) -> Result {
    var operands = operands
    var isResolved = known.isEmpty
    while true {
      do {
        return try build(operands)
      } catch {
        var isNews = false
        if case .sizesMustAgree(let first, let second) = error { isNews = agree(first, second) }
        if isResolved, !isNews { throw error }
      }
      for index in operands.indices { operands[index] = try resolve(operands[index]) }
      isResolved = true
    }
  }

  /// Names the sizes of symbols that are still unknown n, m, k, …
  ///
  /// In order of appearance, a matrix's rows m, its columns n first; no name of a symbol is taken.
  package func nameRest(of symbols: [Symbol]) {
    var used = Set(symbols.map(\.name))
    for symbol in symbols {
      for case .name(let name) in resolve(symbol.shape).dimensions { used.insert(name) }
    }
    func take(_ wanted: [String]) -> Dimension {
      let candidates = wanted + ["n", "m", "k", "p", "q", "r", "s"] + (1...99).map { "n\($0)" }
      let name = candidates.first { !used.contains($0) } ?? "n"
      used.insert(name)
      return .name(name)
    }
    for symbol in symbols {
      let sizes = symbol.shape.dimensions
      for (axis, size) in sizes.enumerated() {
        let root = resolve(size)
        guard root.isUnknown else { continue }
        known[root] = take(sizes.count == 2 && axis == 0 ? ["m"] : ["n"])
      }
    }
  }
}
