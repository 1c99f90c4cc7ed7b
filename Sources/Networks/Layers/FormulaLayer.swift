import Calculus
import MatrixEngine
import Notation
import Synchronization

/// A layer that is its lines, written in the language: everything that it does follows from them.
package struct FormulaLayer: Layer {
  package let kind: String
  package var name: String?
  package let inputName: String
  package let inputSizes: [Int]
  package private(set) var outputSizes: [Int]
  package let parameters: [LayerParameter]
  package let lines: [LayerLine]
  package let linesInTraining: [LayerLine]?
  package let constants: [String: Tensor<Double>]
  package let seesWholeBatch: Bool
  package let masks: [LayerMask]
  package var activation: Activation?
  /// How a network's line asks for it; nil where no line does.
  package var written: WrittenLayer?
  private let programs: LinePrograms

  package var inputs: Int { inputSizes.reduce(1, *) }
  package var outputs: Int { outputSizes.reduce(1, *) }

  /// Throws: `CalculusError` for lines that have no form.
  package init(
    kind: String, name: String? = nil, inputName: String, inputSizes: [Int],
    parameters: [LayerParameter], lines: [LayerLine], linesInTraining: [LayerLine]? = nil,
    constants: [String: Tensor<Double>] = [:], seesWholeBatch: Bool = false,
    masks: [LayerMask] = [], activation: Activation? = nil
  ) throws(CalculusError) {
    self.kind = kind
    self.name = name
    self.inputName = inputName
    self.inputSizes = inputSizes
    self.parameters = parameters
    self.lines = lines
    self.linesInTraining = linesInTraining
    self.constants = constants
    self.seesWholeBatch = seesWholeBatch
    self.masks = masks
    self.activation = activation
    programs = LinePrograms()
    outputSizes = []
    let program = try LineProgram(self, rows: 2, isTraining: false)
    let sizes = program.output.sizes
    outputSizes = seesWholeBatch ? Array(sizes.dropFirst()) : sizes
    if linesInTraining != nil { _ = try LineProgram(self, rows: 2, isTraining: true) }
  }

  package var numbersPerExample: Int { program(rows: 1, isTraining: false)?.count ?? 0 }

  package func program(rows: Int, isTraining: Bool) -> LineProgram? {
    programs.program(of: self, rows: seesWholeBatch ? rows : 1, isTraining: isTraining)
  }
}

/// A layer as a line of a network asks for it, without its parameters.
package struct WrittenLayer: Sendable {
  package let word: String
  /// `filters = 4`
  package let arguments: [String]
  /// The definition of the layer, and what its lines need besides; empty where the language has it.
  package let definitions: [String]

  package init(word: String, arguments: [String], definitions: [String]) {
    (self.word, self.arguments, self.definitions) = (word, arguments, definitions)
  }
}

/// A layer whose place in a network is known already.
package struct ResolvedLayer: LayerDefinition {
  package let layer: any Layer

  package init(_ layer: any Layer) { self.layer = layer }

  package func layer(inputs: Int, number: Int) throws(NetworkError) -> any Layer { layer }
}

/// The programs of a layer, each made once.
private final class LinePrograms: Sendable {
  private struct Key: Hashable {
    let rows: Int
    let isTraining: Bool
  }

  private let made = Mutex<[Key: LineProgram]>([:])
  /// Batches come in few sizes.
  private static let most = 8

  func program(of layer: FormulaLayer, rows: Int, isTraining: Bool) -> LineProgram? {
    let key = Key(rows: rows, isTraining: isTraining)
    if let known = made.withLock({ $0[key] }) { return known }
    guard let program = try? LineProgram(layer, rows: rows, isTraining: isTraining) else {
      return nil
    }
    made.withLock {
      if $0.count >= Self.most { $0.removeAll() }
      $0[key] = program
    }
    return program
  }
}
