import Calculus
import Display
import MatrixEngine
import Networks
import Syntax

// What can be asked of a value besides its members. A command asks for one of these and knows no list of those
// that have it; a type has it by saying how.

/// Can be told line by line: `explain`.
package protocol Explainable {
  /// The network that the lines are about, and of how many examples.
  var explained: (network: NetworkState, examples: Int) { get }

  /// The lines of the chosen part, with remarks on what is left out.
  ///
  /// Throws: as the formulas' values; what ends a pass of the network.
  func lines(_ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String])
}

/// Can be drawn as circles and lines: `diagram`.
package protocol Drawable {
  func diagram(in interpreter: Interpreter, at span: SourceSpan) throws(Diagnostic)
    -> NetworkDiagram

  /// The close-up of one neuron.
  func diagram(of neuron: NeuronPlace, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> NeuronDiagram

  /// The close-up of a layer, from 1: a recurrence unrolled, of other layers their lines.
  func diagram(ofLayer number: Int, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> any Figure
}

/// A neuron that a cell names, with where it does. Layers and neurons count from 1.
package struct NeuronPlace {
  package let layer: Int
  package let neuron: Int
  package let span: SourceSpan

  package init(layer: Int, neuron: Int, span: SourceSpan) {
    self.layer = layer
    self.neuron = neuron
    self.span = span
  }
}

/// Can be drawn as lines over a number that counts: `plot`.
package protocol Plottable {
  /// `name` is how the value was written; `isAlone` says that the picture shows nothing else.
  func series(named name: String, isAlone: Bool) -> PlottedSeries
}

/// Knows the states of a network that it went through, in their order: `landscape`.
package protocol WithWay {
  var states: [NetworkState] { get }
}

/// What a plottable value puts into a picture.
package struct PlottedSeries {
  /// What is counted, such as "epoch", where each quantity has a panel of its own; nil shares one with anything.
  package let axis: String?
  /// What it is about: the name of a network.
  package let subject: String
  /// The quantities from top to bottom.
  package let panels: [(quantity: String, series: Chart.Series)]

  package init(
    axis: String?, subject: String, panels: [(quantity: String, series: Chart.Series)]
  ) {
    self.axis = axis
    self.subject = subject
    self.panels = panels
  }
}

/// Gives columns to a table: `table`, `sort`.
package protocol Tabular {
  /// `name` is how the value was written.
  ///
  /// Throws: a LimitError or TypeError for what makes no columns.
  func columns(named name: String, at span: SourceSpan) throws(Diagnostic) -> [TidyColumn]
}

/// Can be written to a file: `save`.
package protocol Exportable {
  var fileContent: DataFile.Content { get }
}

/// What may be said behind `explain CALL`, besides numbers for names.
package enum ExplainOption: String, CaseIterable {
  case layer, neuron, example, form, reveal

  /// Those that choose a part of a run.
  package static let parts: [ExplainOption] = [.layer, .neuron, .example]

  package var summary: String {
    switch self {
    case .layer: "of a network: this layer alone"
    case .neuron: "of a network: this neuron alone"
    case .example: "of a network: the example that is told neuron by neuron"
    case .form: "scalar writes entries with Σ and indices; default matrix"
    case .reveal: "true shows one step more at each click, in slides at each key; default false"
    }
  }
}

/// The part of a run that is explained: `layer = 2, neuron = 1, example = 3`.
package struct NetworkChoice {
  package var layer: Int?
  package var neuron: Int?
  package var example: Int?

  package init() {}

  package var isEmpty: Bool { layer == nil && neuron == nil && example == nil }

  package func includes(layer: Int) -> Bool { self.layer == nil || self.layer == layer }
  package func includes(neuron: Int) -> Bool { self.neuron == nil || self.neuron == neuron }
}

extension Value {
  /// What the value holds, as something that can do what is asked for; nil where it cannot.
  package func asked<Capability>(for capability: Capability.Type) -> Capability? {
    switch self {
    case .record(let record): record as? Capability
    case .network(let network): network as? Capability
    case .dataset(let dataset): dataset as? Capability
    case .list(let list): list as? Capability
    case .string(let text): text as? Capability
    case .boolean(let flag): flag as? Capability ?? tensor as? Capability
    default: tensor as? Capability
    }
  }
}
