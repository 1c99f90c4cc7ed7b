import Calculus
import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// What a close-up of a layer shows: a recurrence step by step, of other layers their lines.
struct LayerScene {
  let outline: NetworkOutline
  /// Of the first example.
  var pass: Trace?
  var gradients: Gradients?

  /// Throws: a ValueError for a number that no layer has.
  func diagram(of number: Int, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> any Figure
  {
    guard outline.layers.indices.contains(number - 1) else {
      throw Diagnostic(
        .value, "\(outline.name) has no layer \(number)", at: span,
        help: "layer = 1 to \(outline.layers.count)")
    }
    let layer = outline.layers[number - 1]
    let title = SymbolText.words("Layer \(number) of \(outline.name): \(layer.title)")
    return try interpreter.placed(span) { () throws(FigureError) in
      if let recurrence = Recurrence(layer) {
        return try diagram(of: recurrence, number, layer, title)
      }
      return try LineDiagram(title: title, lines: lines(of: layer, number))
    }
  }

  private func lines(of layer: any Layer, _ number: Int) -> [LineDiagram.Line] {
    layer.lines.map { line in
      // A size of 1 goes by a name in lines.
      let sizes = line.formula.shape.dimensions.map { $0 == layer.size(1) ? "1" : "\($0)" }
      return LineDiagram.Line(
        NetworkSymbol.matrix(line.quantity, number), .words(line.formula.text(.exact)),
        sizes: sizes.joined(separator: "×"))
    }
  }

  private func diagram(
    of recurrence: Recurrence, _ number: Int, _ layer: any Layer, _ title: SymbolText
  ) throws(FigureError) -> RecurrenceDiagram {
    func state(_ family: String, _ index: Int) -> RecurrenceDiagram.Quantity {
      let name = SymbolText.scripted(
        .variable(family), subscript: .words("\(index)"), superscript: nil)
      func values(_ trace: Trace?) -> [Double]? {
        let found = trace?.family(family, layer: number).first { $0.member?.index == index }
        return found.flatMap { $0.values.rows > 0 ? $0.values.row(0) : nil }
      }
      let slope = values(gradients?.trace)
      return .init(
        name, values(pass) ?? [],
        gradient: slope.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() })
    }
    let indices = Array((recurrence.first + 1)...recurrence.last)
    let input = pass?.output(of: number - 1)
    let output = pass?.output(of: number)
    let givesAll = layer.outputSizes.count > 1 && layer.outputSizes[0] == indices.count
    let takesAll = layer.inputSizes.first == indices.count
    func part(_ base: String, _ place: Int, _ values: Matrix<Double>?) -> RecurrenceDiagram.Quantity
    {
      let name = SymbolText.scripted(
        .variable(base), subscript: .words("\(place + 1)"), superscript: nil)
      let all = values.flatMap { $0.rows > 0 ? $0.row(0) : nil } ?? []
      let width = all.count / indices.count
      return .init(name, Array(all.dropFirst(place * width).prefix(width)))
    }
    let steps = indices.enumerated().map { place, index in
      var result: RecurrenceDiagram.Quantity?
      if givesAll {
        result = part(Trace.output, place, output)
      } else if index == recurrence.last {
        result = .init(.variable(Trace.output), [])
      }
      return RecurrenceDiagram.Step(
        input: takesAll ? part(LayerLine.input, place, input) : nil,
        states: recurrence.families.map { state($0, index) }, output: result)
    }
    return try RecurrenceDiagram(
      title: title, word: .words(layer.kind.split(separator: "_").joined(separator: " ")),
      start: recurrence.families.map { state($0, recurrence.first) }, steps: steps)
  }
}

/// The families that a layer carries from one step to the next.
private struct Recurrence {
  let families: [String]
  /// The indices of the first and the last member.
  let first: Int
  let last: Int

  /// nil for a layer that carries nothing on.
  init?(_ layer: any Layer) {
    var names: [FamilyMember: String] = [:]
    var order: [String] = []
    for line in layer.lines {
      guard let member = line.member else { continue }
      names[member] = line.quantity
      if !order.contains(member.family) { order.append(member.family) }
    }
    var carried: Set<String> = []
    for line in layer.lines {
      guard let member = line.member else { continue }
      let used = Set(line.formula.symbols.map(\.name))
      for family in order where !carried.contains(family) {
        if let before = names[FamilyMember(family, member.index - 1)], used.contains(before) {
          carried.insert(family)
        }
      }
    }
    let families = order.filter(carried.contains)
    let indices = names.keys.filter { carried.contains($0.family) }.map(\.index)
    guard let first = indices.min(), let last = indices.max(), first < last else { return nil }
    self.families = families
    self.first = first
    self.last = last
  }
}

extension Call {
  /// The layer that `layer = 2` names; nil where it is left out.
  func layerNumber() -> (number: Int, span: SourceSpan)? {
    has("layer") ? (whole("layer"), span(of: "layer")) : nil
  }
}
