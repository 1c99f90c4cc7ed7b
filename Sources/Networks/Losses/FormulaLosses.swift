import Calculus

/// The losses that need no kernel of their own: formulas of an output a and its target y.
extension Loss {
  private static let difference = Expression.output - .target

  /// ½Σ(a − y)²: its derivative by a is a − y.
  package static let halfSquaredError = Loss(
    name: "half_squared_error", perOutput: difference.raised(to: 2) / 2)

  package static let absoluteError = Loss(
    name: "absolute_error", aliases: ["mae", "mean_absolute_error"],
    perOutput: .function(.abs, difference))

  package static let huber = huber(delta: 1)

  /// Squares up to a difference of δ, straight lines beyond. Source: Huber (1964).
  package static func huber(delta: Double) -> Loss {
    let delta = Expression.number(delta)
    let size = Expression.function(.abs, difference)
    return Loss(
      name: "huber",
      parameter: NamedParameter(name: "delta", value: delta.number?.value ?? 1, range: .positive),
      perOutput: .choosing(
        .lessOrEqual, size, delta, then: difference.raised(to: 2) / 2,
        else: delta.number == .one ? size - delta / 2 : delta * (size - delta / 2)),
      rebuilt: { huber(delta: $0) })
  }

  /// max(0, 1 − y a), with targets −1 and 1.
  package static let hinge = Loss(
    name: "hinge", perOutput: .positive(1 - .target * .output), targets: .signs,
    targetHint: "its targets are signs")
}

extension Expression {
  /// max(0, a), of a number.
  fileprivate static func positive(_ a: Expression) -> Expression {
    (try? .extremum(.max, 0, a)) ?? .function(.relu, a)
  }
}
