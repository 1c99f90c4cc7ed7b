/// `network` and `perceptron` blocks.
extension CellParser {
  /// `network = "network" name "{" { item ( newline | ";" ) } "}"`
  mutating func parseNetwork() throws(ParseFailure) -> StatementSyntax {
    let start = position
    let (named, draft) = try parseItems(of: .network)
    if draft.layers.isEmpty, !draft.isBroken {
      report(
        "network \(quoted(named)) has no layer", at: named.span,
        label: "expected a layer",
        help: "write for example `dense 1, sigmoid` in its block")
    }
    guard let input = draft.input, !draft.layers.isEmpty else { throw .statement }
    let network = NetworkSyntax(
      name: name(named), nameSpan: named.span, input: input, layers: draft.layers,
      loss: draft.settings[.loss], seed: draft.settings[.seed],
      precision: draft.settings[.precision], span: span(from: start))
    return StatementSyntax(.network(network), network.span)
  }

  /// `perceptron = "perceptron" name "{" { item ( newline | ";" ) } "}"`
  mutating func parsePerceptron() throws(ParseFailure) -> StatementSyntax {
    let start = position
    let (named, draft) = try parseItems(of: .perceptron)
    guard let input = draft.input else { throw .statement }
    let perceptron = PerceptronSyntax(
      name: name(named), nameSpan: named.span, input: input, threshold: draft.settings[.threshold],
      isStrict: draft.seen.contains(.strict), outputs: draft.outputs, options: draft.options,
      span: span(from: start))
    return StatementSyntax(.perceptron(perceptron), perceptron.span)
  }

  /// What has been read of a block.
  struct BlockDraft {
    var input: NetworkSyntax.Input?
    var layers: [NetworkSyntax.Layer] = []
    var settings: [Keyword: ExpressionSyntax] = [:]
    /// Those of a perceptron, and what its block gives by name.
    var outputs: [ExpressionSyntax] = []
    var options: [ArgumentSyntax] = []
    var seen: Set<Keyword> = []
    /// An item was given up, so that what is missing may only be unread.
    var isBroken = false
  }

  private mutating func parseItems(of owner: Keyword) throws(ParseFailure) -> (Token, BlockDraft) {
    advance()
    let named = token
    guard kind == .word else {
      throw failure(
        "this \(owner.rawValue) has no name", at: named.span, label: "expected a name",
        help: "write `\(owner.rawValue) Name { … }`")
    }
    advance()
    if kind == .leftParenthesis || kind == .equal {
      throw failure(
        "a \(owner.rawValue) is described in a block", at: token.span, label: "expected `{`",
        help: "write `\(owner.usage)`")
    }
    try expectBrace(of: owner.rawValue)
    let draft = try bracketed(newlineEnds: true, closing: .rightBrace) {
      (parser) throws(ParseFailure) in
      var draft = BlockDraft()
      try parser.parseItems(of: owner, into: &draft)
      return draft
    }
    if draft.input == nil, !draft.isBroken {
      report(
        "\(owner.rawValue) \(quoted(named)) has no input", at: named.span,
        label: "expected `input` in its block", help: "write for example `input 2`")
    }
    return (named, draft)
  }

  private mutating func parseItems(of owner: Keyword, into draft: inout BlockDraft)
    throws(ParseFailure)
  {
    while true {
      while token.kind == .semicolon { advance() }
      if token.kind == .endOfText || token.kind == .rightBrace { return }
      if diagnostics.count >= Lexer.diagnosticLimit { throw .cell }
      continueLine()
      let start = position
      let outer = openBrackets.count
      do throws(ParseFailure) {
        try parseItem(of: owner, into: &draft)
        if !endsStatement(kind) { throw itemEndFailure() }
      } catch .cell {
        throw .cell
      } catch {
        draft.isBroken = true
        skipStatement(from: start, outer: outer)
      }
      if position == start { advance() }
    }
  }

