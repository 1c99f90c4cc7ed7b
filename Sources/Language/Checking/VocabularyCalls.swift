import Syntax

/// What the functions and commands of a vocabulary make of their arguments.
struct VocabularyCalls: CallConventions {
  let vocabulary: Vocabulary

  func use(of argument: ArgumentSyntax, at position: Int, in function: String) -> ArgumentUse {
    guard
      let builtIn = vocabulary.builtIn(named: Interpreter.otherNames[function] ?? function)
    else { return .evaluated }
    switch argument {
    case .positional(let value): return builtIn.use(of: value, as: builtIn.parameter(at: position))
    case .keyword(let name, _, let value):
      return builtIn.use(of: value, as: builtIn.parameter(ofKeyword: name))
    case .path: return builtIn.furtherNames == .controls ? .deferred : .evaluated
    case .generator: return .evaluated
    }
  }
}

extension BuiltIn {
  /// The parameter that an argument without a keyword gives.
  fileprivate func parameter(at position: Int) -> Parameter? {
    if position < positional.count { return positional[position] }
    return isVariadic || furtherNames == .columns ? positional.last : nil
  }

  /// The parameter that an argument with a keyword gives.
  fileprivate func parameter(ofKeyword name: String) -> Parameter? {
    if let parameter = parameter(named: name) { return parameter }
    switch furtherNames {
    case .keywords(let kind): return Parameter(name, kind)
    case .controls: return Parameter(name, .expression)
    case .none, .columns, .paths: return nil
    }
  }

  fileprivate func use(of argument: ExpressionSyntax, as parameter: Parameter?) -> ArgumentUse {
    switch parameter?.kind {
    case .word, .words: .word
    case .wordWithNumbers: .wordWithNumbers
    case .wholeOrWord(_, let word) where argument.isWord(word): .word
    case .expression: .deferred
    case .network where effect == .changesTheNetwork: .changed
    default: .evaluated
    }
  }
}

extension ExpressionSyntax {
  /// Whether this is the given word, bare or in quotes.
  package func isWord(_ word: String) -> Bool {
    switch kind {
    case .name(let name): name == word
    case .string(let text): text == word
    default: false
    }
  }
}

extension Interpreter {
  /// The names that statements read and write, with what the functions read and change that they mention, as these
  /// are defined now.
  package func dependencies(of statements: [StatementSyntax]) -> StatementNames {
    let calls = VocabularyCalls(vocabulary: vocabulary)
    return Dependencies(knowing: calls) { name in
      if case .function(.user(let function)) = self.memory[name] { function.syntax } else { nil }
    }.names(of: statements)
  }
}
