import MatrixEngine
import Networks

/// Networks and data that several tests use.
enum Samples {
  /// The lecture's 1-2-3-1 network.
  static func lecture(_ precision: Precision = .float64) throws -> Network {
    let p = WorkedExample.steps[0].parameters
    return try Network(
      NetworkDefinition(
        name: "Lecture", inputs: 1,
        layers: [
          Dense(
            units: 2, activation: .sigmoid, weights: .vector(Array(p[0..<2])),
            biases: .each(.vector(Array(p[2..<4])))),
          Dense(
            units: 3, activation: .sigmoid,
            weights: Matrix(rows: 2, columns: 3, storage: Array(p[4..<10])),
            biases: .each(.vector(Array(p[10..<13])))),
          Dense(
            units: 1, activation: .sigmoid, weights: .vector(Array(p[13..<16])),
            biases: .each(.scalar(p[16]))),
        ],
        loss: .binaryCrossEntropy, precision: precision))
  }

  static let x = Matrix<Double>(rows: 1, columns: 1, storage: [2])
  static let y = Matrix<Double>(rows: 1, columns: 1, storage: [1])

  /// All parameters in the order of `WorkedExample`.
  static func parameters(_ network: Network) -> [Double] {
    zip(network.allWeights, network.allBiases).flatMap { $0.storage + $1 }
  }

  static func relativeDifference(_ a: Double, _ b: Double) -> Double {
    a == b ? 0 : abs(a - b) / max(abs(a), abs(b))
  }

  static func network(
    _ inputs: Int, _ layers: [(Int, Activation)], loss: Loss? = nil, seed: Int = 0,
    precision: Precision = .float64
  ) throws -> Network {
    try Network(
      NetworkDefinition(
        name: "N", inputs: inputs,
        layers: layers.map { Dense(units: $0.0, activation: $0.1) }, loss: loss,
        seed: seed, precision: precision))
  }

  /// A matrix of uniform numbers in ±1.
  static func random(_ rows: Int, _ columns: Int, seed: Int) -> Matrix<Double> {
    var source = RandomSource(seed: seed)
    return Matrix(
      rows: rows, columns: columns,
      storage: (0..<(rows * columns)).map { _ in source.uniform(from: -1, to: 1) })
  }

  /// Rows that are shares: positive, with sum 1.
  static func shares(_ rows: Int, _ columns: Int, seed: Int) -> Matrix<Double> {
    random(rows, columns, seed: seed).softmaxByRow()
  }

  static func data(_ name: String) throws -> (x: Matrix<Double>, y: Tensor<Double>) {
    guard let data = NetworkCatalog.standard.datasets[name]?.dataset(), let y = data.y else {
      throw DataError.unknownFormat(path: name)
    }
    return (data.x, y)
  }
}