  private mutating func parseItem(of owner: Keyword, into draft: inout BlockDraft)
    throws(ParseFailure)
  {
    let word = token
    let allowed = Keyword.allCases.filter {
      owner == .residual
        ? $0 == .residual : $0.places.contains(owner == .network ? .network : .perceptron)
    }
    let layer = owner == .perceptron ? nil : layerWord(word)
    let item = word.keyword.flatMap { allowed.contains($0) ? $0 : nil }
    if owner == .perceptron, kind == .word, item == nil, kindAfter == .equal {
      draft.options.append(try parseKeywordArgument())
      return
    }
    guard kind == .word, let usage = layer?.usage ?? item?.usage else {
      throw unknownItem(word, in: owner, allowed: allowed)
    }
    advance()
    if kind == .equal {
      report(
        "\(quoted(word)) takes no `=`", at: token.span, label: "leave it out",
        help: "write `\(usage)`")
      advanceOverOperator()
    }
    if kind == .leftParenthesis, let failure = calledItem(word) { throw failure }
    if endsStatement(kind), layer?.required != 0, item != .strict {
      if kind == .endOfText {
        throw endingFailure("\(quoted(word)) needs a value", label: "missing")
      }
      throw failure(
        "\(quoted(word)) needs a value", at: behindPrevious, label: "nothing follows",
        help: "write for example `\(usage)`")
    }
    if let layer {
      draft.layers.append(try parseLayer(word, layer))
      return
    }
    guard let item else { return }
    if item == .residual {
      draft.layers.append(try parseResidual(word))
      return
    }
    if !draft.seen.insert(item).inserted {
      report(
        "\(quoted(word)) is given twice", at: word.span, label: "the second time",
        help: "a \(owner.rawValue) has one; remove the other")
    }
    switch item {
    case .input: draft.input = try parseInput()
    case .strict: break
    case .outputs: draft.outputs = try parseOutputs()
    default: draft.settings[item] = try parseExpression()
    }
    if item == .loss, kind == .word, !token.newlineBefore {
      throw failure(
        "a loss is a name or a function", at: token.span, label: "no factor stands before it",
        help: "write `loss half_squared_error` for ½Σ(a − y)², or a function of your own: "
          + "`f(y, a) = (y - a)^2/2`, then `loss f`")
    }
  }

  /// `outputs = "outputs" expression "," expression`
  private mutating func parseOutputs() throws(ParseFailure) -> [ExpressionSyntax] {
    let low = try parseExpression()
    guard kind == .comma else {
      throw failure(
        "a perceptron has two outputs", at: low.span, label: "one is missing",
        help: "write `outputs -1, 1`")
    }
    advanceOverOperator()
    return [low, try parseExpression()]
  }

  /// `input = "input" ( expression | name "," name { "," name } )`
  private mutating func parseInput() throws(ParseFailure) -> NetworkSyntax.Input {
    let start = position
    let first = try parseExpression()
    guard case .name(let firstName) = first.kind, kind == .comma else {
      return .size(first, span(from: start))
    }
    var names = [firstName]
    while kind == .comma {
      advanceOverOperator()
      guard kind == .word else {
        if kind == .invalid { throw .statement }
        throw failure(
          "an input is a name", at: endsStatement(kind) ? behindPrevious : token.span,
          label: "expected a name", help: "write `input 4`, or `input x1, x2, x3, x4`")
      }
      let next = name(token)
      if names.contains(next), names.count < 1000 {
        report("two inputs are called `\(next)`", at: token.span, label: "the second one")
      }
      names.append(next)
      advance()
    }
    return .names(names, span(from: start))
  }

  /// What is known of the layer that a word begins; nil for another word.
  func layerWord(_ word: Token) -> LayerWord? {
    guard word.kind == .word, !layers.isEmpty else { return nil }
    let name = name(word)
    return layers.last { $0.name == name }
  }

  /// `layer = word [ argument { "," argument } ]`, `argument = expression | name "=" expression`
  private mutating func parseLayer(_ word: Token, _ layer: LayerWord) throws(ParseFailure)
    -> NetworkSyntax.Layer
  {
    let start = position - 1
    var values: [ExpressionSyntax] = []
    var options: [ArgumentSyntax] = []
    var names: Set<String> = []
    while kind == .comma || values.isEmpty && options.isEmpty && !endsStatement(kind) {
      if kind == .comma { advanceOverOperator() }
      if kind == .word, kindAfter == .equal {
        let option = token
        options.append(try parseKeywordArgument())
        if !names.insert(name(option)).inserted {
          report("\(quoted(option)) is given twice", at: option.span, label: "the second time")
        }
        continue
      }
      if endsStatement(kind) {
        if kind == .endOfText {
          throw endingFailure("the layer is not finished", label: "nothing follows the comma")
        }
        throw missingAfterComma("an option of the layer")
      }
      let value = try parseExpression()
      guard values.count < layer.positions.count, options.isEmpty else {
        let missing = layer.positions.dropFirst(values.count).first
        throw failure(
          "a layer has \(layer.form)", at: value.span,
          label: missing.map { "\($0) stands before the options" } ?? "one too many",
          help: "options are \(layer.options.map { "`\($0)`" }.joined(separator: ", "))")
      }
      values.append(value)
    }
    return NetworkSyntax.Layer(
      word: layer.name, wordSpan: word.span, values: values, options: options,
      span: span(from: start))
  }

