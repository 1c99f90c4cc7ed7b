import Language
import Networks
import Notation
import Syntax

/// The ways in which a text can go on, each a replacement of the text from `start` to `end`.
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

  /// What can stand at a place, out of what the session knows.
  package init(_ place: CodePosition, in snapshot: SymbolSnapshot) {
    // What stands behind the cursor is nobody's to take away.
    (start, end) = (place.wordStart, place.cursor)
    matches = []
    var prefix = place.prefix
    if let (backslash, name) = place.backslash {
      start = backslash
      matches = Self.characters(name)
      return
    }
    var candidates: [Match] = []
    if let string = place.openString {
      start = string.lowerBound
      prefix = place.text(string.lowerBound, place.cursor)
      candidates = Self.texts(beginningWith: prefix, at: place, in: snapshot)
    } else if let owner = place.owner {
      candidates = Self.members(of: owner, in: snapshot)
    } else if let setting = place.setting {
      candidates = Self.settings(setting.name)
    } else if let block = place.block, place.call == nil {
      candidates = Self.words(of: block, in: snapshot)
      // Where no word is asked for, a value is.
      if candidates.isEmpty {
        candidates = Self.names(snapshot, prefix).filter { $0.type != "keyword" }
      }
    } else {
      candidates = Self.arguments(place, in: snapshot) + Self.names(snapshot, prefix)
    }
    var seen: Set<String> = []
    matches = candidates.filter { $0.text.hasPrefix(prefix) && seen.insert($0.text).inserted }
  }

  // MARK: - Characters and texts

  private static func characters(_ name: String) -> [Match] {
    UnicodeInput.all.filter { $0.name.hasPrefix(name) }.map {
      Match(text: $0.text, type: "character", signature: "\\\($0.name)")
    }
  }

  /// What a text can be: a file's name, or one of the columns of a file.
  private static func texts(
    beginningWith prefix: String, at place: CodePosition, in snapshot: SymbolSnapshot
  ) -> [Match] {
    guard let call = place.call, let parameter = parameter(of: call, in: snapshot) else {
      return []
    }
    switch parameter.completion {
    case .fileName:
      return DataFile.names(beginningWith: prefix).map {
        Match(text: $0, type: $0.hasSuffix("/") ? "folder" : "file", signature: parameter.name)
      }
    case .fileColumn:
      let parts = call.text.split(separator: "\"", omittingEmptySubsequences: false)
      guard let file = parts.dropFirst().first else { return [] }
      return DataFile.columnNames(of: String(file)).map {
        Match(text: $0, type: "column", signature: String(file))
      }
    case .argumentColumn, nil: return []
    }
  }

  // MARK: - Members

  private static func members(of owner: CodePosition.Owner, in snapshot: SymbolSnapshot) -> [Match]
  {
    switch owner {
    case .path(let path):
      let names = path.count == 1 ? snapshot[path[0]]?.members : snapshot.value(path)?.memberNames
      return (names ?? []).map {
        Match(text: $0, type: "member", signature: "\(path.joined(separator: ".")).\($0)")
      }
    case .call(let name):
      guard snapshot[name] == nil, let result = snapshot.vocabulary.builtIn(named: name)?.result
      else {
        return []
      }
      return (result.members + result.columns).map {
        Match(text: $0, type: "member", signature: "\(name)(…).\($0)")
      }
    }
  }

  // MARK: - Arguments

  private static func parameter(of call: CodePosition.OpenCall, in snapshot: SymbolSnapshot)
    -> BuiltIn.Parameter?
  {
    guard let builtIn = snapshot.vocabulary.builtIn(named: call.name) else { return nil }
    if let keyword = call.keyword { return builtIn.parameter(named: keyword) }
    return Array(builtIn.positional).dropFirst(call.index).first
  }

  /// The keywords of the call around the cursor, or the words that a keyword takes.
  private static func arguments(_ place: CodePosition, in snapshot: SymbolSnapshot) -> [Match] {
    guard let call = place.call else { return [] }
    if let parameters = snapshot[call.name]?.parameters {
      guard call.keyword == nil else { return [] }
      return parameters.map {
        Match(text: "\($0.name) = ", type: "argument", signature: SourcePrinter.text(of: $0))
      }
    }
    guard let builtIn = snapshot.vocabulary.builtIn(named: call.name) else { return [] }
    if call.keyword != nil {
      return parameter(of: call, in: snapshot).map { words(of: $0, call, snapshot) } ?? []
    }
    return builtIn.parameters.flatMap { parameter -> [Match] in
      if case .word = parameter.kind, parameter.isRequired {
        return words(of: parameter, call, snapshot)
      }
      guard !parameter.isRequired else { return [] }
      return [
        Match(
          text: "\(parameter.name) = ", type: "argument",
          signature:
            "\(parameter.name) = \(parameter.fallback?.signatureText ?? parameter.fallback?.text ?? "")"
        )
      ]
    }
  }

  private static func words(
    of parameter: BuiltIn.Parameter, _ call: CodePosition.OpenCall, _ snapshot: SymbolSnapshot
  ) -> [Match] {
    if case .argumentColumn = parameter.completion {
      return columns(of: call, in: snapshot)
    }
    let words: [String] =
      switch parameter.kind {
      case .word(let words), .wordWithNumbers(let words), .words(let words): words
      case .wholeOrWord(_, let word): [word]
      case .boolean: ["true", "false"]
      default: []
      }
    return words.map { Match(text: $0, type: "word", signature: parameter.name) }
  }

  /// The columns of the records and datasets among a call's arguments.
  private static func columns(of call: CodePosition.OpenCall, in snapshot: SymbolSnapshot)
    -> [Match]
  {
    call.text.split(whereSeparator: { $0 == "," || $0 == " " }).flatMap { argument -> [Match] in
      let path = argument.split(separator: ".").map(String.init)
      guard let columns = snapshot.value(path)?.columnNames else { return [] }
      return columns.map { Match(text: $0, type: "column", signature: String(argument)) }
    }
  }

  // MARK: - Words

  /// The names that `set` takes, or the words of one of them.
  private static func settings(_ name: String?) -> [Match] {
    let words = name.map { Settings.words[$0] ?? [] } ?? Settings.names
    return words.map { Match(text: $0, type: "word", signature: name ?? "set") }
  }

  private static func words(of block: CodePosition.BlockPlace, in snapshot: SymbolSnapshot)
    -> [Match]
  {
    let vocabulary = snapshot.vocabulary
    /// The session's own functions of so many parameters come first.
    func words(_ type: String) -> [Match] {
      let parameters = ["activation": 1, "loss": 2][type]
      let own = snapshot.symbols.filter { parameters != nil && $0.parameters?.count == parameters }
      return own.map { Match(text: $0.name, type: type, signature: $0.summary) }
        + vocabulary.catalog.layerWords.filter { $0.type == type }.map {
          Match(text: $0.name, type: type, signature: $0.summary)
        }
    }
    switch block {
    case .statement(let isPerceptron):
      return vocabulary.keywords { $0.contains(isPerceptron ? .perceptron : .network) }.map {
        Match(text: $0.name, type: "keyword", signature: $0.usage)
      }
    case .argument(let word, let place, let keyword):
      guard let layer = vocabulary.catalog.layers[word] else { return [] }
      let kind =
        keyword.map { layer.arguments[$0]?.kind }
        ?? layer.positional.dropFirst(place).first.map(\.kind)
      if keyword != nil || place == 0, let kind { return self.words(of: kind, words) }
      return layer.positional.dropFirst(1).flatMap { self.words(of: $0.kind, words) }
        + layer.keywords.map {
          Match(text: "\($0.name) = ", type: "argument", signature: $0.summary)
        }
    case .setting(let keyword):
      return keyword == .loss ? words("loss") : keyword == .precision ? words("precision") : []
    }
  }

  /// The words that an argument of a layer may be.
  private static func words(
    of kind: LayerArgument.Kind, _ words: (String) -> [Match]
  ) -> [Match] {
    switch kind {
    case .activation: words("activation")
    case .initializer: words("initializer")
    case .biases, .parameters, .whole, .number, .numbers, .text:
      kind.words.map { Match(text: $0, type: "word", signature: "") }
    }
  }

  /// Everything that has a name: the session's first, then functions, constants and keywords.
  private static func names(_ snapshot: SymbolSnapshot, _ prefix: String) -> [Match] {
    snapshot.symbols.filter { $0.name.hasPrefix(prefix) }.map {
      Match(text: $0.name, type: $0.kind, signature: $0.summary)
    } + fixedNames(snapshot.vocabulary)
  }

  private static func fixedNames(_ vocabulary: Vocabulary) -> [Match] {
    vocabulary.builtIns.flatMap { builtIn in
      ([builtIn.name] + builtIn.aliases).map {
        Match(text: $0, type: "function", signature: builtIn.signature)
      }
    }
      + Constants.all.map { Match(text: $0.name, type: "constant", signature: $0.summary) }
      + Keyword.allCases.filter { !$0.isOnlyInBlocks }.map {
        Match(text: $0.rawValue, type: "keyword", signature: $0.usage)
      }
  }
}

