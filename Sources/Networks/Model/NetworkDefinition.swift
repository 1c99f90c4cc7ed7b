import MatrixEngine

/// What a `network` or `perceptron` block says. `Network(_:)` checks it.
package struct NetworkDefinition: Sendable {
  package var name: String
  /// The sizes of an example: one of a vector, two of a matrix.
  package var inputSizes: [Int]
  package var inputs: Int { inputSizes.reduce(1, *) }
  /// The names of the inputs, when the block gives them.
  package var inputNames: [String]?
  package var layers: [any LayerDefinition]
  /// The layers, from 1, to whose last output is added what goes into the first; inner ones first.
  package var residuals: [ClosedRange<Int>] = []
  /// nil is the loss that goes together with the last activation, or the usual one.
  package var loss: Loss?
  package var seed: Int
  package var precision: Precision
  /// Where the block is written; nil where nobody wrote one.
  package var lines: BlockLines?

  package init(
    name: String, inputs: Int, sizes: [Int]? = nil, inputNames: [String]? = nil,
    layers: [any LayerDefinition],
    loss: Loss? = nil, seed: Int = 0, precision: Precision = .float64
  ) {
    self.name = name
    inputSizes = sizes ?? [inputs]
    self.inputNames = inputNames
    self.layers = layers
    self.loss = loss
    self.seed = seed
    self.precision = precision
  }
}

/// Where the layers of a block are written.
package struct BlockLines: Sendable, Equatable {
  /// The text of the cell.
  package let code: String
  /// The line of each layer, in their order, from 1.
  package let layers: [Int]

  package init(code: String, layers: [Int]) {
    self.code = code
    self.layers = layers
  }
}