  /// `residual = "residual" "{" { layer ( newline | ";" ) } "}"`
  private mutating func parseResidual(_ word: Token) throws(ParseFailure) -> NetworkSyntax.Layer {
    let start = position - 1
    try expectBrace(of: "residual")
    let inner = try bracketed(newlineEnds: true, closing: .rightBrace) {
      (parser) throws(ParseFailure) in
      var draft = BlockDraft()
      try parser.parseItems(of: .residual, into: &draft)
      return draft
    }
    if inner.layers.isEmpty, !inner.isBroken {
      report(
        "this residual has no layer", at: word.span, label: "its block is empty",
        help: "write for example `\(Keyword.residual.usage)`")
    }
    return NetworkSyntax.Layer(
      word: Keyword.residual.rawValue, wordSpan: word.span, values: [], options: [],
      inner: inner.layers, span: span(from: start))
  }

  private mutating func unknownItem(_ word: Token, in owner: Keyword, allowed: [Keyword])
    -> ParseFailure
  {
    if word.kind == .invalid { return .statement }
    var names = allowed.map(\.rawValue)
    // A perceptron takes the options of the layer that it is.
    if owner == .perceptron { names += layers.first?.options ?? [] }
    // Layers are named behind the input, where they stand.
    if owner != .perceptron {
      names.insert(
        contentsOf: layers.filter { !$0.isFunction }.map(\.name), at: min(1, names.count))
    }
    var once: [String] = []
    for name in names where !once.contains(name) { once.append(name) }
    let listed = once.map { "`\($0)`" }.joined(separator: ", ")
    var help: String?
    if word.kind == .word {
      let spelled = text(of: word)
      switch spelled {
      case "Dense", "layer", "hidden", "output", "linear", "Linear", "fc": help = "dense"
      case "Input", "inputs": help = "input"
      case "activation":
        return failure(
          "an activation stands in its layer", at: word.span, label: "not an item of a network",
          help: "write `dense 8, relu`")
      default: help = Spelling.nearest(to: spelled, in: names)
      }
    }
    return failure(
      "\(quoted(word)) is not an item of a \(owner.rawValue)", at: word.span,
      label: help.map { "did you mean `\($0)`?" } ?? "unknown here",
      help: "its block holds \(listed)")
  }

  /// `dense(3, relu)`, or nil where the parenthesis is only a part of the value.
  private mutating func calledItem(_ word: Token) -> ParseFailure? {
    let match = Int(token.match)
    guard match > position + 1, match + 1 < tokens.count, !token.spaceBefore else { return nil }
    let next = tokens[match + 1]
    guard next.newlineBefore || endsStatement(next.kind),
      tokens[position..<match].contains(where: { $0.kind == .comma || $0.kind == .equal })
    else { return nil }
    let inside = SourceSpan(Int(token.end), Int(tokens[match].start))
    return failure(
      "\(quoted(word)) is not called with parentheses", at: token.span, label: "leave them out",
      help: "write `\(text(of: word)) \(shortText(inside))`")
  }

  private mutating func itemEndFailure() -> ParseFailure {
    if kind == .comma {
      return failure(
        "only layers take more than one value here", at: token.span,
        label: "a second one begins",
        help:
          "write `input 4`, `input x1, x2`, or `input matrix(3, 4)` where an example is a matrix; every item stands on a line of its own, or behind `;`"
      )
    }

    if kind == .word,
      tokens[0..<position].last(where: { $0.newlineBefore || $0.keyword == .loss })?
        .keyword == .loss
    {
      return failure(
        "a loss is one name", at: token.span, label: "a factor has no place before it",
        help: "half the squared error is `loss half_squared_error`; or a function of one's own: "
          + "`f(y, a) = (y - a)^2/2`, then `loss f`")
    }
    if kind == .word, previous.kind == .number || previous.kind == .word {
      return failure(
        "a comma is missing", at: token.span, label: "expected `,` before it",
        help: layers.first.map { "write for example `\($0.usage)`" })
    }
    return missingOperatorFailure(.statement)
  }

  /// `seed 7` and its like outside of a block.
  mutating func misplacedNetworkItem() -> ParseFailure {
    let word = token
    let owner = word.keyword == .threshold ? "perceptron" : "network"
    let help =
      word.keyword == .seed
      ? "write `set seed = \(kindAfter == .number ? text(of: tokenAt(1)) : "7")` for the session's random numbers"
      : "write `\(owner) Name { … }` around it"
    return failure(
      "\(quoted(word)) stands in the block of a \(owner)", at: word.span,
      label: "no \(owner) is open here", help: help)
  }
}
