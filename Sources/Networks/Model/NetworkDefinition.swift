import MatrixEngine

/// What a `network` or `perceptron` block says. `Network(_:)` checks it.
package struct NetworkDefinition: Sendable {
  package var name: String
  /// The sizes of an example: one of a vector, two of a matrix.
  package var inputSizes: [Int]
  package var inputs: Int { inputSizes.reduce(1, *) }
  /// nil where all sizes of an example are fixed.
  package var freeInput: FreeInput?
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

/// An input of which some sizes come with the examples: `matrix(T, 4)`.
package struct FreeInput: Sendable {
  /// The sizes of an example; nil: as the examples have it.
  package let sizes: [Int?]
  /// What the layers for other sizes are made of, for who makes them.
  package let origin: any Sendable

  package init(sizes: [Int?], origin: any Sendable) {
    self.sizes = sizes
    self.origin = origin
  }

  /// The sizes of an example in an array of one example, or of several along its first index; nil where they do not fit.
  package func sizes(ofExamples array: [Int]) -> [Int]? {
    [array, Array(array.dropFirst())].first { found in
      found.count == sizes.count && zip(found, sizes).allSatisfy { $1 == nil || $0 == $1 }
    }
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
