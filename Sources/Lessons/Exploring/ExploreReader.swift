import Calculus
import Language
import MatrixEngine
import Networks
import Syntax

/// Makes the program of an exploration: reads the expressions for the formulas and passes that are in them.
///
/// What it cannot read is left out: then no quantity is what the kernel shows there, and the page has frames.
struct ExploreReader {
  private let exploration: Exploration
  private let interpreter: Interpreter
  private(set) var program: ExploreProgram
  private let settings: [Double]
  /// The quantities of controls and variables that have been met.
  private var variables: [String: Int] = [:]
  private var networks: [ObjectIdentifier: [[Int]]] = [:]
  /// More examples than this are not written into a page.
  private static let mostInputs = 3_000
  /// What was read already, by its place in the text.
  private var seen: Set<Int> = []
  /// The expression that is read, by its place.
  private var place = 0

  /// To be made, and used, where the names are as the controls say.
  init(_ exploration: Exploration, at settings: [Double], in interpreter: Interpreter) {
    (self.exploration, self.settings, self.interpreter) = (exploration, settings, interpreter)
    program = ExploreProgram(at: settings)
  }

  mutating func read(_ expression: ExpressionSyntax, at place: Int) {
    self.place = place
    read(expression)
  }

  private mutating func read(_ expression: ExpressionSyntax) {
    guard program.moving.count < 4_000 else { return }
    switch expression.kind {
    case .string, .number, .boolean: return
    case .name(let name):
      if case .network(let network)? = interpreter.memory[name] {
        _ = parameters(of: network)
        return
      }
    case .call(let callee, let arguments):
      if case .name(let name) = callee.kind, interpreter.memory[name] == nil,
        let builtIn = interpreter.vocabulary.builtIn(named: name),
        builtIn.parameters.contains(where: { $0.kind == .network })
      {
        try? pass(builtIn, arguments, expression)
        return
      }
      for case .positional(let argument) in arguments { addFunction(argument) }
    case .explain(let subject, _):
      let told = interpreter.formulas(explaining: subject)
      for formula in (formula(subject).map { [$0] } ?? []) + told { addParts(of: formula) }
      if !told.isEmpty { addLines(of: expression) }
    default: break
    }
    // What moves nowhere may hide what moves: a member of a pass is read as a number.
    if let quantity = quantity(of: expression), program.moves(quantity) { return }
    expression.kind.forEachChild { read($0) }
  }

  // MARK: - Formulas

  private func formula(_ syntax: ExpressionSyntax) -> Expression? {
    try? interpreter.readFormula(syntax, in: .global).expression
  }

  /// The quantity that an expression gives; nil where it is no formula.
  private mutating func quantity(of syntax: ExpressionSyntax) -> Int? {
    guard let formula = formula(syntax) else { return nil }
    return add(formula)
  }

  private mutating func add(_ formula: Expression) -> Int? {
    var symbols: [String: Int] = [:]
    for symbol in formula.symbols {
      guard let place = variable(symbol.name) else { return nil }
      symbols[symbol.name] = place
    }
    return try? program.formula(formula, symbols)
  }

