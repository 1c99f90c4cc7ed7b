extension BuiltIn {
  /// What a parameter is where a call leaves it out. The call computes with it, and help, signature and completion
  /// say it: there is no other place for a default.
  package enum Default: Sendable {
    case number(Double)
    case truth(Bool)
    /// A bare word, such as `sgd`.
    case word(String)
    case text(String)
    /// What the function does without it, in words: "as given"; empty where there is nothing to say.
    case described(String)
    /// A number that another argument decides.
    case depending(Double, exceptions: [Exception])

    /// The number that takes the place of the usual one where another parameter is one of some words.
    package struct Exception: Sendable {
      package let parameter: String
      package let words: [String]
      package let number: Double

      package init(parameter: String, words: [String], number: Double) {
        self.parameter = parameter
        self.words = words
        self.number = number
      }
    }

    package static func whole(_ number: Int) -> Default { .number(Double(number)) }

    /// As help says it after "default": "0.1, with optimizer = adam 0.001".
    package var text: String {
      guard case .depending(let usual, let exceptions) = self else { return signatureText ?? words }
      let rest = exceptions.map { exception in
        ", with \(exception.parameter) = \(exception.words.joined(separator: " or ")) "
          + Interpreter.plain(exception.number)
      }
      return Interpreter.plain(usual) + rest.joined()
    }

    private var words: String { if case .described(let words) = self { words } else { "" } }

    /// As a signature has it behind `=`; nil for one that takes several words to say. Numbers that another argument decides
    /// between stand side by side: `0.1 | 0.001`.
    package var signatureText: String? {
      switch self {
      case .number(let number): return Interpreter.plain(number)
      case .truth(let flag): return flag ? "true" : "false"
      case .word(let word): return word
      case .text(let text): return "\"\(text)\""
      case .described(let words): return words.isEmpty || words.contains(" ") ? nil : words
      case .depending(let usual, let exceptions):
        return ([usual] + exceptions.map(\.number)).map(Interpreter.plain).joined(separator: " | ")
      }
    }

    /// The number that a call computes with, where `word` gives the words of its other arguments.
    package func number(_ word: (String) -> String?) -> Double? {
      switch self {
      case .number(let number): return number
      case .depending(let usual, let exceptions):
        let exception = exceptions.first { exception in
          word(exception.parameter).map(exception.words.contains) ?? false
        }
        return exception?.number ?? usual
      default: return nil
      }
    }
  }
}
