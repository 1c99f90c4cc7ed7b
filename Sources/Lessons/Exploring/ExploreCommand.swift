import Language
import Networks
import Syntax

/// `explore`: expressions under sliders.
enum ExploreCommand {
  static let builtIns: [BuiltIn] = [
    BuiltIn(
      "explore", .picture, [.init("expression", .expression)], isVariadic: true,
      furtherNames: .controls,
      summary:
        "expressions with sliders (a:b, a:step:b), menus ([a, b]) and ticks (true) for what they depend on; nothing is changed, and the stored page stays alive without the kernel",
      gives: .init("nothing; it is shown"),
      example: "explore(diagram(forward(Lecture, x)), W[2][1,3] = -2:2)"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.explore(call)
      return .nothing
    }
  ]
}

extension Interpreter {
  fileprivate func explore(_ call: Call) throws(Diagnostic) {
    guard !call.named.isEmpty || !call.paths.isEmpty else {
      throw Diagnostic(
        .type, "explore needs something that moves", at: call.span,
        help: "explore(f(x), x = -2:2), or W[2][1,3] = -2:2 for a weight")
    }
    let names = call.named.map(\.0)
    let expressions = call.all.compactMap(\.syntax).map { puttingNumbers(of: names, into: $0) }
    var environment = ExploreEnvironment(of: expressions, in: self)
    var controls: [ExploreControl] = []
    for (name, argument) in call.named {
      guard let syntax = argument.syntax else { continue }
      controls.append(try control(name, syntax, call.scope))
    }
    for (path, argument) in call.paths {
      guard let syntax = argument.syntax else { continue }
      let place = try place(path, environment)
      environment.include(place.rootName, of: self)
      controls.append(try control(place, as: path, syntax, call.scope))
    }
    // In the order in which they were written.
    controls.sort { $0.span.start < $1.span.start }
    try requireMentions(of: controls, in: expressions, environment)
    let exploration = Exploration(
      expressions: expressions, controls: controls, environment: environment, in: self)
    try exploration.begin(in: self)
  }

  /// A derivation with the numbers of controls: `explain ∂f/∂x`, where x moves, is explained at x.
  private func puttingNumbers(of names: [String], into syntax: ExpressionSyntax)
    -> ExpressionSyntax
  {
    guard case .explain(let subject, let options) = syntax.unparenthesized.kind else {
      return syntax
    }
    let open = openNames(explaining: subject)
    let given = options.compactMap { if case .keyword(let name, _, _) = $0 { name } else { nil } }
    let more = names.filter { open.contains($0) && !given.contains($0) }.map { name in
      ArgumentSyntax.keyword(
        name: name, nameSpan: syntax.span, value: ExpressionSyntax(.name(name), syntax.span))
    }
    return more.isEmpty
      ? syntax : ExpressionSyntax(.explain(subject, options: options + more), syntax.span)
  }

  // MARK: - Targets

  /// The place that a path means: a parameter of the only network with one of that name among those that are explored,
  /// or what an assignment to it would mean.
  private func place(_ path: ExpressionSyntax, _ environment: ExploreEnvironment)
    throws(Diagnostic) -> ExpressionSyntax
  {
    let root = path.rootName
    if case .network? = memory[root] { return path }
    let networks = environment.networkNames.filter { name in
      guard case .network(let network)? = memory[name] else { return false }
      return network.layers.parameter(named: root) != nil
    }
    if let name = networks.first {
      guard networks.count == 1 else {
        throw Diagnostic(
          .name, "\(root) is a parameter of \(networks.joined(separator: " and of "))",
          at: path.span, help: "\(name).\(oneLine(path.span)) = … says which network is meant")
      }
      return path.asMember(of: name)
    }
    if memory[root] != nil { return path }
    let known = environment.networkNames.compactMap { name -> [String]? in
      guard case .network(let network)? = memory[name] else { return nil }
      return network.layers.flatMap { $0.parameters.map(\.name) }
    }
    throw Diagnostic(
      .name, "there is no \(oneLine(path.span)) to move", at: path.span,
      label: Spelling.question(root, in: known.flatMap { $0 }),
      help: known.isEmpty
        ? "no expression names a network; give the network's name: net.\(oneLine(path.span)) = -2:2"
        : "the parameters are \(Set(known.flatMap { $0 }).sorted().joined(separator: ", "))")
  }