  /// A function of one number that is an argument by its name: `plot(f, f')`.
  private mutating func addFunction(_ argument: ExpressionSyntax) {
    switch argument.unparenthesized.kind {
    case .name, .prime, .partial: break
    // A function with some of its arguments put in.
    case .call(_, let arguments)
    where arguments.allSatisfy({ if case .keyword = $0 { true } else { false } }): break
    default: return
    }
    guard case .function(let function)? = try? interpreter.evaluate(argument, .global) else {
      return
    }
    program.countFunction(of: place)
    guard let subject = try? interpreter.subject(function, argument.span),
      subject.parameters.count == 1, let variable = subject.parameters.first
    else { return }
    var formula = subject.subject.expression
    if case .call(let callee, let given) = argument.unparenthesized.kind {
      // What was put in stands in the function as numbers, and may move.
      let name = ExpressionSyntax(.name(variable.name), argument.span)
      let whole = given + [.keyword(name: variable.name, nameSpan: argument.span, value: name)]
      let call = ExpressionSyntax(.call(callee, whole), argument.span)
      guard
        let read = try? interpreter.readFormula(
          call, unknownNames: .symbols, variables: [variable.name], in: .global)
      else { return }
      formula = read.expression
    }
    guard variable.shape == .scalar, formula.shape == .scalar else { return }
    var symbols: [String: Int] = [:]
    for symbol in formula.symbols where symbol.name != variable.name {
      guard let place = self.variable(symbol.name) else { return }
      symbols[symbol.name] = place
    }
    try? program.function(formula, of: variable, symbols, drawnBy: place)
  }

  /// What a derivation tells of on the way.
  private mutating func addParts(of formula: Expression) {
    for part in formula.parts.prefix(200) where part.freeIndices.isEmpty { _ = add(part) }
  }

  /// The lines of a derivation, each of the names of those before it.
  private mutating func addLines(of explanation: ExpressionSyntax) {
    guard case .record(let record)? = try? interpreter.evaluate(explanation, .global),
      let derivation = (record as? DerivationRecord)?.derivation
    else { return }
    var known: [String: Int] = [:]
    for line in derivation.lines.prefix(200) {
      guard let formula = line.lastFormula else { continue }
      var symbols: [String: Int] = [:]
      for symbol in formula.symbols {
        symbols[symbol.name] = known[symbol.name] ?? variable(symbol.name)
      }
      guard let found = try? program.formula(formula, symbols) else { continue }
      known[line.name] = found
    }
  }

  private mutating func variable(_ name: String) -> Int? {
    if let known = variables[name] { return known }
    for (place, control) in exploration.controls.enumerated() {
      if case .name(name) = control.target {
        let found = self.control(place)
        variables[name] = found
        return found
      }
    }
    guard let value = interpreter.memory[name]?.tensor else { return nil }
    var found = program.constant(value)
    for (place, control) in exploration.controls.enumerated() {
      guard case .place(let target) = control.target, target.rootName == name,
        let entry = entry(
          of: control, target, { interpreter.memory[name]?.tensor.map { [$0.storage] } ?? [] }),
        let setting = self.control(place)
      else { continue }
      found = program.replacing(found, place: entry.place, by: setting)
    }
    variables[name] = found
    return found
  }

  private mutating func control(_ place: Int) -> Int? {
    let control = exploration.controls[place]
    guard case .choices(let choices) = control.domain else { return program.control(place) }
    guard let numbers = control.numbers else {
      // A choice that is no number is what it is in this program.
      guard let value = control.value(at: settings[place]).tensor else { return nil }
      return program.constant(value)
    }
    return choices.isEmpty ? nil : program.control(place, numbers: numbers)
  }

  /// Which of some numbers the place of a control is: the one that changes with it.
  private func entry(
    of control: ExploreControl, _ target: ExpressionSyntax, _ numbers: () -> [[Double]]
  ) -> (part: Int, place: Int)? {
    let before = numbers()
    let mark = interpreter.memory.mark()
    defer { interpreter.memory.rollBack(to: mark) }
    let old = (try? interpreter.evaluate(target, .global))?.number ?? 0
    guard (try? interpreter.assign(target, .scalar(old + 1), control.span)) != nil else {
      return nil
    }
    for (part, (old, new)) in zip(before, numbers()).enumerated() {
      if let place = zip(old, new).enumerated().first(where: { $1.0 != $1.1 })?.offset {
        return (part, place)
      }
    }
    return nil
  }

  // MARK: - Networks

