import Notation
import Syntax

/// What is called by the names of its parameters: a function of one's own, or a formula.
package protocol ParameterizedFunction {
  var callName: String { get }
  var parameterNames: [String] { get }
  /// `f(x, y)`, for help.
  var signature: String { get }
}

extension UserFunction: ParameterizedFunction {
  package var callName: String { syntax.name }
  package var parameterNames: [String] { syntax.parameters.map(\.name) }
}

extension Formula: ParameterizedFunction {
  package var callName: String { name }
  package var parameterNames: [String] { parameters.map(\.name) }
}

/// An argument that has found its parameter, not evaluated yet.
package enum MatchedArgument {
  case expression(ExpressionSyntax)
  case generator(ExpressionSyntax.Generator, SourceSpan)

  package var span: SourceSpan {
    switch self {
    case .expression(let expression): expression.span
    case .generator(_, let span): span
    }
  }
}

/// Arguments and parameters: who belongs to whom, and what is wrong where they do not fit.
extension Interpreter {
  /// The argument of every parameter, nil where there is none: by position, then by keyword.
  package func match(
    _ arguments: [ArgumentSyntax], to function: some ParameterizedFunction, _ span: SourceSpan
  ) throws(Diagnostic) -> [MatchedArgument?] {
    let names = function.parameterNames
    var matched = [MatchedArgument?](repeating: nil, count: names.count)
    var next = 0
    for argument in arguments {
      switch argument {
      case .positional(let expression):
        guard next < names.count else {
          throw Diagnostic(
            .type,
            "\(function.callName) takes \(names.count.counted("argument")), not \(arguments.count)",
            at: expression.span, label: "one too many", help: function.signature)
        }
        matched[next] = .expression(expression)
        next += 1
      case .keyword(let name, let nameSpan, let expression):
        guard let index = names.firstIndex(of: name) else {
          throw Diagnostic(
            .name, "\(function.callName) has no parameter \(name)", at: nameSpan,
            label: Spelling.question(name, in: names),
            help: function.signature)
        }
        guard matched[index] == nil else {
          throw Diagnostic(.syntax, "\(name) is given twice", at: nameSpan)
        }
        matched[index] = .expression(expression)
      case .generator(let generator, let generatorSpan):
        guard !matched.isEmpty else {
          throw Diagnostic(
            .type, "\(function.callName) takes no arguments", at: generatorSpan,
            label: "one too many", help: function.signature)
        }
        matched[0] = .generator(generator, generatorSpan)
        next = max(next, 1)
      case .path(let path, _): throw misplaced(path)
      }
    }
    return matched
  }

  /// The value of an argument.
  package func evaluate(_ argument: MatchedArgument, _ scope: Scope) throws(Diagnostic) -> Value {
    switch argument {
    case .expression(let expression): try evaluate(expression, scope)
    case .generator(let generator, let span): try collect(generator, span, scope)
    }
  }

  // MARK: - Messages

  package func missing(
    _ parameter: String, of function: String, _ signature: String, _ span: SourceSpan
  )
    -> Diagnostic
  {
    Diagnostic(
      .type, "\(function) needs \(parameter)", at: span, label: "\(parameter) is missing",
      help: signature)
  }

  package func tooMany(_ builtIn: BuiltIn, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .type,
      "\(builtIn.name) takes at most \(builtIn.positional.count.counted("argument"))",
      at: span, label: "one too many", help: builtIn.signature)
  }

  func unknownKeyword(_ name: String, _ span: SourceSpan, _ builtIn: BuiltIn) -> Diagnostic {
    let names = builtIn.parameters.map(\.name)
    let meant = KeywordHabits.name(for: name, in: names)
    if let parameter = meant.flatMap(builtIn.parameter), !parameter.usage.isEmpty {
      return Diagnostic(
        .name, "\(builtIn.name) has no keyword \(name)", at: span,
        label: "it is called \(parameter.name) here", help: "write \(parameter.usage)")
    }
    let known = builtIn.parameters.filter { !($0.fallback?.text ?? "").isEmpty }.map(\.name)
    let keywords = known.count == 1 ? "its keyword is" : "its keywords are"
    return Diagnostic(
      .name, "\(builtIn.name) has no keyword \(name)", at: span,
      label: Spelling.question(meant ?? Spelling.nearest(to: name, in: names)),
      help: KeywordHabits.help[name.lowercased()]
        ?? (known.isEmpty ? builtIn.signature : "\(keywords) \(known.joined(separator: ", "))"))
  }

  /// `W[2][1,3] = 0.9` outside of the commands that take it.
  func misplaced(_ path: ExpressionSyntax) -> Diagnostic {
    Diagnostic(
      .syntax, "a change such as \(written(path.span)) = … stands only in whatif and explore",
      at: path.span, help: "write the assignment on a line of its own")
  }
}
