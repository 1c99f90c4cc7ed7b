import Display
import Language
import Networks
import Syntax

/// What there are pages of: names of the session, functions and commands, and every word and sign of the language.
extension HelpPage {
  /// The page of what stands at a place: the word there, else the sign, else the call around it.
  package static func page(at place: CodePosition, in snapshot: SymbolSnapshot) -> HelpPage? {
    let path = place.path
    if path.count > 1, let page = page(of: path, in: snapshot) { return page }
    if !place.word.isEmpty {
      if place.isKeyword, let call = place.call,
        let page = page(ofArgument: place.word, of: call.name, in: snapshot)
      {
        return page
      }
      if let page = page(for: place.word, in: snapshot) { return page }
    } else if let page = page(ofSignAt: place, in: snapshot) {
      return page
    }
    return place.call.flatMap { page(for: $0.name, in: snapshot) }
  }

  /// The page of a name, a word or a sign: of what it means first; nil when nothing is known of it.
  package static func page(for name: String, in snapshot: SymbolSnapshot) -> HelpPage? {
    pages(for: name, in: snapshot).first
  }

  /// A page for each of the things that a name means: `loss` is a function, and a word of a network.
  static func pages(for name: String, in snapshot: SymbolSnapshot) -> [HelpPage] {
    var pages: [HelpPage] = []
    if let symbol = snapshot[name] { pages.append(HelpPage(symbol, snapshot.settings)) }
    if let builtIn = snapshot.vocabulary.builtIn(named: name) { pages.append(HelpPage(builtIn)) }
    if let constant = Constants.all.first(where: { $0.name == name }) {
      pages.append(
        HelpPage(
          title: constant.name, kind: "constant", summary: constant.summary,
          preview: MIMEBundle(plain: "\(constant.value)")))
    }
    if let page = words(snapshot.vocabulary)[name] { pages.append(page) }
    guard pages.isEmpty else { return pages }
    return asides(snapshot.vocabulary)[name].map { [$0] } ?? []
  }

  // MARK: - Values

  private init(_ symbol: SymbolSnapshot.Symbol, _ settings: Settings) {
    self.init(
      title: symbol.name, kind: symbol.kind, summary: symbol.summary, members: symbol.members)
    describe(symbol.value, settings)
  }

  /// `u.new`, `d.X`: the value of a member.
  private static func page(of path: [String], in snapshot: SymbolSnapshot) -> HelpPage? {
    guard let value = snapshot.value(path) else { return nil }
    var page = HelpPage(
      title: path.joined(separator: "."), kind: value.kindName, summary: value.summary,
      members: value.memberNames)
    page.describe(value, snapshot.settings)
    return page
  }

  /// Adds what is to be said of a value of its kind.
  private mutating func describe(_ value: Value, _ settings: Settings) {
    switch value {
    case .scalar, .boolean, .array, .string:
      if let shape = value.shapeText, shape != "scalar" { summary = shape }
      preview = value.bundle(settings)
    case .function(.user(let function)):
      title = function.signature
      summary = "a function of your own"
      formula = function.bodyLine
      parameters = function.syntax.parameters.map { ($0.name, $0.kindText) }
    case .function(.builtIn(let builtIn)):
      let name = title
      self = HelpPage(builtIn)
      summary = "\(name) is \(builtIn.name): \(summary)"
    case .function(.formula(let formula)) where !formula.isSymbol:
      title = formula.signature
      summary = "\(formula.expression.shape.sizeText), of \(formula.parameters.kindsText)"
      self.formula = formula.expression.text
      parameters = formula.parameters.map { ($0.name, $0.kindText) }
    case .network: preview = value.bundle(settings)
    case .dataset(let dataset):
      summary = DatasetRecord(dataset).outline
      columns = DatasetRecord(dataset).columnNames
      if dataset.count <= Self.mostPreviewRows { preview = value.bundle(settings) }
    case .record(let record):
      columns = record.columnNames
      members = record.memberNames
      if record.rowCount <= Self.mostPreviewRows {
        preview = record.render(settings)
      } else {
        summary += ", \(record.rowCount) rows"
      }
    case .function, .expression: break
    case .list, .nothing: preview = MIMEBundle(plain: value.description)
    }
  }