  /// The parameters of a network, with those that controls move.
  private mutating func parameters(of network: Network) -> [[Int]] {
    if let known = networks[ObjectIdentifier(network)] { return known }
    func values() -> [ParameterValue] { network.state.parameterValues.flatMap { $0 } }
    let shared = values()
    var flat = shared.map { program.constant($0.value) }
    for (place, control) in exploration.controls.enumerated() {
      guard case .place(let target) = control.target,
        case .network(let moved)? = interpreter.memory[target.rootName], moved === network,
        let entry = entry(of: control, target, { values().map(\.value.storage) }),
        let setting = self.control(place)
      else { continue }
      flat[entry.part] = program.replacing(flat[entry.part], place: entry.place, by: setting)
    }
    _ = program.largest(flat)
    var rest = flat[...]
    let result = network.layers.map { layer in
      defer { rest = rest.dropFirst(layer.parameters.count) }
      return Array(rest.prefix(layer.parameters.count))
    }
    networks[ObjectIdentifier(network)] = result
    return result
  }

  private mutating func pass(
    _ builtIn: BuiltIn, _ arguments: [ArgumentSyntax], _ whole: ExpressionSyntax
  ) throws {
    guard seen.insert(whole.span.start).inserted else { return }
    let call = try interpreter.match(arguments, to: builtIn, whole.span, .global)
    let network = try interpreter.network(call)
    let parameters = parameters(of: network)
    guard let given = call["X"]?.syntax, network.precision == .float64 else { return }
    var y: Int?
    let examples: Examples
    if builtIn.parameters.contains(where: { $0.kind == .targets }) {
      let found = try interpreter.examplesAndTargets(call)
      examples = found.0
      y = input(call["Y"]?.syntax, found.y)
    } else {
      examples = try interpreter.examples(call)
    }
    guard examples.x.storage.count <= Self.mostInputs else { return }
    let x = input(given, examples.x)
    let pass = try program.network(network, parameters: parameters, x: x, y: y)
    guard y != nil, let rates = builtIn.parameters.first(where: { $0.kind == .rates }),
      network.updates == 0 || network.optimizerState == nil
    else { return }
    // Penalties and bounds are not written here; without them an update is its lines.
    let plain: Set = ["net", "X", "Y", "optimizer", rates.name]
    guard builtIn.parameters.allSatisfy({ plain.contains($0.name) || !call.has($0.name) }),
      call["optimizer"]?.numbers.isEmpty ?? true
    else { return }
    let optimizers = interpreter.vocabulary.catalog.optimizers
    guard
      let optimizer = call.text("optimizer").flatMap({ optimizers[$0] }) ?? optimizers.first
    else { return }
    let rate: Int
    if let syntax = call[rates.name]?.syntax {
      guard let found = quantity(of: syntax) else { return }
      rate = found
    } else {
      rate = program.constant(.scalar(optimizer.defaultLearningRate))
    }
    let updated = try program.updated(
      parameters, pass.gradients, by: optimizer, rate: rate, of: network)
    let after = try program.network(network, parameters: updated, x: x, y: y)
    guard let old = pass.loss, let new = after.loss else { return }
    let names = ["new", "old"].map { Expression.symbol($0) }
    _ = try program.formula(.subtract(names[0], names[1]), ["new": new, "old": old])
  }

  /// Examples or targets as they are written, in the shape that the network takes them in.
  private mutating func input(_ syntax: ExpressionSyntax?, _ value: Matrix<Double>) -> Int {
    if let syntax, let quantity = quantity(of: syntax), program.moves(quantity),
      program.start(of: quantity).storage == value.storage
    {
      return program.reshaped(quantity, value.sizes)
    }
    return program.constant(value)
  }
}

extension ExploreControl {
  /// What the positions of a menu stand for, where all of these are numbers.
  var numbers: [Double]? {
    guard case .choices(let choices) = domain else { return nil }
    let numbers = choices.compactMap { choice -> Double? in
      if case .scalar(let number) = choice.value { number } else { nil }
    }
    return numbers.count == choices.count ? numbers : nil
  }
}
