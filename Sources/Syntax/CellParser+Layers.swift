/// `layer` definitions, and what only their lines hold.
extension CellParser {
  /// `layer = "layer" name "(" input { "," name [ "=" expression ] } ")" body`
  mutating func parseLayerDefinition() throws(ParseFailure) -> StatementSyntax {
    let start = position
    advance()
    let named = token
    advance()
    guard kind == .leftParenthesis else {
      throw failure(
        "the layer \(quoted(named)) does not say what comes in", at: token.span,
        label: "expected `(`", help: "write `layer \(text(of: named))(X: matrix(t, d), k) { … }`")
    }
    let head = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
      (parser) throws(ParseFailure) in try parser.parseHead(of: named)
    }
    if kind == .equal {
      throw failure(
        "the lines of a layer stand in a block", at: token.span, label: "leave the `=` out",
        help: "write `layer \(text(of: named))(…) { … }`")
    }
    try expectBrace(of: text(of: named))
    let outer = isInLayer
    isInLayer = true
    defer { isInLayer = outer }
    let body: BodySyntax
    do throws(ParseFailure) {
      body = try parseBody(of: named)
    } catch {
      // Networks that use it are not to blame.
      layers.append(LayerSyntax.word(name(named), head.options))
      throw error
    }
    let layer = LayerSyntax(
      name: name(named), nameSpan: named.span, input: head.input, options: head.options,
      body: body, span: span(from: start))
    layers.append(layer.word)
    return StatementSyntax(.layer(layer), layer.span)
  }

  private mutating func parseHead(of layer: Token) throws(ParseFailure)
    -> (input: LayerSyntax.Input, options: [LayerSyntax.Option])
  {
    guard kind == .word else {
      throw failure(
        "the layer \(quoted(layer)) has no name for what comes in", at: token.span,
        label: "expected a name", help: "write `layer \(text(of: layer))(X: matrix(t, d)) { … }`")
    }
    let input = try parseLayerInput()
    var options: [LayerSyntax.Option] = []
    while kind == .comma {
      advance()
      guard kind == .word else {
        if kind == .rightParenthesis { throw missingAfterComma("an option of the layer") }
        if kind == .endOfText { throw unclosedFailure() }
        throw failure("an option of a layer is a name", at: token.span, label: "expected a name")
      }
      let option = token
      advance()
      if kind == .colon {
        throw failure(
          "\(quoted(option)) has a kind, but it is given where the layer is used", at: token.span,
          label: "no kind here",
          help: "only what comes in has one: `\(text(of: layer))(X: matrix(t, d), k)`")
      }
      var fallback: ExpressionSyntax?
      if kind == .equal {
        advanceOverOperator()
        fallback = try parseExpression()
      }
      if options.contains(where: { $0.name == name(option) }) || input.name == name(option) {
        report("\(quoted(option)) is there twice", at: option.span, label: "the second one")
      }
      options.append(
        LayerSyntax.Option(name: name(option), fallback: fallback, span: option.span))
    }
    return (input, options)
  }

  private mutating func parseLayerInput() throws(ParseFailure) -> LayerSyntax.Input {
    let start = position
    let word = token
    advance()
    guard kind == .colon else {
      return LayerSyntax.Input(
        name: name(word), kind: nil, sizes: [], span: span(from: start))
    }
    advance()
    let names = LayerSyntax.Input.Kind.allCases.map(\.rawValue)
    let choices = "\(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])"
    guard kind == .word, let found = LayerSyntax.Input.Kind(rawValue: text(of: token)) else {
      if kind == .endOfText { throw unclosedFailure() }
      throw failure(
        "what comes into a layer is a \(choices)", at: token.span, label: "expected one of these",
        help: kind == .word
          ? Spelling.nearest(to: text(of: token), in: names).map { "did you mean `\($0)`?" } : nil)
    }
    let kindToken = token
    advance()
    var sizes: [ParameterSyntax.Size] = []
    if kind == .leftParenthesis {
      sizes = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
        (parser) throws(ParseFailure) in try parser.parseSizes()
      }
      if !found.sizeCounts.contains(sizes.count) {
        report(
          "a \(found.rawValue) has \(found == .vector ? "one size" : found == .matrix ? "two sizes" : "at least \(found.sizeCounts.lowerBound)")",
          at: kindToken.span.joined(with: previous.span), label: "\(sizes.count) given",
          help:
            "write `\(found == .vector ? "vector(n)" : found == .matrix ? "matrix(t, d)" : found == .array ? "array(c, h, w)" : "batch(m, n)")`"
        )
      }
    }
    return LayerSyntax.Input(
      name: name(word), kind: found, sizes: sizes, span: span(from: start))
  }

  /// `parameters = "parameter" name { "," name } [ ":" kind [ "(" sizes ")" ] ] [ "=" expression ] { "," … }`
  ///
  /// Names that stand together share the kind and the start behind the last.
  mutating func parseLayerParameters() throws(ParseFailure) -> StatementSyntax {
    let start = position
    advance()
    var parameters: [LayerParameterSyntax] = []
    var open: [Token] = []
    while true {
      guard kind == .word else {
        if kind == .endOfText {
          throw endingFailure("a parameter is missing", label: "nothing follows")
        }
        throw failure(
          "a parameter is a name", at: endsStatement(kind) ? behindPrevious : token.span,
          label: "expected a name", help: "write `\(Keyword.parameter.usage)`")
      }
      open.append(token)
      advance()
      var sizes: [ExpressionSyntax]?
      var value: ExpressionSyntax?
      if kind == .colon {
        advance()
        sizes = try parseParameterKind()
      }
      if kind == .equal {
        advanceOverOperator()
        value = try parseExpression()
      }
      if sizes != nil || value != nil || kind != .comma {
        for word in open {
          parameters.append(
            LayerParameterSyntax(
              name: name(word), nameSpan: word.span, sizes: sizes ?? [], start: value))
        }
        open = []
      }
      guard kind == .comma else { break }
      advanceOverOperator()
    }
    return StatementSyntax(.parameters(parameters), span(from: start))
  }

  /// `vector(k)`, `matrix(d, k)`, `array(f, c, h, w)`: the sizes.
  private mutating func parseParameterKind() throws(ParseFailure) -> [ExpressionSyntax] {
    let kinds = ["scalar": 0, "vector": 1, "matrix": 2, "array": 3]
    guard kind == .word, let rank = kinds[text(of: token)] else {
      if kind == .endOfText {
        throw endingFailure("a kind is missing", label: "nothing follows `:`")
      }
      throw failure(
        "a parameter of a layer is a scalar, vector, matrix or array", at: token.span,
        label: "expected one of these",
        help: kind == .word
          ? Spelling.nearest(to: text(of: token), in: kinds.keys.sorted()).map {
            "did you mean `\($0)`?"
          } : nil)
    }
    let word = token
    advance()
    guard kind == .leftParenthesis else {
      if rank == 0 { return [] }
      throw failure(
        "the sizes of this \(text(of: word)) are missing", at: behindPrevious,
        label: "expected `(`", help: "write `\(Keyword.parameter.usage)`")
    }
    let sizes = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
      (parser) throws(ParseFailure) in
      var sizes = [try parser.parseExpression()]
      while parser.kind == .comma {
        parser.advanceOverOperator()
        sizes.append(try parser.parseExpression())
      }
      return sizes
    }
    guard rank < 3 ? sizes.count == rank : sizes.count >= 1 && sizes.count <= 7 else {
      throw failure(
        "a \(text(of: word)) has \(rank == 1 ? "one size" : rank == 2 ? "two sizes" : "up to seven sizes")",
        at: word.span.joined(with: previous.span), label: "\(sizes.count) given")
    }
    return sizes
  }

  /// `running = "running" name [ "=" expression ] { "," name [ "=" expression ] }`
  mutating func parseRunning() throws(ParseFailure) -> StatementSyntax {
    let start = position
    advance()
    var quantities: [RunningSyntax] = []
    while true {
      guard kind == .word else {
        if kind == .endOfText {
          throw endingFailure("a quantity is missing", label: "nothing follows")
        }
        throw failure(
          "a running quantity is a name", at: endsStatement(kind) ? behindPrevious : token.span,
          label: "expected a name", help: "write `\(Keyword.running.usage)`")
      }
      let word = token
      advance()
      var value: ExpressionSyntax?
      if kind == .equal {
        advanceOverOperator()
        value = try parseExpression()
      }
      quantities.append(RunningSyntax(name: name(word), nameSpan: word.span, start: value))
      guard kind == .comma else { break }
      advanceOverOperator()
    }
    return StatementSyntax(.running(quantities), span(from: start))
  }
}