  /// Records with more rows than these take too long to show while somebody types.
  private static let mostPreviewRows = 200

  // MARK: - Functions and arguments

  private init(_ builtIn: BuiltIn) {
    self.init(
      title: builtIn.signature, kind: builtIn.group.rawValue, summary: builtIn.summary,
      formula: builtIn.formula, parameters: builtIn.arguments,
      result: builtIn.result.text, members: builtIn.result.members,
      columns: builtIn.result.columns, example: builtIn.example)
  }

  /// A keyword of a call: `epochs` in `train(net, X, Y, epochs = 10)`.
  private static func page(
    ofArgument name: String, of function: String, in snapshot: SymbolSnapshot
  ) -> HelpPage? {
    if let parameter = snapshot[function]?.parameters?.first(where: { $0.name == name }) {
      return HelpPage(
        title: SourcePrinter.text(of: parameter), kind: "argument of \(function)",
        summary: parameter.kindText)
    }
    guard snapshot[function] == nil,
      let builtIn = snapshot.vocabulary.builtIn(named: function),
      let parameter = builtIn.parameter(named: name)
    else { return nil }
    return HelpPage(
      title: parameter.name, kind: "argument of \(builtIn.name)", summary: parameter.text,
      example: builtIn.example)
  }

  // MARK: - Words and signs

  /// The page of the longest operator that stands at the cursor or ends there.
  private static func page(ofSignAt place: CodePosition, in snapshot: SymbolSnapshot) -> HelpPage? {
    let words = words(snapshot.vocabulary)
    for start in [place.cursor, place.cursor - 1] where start >= 0 {
      for length in [2, 1] where start + length <= place.scalars.count {
        let sign = place.text(start, start + length)
        if let page = words[sign] { return page }
      }
    }
    return nil
  }

  /// The pages of words and signs that are neither values nor functions, by name.
  private static func words(_ vocabulary: Vocabulary) -> [String: HelpPage] {
    var pages: [String: HelpPage] = [:]
    func add(_ names: [String], _ page: HelpPage) {
      for name in names where pages[name] == nil { pages[name] = page }
    }
    for keyword in vocabulary.keywords(where: { _ in true }) {
      add(
        [keyword.name],
        HelpPage(
          title: keyword.name, kind: "keyword", summary: keyword.summary,
          formula: keyword.formula, parameters: keyword.arguments, example: keyword.usage))
    }
    for entry in OperatorEntry.all where !entry.symbol.isEmpty {
      add(
        [entry.symbol] + entry.symbol.split(separator: " ").map(String.init) + entry.alternatives,
        HelpPage(
          title: entry.usage, kind: "operator", summary: entry.summary, example: entry.usage))
    }
    for word in vocabulary.catalog.layerWords {
      add(
        [word.name],
        HelpPage(
          title: word.name, kind: "\(word.type) of a network",
          summary: word.summary.isEmpty ? word.name : word.summary, example: usage(of: word)))
    }
    for optimizer in vocabulary.catalog.optimizers {
      add(
        [optimizer.name],
        HelpPage(
          title: optimizer.name, kind: "optimizer",
          summary: optimizer.summary
            + "; learning_rate \(Interpreter.plain(optimizer.defaultLearningRate)) by default"
            + optimizer.coefficients.map { ", \($0.name) = \($0.text)" }.joined(),
          formula: optimizer.formula,
          example: "train(net, X, Y, optimizer = \(optimizer.notation))"))
    }
    for generator in vocabulary.catalog.datasets {
      add(
        [generator.name],
        HelpPage(
          title: generator.name, kind: "dataset", summary: generator.summary,
          example: generator.form.map { "dataset(\(generator.name), as = \($0.name))" }
            ?? "dataset(\(generator.name))"))
    }
    return pages
  }

  /// How a word of a network is written there.
  private static func usage(of word: (name: String, type: String, summary: String)) -> String {
    switch word.type {
    case "activation": "dense 8, \(word.name)"
    case "initializer": "dense 8, relu, init = \(word.name)"
    default: "\(word.type) \(word.name)"
    }
  }

