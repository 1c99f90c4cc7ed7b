import Calculus
import Networks
import Syntax

/// A function or command of the language: one entry in the registry.
///
/// Completion, inspection, `help` and the generic tests read everything that they say from here.
package struct BuiltIn: Sendable {
  /// A parameter; its kind is checked before `evaluate` runs.
  package struct Parameter: Sendable {
    package enum Kind: Sendable, Equatable {
      /// Any value.
      case any
      /// A number.
      case scalar
      /// A whole number of at least the given value.
      case whole(atLeast: Int)
      /// A whole number of at least the given value, or a word that stands for a choice of its own.
      case wholeOrWord(atLeast: Int, word: String)
      /// Numbers: a scalar, a vector or a matrix.
      case numbers
      case vector
      case matrix
      case text
      case boolean
      case network
      case networkOrFunction
      /// Inputs: numbers, one example a row, or a dataset.
      case examples
      /// Targets for them; a dataset brings its own.
      case targets
      /// A bare word out of a list, such as `adam`.
      case word([String])
      /// Likewise, with numbers behind it where it takes some: `momentum(0.5)`.
      case wordWithNumbers([String])
      /// A bare word out of a list, or several in brackets; the value is a list of texts.
      case words([String])
      /// A number, several of them in a vector, or a function of a number that gives one.
      case rates
      /// Not evaluated: the command receives the expression.
      case expression
    }

    package var name: String
    package var kind: Kind
    /// Other spellings of the keyword: `η`, `lr`.
    package var aliases: [String]
    /// What it is where it is left out; nil: the argument is required.
    package var fallback: Default?
    /// Whether only a keyword gives it: an option of a function that takes any number of arguments.
    package var isKeywordOnly: Bool
    /// What completion offers for it, where the kind does not say.
    package var completion: Completion?
    /// How it is written, for those who call it by another library's name; empty where its name says it.
    package private(set) var usage = ""

    /// The parameter with the word how it is written: `l2 = 0.01`.
    package func written(as usage: String) -> Parameter {
      var parameter = self
      parameter.usage = usage
      return parameter
    }

    package enum Completion: Sendable {
      case fileName
      /// A column of the file that the call names.
      case fileColumn
      /// A column of a record or dataset among the call's arguments.
      case argumentColumn
    }

    package init(
      _ name: String, _ kind: Kind, default fallback: Default? = nil, aliases: [String] = [],
      isKeywordOnly: Bool = false, completion: Completion? = nil
    ) {
      self.name = name
      self.kind = kind
      self.fallback = fallback
      self.aliases = aliases
      self.isKeywordOnly = isKeywordOnly
      self.completion = completion
    }

    package var isRequired: Bool { fallback == nil }
  }

  /// Arguments that the caller names.
  package enum FurtherNames: Sendable, Equatable {
    case none
    /// All that are no options, with or without a name: the columns of a table.
    case columns
    /// Changes of parameters: `W[2][1,3] = 0.9`.
    case paths
    /// Whatever is to vary, and over what: `W[2][1,3] = -2:2`, `η = 0:0.1:1`. They are not evaluated.
    case controls
    /// Keywords that are no parameters: `u1 = x^2`, a point `x = [1, 2]`.
    case keywords(Parameter.Kind)
  }

  /// What a call gives, for help and for completion behind it.
  package struct Result: Sendable {
    package var text: String
    /// The names after the dot.
    package var members: [String] = []
    /// The columns of its table.
    package var columns: [String] = []

    package init(_ text: String, members: [String] = [], columns: [String] = []) {
      self.text = text
      self.members = members
      self.columns = columns
    }
  }

  /// What a call may do besides giving a value, as messages say it.
  package enum Effect: String, Sendable {
    case changesTheNetwork = "changes the network"
    case drawsAnew = "draws anew"
    case asksTheUser = "asks the user"
  }

  package enum Group: String, Sendable, CaseIterable {
    case elementwise = "element-wise functions"
    case reduction = "reductions"
    case construction = "vectors and matrices"
    case activation = "activations"
    case text = "output and input"
    case network = "networks"
    case data = "data"
    case calculus = "calculus"
    case check = "checks"
    case picture = "pictures"
  }

  package var name: String
  package var aliases: [String]
  package var group: Group
  package var parameters: [Parameter]
  /// Whether more positional arguments may follow the last positional parameter, all of its kind.
  package var isVariadic: Bool
  /// What arguments may be given under names that are no parameters.
  package var furtherNames: FurtherNames
  /// One sentence.
  package var summary: String
  /// What it computes, in input notation or nil; written when it is asked for.
  package var formula: String? { makeFormula() }
  private let makeFormula: @Sendable () -> String?
  package var result: Result
  package var example: String
  /// Lines that the example needs before it, beside those that the reference begins with.
  package var setUp: String
  package var evaluate: @Sendable (Interpreter, Call) throws(Diagnostic) -> Value
  /// What `explain` tells of a call; nil: its result, where that can be told.
  package private(set) var telling:
    (@Sendable (Interpreter, Call) throws(Diagnostic) -> any Explainable)?
  /// What a call of it is in a formula; nil: it has no place in one.
  package private(set) var formulaRule:
    (@Sendable (FormulaCall) throws(CalculusError) -> Expression)?
  /// What a value that is left out counts as, where the whole may be joined part by part: 0 of a sum.
  package private(set) var neutral: Number?
  /// What a call does besides giving a value; nil: nothing. A formula, which stands for one
  /// function, has no place for it.
  package private(set) var effect: Effect?

  /// Whether it gives a text to be copied, which a cell shows as it stands.
  private(set) var givesSource = false

  package init(
    _ name: String, aliases: [String] = [], _ group: Group, _ parameters: [Parameter],
    isVariadic: Bool = false, furtherNames: FurtherNames = .none, summary: String,
    formula: @autoclosure @escaping @Sendable () -> String? = nil,
    gives result: Result? = nil, example: String, behind setUp: String = "",
    evaluate: @escaping @Sendable (Interpreter, Call) throws(Diagnostic) -> Value
  ) {
    self.name = name
    self.aliases = aliases
    self.group = group
    isElementwise = group == .elementwise
    self.parameters = parameters
    self.isVariadic = isVariadic
    self.furtherNames = furtherNames
    self.summary = summary
    makeFormula = formula
    self.result = result ?? group.usualResult
    self.example = example
    self.setUp = setUp
    self.evaluate = evaluate
  }

  /// The function with a rule for formulas, so that it can be differentiated.
  func inFormulas(_ rule: @escaping @Sendable (FormulaCall) throws(CalculusError) -> Expression)
    -> BuiltIn
  {
    var function = self
    function.formulaRule = rule
    return function
  }

  /// The function, of which a part of its values may be joined first, with what a value that is left out counts as.
  package func folding(neutral: Number) -> BuiltIn {
    var function = self
    function.neutral = neutral
    return function
  }

  /// The function with the word whether it maps over entries, where its group does not say it.
  func mapping(overEntries isElementwise: Bool) -> BuiltIn {
    var function = self
    function.isElementwise = isElementwise
    return function
  }

  /// The function with what is told of a call of it, where that is not its result.
  package func explained(
    by telling: @escaping @Sendable (Interpreter, Call) throws(Diagnostic) -> any Explainable
  ) -> BuiltIn {
    var function = self
    function.telling = telling
    return function
  }

  /// The function with what every call of it does.
  package func having(effect: Effect) -> BuiltIn {
    var function = self
    function.effect = effect
    return function
  }

  /// The function with the word that its text is shown as it stands.
  func givingSource() -> BuiltIn {
    var function = self
    function.givesSource = true
    return function
  }

  package func parameter(named name: String) -> Parameter? {
    parameters.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// Whether it is a function of one number that maps over the entries of vectors and matrices.
  package private(set) var isElementwise: Bool

  /// Whether it builds one thing of any number of parts, which a generator may give: `list(f(i) for i in 1:3)`.
  package var takesParts: Bool {
    group == .construction && isVariadic && positional.count == 1
  }

  /// The parameters that an argument without a keyword can give, in order; they come first.
  package var positional: ArraySlice<Parameter> { parameters.prefix { !$0.isKeywordOnly } }

  /// `train(net, X, Y, epochs = 100, …)`
  package var signature: String {
    func text(_ parameter: Parameter) -> String {
      guard let text = parameter.fallback?.signatureText else {
        return parameter.isKeywordOnly ? "\(parameter.name) = …" : parameter.name
      }
      return "\(parameter.name) = \(text)"
    }
    var parts = positional.map(text)
    if isVariadic { parts.append("…") }
    parts += parameters.filter(\.isKeywordOnly).map(text)
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension BuiltIn {
  /// Whether an expression is a call of a function that shows something and gives nothing.
  package static func isOutputCall(_ expression: ExpressionSyntax) -> Bool {
    guard case .call(let callee, _) = expression.kind, case .name(let name) = callee.kind else {
      return false
    }
    return showing.contains(name)
  }

  /// Those that show something and give nothing.
  static let showing: Set<String> = [
    "print", "warn", "display", "sleep", "clear_output", "help",
  ]
}

extension BuiltIn.Group {
  /// What functions of the group give where they do not say it themselves.
  fileprivate var usualResult: BuiltIn.Result {
    switch self {
    case .elementwise, .activation: .init("numbers in the shape of its argument")
    case .reduction: .init("a number; along an axis a vector")
    case .construction: .init("a vector or matrix")
    case .text: .init("nothing; it is shown")
    case .calculus: .init("a function, shown as its formula")
    case .network, .data, .check: .init("a record")
    case .picture: .init("a picture")
    }
  }
}

/// The arguments of one call of a built-in, matched to its parameters and checked.
package struct Call {
  package struct Argument {
    package var value: Value
    package var syntax: ExpressionSyntax?
    package var span: SourceSpan
    /// The numbers behind a word, by name or in order.
    package var numbers: [(name: String?, value: Double, span: SourceSpan)] = []

    package init(value: Value, syntax: ExpressionSyntax?, span: SourceSpan) {
      self.value = value
      self.syntax = syntax
      self.span = span
    }
  }

  package let builtIn: BuiltIn
  /// By parameter; nil where the argument was left out.
  package var arguments: [Argument?]
  /// The further arguments of a variadic function.
  package var rest: [Argument]
  /// The arguments that the caller named, in order; see `BuiltIn.FurtherNames`.
  package var named: [(name: String, argument: Argument)] = []
  /// The changes that were asked for; see `BuiltIn.FurtherNames.paths`.
  package var paths: [(path: ExpressionSyntax, argument: Argument)] = []
  package let span: SourceSpan
  package let scope: Scope

  /// A call without arguments so far.
  package init(_ builtIn: BuiltIn, _ span: SourceSpan, _ scope: Scope) {
    self.builtIn = builtIn
    self.span = span
    self.scope = scope
    arguments = Array(repeating: nil, count: builtIn.parameters.count)
    rest = []
  }

  private func index(_ name: String) -> Int? {
    builtIn.parameters.firstIndex { $0.name == name }
  }

  package subscript(name: String) -> Argument? { index(name).flatMap { arguments[$0] } }

  package func has(_ name: String) -> Bool { self[name] != nil }

  package func span(of name: String) -> SourceSpan { self[name]?.span ?? span }

  package func value(_ name: String) -> Value { self[name]?.value ?? .nothing }

  /// A number, or the parameter's default; 0 where it has none in numbers.
  package func scalar(_ name: String) -> Double {
    self[name]?.value.number ?? builtIn.parameter(named: name)?.fallback?.number(text) ?? 0
  }

  /// A whole number, or the parameter's default; its range was checked when the call was matched.
  package func whole(_ name: String) -> Int { Int(exactly: scalar(name)) ?? 0 }

  /// A truth value, or the parameter's default.
  package func boolean(_ name: String) -> Bool {
    if let number = self[name]?.value.number { return number != 0 }
    if case .truth(let flag)? = builtIn.parameter(named: name)?.fallback { return flag }
    return false
  }

  /// A text or a word, or the parameter's default; nil where it has none.
  package func text(_ name: String) -> String? {
    if let argument = self[name] {
      if case .string(let text) = argument.value { return text }
      return nil
    }
    switch builtIn.parameter(named: name)?.fallback {
    case .word(let text), .text(let text): return text
    default: return nil
    }
  }

  /// Whether a function of numbers was given a formula.
  var hasFormula: Bool {
    guard builtIn.formulaRule != nil else { return false }
    return arguments.contains { $0?.value.isFormula == true }
      || rest.contains { $0.value.isFormula }
  }

  /// All positional values of a variadic call, in order.
  package var all: [Argument] { arguments.compactMap { $0 } + rest }

  /// The values for every parameter and the rest, all numbers already checked.
  package var values: [Value] { all.map(\.value) }
}
