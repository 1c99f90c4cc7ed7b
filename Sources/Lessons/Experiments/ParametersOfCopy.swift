import Language
import Networks
import Syntax

/// The parameters of a network that no cell knows, by the paths in which cells write them: `W[2][1,3]`,
/// `net.W[2][1,3]`.
struct ParametersOfCopy {
  /// A name that no cell can write.
  private static let name = "what if"
  private let interpreter: Interpreter

  init(_ network: Network, _ interpreter: Interpreter) {
    self.interpreter = interpreter
    interpreter.memory[Self.name] = .network(network)
  }

  func end() { interpreter.memory[Self.name] = nil }

  /// Throws: as the assignment to a parameter.
  func assign(_ path: ExpressionSyntax, _ value: Value, _ span: SourceSpan) throws(Diagnostic) {
    try interpreter.assign(path.asMember(of: Self.name), value, span)
  }

  /// Throws: as the expression.
  func value(_ path: ExpressionSyntax) throws(Diagnostic) -> Value {
    try interpreter.evaluate(path.asMember(of: Self.name), .global)
  }
}

extension ExpressionSyntax {
  /// `W[2][1,3]`, or `net.W[2][1,3]`, as a part of the network of that name.
  func asMember(of network: String) -> ExpressionSyntax {
    switch kind {
    case .name(let name):
      ExpressionSyntax(
        .member(ExpressionSyntax(.name(network), span), name: name, nameSpan: span), span)
    case .member(_, let name, let nameSpan):
      ExpressionSyntax(
        .member(ExpressionSyntax(.name(network), span), name: name, nameSpan: nameSpan), span)
    case .index(let base, let indices):
      ExpressionSyntax(.index(base.asMember(of: network), indices), span)
    default: self
    }
  }
}
