import MatrixEngine
import Networks
import Notation
import Syntax

extension Interpreter {
  /// `x = e`, `v[i] = e`, `W[1,:] = e`, `net.W[2][1,3] = 0.5`, `net.W[1] = M`.
  package func assign(_ target: ExpressionSyntax, _ value: Value, _ valueSpan: SourceSpan)
    throws(Diagnostic)
  {
    switch target.kind {
    case .name(let name):
      try requireValue(value, for: name, valueSpan)
      noticeShadowing(name)
      memory[name] = value
    case .index(let base, let indices):
      let (root, path) = try assignmentPath(base)
      if case .network(let network) = try rootValue(root) {
        return try assign(
          into: network, path: path, indices: indices, value, valueSpan, target.span)
      }
      guard case .name(let name) = base.kind, memory[name] != nil else {
        throw Diagnostic(
          .type, "only variables and the parameters of a network can be assigned to",
          at: target.span, help: "v[2] = 5, W[1,:] = [1, 2] or net.W[1][1,2] = 0.5")
      }
      let old = memory[name] ?? .nothing
      // The value before a statement is kept until its end, so that the first change copies it.
      try askMemory(for: old, copies: 1, target.span)
      if case .array(let array) = old, array.rank > 1, indices.count == 1,
        case .expression(let only) = indices[0], let truths = try evaluate(only, .global).truths
      {
        let places = try places(truths, in: array, name, only.span)
        let entries = try filling(value, places, valueSpan)
        return memory.modify(name) { Self.replacing($0, places, by: entries) }
      }
      let (shape, choices) = try choices(of: old, indices, name, target.span)
      if let number = value.number, let position = shape.position(choices) {
        // One number in one place, as in loops, needs no lists of them.
        return memory.modify(name) { Self.replacing($0, position, by: number) }
      }
      try askMemory(4 * shape.bytes(of: choices), target.span)
      let places = shape.places(choices)
      let entries = try filling(value, places, valueSpan)
      memory.modify(name) { Self.replacing($0, places, by: entries) }
    case .member(let base, let name, let nameSpan):
      let owner = try evaluate(base, .global)
      if case .network(let network) = owner, let parameter = network.layers.parameter(named: name) {
        throw Diagnostic(
          .syntax,
          "\(name) holds one \(parameter.kindName) a layer; say which layer",
          at: nameSpan, help: "\(network.name).\(name)[1] = …")
      }
      throw Diagnostic(
        .type, "\(name) of \(owner.description) cannot be assigned to", at: nameSpan)
    default:
      throw Diagnostic(
        .syntax, "the left side of = must be a name, an entry or a parameter of a network",
        at: target.span,
        help: "== compares two values")
    }
  }

  /// Throws: a TypeError where there is nothing that a name could mean.
  func requireValue(_ value: Value, for name: String, _ span: SourceSpan) throws(Diagnostic) {
    guard case .nothing = value else { return }
    throw Diagnostic(
      .type, "there is no value to keep in \(name)", at: span, label: "this returns nothing",
      help: source[span].hasPrefix("if")
        ? "an if without else has no value when its condition does not hold"
        : nothingHelp(value))
  }

  /// The name at the root of `net.W[2]`, and the members and indices on the way.
  private func assignmentPath(_ expression: ExpressionSyntax) throws(Diagnostic)
    -> (root: ExpressionSyntax, path: [PathStep])
  {
    var path: [PathStep] = []
    var current = expression
    while true {
      switch current.kind {
      case .index(let base, let indices):
        path.insert(.index(indices, current.span), at: 0)
        current = base
      case .member(let base, let name, let span):
        path.insert(.member(name, span), at: 0)
        current = base
      default: return (current, path)
      }
    }
  }

  private enum PathStep {
    case member(String, SourceSpan)
    case index([IndexSyntax], SourceSpan)
  }

  private func rootValue(_ root: ExpressionSyntax) throws(Diagnostic) -> Value {
    try evaluate(root, .global)
  }

  /// `net.W[l] = M` and `net.W[l][i,j] = e`, likewise other parameters.
  private func assign(
    into network: Network, path: [PathStep], indices: [IndexSyntax], _ value: Value,
    _ valueSpan: SourceSpan, _ span: SourceSpan
  ) throws(Diagnostic) {
    guard case .member(let name, let nameSpan)? = path.first,
      let parameter = network.layers.parameter(named: name)?.name, path.count <= 2
    else {
      let known = network.layers.parameterNames.map { "\($0)[l]" }.joined(separator: " and ")
      throw Diagnostic(
        .type, "of a network, \(known) can be assigned to", at: span,
        help: "\(network.name).W[1][1,2] = 0.5")
    }
    let list = ListValue(parameters: network.parameterValues, named: parameter)
    let label = "\(network.name).\(name)"
    let layerIndices: [IndexSyntax]
    var inner: [IndexSyntax]?
    if path.count == 2, case .index(let layer, _) = path[1] {
      layerIndices = layer
      inner = indices
    } else {
      layerIndices = indices
    }
    guard layerIndices.count == 1 else {
      throw Diagnostic(
        .shape, "\(label) is indexed by a layer first", at: nameSpan,
        help: "\(label)[1][…]")
    }
    let layer = try position(in: list, layerIndices[0], label, .global) + 1
    try willChange(network, span)
    let old = Value(
      try placed(nameSpan) { () throws(NetworkError) in
        try network.parameter(parameter, layer: layer)
      })
    let place = "\(label)[\(layer)]"
    var new = value
    if let inner {
      let (shape, choices) = try choices(of: old, inner, place, span)
      let places = shape.places(choices)
      new = Self.replacing(old, places, by: try filling(value, places, valueSpan))
    }
    guard let numeric = new.tensor else {
      throw Diagnostic(
        .type, "\(place) holds numbers, not \(new.description)", at: valueSpan)
    }
    try placed(valueSpan) { () throws(NetworkError) in
      try network.setParameter(parameter, layer: layer, to: numeric)
    }
  }

