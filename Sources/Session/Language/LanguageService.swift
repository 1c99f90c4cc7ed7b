import Display
import Syntax

/// Completion, inspection and `is_complete`: functions of a text and a snapshot, for the language thread.
///
/// All positions count Unicode scalars, as the wire protocol does; a position beyond the text is clamped.
package enum LanguageService {
  package struct Completion: Sendable {
    package struct Match: Sendable, Equatable {
      package var text: String
      /// `function`, `variable`, `network`, `keyword`, `member`, `file`, `column`, `character`…
      package var type: String
      package var signature: String
    }
    package var matches: [Match]
    package var start: Int
    package var end: Int
  }

  package enum Completeness: Sendable, Equatable {
    case complete
    case incomplete(indent: String)
    case invalid
  }

  /// What can stand at a position of a text.
  package static func complete(_ source: String, at position: Int, in snapshot: SymbolSnapshot)
    -> Completion
  {
    let place = CodePosition(source, at: position)
    if let (start, name) = place.backslash {
      let matches = UnicodeInput.all.filter { $0.name.hasPrefix(name) }.map { entry in
        Completion.Match(
          text: entry.text, type: "character", signature: "\\\(entry.name)")
      }
      return Completion(matches: matches, start: start, end: place.cursor)
    }
    if place.openString != nil {
      return Completion(matches: [], start: place.cursor, end: place.cursor)
    }
    var candidates: [Completion.Match] = []
    if let owner = place.owner {
      candidates = (snapshot[owner]?.members ?? []).map {
        Completion.Match(text: $0, type: "member", signature: "\(owner).\($0)")
      }
    } else if let setting = place.setting {
      candidates = settings(setting.name)
    } else {
      candidates = arguments(place) + (place.isInNetworkBlock ? layerWords : []) + names(snapshot)
    }
    var seen: Set<String> = []
    let matches = candidates.filter { match in
      match.text.hasPrefix(place.prefix) && seen.insert(match.text).inserted
    }
    return Completion(matches: matches, start: place.wordStart, end: place.wordEnd)
  }

  /// The keywords of the call around the cursor, or the words that a keyword takes.
  private static func arguments(_ place: CodePosition) -> [Completion.Match] {
    guard let call = place.call, let builtIn = BuiltInRegistry.builtIn(named: call.name) else {
      return []
    }
    if let keyword = call.keyword {
      guard
        let parameter = builtIn.parameters.first(where: {
          $0.name == keyword || $0.aliases.contains(keyword)
        })
      else { return [] }
      let words: [String] =
        switch parameter.kind {
        case .word(let words): words
        case .wholeOrWord(_, let word): [word]
        default: []
        }
      return words.map { Completion.Match(text: $0, type: "word", signature: keyword) }
    }
    return builtIn.parameters.flatMap { parameter -> [Completion.Match] in
      if case .word(let words) = parameter.kind, parameter.isRequired {
        return words.map { Completion.Match(text: $0, type: "word", signature: parameter.name) }
      }
      guard !parameter.isRequired else { return [] }
      return [
        Completion.Match(
          text: "\(parameter.name) = ", type: "argument",
          signature: "\(parameter.name) = \(parameter.defaultText ?? "")")
      ]
    }
  }

  /// The names that `set` takes, or the words of one of them.
  private static func settings(_ name: String?) -> [Completion.Match] {
    let words =
      name.map { Settings.words[$0] ?? [] } ?? Settings.names
    return words.map { Completion.Match(text: $0, type: "word", signature: name ?? "set") }
  }

  /// Everything that has a name: the session's first, then functions, constants and keywords.
  private static func names(_ snapshot: SymbolSnapshot) -> [Completion.Match] {
    snapshot.symbols.map {
      Completion.Match(text: $0.name, type: $0.kind, signature: $0.summary)
    }
      + BuiltInRegistry.all.flatMap { builtIn in
        ([builtIn.name] + builtIn.aliases).map {
          Completion.Match(text: $0, type: "function", signature: builtIn.signature)
        }
      }
      + Constants.all.map {
        Completion.Match(text: $0.name, type: "constant", signature: $0.summary)
      }
      + Keyword.allCases.map {
        Completion.Match(text: $0.rawValue, type: "keyword", signature: $0.usage)
      }
  }

  private static let layerWords: [Completion.Match] =
    (Keyword.allCases.filter { $0.places.contains(.network) || $0.places.contains(.perceptron) }
    .map(\.rawValue) + ["W", "b", "init", "name"]).map {
      Completion.Match(text: $0, type: "keyword", signature: "")
    }
    + ActivationFunctions.layerWords.map {
      Completion.Match(text: $0.name, type: $0.type, signature: $0.summary)
    }

  /// The bundle that Shift-Tab shows, or nil when there is nothing to say. `detail` is 0 or 1.
  package static func inspect(
    _ source: String, at position: Int, detail: Int, in snapshot: SymbolSnapshot
  ) -> MIMEBundle? {
    let place = CodePosition(source, at: position)
    if !place.word.isEmpty, let page = HelpPage.page(for: place.word, in: snapshot) {
      return page.bundle
    }
    guard let call = place.call else { return nil }
    return HelpPage.page(for: call.name, in: snapshot)?.bundle
  }

  /// Whether a text can be run as it is, lacks an ending, or is wrong.
  package static func isComplete(_ source: String) -> Completeness {
    let program = Parser.parse(SourceText(source))
    if program.isIncomplete { return .incomplete(indent: program.indentation) }
    return program.diagnostics.isEmpty ? .complete : .invalid
  }
}