  /// Every control moves something, and everything is moved by some.
  private func requireMentions(
    of controls: [ExploreControl], in expressions: [ExpressionSyntax],
    _ environment: ExploreEnvironment
  ) throws(Diagnostic) {
    for control in controls where !environment.reads.contains(control.name) {
      throw Diagnostic(
        .name, "no expression depends on \(control.label)", at: control.span,
        label: "it would move nothing",
        help: "explore(f(\(control.label)), \(control.label) = …) moves the argument of f")
    }
    for expression in expressions {
      let reads = ExploreEnvironment(of: [expression], in: self).reads
      guard !controls.contains(where: { reads.contains($0.name) }) else { continue }
      let names = controls.map(\.label).joined(separator: ", ")
      throw Diagnostic(
        .name, "\(written(expression.span)) does not depend on \(names)", at: expression.span,
        label: "nothing moves it", help: "put it on a line of its own")
    }
  }

  // MARK: - What a control runs over

  private func control(_ name: String, _ syntax: ExpressionSyntax, _ scope: Scope)
    throws(Diagnostic) -> ExploreControl
  {
    try control(
      .name(name), name, syntax, current: scope[name] ?? memory[name], scope)
  }

  private func control(
    _ place: ExpressionSyntax, as path: ExpressionSyntax, _ syntax: ExpressionSyntax,
    _ scope: Scope
  ) throws(Diagnostic) -> ExploreControl {
    let current = try evaluate(place, scope)
    guard current.number != nil else {
      throw Diagnostic(
        .shape, "\(oneLine(path.span)) is \(current.description), and a control moves one number",
        at: path.span,
        help: "name an entry: \(oneLine(path.span))[1,1] of a matrix, [1] of a vector")
    }
    return try control(.place(place), oneLine(path.span), syntax, current: current, scope)
  }

  private func control(
    _ target: ExploreControl.Target, _ label: String, _ syntax: ExpressionSyntax,
    current: Value?, _ scope: Scope
  ) throws(Diagnostic) -> ExploreControl {
    let domain = try domain(label, syntax, scope)
    var start = 0.0
    switch domain {
    case .range(let range):
      start = range.from
      if let number = current?.number, range.from <= number, number <= range.to {
        start = range.nearest(to: number)
      }
    case .truth: start = try evaluate(syntax, scope).number ?? 0
    case .choices(let choices):
      guard !choices.isEmpty else {
        throw Diagnostic(
          .value, "the menu of \(label) is empty", at: syntax.span,
          help: "a list such as [relu, tanh] has what can be chosen")
      }
      start = Double(choices.firstIndex { $0.isSame(as: current) } ?? 0)
    }
    return ExploreControl(
      target: target, label: label, span: syntax.span, domain: domain, start: start)
  }

  private func domain(_ label: String, _ syntax: ExpressionSyntax, _ scope: Scope)
    throws(Diagnostic) -> ExploreControl.Domain
  {
    switch syntax.unparenthesized.kind {
    case .range(let from, let step, let to):
      return .range(try range(label, from, step, to, syntax.span, scope))
    case .brackets(let rows) where rows.count == 1:
      return .choices(
        try rows[0].map2 { (part) throws(Diagnostic) in try choice(part, scope) })
    default: break
    }
    switch try evaluate(syntax, scope) {
    case .boolean: return .truth
    case .list(let list):
      return .choices(list.elements.map { choice($0.summary, $0) })
    case .array(let array) where array.rank == 1:
      return .choices(array.storage.map { choice(plain($0), .scalar($0)) })
    case let value:
      throw Diagnostic(
        .type, "\(label) cannot move over \(value.description)", at: syntax.span,
        help:
          "a range such as 0:1 makes a slider, a list such as [relu, tanh] a menu, true or false a tick"
      )
    }
  }