extension Keyword {
  /// Whether it means something in the block of a network alone.
  var isOnlyInBlocks: Bool {
    places.allSatisfy { $0 == .network || $0 == .perceptron }
  }
}

extension Keyword {
  /// The options that may follow it.
  fileprivate var arguments: [(name: String, text: String)] {
    switch self {
    case .explain:
      ExplainOption.allCases.map { ("\($0.rawValue) = …", $0.summary) }
        + [("x = …", "the number, vector or matrix to put in for a name")]
    case .set: Settings.names.map { ("\($0) = …", Settings.meaning(of: $0)) }
    default: []
    }
  }
}

extension Settings {
  /// What a setting may be: its words, or a number.
  static func meaning(of name: String) -> String {
    words[name].map { $0.joined(separator: " | ") } ?? "a whole number"
  }
}

extension Vocabulary {
  /// A word that means something of its own where it can stand.
  struct KeywordEntry {
    let name: String
    let summary: String
    let usage: String
    /// What a layer computes.
    var formula: String?
    /// What a layer's line, or the rest of a statement, may say.
    var arguments: [(name: String, text: String)] = []
  }

  /// The keywords of the places that somebody wants, the layers behind the input.
  func keywords(where isWanted: ([Keyword.Place]) -> Bool) -> [KeywordEntry] {
    var entries: [KeywordEntry] = []
    for keyword in Keyword.allCases where isWanted(keyword.places) {
      entries.append(
        KeywordEntry(
          name: keyword.rawValue, summary: keyword.summary, usage: keyword.usage,
          arguments: keyword.arguments))
      guard keyword == .input, isWanted([.network]) else { continue }
      for layer in catalog.layers {
        entries.append(
          KeywordEntry(
            name: layer.name, summary: layer.summary, usage: layer.usage,
            formula: layer.formulas.joined(separator: "; "),
            arguments: layer.arguments.map { ($0.name, $0.summary) }))
      }
      let shipped = namedLayers
      for name in shipped.map(\.name).unique {
        let layers = shipped.filter { $0.name == name }
        entries.append(
          KeywordEntry(
            name: name, summary: layers[0].summary, usage: layers[0].usage,
            formula: layers.map(\.text).joined(separator: "\n\n")))
      }
    }
    return entries
  }
}

extension [String] {
  /// Each once, in the order in which they first occur.
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
