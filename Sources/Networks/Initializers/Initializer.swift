import MatrixEngine

/// How a layer's weights are drawn; biases begin at 0.
///
/// n is the number of inputs, k of units. Weights are drawn row by row.
package struct Initializer: Named {
  package let name: String
  /// σ of `normal`, r of `uniform`.
  package let parameter: NamedParameter?
  package let formula: String
  package let latex: String
  private let draw: @Sendable (inout RandomSource, _ n: Int, _ k: Int) -> Double
  private let rebuilt: (@Sendable (Double) -> Initializer)?

  package init(
    name: String, parameter: NamedParameter? = nil, formula: String, latex: String,
    rebuilt: (@Sendable (Double) -> Initializer)? = nil,
    draw: @escaping @Sendable (inout RandomSource, _ n: Int, _ k: Int) -> Double
  ) {
    self.name = name
    self.parameter = parameter
    self.formula = formula
    self.latex = latex
    self.draw = draw
    self.rebuilt = rebuilt
  }

  /// So many weights for n inputs and k units, row by row.
  func weights(
    _ count: Int, inputs n: Int, units k: Int, from random: inout RandomSource
  ) -> [Double] {
    (0..<count).map { _ in draw(&random, n, k) }
  }

  /// The same rule with another width; nil when it has none.
  package func with(parameter value: Double) -> Initializer? { rebuilt?(value) }

  /// As it is written in a layer: `xavier`, `normal(0.1)`.
  package var notation: String { parameter.map { "\(name)(\($0.value))" } ?? name }
}

extension Initializer {
  /// Uniform in ±√(6/(n + k)). Source: Glorot and Bengio (2010), equation 16.
  package static let xavier = Initializer(
    name: "xavier", formula: "uniform ±√(6/(n + k))",
    latex: #"\mathcal{U}\left(\pm\sqrt{6/(n+k)}\right)"#
  ) { random, n, k in
    let radius = (6 / (Double(n) + Double(k))).squareRoot()
    return random.uniform(from: -radius, to: radius)
  }

  /// Normal with σ = √(2/n). Source: He et al. (2015), equation 10.
  package static let he = Initializer(
    name: "he", formula: "normal, σ = √(2/n)", latex: #"\mathcal{N}\left(0, 2/n\right)"#
  ) { random, n, _ in random.normal() * (2 / Double(n)).squareRoot() }

  package static let zeros = Initializer(name: "zeros", formula: "0", latex: "0") { _, _, _ in 0 }

  package static func normal(deviation: Double) -> Initializer {
    Initializer(
      name: "normal", parameter: NamedParameter(name: "deviation", value: deviation),
      formula: "normal, σ = \(deviation)", latex: #"\mathcal{N}\left(0, \#(deviation)^2\right)"#,
      rebuilt: { normal(deviation: $0) }, draw: { random, _, _ in random.normal() * deviation })
  }

  package static func uniform(radius: Double) -> Initializer {
    Initializer(
      name: "uniform", parameter: NamedParameter(name: "radius", value: radius),
      formula: "uniform ±\(radius)", latex: #"\mathcal{U}\left(\pm\#(radius)\right)"#,
      rebuilt: { uniform(radius: $0) },
      draw: { random, _, _ in random.uniform(from: -radius, to: radius) })
  }
}

extension Initializer: Equatable {
  package static func == (left: Initializer, right: Initializer) -> Bool {
    left.name == right.name && left.parameter == right.parameter
  }
}
