import MatrixEngine

/// A kind of layer as the language knows it: the word that begins its line, and what may follow.
package struct LayerKind: Named {
  package let name: String
  package let aliases: [String]
  /// What it does, in a few words.
  package let summary: String
  /// A line of it, for completion and help.
  package let usage: String
  /// What a line of it has, for messages: "its size, an activation and options by name".
  package let form: String
  /// What it computes, line by line, for help.
  package let formulas: [String]
  /// What follows its word: those that stand by position first.
  package let arguments: Registry<LayerArgument>
  private let definition: @Sendable (LayerArguments) -> any LayerDefinition

  package init(
    _ name: String, aliases: [String] = [], summary: String, usage: String,
    form: String = "options by name", formulas: [String] = [],
    arguments: [LayerArgument],
    definition: @escaping @Sendable (LayerArguments) -> any LayerDefinition
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.usage = usage
    self.form = form
    self.formulas = formulas
    self.arguments = Registry(arguments + [.name])
    self.definition = definition
  }

  /// The arguments that may stand without their names, in order.
  package var positional: [LayerArgument] { arguments.filter(\.isPositional) }
  /// Those that are given by name.
  package var keywords: [LayerArgument] { arguments.filter { !$0.isPositional } }

  /// What a line says; the arguments are of their kinds, and those that are required are there.
  package func define(_ arguments: LayerArguments) -> any LayerDefinition { definition(arguments) }
}

/// Something that a layer's line may say behind its word.
package struct LayerArgument: Named {
  /// What may be given.
  package enum Kind: Sendable {
    /// A whole number of at least 1.
    case whole
    case number
    case activation
    case initializer
    /// The numbers of a parameter.
    case numbers
    /// The numbers of biases, `none` or `shared(0.35)`.
    case biases
    /// Some of these parameters, or `all`.
    case parameters([String])
    case text

    /// The words that may stand there, as they are written.
    package var words: [String] {
      switch self {
      case .biases: ["none", "shared(0.35)"]
      case .parameters(let names): names + ["all"]
      case .whole, .number, .activation, .initializer, .numbers, .text: []
      }
    }
  }

  package let name: String
  package let aliases: [String]
  package let kind: Kind
  /// Whether it may stand without its name.
  package let isPositional: Bool
  package let isRequired: Bool
  /// What it is, in a few words: "the number of units".
  package let summary: String

  package init(
    _ name: String, aliases: [String] = [], _ kind: Kind, isPositional: Bool = false,
    isRequired: Bool = false, summary: String
  ) {
    self.name = name
    self.aliases = aliases
    self.kind = kind
    self.isPositional = isPositional
    self.isRequired = isRequired
    self.summary = summary
  }

  /// As it is written by name: `W = …`.
  package var usage: String {
    if case .text = kind { "\(name) = \"…\"" } else { "\(name) = …" }
  }

  /// What every layer takes.
  package static let name = LayerArgument(
    "name", .text, summary: "a name for tables and pictures")
  package static let initializer = LayerArgument(
    "init", .initializer, summary: "how the weights are drawn where they are not given")
  /// Which of a layer's parameters updates keep.
  package static func frozen(_ parameters: [String]) -> LayerArgument {
    LayerArgument(
      "frozen", .parameters(parameters),
      summary: "what updates leave as it is: \(parameters.joined(separator: ", ")) or all")
  }
}

/// What a layer's line gives, by the names of its arguments.
package struct LayerArguments: Sendable {
  package enum Value: Sendable {
    case number(Double)
    case activation(Activation)
    case initializer(Initializer)
    case numbers(Tensor<Double>)
    case biases(Biases)
    case parameters(Set<String>)
    case text(String)
  }

  private var values: [String: Value] = [:]

  package init() {}

  package subscript(name: String) -> Value? {
    get { values[name] }
    set { values[name] = newValue }
  }

  package func whole(_ name: String) -> Int? { number(name).flatMap { Int(exactly: $0) } }

  package func number(_ name: String) -> Double? {
    if case .number(let number)? = values[name] { number } else { nil }
  }

  package func activation(_ name: String) -> Activation? {
    if case .activation(let activation)? = values[name] { activation } else { nil }
  }

  package func initializer(_ name: String) -> Initializer? {
    if case .initializer(let initializer)? = values[name] { initializer } else { nil }
  }

  package func numbers(_ name: String) -> Tensor<Double>? {
    if case .numbers(let numbers)? = values[name] { numbers } else { nil }
  }

  package func biases(_ name: String) -> Biases? {
    if case .biases(let biases)? = values[name] { biases } else { nil }
  }

  package func parameters(_ name: String) -> Set<String> {
    if case .parameters(let names)? = values[name] { names } else { [] }
  }

  package func text(_ name: String) -> String? {
    if case .text(let text)? = values[name] { text } else { nil }
  }
}
