/// The names that statements read and write: what they may read and may write, whichever way they go.
///
/// Names of functions and constants that are built in are among those read, for a variable may have them.
package struct StatementNames: Sendable, Equatable {
  /// What is read before the statements themselves have given it a value.
  package var reads: Set<String> = []
  /// What is given a value: variables, functions, networks, symbols.
  package var defines: Set<String> = []
  /// Whose value is changed in place: `v[i] = 2`, the network of `train`.
  package var changes: Set<String> = []

  package init(reads: Set<String> = [], defines: Set<String> = [], changes: Set<String> = []) {
    self.reads = reads
    self.defines = defines
    self.changes = changes
  }

  package var writes: Set<String> { defines.union(changes) }
}

extension StatementNames {
  /// Those of statements that run one after the other. What the bodies of functions read is the business of those
  /// who call them: see `Dependencies`.
  package init(of statements: [StatementSyntax], knowing calls: some CallConventions = PlainCalls())
  {
    self = NameCollector.names(calls) { $0.run(statements) }
  }

  /// Those of a function's body: its parameters, and the sizes that their kinds name, are its own.
  package init(of function: FunctionSyntax, knowing calls: some CallConventions = PlainCalls()) {
    var own = Set(function.parameters.map(\.name))
    for case .name(let size) in function.parameters.flatMap(\.sizes) { own.insert(size) }
    self = NameCollector.names(calls) {
      $0.known = own
      $0.read(function.body)
    }
    changes.subtract(own)
  }
}

/// What statements read and change together with the functions that they mention, and those that these mention.
package struct Dependencies<Calls: CallConventions> {
  private let calls: Calls
  /// The definition of a function of the user's; nil for other names.
  private let definition: (String) -> FunctionSyntax?

  package init(
    knowing calls: Calls, definition: @escaping (String) -> FunctionSyntax?
  ) {
    self.calls = calls
    self.definition = definition
  }

  /// Functions that the statements define themselves are followed as well.
  package func names(of statements: [StatementSyntax]) -> StatementNames {
    var own: [String: [FunctionSyntax]] = [:]
    for case .definition(let function) in statements.flatMap(\.flattened).map(\.kind) {
      own[function.name, default: []].append(function)
    }
    let calls = FollowedCalls(calls) { own[$0, default: []] + (definition($0).map { [$0] } ?? []) }
    return NameCollector.names(calls) { collector in
      collector.follow = calls.names
      collector.run(statements)
    }
  }
}

/// Calls of functions of the user's change what their bodies change.
private final class FollowedCalls<Calls: CallConventions>: CallConventions {
  private let calls: Calls
  private let definitions: (String) -> [FunctionSyntax]
  /// By function: the parameters whose values it changes, and what it reads and changes with those that it mentions.
  private var changedParameters: [String: Set<String>] = [:]
  private var followed: [String: StatementNames] = [:]

  init(_ calls: Calls, definitions: @escaping (String) -> [FunctionSyntax]) {
    self.calls = calls
    self.definitions = definitions
  }

  func use(of argument: ArgumentSyntax, at position: Int, in name: String) -> ArgumentUse {
    let functions = definitions(name)
    guard !functions.isEmpty else { return calls.use(of: argument, at: position, in: name) }
    let changed = parametersChanged(by: name, functions)
    guard !changed.isEmpty else { return .evaluated }
    if case .keyword(let keyword, _, _) = argument {
      return changed.contains(keyword) ? .changed : .evaluated
    }
    let isChanged = functions.contains { function in
      function.parameters.indices.contains(position)
        && changed.contains(function.parameters[position].name)
    }
    return isChanged ? .changed : .evaluated
  }

  private func parametersChanged(by name: String, _ functions: [FunctionSyntax]) -> Set<String> {
    if let known = changedParameters[name] { return known }
    // A call of itself inside adds nothing.
    changedParameters[name] = []
    var changed: Set<String> = []
    for function in functions {
      changed.formUnion(NameCollector.names(self) { $0.read(function.body) }.changes)
    }
    changedParameters[name] = changed
    return changed
  }

