import Calculus
import MatrixEngine

/// Analytic derivatives of the loss beside central differences.
package struct GradientCheck: Sendable, Equatable {
  /// One entry of a parameter.
  package struct Entry: Sendable, Equatable {
    package let place: ParameterPlace
    package let analytic: Double
    package let numeric: Double
    /// |a − n| / max(|a|, |n|, 1e-3)
    package let relativeError: Double
    /// Whether a kink lies within ±h, of an activation at some net input or of |w|: no verdict then.
    package let isAtKink: Bool
    /// Whether wider differences agree, where this one is too coarse.
    package var agreesSteadied = false
  }

  package let entries: [Entry]
  /// What counts as agreement: 1e-6, and 1e-3 for a float32 network, whose analytic side carries
  /// its rounding.
  package let tolerance: Double

  /// The entry of largest error among those not at a kink.
  package var worst: Entry? {
    entries.filter { !$0.isAtKink }.max {
      // A NaN is worse than every number.
      $0.relativeError.isNaN ? false : $1.relativeError.isNaN || $0.relativeError < $1.relativeError
    }
  }

  /// Whether an entry gives no reason for doubt.
  package func holds(_ entry: Entry) -> Bool {
    entry.isAtKink || entry.relativeError <= tolerance || entry.agreesSteadied
  }

  package var passes: Bool { entries.allSatisfy(holds) }
}

extension Network {
  /// Compares every derivative with (L(w + h) − L(w − h))/2h, h = ε^⅓·max(1, |w|).
  ///
  /// The differences are always taken in Double, from the weights as they are. Where one is too far off, wider ones
  /// decide whether that is its rounding.
  /// Shape: `x: [m, n]`, `y: [m, k]`. Throws: as `backward`.
  package func gradientCheck(
    _ x: Matrix<Double>, _ y: Matrix<Double>, penalty: Penalty = .none,
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> GradientCheck {
    let tolerance = precision == .float64 ? 1e-6 : 1e-3
    let gradients = try backward(x, y, penalty: penalty, interrupt: interrupt)
    let probe = NetworkEngine<Double>(plan)
    probe.write(state.parameters, at: 0)
    let data = TrainingData<Double>(x, y, .none, interrupt: interrupt)
    let workspace = Workspace<Double>(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: false,
      interrupt: interrupt)
    workspace.draws.number = updates
    let kinks = KinkWatch(plan, targets: y)
    let root = Double.pow(Double.ulpOfOne, 1 / 3)
    var entries: [GradientCheck.Entry] = []
    for (index, layer) in plan.layers.enumerated() {
      for (found, (parameter, range)) in zip(gradients.parameters[index], layer.parameters)
      where !parameter.isAverage {
        let analytic = found.value.storage
        for i in analytic.indices {
          let place = range.lowerBound + i
          let value = probe.parameters[place]
          let h = root * max(1, value.magnitude)
          probe.parameters[place] = value + h
          let above = try data.score(
            workspace, parameters: probe.parameters, isTraining: true)
          let sidesAbove = kinks.isEmpty ? [] : try kinks.sides(probe, x, interrupt)
          probe.parameters[place] = value - h
          let below = try data.score(
            workspace, parameters: probe.parameters, isTraining: true)
          let sidesBelow = kinks.isEmpty ? [] : try kinks.sides(probe, x, interrupt)
          probe.parameters[place] = value
          var difference = above.loss - below.loss
          var isAtKink = sidesAbove != sidesBelow
          if parameter.isWeight {
            difference += penalty.value(value + h) - penalty.value(value - h)
            isAtKink = isAtKink || penalty.l1 > 0 && value.magnitude < h
          }
          let numeric = difference / (2 * h)
          var entry = GradientCheck.Entry(
            place: parameter.place(i, layer: index + 1), analytic: analytic[i], numeric: numeric,
            relativeError: GradientCheck.relativeError(analytic[i], numeric), isAtKink: isAtKink)
          if !isAtKink, entry.relativeError > tolerance {
            entry.agreesSteadied = try SteadiedDifference.agrees(
              with: analytic[i], tolerance: tolerance
            ) { widening throws(NetworkError) in
              func loss(_ moved: Double) throws(NetworkError) -> Double {
                probe.parameters[place] = moved
                defer { probe.parameters[place] = value }
                return try data.score(
                  workspace, parameters: probe.parameters, isTraining: true
                ).loss
                  + (parameter.isWeight ? penalty.value(moved) : 0)
              }
              let h = h * widening
              return (try loss(value + h) - loss(value - h)) / (2 * h)
            }
          }
          entries.append(entry)
        }
      }
    }
    return GradientCheck(entries: entries, tolerance: tolerance)
  }
}

extension GradientCheck {
  /// |a − n| / max(|a|, |n|, 1e-3): relative, but forgiving near 0.
  package static func relativeError(_ analytic: Double, _ numeric: Double) -> Double {
    (analytic - numeric).magnitude / max(analytic.magnitude, numeric.magnitude, 1e-3)
  }
}

/// On which side of the kinks of layers and loss a network is.
private struct KinkWatch {
  private let layers: [[(quantity: String, differences: [EntryProgram])]]
  private let loss: [EntryProgram]
  private let targets: Matrix<Double>
  var isEmpty: Bool { loss.isEmpty && layers.allSatisfy { $0.allSatisfy(\.differences.isEmpty) } }

  init(_ plan: NetworkPlan, targets: Matrix<Double>) {
    layers = plan.layers.map { place in
      place.layer.kinks.map { quantity, differences in
        (quantity, differences.compactMap { EntryProgram($0, of: [Symbol(quantity)]) })
      }
    }
    loss =
      plan.loss.isElementwise
      ? plan.loss.part.kinkDifferences.compactMap {
        EntryProgram($0, of: [Symbol("a"), Symbol("y")])
      } : []
    self.targets = targets
  }

  /// −1, 0 or 1 for every such quantity and kink.
  func sides(_ engine: NetworkEngine<Double>, _ x: Matrix<Double>, _ interrupt: InterruptFlag?)
    throws(NetworkError) -> [Int8]
  {
    let pass = try engine.forward(x, isTraining: true, interrupt: interrupt)
    var result: [Int8] = []
    for (quantities, kinks) in zip(pass.layers, layers) {
      for (name, differences) in kinks {
        guard let found = quantities.first(where: { $0.name == name }) else { continue }
        result += sides(of: differences, at: [found.values])
      }
    }
    return result + sides(of: loss, at: [pass.output, targets])
  }

  /// The signs of formulas of numbers, entry by entry.
  private func sides(of differences: [EntryProgram], at values: [Matrix<Double>]) -> [Int8] {
    guard !differences.isEmpty else { return [] }
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    let inputs = values.map { arena.allocate($0.storage) }
    let found = arena.allocate(values[0].storage.count)
    var result: [Int8] = []
    for difference in differences {
      difference.run(inputs, into: found)
      for i in 0..<found.count { result.append(found[i] < 0 ? -1 : found[i] > 0 ? 1 : 0) }
    }
    return result
  }
}
