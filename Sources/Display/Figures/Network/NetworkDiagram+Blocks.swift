import Notation

extension NetworkDiagram {
  /// The network as boxes, one a layer, in rows as wide as the page.
  func blocks(numbers: NumberFormat) -> Drawing {
    let heading = Heading(title)
    let chain = BlockChain(blockContents(numbers), top: heading.height)
    var canvas = SVGCanvas()
    heading.draw(on: &canvas)
    let width = max(chain.width, heading.width)
    let pass = pass
    let largest = strengths.compactMap { $0 }.max() ?? 0
    for (index, link) in chain.links.enumerated() {
      let strength = strengths.indices.contains(index) ? strengths[index] : nil
      link.draw(
        isBackward: pass == .gradients,
        part: strength.map { largest > 0 ? $0 / largest : 0 }, on: &canvas)
    }
    for block in chain.blocks { block.draw(on: &canvas) }
    var bottom = chain.bottom + 8
    for note in blockNotes {
      let style = TextStyle(size: 14, color: Palette.mutedInk)
      for line in style.wrapped(note, width: width - 2 * NetworkLayout.margin) {
        bottom += style.size * 1.4
        canvas.text(line, at: Point(NetworkLayout.margin, bottom), style)
      }
    }
    return canvas.document(
      width: width, height: bottom + 14, title: title.isEmpty ? "Network" : title.text,
      description: text(numbers: numbers))
  }

  private var blockNotes: [SymbolText] {
    switch pass {
    case .weights: []
    case .gradients:
      ["‖ ‖ is the root of the sum of all squares; the wider an arrow, the larger it is"]
    case .changes: ["The wider an arrow, the more the largest change of its weights"]
    }
  }

  /// How much the lines into each layer carry: the norm of their gradients, or the largest change. Of as many layers as
  /// there are boxes.
  private var strengths: [Double?] {
    let all = connections.map { connection -> Double? in
      switch pass {
      case .weights: return nil
      case .gradients:
        let norms = connection.gradientNorms.compactMap(\.value)
        if !norms.isEmpty { return norms.norm }
        return connection.hasValues ? connection.gradients?.weights.storage.norm : nil
      case .changes: return strength(ofChange: connection)
      }
    }
    return BlockChain.shown(all)?.map { $0 ?? nil } ?? all
  }

  private func blockContents(_ numbers: NumberFormat) -> [BlockChain.Content] {
    var contents = layers.indices.map { content(of: $0, numbers) }
    if let shown = BlockChain.shown(contents) {
      let gap = BlockChain.Content(
        title: .words("… \(layers.count - shown.count + 1) more layers"), lines: [], units: 0)
      contents = shown.map { $0 ?? gap }
    }
    if let loss {
      let lines = loss.lines(numbers)
      contents.append(.init(title: lines[0], lines: lines.dropFirst().map { .plain($0) }, units: 0))
    }
    return contents
  }

  private func content(of index: Int, _ numbers: NumberFormat) -> BlockChain.Content {
    let layer = layers[index]
    var lines: [BlockChain.Line] = layer.caption.isEmpty ? [] : [.muted(layer.caption)]
    if index > 0 {
      let connection = connections[index - 1]
      let shapes = connection.shapes ?? connection.ownShapes
      if !shapes.isEmpty {
        lines.append(.plain(.sequence(Array(shapes.map { [$0] }.joined(separator: [", "])))))
      }
      if holdsArrays, let count = connection.count, count > 0 {
        lines.append(.plain(.words(Self.counted(count))))
      }
      let isBack = pass == .gradients
      lines += strengthLines(connection, numbers).map { isBack ? .gradient($0) : .plain($0) }
    }
    if let text = values(of: layer, numbers) { lines.append(.plain(text)) }
    return BlockChain.Content(
      title: layer.title, lines: lines, units: layer.nodes.count, curve: layer.curve,
      sizes: layer.sizes, maps: layer.maps)
  }

  /// "80 parameters"
  static func counted(_ count: Int) -> String {
    "\(count) \(count == 1 ? "parameter" : "parameters")"
  }

  /// How large the gradients of a layer are, or what an update changes.
  func strengthLines(_ connection: Connection, _ numbers: NumberFormat) -> [SymbolText] {
    var lines: [SymbolText] = []
    func norm(_ name: SymbolText, _ value: Double) {
      lines.append(
        "‖" + .partial(.variable("L"), by: name) + "‖ = " + numbers.symbol(value))
    }
    if let gradients = connection.gradients {
      norm(.variable("W"), gradients.weights.storage.norm)
    }
    for value in connection.gradientNorms { value.value.map { norm(value.name, $0) } }
    if connection.new != nil || connection.largestChange != nil,
      let change = strength(ofChange: connection)
    {
      lines.append("moves by up to " + numbers.symbol(change))
    }
    return lines
  }

  private func strength(ofChange connection: Connection) -> Double? {
    connection.largestChange
      ?? connection.new.map { new in
        zip(new.weights.storage, connection.parameters.weights.storage).reduce(0) {
          max($0, abs($1.0 - $1.1))
        }
      }
  }

  /// The value in the circle, or the least and the largest; nil where some are not known.
  func values(of layer: Layer, _ numbers: NumberFormat) -> SymbolText? {
    let all = layer.nodes.map { $0.values.last?.value } + layer.maps.flatMap(\.storage)
    let values = all.compactMap { $0 }.filter(\.isFinite)
    guard values.count == all.count, let low = values.min(), let high = values.max() else {
      return nil
    }
    let names = Set(layer.nodes.compactMap { $0.values.last?.name })
    let name = names.count == 1 ? names.first.map { $0 + " " } ?? "" : ""
    return low == high
      ? name + numbers.symbol(low) : name + numbers.symbol(low) + " … " + numbers.symbol(high)
  }
}

extension NetworkDiagram.Connection {
  /// W and b with their shapes.
  fileprivate var ownShapes: [SymbolText] {
    guard hasValues else { return [] }
    let weights = parameters.weights
    let bias = parameters.bias.map { SymbolText.variable("b") + " \($0.count)" }
    return [.variable("W") + " \(weights.rows)×\(weights.columns)"] + [bias].compactMap { $0 }
  }
}

extension [Double] {
  /// The root of the sum of the squares.
  fileprivate var norm: Double { reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
