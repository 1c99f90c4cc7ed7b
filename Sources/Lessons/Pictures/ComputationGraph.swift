import Calculus
import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `graph(f)`: the computational graph of a formula.
extension Interpreter {
  package func graph(_ call: Call) throws(Diagnostic) -> Value {
    guard let syntax = call["f"]?.syntax else {
      throw missing("f", of: "graph", call.builtIn.signature, call.span)
    }
    let found = try subject(syntax, by: [], call.scope)
    var values: [String: Tensor<Double>] = [:]
    let known = found.variables.map(\.name)
    for (name, argument) in call.named {
      guard known.contains(name) else {
        throw Diagnostic(
          .name, "\(found.text) has no \(name)", at: argument.span,
          label: Spelling.question(name, in: known),
          help: "its names are \(known.joined(separator: ", "))")
      }
      values[name] = argument.value.tensor
    }
    for symbol in found.subject.expression.symbols where values[symbol.name] == nil {
      guard !found.parameters.contains(symbol) else { continue }
      values[symbol.name] = outerValue(symbol, call.scope)
    }
    var unmarked = settings
    unmarked.marksNumbers = false
    var builder = ComputationGraph(values, style: unmarked.formulaStyle)
    builder.add(found.subject.expression, name: found.subject.name)
    if let failure = builder.failure { throw Diagnostic(failure, at: call.span) }
    let (nodes, edges) = (builder.nodes, builder.edges)
    let diagram = try placed(call.span) { () throws(FigureError) in
      try GraphDiagram(
        title: .words("Computational graph of \(found.text)"), nodes: nodes, edges: edges,
        gradientName: .words("the derivative of the output by the node"))
    }
    return .record(FigureRecord(figure: diagram, description: "a computational graph"))
  }
}

/// The nodes and arrows of a formula: each operation once, shared parts shared.
private struct ComputationGraph {
  private(set) var nodes: [GraphDiagram.Node] = []
  private(set) var edges: [GraphDiagram.Edge] = []
  /// Why a part has no value although its names have one.
  private(set) var failure: CalculusError?
  private let values: [String: Tensor<Double>]
  private let style: FormulaStyle
  private var known: [Expression: Int] = [:]
  /// What the formula itself calls its parts: `q = x + y`.
  private var names: [Expression: String] = [:]
  /// What each node does with its inputs, which have names of their own there.
  private var operations: [(formula: Expression, inputs: [(node: Int, symbol: Symbol)])] = []

  init(_ values: [String: Tensor<Double>], style: FormulaStyle) {
    self.values = values
    self.style = style
  }

  /// Adds a formula and, where everything has a value, the derivative of it by every node.
  mutating func add(_ formula: Expression, name: String?) {
    let whole = formula.withoutNames
    _ = try? formula.replacingParts { part in
      if case .named(let name, let inner) = part.node, inner.withoutNames.graphKind == .operation {
        names[inner.withoutNames] = name
      }
      return nil
    }
    names[whole] = nil
    let root = node(whole)
    nodes[root].kind = nodes[root].kind == .operation ? .output : nodes[root].kind
    if let name, nodes[root].kind == .output {
      nodes[root].label = .words("\(name): ") + nodes[root].label
    }
    guard nodes[root].value?.rank == 0, nodes.allSatisfy({ $0.value != nil }),
      let gradients = gradients(from: root)
    else { return }
    for index in nodes.indices where nodes[index].kind != .constant {
      nodes[index].gradient =
        gradients[index]
        ?? nodes[index].value.map {
          Tensor($0.shape, repeating: 0)
        }
    }
  }

  /// Reverse mode: from the output back, every operation passes its share on. nil where one has no derivative.
  private func gradients(from root: Int) -> [Int: Tensor<Double>]? {
    var gradients: [Int: Tensor<Double>] = [root: .scalar(1)]
    for index in nodes.indices.reversed() {
      guard let gradient = gradients[index] else { continue }
      let (formula, inputs) = operations[index]
      let upstream = Symbol("∂", formula.shape)
      var point = point(of: inputs)
      point[upstream.name] = gradient
      for (input, symbol) in inputs {
        guard
          let share = try? formula.pulledBack(by: symbol, gradient: .symbol(upstream)),
          let value = try? share.value(at: point, symbols: inputs.map(\.symbol))
        else { return nil }
        guard let others = gradients[input] else {
          gradients[input] = value
          continue
        }
        gradients[input] = try? others.adding(value)
      }
    }
    return gradients
  }