  /// What a function reads and changes, it and those that it mentions; nil where it is none of the user's.
  func names(_ name: String) -> StatementNames? {
    if let known = followed[name] { return known }
    guard !definitions(name).isEmpty else { return nil }
    var result = StatementNames()
    var seen: Set<String> = [name]
    var waiting = [name]
    while let next = waiting.popLast() {
      for function in definitions(next) {
        let names = StatementNames(of: function, knowing: self)
        result.reads.formUnion(names.reads)
        result.changes.formUnion(names.changes)
        waiting += names.reads.filter { seen.insert($0).inserted }
      }
    }
    followed[name] = result
    return result
  }
}

extension StatementSyntax {
  /// The statement and those in its blocks.
  fileprivate var flattened: [StatementSyntax] {
    switch kind {
    case .forLoop(_, _, _, let body), .whileLoop(_, let body): [self] + body.flatMap(\.flattened)
    case .conditional(_, let then, let otherwise):
      [self] + (then + (otherwise ?? [])).flatMap(\.flattened)
    default: [self]
    }
  }
}

/// Goes through statements in the order in which they run.
private struct NameCollector<Calls: CallConventions> {
  let calls: Calls
  var names = StatementNames()
  /// What certainly has its value from the statements so far.
  var known: Set<String> = []
  /// What a mentioned function reads and changes, if that is to be followed.
  var follow: ((String) -> StatementNames?)?

  static func names(_ calls: Calls, _ work: (inout Self) -> Void) -> StatementNames {
    var collector = Self(calls: calls)
    work(&collector)
    return collector.names
  }

  mutating func run(_ statements: [StatementSyntax]) {
    for statement in statements { run(statement) }
  }

  private mutating func run(_ statement: StatementSyntax) {
    switch statement.kind {
    case .expression(let expression), .attempt(let expression), .set(_, _, let expression):
      read(expression)
    case .assignment(let target, let value):
      read(value)
      if case .name(let name) = target.kind {
        define(name)
      } else {
        var mentions: [NameMention] = []
        target.forEachNameChanged(knowing: calls) { mentions.append($0) }
        take(mentions)
      }
    case .definition(let function): define(function.name)
    case .layer(let layer): define(layer.name)
    case .parameters(let parameters): for parameter in parameters { define(parameter.name) }
    case .running: break
    case .network(let network):
      read(network.input)
      for layer in network.flatLayers {
        if !known.contains(layer.word) { names.reads.insert(layer.word) }
        for value in layer.values { read(value) }
        for option in layer.options { option.forEachChild { read($0) } }
      }
      for setting in [network.loss, network.seed, network.precision] { setting.map { read($0) } }
      define(network.name)
    case .perceptron(let perceptron):
      read(perceptron.input)
      for part in perceptron.outputs + (perceptron.threshold.map { [$0] } ?? []) { read(part) }
      for option in perceptron.options { option.forEachChild { read($0) } }
      define(perceptron.name)
    case .forLoop(let variable, _, let range, let body):
      read(range)
      // There may be no turn at all.
      let before = known
      define(variable)
      run(body)
      known = before
    case .whileLoop(let condition, let body):
      read(condition)
      let before = known
      run(body)
      known = before
    case .conditional(let condition, let then, let otherwise):
      read(condition)
      let before = known
      run(then)
      let afterThen = known
      known = before
      run(otherwise ?? [])
      known.formIntersection(afterThen)
    case .symbols(let symbols): for symbol in symbols { define(symbol.name) }
    case .help: break
    }
  }

  private mutating func read(_ input: NetworkSyntax.Input) {
    if case .size(let expression, _) = input { read(expression) }
  }

  /// Names that a body's lines give a value are its own.
  mutating func read(_ body: BodySyntax) {
    let (defines, changes) = (names.defines, names.changes)
    run(body.lines)
    read(body.result)
    names.defines = defines
    names.changes = changes.union(names.changes.subtracting(body.assignments.map(\.name)))
  }

  mutating func read(_ expression: ExpressionSyntax) {
    var mentions: [NameMention] = []
    expression.forEachName(knowing: calls) { mentions.append($0) }
    take(mentions)
  }

  private mutating func take(_ mentions: [NameMention]) {
    for mention in mentions {
      let name = mention.name
      if !known.contains(name) { names.reads.insert(name) }
      if mention.isChanged { names.changes.insert(name) }
      if let inner = follow?(name) {
        names.reads.formUnion(inner.reads.subtracting(known))
        names.changes.formUnion(inner.changes)
      }
    }
  }

  private mutating func define(_ name: String) {
    names.defines.insert(name)
    known.insert(name)
  }
}