  /// The entries that an index on the left side of `=` names.
  func choices(
    of old: Value, _ indices: [IndexSyntax], _ name: String, _ span: SourceSpan,
    _ scope: Scope = .global
  ) throws(Diagnostic) -> (shape: Shape, choices: [Shape.Choice]) {
    guard case .array(let array) = old else {
      throw Diagnostic(.type, "\(old.description) has no entries to assign to", at: span)
    }
    guard indices.count == array.rank else {
      throw Diagnostic(
        .shape,
        array.rank == 1
          ? "\(name) is \(old.description) and needs one index, not \(indices.count)"
          : array.rank == 2
            ? "\(name) is a \(array.shape) matrix and needs two indices"
            : "\(name) is \(old.description) and needs \(array.rank) indices",
        at: span,
        help: array.rank == 1
          ? "\(name)[2] = … sets one entry, \(name)[2:4] = … several"
          : "\(name)[1\(String(repeating: ",:", count: array.rank - 1))] = … sets its first row")
    }
    return (array.shape, try choices(indices, in: array.shape, name, scope))
  }

  /// The numbers for some places: as many as there are, or one for all.
  func filling(_ value: Value, _ places: Places, _ span: SourceSpan) throws(Diagnostic)
    -> [Double]
  {
    guard let entries = value.entries else {
      throw Diagnostic(.type, "an entry is a number, not \(value.description)", at: span)
    }
    let count = places.positions.count
    if value.number != nil { return Array(repeating: entries[0], count: count) }
    if case .array(let block) = value, block.rank > 1, places.shape.rank > 1,
      !places.shape.sizes.contains(1), block.shape != places.shape
    {
      throw Diagnostic(
        .shape, "the place is \(places.shape), the value \(block.shape)", at: span,
        help: "the value may also be one number, for all entries")
    }
    guard entries.count == count, places.shape.rank > 0 else {
      throw Diagnostic(
        .shape, "\(count.counted("entry")) cannot take \(value.description)", at: span,
        help: count == 1
          ? "one entry takes a number" : "give \(count) numbers, or one number for all of them")
    }
    return entries
  }

  private static func replacing(_ old: consuming Value, _ position: Int, by entry: Double) -> Value
  {
    guard case .array(var array) = consume old else { return .nothing }
    array.storage[position] = entry
    array.holdsTruths = false
    return .array(array)
  }

  static func replacing(
    _ old: consuming Value, _ places: Places, by entries: [Double]
  ) -> Value {
    guard case .array(var array) = consume old else { return .nothing }
    for (position, entry) in zip(places.positions, entries) { array.storage[position] = entry }
    array.holdsTruths = false
    return .array(array)
  }

  /// Says of layers of one unit whose outputs are shares of a whole that they always give all of it.
  func noticeLoneShares(_ network: Network) {
    for (index, layer) in network.layers.enumerated() where layer.outputs == 1 {
      guard let activation = layer.activation, activation.meaning == .shares else { continue }
      let text =
        "layer \(index + 1) of \(network.name) has one unit, and \(activation.name) of one is always 1; "
        + "did you mean \(Activation.sigmoid.name)?"
      host?.emit(.stream(.stdout, "note: \(text)\n"))
    }
  }

  /// Says once that a built-in name now means something else.
  func noticeShadowing(_ name: String, byFunction: Bool = false) {
    switch memory[name] {
    case nil: break
    // A function may still hide the built-in that a variable of the same name left callable.
    case .function: return
    default: guard byFunction else { return }
    }
    let key = byFunction ? "\(name)()" : name
    guard !noticed.contains(key) else { return }
    let text: String
    if Constants.value(named: name) != nil {
      text = "\(name) now means your value; the constant \(name) is hidden"
    } else if let builtIn = vocabulary.builtIn(named: name) {
      text =
        byFunction
        ? "\(name) now means your function; the built-in \(builtIn.name) is hidden"
        : "\(name) now means your value; \(name)(…) still calls the built-in"
    } else {
      return
    }
    noticed.insert(key)
    host?.emit(.stream(.stdout, "note: \(text)\n"))
  }
}
