import JSONText
import Language
import Networks

/// The names that an editor colours, by what they are: what the registries hold, for the modes of editors.
package enum EditorNames {
  /// Functions, constants, the words of a network block, those that can follow `keyword =` and those that can be a
  /// function's first argument.
  package static func json(_ vocabulary: Vocabulary) -> JSONObject {
    func words(_ type: String) -> [String] {
      vocabulary.catalog.layerWords.filter { $0.type == type }.map(\.name)
    }
    var choices: [(name: String, words: [String])] = [("init", words("initializer"))]
    var firstArguments: [(name: String, words: [String])] = []
    for builtIn in vocabulary.builtIns {
      for (place, parameter) in builtIn.parameters.enumerated() {
        let words = parameter.kind.words
        guard !words.isEmpty else { continue }
        if let known = choices.firstIndex(where: { $0.name == parameter.name }) {
          choices[known].words += words.filter { !choices[known].words.contains($0) }
        } else {
          choices.append((parameter.name, words))
        }
        if place == 0 { firstArguments += builtIn.names.map { ($0, words) } }
      }
    }
    return [
      "functions": list(vocabulary.builtIns.flatMap(\.names)),
      "constants": list(Constants.all.map(\.name)),
      "activations": list(words("activation")), "losses": list(words("loss")),
      "layers": list(vocabulary.layerWords.map(\.name)),
      "precisions": list(words("precision")), "choices": lists(choices),
      "firstArguments": lists(firstArguments),
    ]
  }

  private static func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }

  private static func lists(_ entries: [(name: String, words: [String])]) -> JSONValue {
    .object(JSONObject(entries.map { (name: $0.name, value: list($0.words)) }))
  }
}

extension BuiltIn {
  fileprivate var names: [String] { [name] + aliases }
}

extension BuiltIn.Parameter.Kind {
  /// The bare words that an argument can be.
  fileprivate var words: [String] {
    switch self {
    case .word(let words), .wordWithNumbers(let words), .words(let words): words
    case .wholeOrWord(_, let word): [word]
    default: []
    }
  }
}