  private func point(of inputs: [(node: Int, symbol: Symbol)]) -> [String: Tensor<Double>] {
    Dictionary(
      inputs.compactMap { input in nodes[input.node].value.map { (input.symbol.name, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private mutating func node(_ expression: Expression) -> Int {
    if let index = known[expression] { return index }
    var children: [Expression] = expression.node.children
    if case .power(let base, let exponent) = expression.node, exponent.number != nil {
      children = [base]
    }
    if case .multiply(let parts) = expression.node, parts.count == 2, parts[0].number == .minusOne {
      children = [parts[1]]
    }
    // x·x has one input.
    var distinct: [Expression] = []
    for child in children where !distinct.contains(child) { distinct.append(child) }
    let places = distinct.map { node($0) }
    let index = nodes.count
    nodes.append(
      GraphDiagram.Node(
        .words((names[expression].map { "\($0): " } ?? "") + expression.operationLabel(style)),
        expression.graphKind,
        shape: expression.shape == .scalar ? nil : shapeText(expression),
        value: value(of: expression)))
    known[expression] = index
    var replacements: [Expression: Expression] = [:]
    var inputs: [(node: Int, symbol: Symbol)] = []
    for (position, child) in distinct.enumerated() where child.number == nil {
      let symbol: Symbol
      if case .symbol(let own) = child.node {
        symbol = own
      } else {
        let usual = distinct.count == 1 ? "u" : "u\(position + 1)"
        symbol = Symbol(names[child] ?? usual, child.shape)
      }
      replacements[child] = .symbol(symbol)
      inputs.append((places[position], symbol))
    }
    let parts = replacements
    operations.append(
      ((try? expression.replacingParts { parts[$0] }) ?? expression, inputs))
    for place in places {
      let slope = inputs.first { $0.node == place }.flatMap {
        self.slope(of: index, by: $0.symbol)
      }
      edges.append(
        GraphDiagram.Edge(
          from: place, to: index, label: .words(slope?.text ?? ""), value: slope?.value))
    }
    return index
  }

  /// The shape of a part: of its value, where it has one.
  private func shapeText(_ part: Expression) -> String {
    (try? part.value(at: values))?.shapeDescription ?? part.shape.messageText
  }

  /// Longer derivatives of arrays have no room along an arrow.
  private static let longestLabel = 28

  /// ∂node/∂input, in terms of the inputs, with its value where it is a number.
  private func slope(of index: Int, by symbol: Symbol) -> (text: String, value: Double?)? {
    let (formula, inputs) = operations[index]
    guard let slope = try? formula.derivative(by: symbol).expression else { return nil }
    let text = slope.text(style.drawn)
    guard text.count <= Self.longestLabel || slope.shape == .scalar else { return nil }
    guard slope.shape == .scalar, let value = try? slope.value(at: point(of: inputs)) else {
      return (text, nil)
    }
    return (text, value.rank == 0 ? value.storage[0] : nil)
  }

  /// What a part comes to; nil where a name has no value.
  private mutating func value(of part: Expression) -> Tensor<Double>? {
    do throws(CalculusError) {
      return try part.value(at: values)
    } catch {
      if case .noValue = error { return nil }
      failure = failure ?? error
      return nil
    }
  }
}

extension Expression {
  fileprivate var graphKind: GraphDiagram.Node.Kind {
    switch node {
    case .symbol: .input
    case .number, .constant, .size, .identity, .fill: .constant
    default: .operation
    }
  }

  /// What a node of the graph says: `x`, `+`, `sin`, `^2`.
  fileprivate func operationLabel(_ style: FormulaStyle) -> String {
    if let call = node.call { return call.name }
    switch node {
    case .add: return "+"
    case .multiply(let parts): return parts.count == 2 && parts[0].number == .minusOne ? "−" : "×"
    case .divide: return "÷"
    case .power(_, let exponent): return exponent.number.map { "^\($0.text)" } ?? "^"
    case .product(let a, let b): return a.shape.isVectorOrRow && b.shape.isVectorOrRow ? "·" : "@"
    case .transpose: return "ᵀ"
    case .reduce(let kind, _, _): return kind.rawValue
    case .compare(let comparison, _, _): return comparison.rawValue
    case .choose: return "if"
    case .entry(_, let indices):
      let texts = indices.map { index in
        if case .value(let value) = index { value.text } else { ":" }
      }
      return "[\(texts.joined(separator: ", "))]"
    case .list: return "[ ]"
    case .call(let name, _, _): return name
    default: return text(style)
    }
  }
}
