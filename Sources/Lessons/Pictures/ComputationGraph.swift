import Calculus
import Display
import Language
import MatrixEngine
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
    var builder = ComputationGraph(values, style: settings.formulaStyle)
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
  /// The expression of each node, and what it is a direct function of.
  private var expressions: [Expression] = []

  init(_ values: [String: Tensor<Double>], style: FormulaStyle) {
    self.values = values
    self.style = style
  }

  /// Adds a formula and, where everything has a value, the derivative of it by every node.
  mutating func add(_ formula: Expression, name: String?) {
    let root = node(formula.withoutNames)
    nodes[root].kind = nodes[root].kind == .operation ? .output : nodes[root].kind
    if let name, nodes[root].kind == .output {
      nodes[root].label = .words("\(name): ") + nodes[root].label
    }
    guard nodes.allSatisfy({ $0.value != nil }) else { return }
    // Reverse mode: from the output back, every arrow passes its share on.
    var gradients = [Double](repeating: 0, count: nodes.count)
    gradients[root] = 1
    for index in nodes.indices.reversed() {
      for edge in edges where edge.to == index {
        guard let slope = edge.value else { return }
        gradients[edge.from] += gradients[index] * slope
      }
    }
    for index in nodes.indices where nodes[index].kind != .constant {
      nodes[index].gradient = gradients[index]
    }
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
    let inputs = children.map { node($0) }
    let index = nodes.count
    let value = value(of: expression, at: values)
    nodes.append(
      GraphDiagram.Node(
        .words(expression.operationLabel(style)), expression.graphKind, value: value))
    expressions.append(expression)
    known[expression] = index
    for (position, input) in inputs.enumerated() {
      let slope = localDerivative(expression, children, position)
      edges.append(
        GraphDiagram.Edge(
          from: input, to: index, label: .words(slope?.text ?? ""), value: slope?.value))
    }
    return index
  }

  /// ∂node/∂operand, in terms of the operands.
  private mutating func localDerivative(
    _ expression: Expression, _ children: [Expression], _ position: Int
  ) -> (text: String, value: Double?)? {
    guard expression.shape == .scalar, children.allSatisfy({ $0.shape == .scalar }),
      children[position].number == nil
    else { return nil }
    var names: [Expression: Expression] = [:]
    var point: [String: Tensor<Double>] = [:]
    var variable: Symbol?
    for (index, child) in children.enumerated() where child.number == nil {
      let symbol: Symbol
      if case .symbol(let own) = child.node {
        symbol = own
      } else {
        symbol = Symbol(children.count == 1 ? "u" : "u\(index + 1)")
      }
      names[child] = .symbol(symbol)
      point[symbol.name] = value(of: child, at: values).map { .scalar($0) }
      if index == position { variable = symbol }
    }
    guard let variable,
      let operation = try? expression.replacingParts({ names[$0] }),
      let slope = try? operation.derivative(by: variable).expression
    else { return nil }
    return (slope.text(style), value(of: slope, at: point))
  }

  /// The number that a part is; nil for an array, and where a name has no value.
  private mutating func value(of part: Expression, at point: [String: Tensor<Double>]) -> Double? {
    do throws(CalculusError) {
      let value = try part.value(at: point)
      return value.rank == 0 ? value.storage[0] : nil
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