  /// The pages of what stands only with something else: settings, arguments and keywords of layers.
  private static func asides(_ vocabulary: Vocabulary) -> [String: HelpPage] {
    var pages: [String: HelpPage] = [:]
    func add(_ names: [String], _ page: HelpPage) {
      for name in names where pages[name] == nil { pages[name] = page }
    }
    for kind in ParameterSyntax.Kind.allCases {
      let sizes = ["n", "m, n"][..<kind.sizeCounts.lowerBound].last.map { "(\($0))" } ?? ""
      add(
        [kind.rawValue],
        HelpPage(
          title: kind.rawValue, kind: "kind of parameter", summary: kind.summary,
          example: "f(x: \(kind.rawValue)\(sizes)) = …"))
    }
    for name in Settings.names {
      add(
        [name],
        HelpPage(
          title: name, kind: "setting",
          summary: Settings.meaning(of: name),
          example: "set \(name) = \(Settings.words[name]?[0] ?? "4")"))
    }
    for layer in vocabulary.catalog.layers {
      for keyword in layer.keywords {
        let words = keyword.kind.words.map { String($0.prefix { $0 != "(" }) }
        add(
          keyword.names + words,
          HelpPage(
            title: keyword.name, kind: "keyword of a layer", summary: keyword.summary,
            example: "\(layer.usage), \(keyword.name) = \(keyword.kind.words.last ?? "…")"))
      }
    }
    add(
      ["per", "entry"],
      HelpPage(
        title: "per", kind: "keyword of a loss",
        summary: "entry: the mean over the outputs too; example: over the examples alone",
        example: "loss mse(per = entry)"))
    // Arguments by themselves, such as η: what they are in the first function that takes them.
    for builtIn in vocabulary.builtIns {
      for parameter in builtIn.parameters where !parameter.isRequired {
        add(
          [parameter.name] + parameter.aliases,
          HelpPage(
            title: parameter.name, kind: "argument of \(builtIn.name)", summary: parameter.text,
            example: builtIn.example))
      }
    }
    return pages
  }
}

extension BuiltIn {
  /// What a call takes: its parameters, then what may be given under other names.
  var arguments: [(name: String, text: String)] {
    let further: (name: String, text: String)? =
      switch furtherNames {
      case .none: nil
      case .columns: ("name = …", "a column under this name")
      case .paths: ("W[2][1,3] = …", "a parameter of the network, and what it becomes")
      case .keywords: ("x = …", "what a name in it stands for")
      case .controls:
        (
          "name = …",
          "what moves: a:b or a:step:b for a slider, a list for a menu, true or false for a tick; also W[2][1,3] = …"
        )
      }
    return parameters.map { ($0.name, $0.text) } + (further.map { [$0] } ?? [])
  }
}

extension BuiltIn.Parameter {
  /// What an argument may be, in a few words.
  package var text: String {
    let kindText =
      switch kind {
      case .any: "a value"
      case .scalar: "a number"
      case .whole(let least): "a whole number from \(least)"
      case .wholeOrWord(let least, let word): "a whole number from \(least), or \(word)"
      case .numbers: "a number, vector or matrix"
      case .examples: "a vector for one example, a matrix with one example a row, or a dataset"
      case .targets: "the targets, one example a row; left out when X is a dataset"
      case .vector: "a vector"
      case .matrix: "a matrix"
      case .text: "a text"
      case .boolean: "true or false"
      case .network: "a network"
      case .networkOrFunction: "a network, or a function"
      case .word(let words), .wordWithNumbers(let words), .words(let words):
        words.joined(separator: " | ")
      case .rates: "a number, a vector with one number a layer, or a function of the epochs so far"
      case .expression: "an expression"
      }
    var text = kindText
    if let fallback, !fallback.text.isEmpty { text += "; default \(fallback.text)" }
    // What says more than its kind does.
    if kindText == "a value" || usage.contains(", which") { text += "; \(usage)" }
    if !aliases.isEmpty { text += "; also \(aliases.joined(separator: ", "))" }
    return text
  }
}

extension ParameterSyntax {
  /// What an argument may be: "a scalar", "a matrix of m × n".
  fileprivate var kindText: String {
    guard !sizes.isEmpty else { return "a \(kind.rawValue)" }
    return "a \(SourcePrinter.text(of: self).split(separator: ":").last?.drop { $0 == " " } ?? "")"
  }
}