  private func range(
    _ label: String, _ from: ExpressionSyntax, _ step: ExpressionSyntax?, _ to: ExpressionSyntax,
    _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> ExploreRange {
    let (first, last) = (try number(from, scope), try number(to, scope))
    let given = try step.map { (step) throws(Diagnostic) in try number(step, scope) }
    let written = oneLine(span)
    for (value, part) in [(first, from), (last, to), (given ?? 1, step ?? to)]
    where !value.isFinite {
      throw Diagnostic(
        .value, "the range \(written) of \(label) has no end", at: part.span,
        help: "a slider needs two finite ends")
    }
    guard first < last, given ?? 1 > 0 else {
      let isEmpty = first > last || given ?? 1 <= 0
      throw Diagnostic(
        .value,
        "the range \(written) of \(label) \(isEmpty ? "is empty" : "has one number only")",
        at: span,
        help: first > last && given ?? 1 > 0
          ? "the smaller end comes first: \(plain(last)):\(plain(first))"
          : "a slider needs two ends, and a step above 0")
    }
    guard (last - first).isFinite else {
      throw Diagnostic(
        .value, "the range \(written) of \(label) is too wide", at: span,
        help: "a slider needs ends whose difference is a number")
    }
    let range = ExploreRange(
      from: first, to: last, step: given ?? ExploreRange.fineStep(last - first),
      isStepped: given != nil,
      isWhole: given.map { $0 == $0.rounded() && first == first.rounded() } ?? false)
    guard given == nil || NumberRange(from: first, by: range.step, to: last).count <= 1e6,
      range.count > 1
    else {
      let isShort = range.count <= 1
      throw Diagnostic(
        .value,
        "the range \(written) of \(label) has \(isShort ? "one number only" : "too many steps")",
        at: span, help: isShort ? "its step is wider than the range" : "take a wider step")
    }
    return range
  }

  /// An entry of a menu; a word that nobody knows is a word, such as `adam`.
  private func choice(_ part: ExpressionSyntax, _ scope: Scope) throws(Diagnostic)
    -> ExploreControl.Choice
  {
    let label = oneLine(part.span)
    if case .name(let word) = part.kind, scope[word] ?? memory[word] == nil,
      vocabulary.builtIn(named: word) == nil, Constants.value(named: word) == nil
    {
      return choice(label, .string(word))
    }
    let value = try evaluate(part, scope)
    if case .nothing = value {
      throw Diagnostic(.type, "\(label) has no value to choose", at: part.span)
    }
    return choice(label, value)
  }

  private func choice(_ label: String, _ value: Value) -> ExploreControl.Choice {
    var networks: [NetworkIdentity: NetworkState] = [:]
    let shared = SharedValue(value) { networks[$0.identity] = $0.state }
    return .init(label: label, value: shared, networks: networks)
  }
}

extension ExploreControl {
  /// The name that expressions depend on.
  var name: String {
    switch target {
    case .name(let name): name
    case .place(let place): place.rootName
    }
  }
}

extension ExploreControl.Choice {
  /// Whether it is what a name holds now.
  fileprivate func isSame(as current: Value?) -> Bool {
    guard let current else { return false }
    switch (value, current) {
    case (.scalar(let a), .scalar(let b)): return a == b
    case (.string(let a), .string(let b)): return a == b
    case (.array(let a), .array(let b)): return a == b
    case (.function(let a), .function(let b)): return a.summary == b.summary
    default: return false
    }
  }
}

extension ExpressionSyntax {
  /// The name at the root of `net.W[2][1,3]`.
  var rootName: String {
    switch kind {
    case .name(let name): name
    case .member(let base, _, _), .index(let base, _), .parenthesized(let base): base.rootName
    default: ""
    }
  }
}
