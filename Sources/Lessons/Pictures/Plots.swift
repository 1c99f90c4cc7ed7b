import Display
import Glibc
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `plot`: functions, vectors, data and histories over one axis.
extension Interpreter {
  /// Throws: a TypeError for what cannot be drawn, a ShapeError for vectors that do not belong together, a
  /// ValueError for what has no place on the axes.
  func plot(_ call: Call) throws(Diagnostic) -> Value {
    let shown = [call["f"]].compactMap { $0 } + call.rest
    if let counted = try countedPlot(shown, call) { return .record(counted) }
    var content = PlotContent(form: call.boolean("points") ? .points : .line)
    for argument in shown { try add(argument, to: &content) }
    try content.join(at: call.span)
    let range = try range(call, content)
    for (argument, function) in content.functions {
      content.series.append(try series(of: function, argument, over: range, call.scope))
    }
    let all = content
    let isOfFunctions = !all.functions.isEmpty
    let y = call.text("ylabel") ?? ""
    let isLogarithmic =
      call.boolean("log") || !isOfFunctions && !call.has("log") && all.series.span.needsLogarithm
    let chart = try placed(call.span) { () throws(FigureError) in
      try Chart(
        title: .words(call.text("title") ?? ""),
        x: FigureAxis(
          call.text("xlabel").flatMap { $0.isEmpty ? nil : .words($0) }
            ?? all.xLabel ?? (isOfFunctions ? all.argument : all.vectorName == nil ? "index" : "i")),
        y: FigureAxis(
          !y.isEmpty ? .words(y) : all.yLabel ?? all.quantity,
          scale: isLogarithmic ? .logarithmic : .linear, span: isOfFunctions ? .trimmed : .data),
        series: all.series,
        notes: all.notes + (isLogarithmic && !call.boolean("log") ? [SymbolText.grows] : []),
        colors: all.isOfClasses ? Palette.classes : nil)
    }
    return .record(FigureRecord(figure: chart, description: "a plot", keepsAxes: true))
  }

  /// At so many places a function is looked at, from one end of the axis to the other.
  static let functionPlaces = 401

  /// Puts an argument where it belongs.
  private func add(_ argument: Call.Argument, to content: inout PlotContent) throws(Diagnostic) {
    let name = argument.syntax.map { oneLine($0.span) } ?? "value"
    switch argument.value {
    case .function(let function): content.functions.append((argument, function))
    case .dataset(let dataset): content.add(dataset)
    case .array(let array) where array.rank == 1:
      content.columns.append((.named(name), array.storage, argument))
    case .array(let array) where array.rank == 2 && array.columns == 1:
      content.columns.append((.named(name), array.storage, argument))
    case .array(let array) where array.rank == 2:
      for column in 0..<array.columns {
        content.columns.append(
          (.words("\(name)[:, \(column + 1)]"), array.column(column), argument))
      }
    default:
      guard let plotted = argument.value.asked(for: (any Plottable).self) else {
        throw Diagnostic(
          .type,
          "plot draws functions of one number, vectors, datasets and histories, not \(argument.value.description)",
          at: argument.span, help: plotHelp(argument))
      }
      content.series += plotted.series(named: name, isAlone: false).panels.map(\.series)
    }
  }

  /// What would have been drawn: `plot(sin)` of `plot(sin(x))`, a function of its own of any other expression.
  private func plotHelp(_ argument: Call.Argument) -> String {
    guard let syntax = argument.syntax, argument.value.number != nil else {
      return "plot(sigmoid, sigmoid', from = -6, to = 6)"
    }
    if case .call(let callee, let arguments) = syntax.kind, arguments.count == 1,
      case .positional(let inner) = arguments[0], case .name = inner.kind
    {
      return "plot(\(oneLine(callee.span))) draws the function itself"
    }
    return "plot draws the function itself: f(x) = \(oneLine(syntax.span)), then plot(f)"
  }

  /// What functions are drawn over: as the call says, else the data's range.
  private func range(_ call: Call, _ content: PlotContent) throws(Diagnostic)
    -> ClosedRange<Double>
  {
    var (from, to) = (call.scalar("from"), call.scalar("to"))
    let x = content.series.flatMap(\.x)
    if let least = x.min(), let most = x.max(), least < most {
      if !call.has("from") { from = least }
      if !call.has("to") { to = most }
    }
    guard from.isFinite, to.isFinite, from < to else {
      throw Diagnostic(
        .value, "plot needs from < to, not \(plain(from)) and \(plain(to))", at: call.span)
    }
    return from...to
  }

  /// What counts epochs: one panel a quantity; nil where nothing of it does.
  private func countedPlot(_ shown: [Call.Argument], _ call: Call) throws(Diagnostic)
    -> FigureRecord?
  {
    let plotted = shown.compactMap { argument in
      argument.value.asked(for: (any Plottable).self)?.series(
        named: argument.syntax.map { oneLine($0.span) } ?? "", isAlone: shown.count == 1)
    }.filter { $0.axis != nil }
    guard let first = plotted.first, let axis = first.axis else { return nil }
    guard plotted.count == shown.count, plotted.allSatisfy({ $0.axis == axis }) else {
      throw Diagnostic(
        .type, "histories and functions do not share an axis", at: call.span,
        help: "plot(history) draws the loss by epochs, plot(f) a function")
    }
    var panels: [(quantity: String, series: [Chart.Series])] = []
    for (quantity, series) in plotted.flatMap(\.panels) {
      if let index = panels.firstIndex(where: { $0.quantity == quantity }) {
        panels[index].series.append(series)
      } else {
        panels.append((quantity, [series]))
      }
    }
    func text(_ name: String, otherwise words: String) -> SymbolText {
      call.text(name).flatMap { $0.isEmpty ? nil : .words($0) } ?? .words(words)
    }
    let isOfOne = plotted.allSatisfy { $0.subject == first.subject }
    let heading = text("title", otherwise: isOfOne ? "Training of \(first.subject)" : "Training")
    let all = panels
    let explodes = !call.has("log") && all[0].series.span.needsLogarithm
    let isLogarithmic = call.boolean("log") || explodes
    let chart = try placed(call.span) { () throws(FigureError) in
      try Chart(
        title: heading, x: FigureAxis(text("xlabel", otherwise: axis)),
        panels: all.enumerated().map { index, panel in
          Chart.Panel(
            y: FigureAxis(
              index == 0 ? text("ylabel", otherwise: panel.quantity) : .words(panel.quantity),
              scale: isLogarithmic && index == 0 ? .logarithmic : .linear),
            series: panel.series)
        }, notes: explodes ? [SymbolText.grows] : [])
    }
    return FigureRecord(figure: chart, description: "a plot")
  }

  // MARK: - Functions

  /// A function at many places, with the places where it leaps.
  private func series(
    of function: FunctionValue, _ argument: Call.Argument, over range: ClosedRange<Double>,
    _ scope: Scope
  ) throws(Diagnostic) -> Chart.Series {
    let outer = notes
    defer { notes = outer }
    let (from, to, count) = (range.lowerBound, range.upperBound, Self.functionPlaces)
    let x = (0..<count).map { from + (to - from) * Double($0) / Double(count - 1) }
    let y = try samples(of: function, at: x, argument.span, scope)
    let jumps = try LeapSearch(x: x, y: y).jumps { place throws(Diagnostic) in
      try samples(of: function, at: [place], argument.span, scope, isPart: true)[0]
    }
    let name = argument.syntax.map { oneLine($0.span) } ?? function.name
    return Chart.Series(.words(name), x: x, y: y, isFunction: true, jumps: jumps)
  }

  /// A function's values, nan where it has none; `isPart` says that others have shown that it has some.
  private func samples(
    of function: FunctionValue, at x: [Double], _ span: SourceSpan, _ scope: Scope,
    isPart: Bool = false
  ) throws(Diagnostic) -> [Double] {
    var y: [Double] = []
    var firstMistake: Diagnostic?
    for point in x {
      do throws(Diagnostic) {
        let value = try self.value(of: function, at: point, span, scope)
        guard let number = value.number else {
          throw Diagnostic(
            .type, "\(function.name) gives \(value.description), and plot needs a number", at: span)
        }
        y.append(number)
      } catch {
        guard error.name == .domain || isPart && error.name != .interrupt else {
          if error.name == .interrupt || firstMistake == nil && y.isEmpty { throw error }
          y.append(.nan)
          continue
        }
        firstMistake = firstMistake ?? error
        y.append(.nan)
      }
    }
    if let firstMistake, !isPart, y.allSatisfy(\.isNaN) { throw firstMistake }
    return y
  }

  /// The value of any function of one number.
  func value(
    of function: FunctionValue, at x: Double, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    switch function {
    case .user(let user):
      guard user.syntax.parameters.count == 1 else { throw needsOneParameter(function, span) }
      return try apply(user, [(.scalar(x), span)], span)
    case .formula(let formula):
      guard formula.parameters.count == 1 else { throw needsOneParameter(function, span) }
      return try value(of: formula, [(formula.parameters[0], .scalar(x), span)], span, scope)
    case .builtIn(let builtIn):
      guard builtIn.isElementwise || builtIn.positional.count == 1 else {
        throw needsOneParameter(function, span)
      }
      var call = Call(builtIn, span, scope)
      call.arguments[0] = Call.Argument(value: .scalar(x), syntax: nil, span: span)
      return try builtIn.evaluate(self, call)
    case .unknown(let name):
      throw Diagnostic(.type, "\(name) is an unknown function and has no values", at: span)
    }
  }

  private func needsOneParameter(_ function: FunctionValue, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .type, "plot draws functions of one number, and \(function.name) is not one", at: span,
      help: "give the others a value: plot(f(y = 1))")
  }
}

/// What a plot is made of, kind by kind.
private struct PlotContent {
  let form: Chart.Series.Form
  var functions: [(argument: Call.Argument, function: FunctionValue)] = []
  /// Vectors, and the columns of matrices, in their order.
  var columns: [(name: SymbolText, values: [Double], argument: Call.Argument)] = []
  var series: [Chart.Series] = []
  var notes: [SymbolText] = []
  var xLabel: SymbolText?
  var yLabel: SymbolText?
  var isOfClasses = false

  init(form: Chart.Series.Form) { self.form = form }

  /// One vector is drawn over its index; of several the first is what the others are drawn over.
  ///
  /// Throws: a ShapeError where they are not equally long.
  mutating func join(at span: SourceSpan) throws(Diagnostic) {
    guard let first = columns.first else { return }
    guard columns.count > 1, columns[1].argument.span != first.argument.span else {
      for (name, values, _) in columns {
        series.append(
          Chart.Series(
            name, x: values.indices.map { Double($0 + 1) }, y: values,
            form: form == .points ? .points : .linePoints))
      }
      return
    }
    for (name, values, argument) in columns.dropFirst() {
      guard values.count == first.values.count else {
        throw Diagnostic(
          .shape,
          "\(name.text) has \(values.count.counted("entry")), but \(first.name.text) has \(first.values.count)",
          at: argument.span,
          help:
            "plot(x, y) draws y over x, so both need one length; plot(v) draws one vector over its index"
        )
      }
      series.append(Chart.Series(name, x: first.values, y: values, form: form))
    }
    // What is written out entry by entry is no name for an axis.
    let isNamed = if case .brackets? = first.argument.syntax?.kind { false } else { true }
    xLabel = isNamed ? first.name : .variable("x")
  }

  /// The examples in the plane of the first two inputs, class by class; with a single input the target over it.
  mutating func add(_ dataset: Dataset) {
    let names = dataset.names.map(SymbolText.named)
    let x = dataset.x
    xLabel = names.first
    guard x.columns > 1 else {
      add(targetsOf: dataset)
      return
    }
    yLabel = names[1]
    if x.columns > 2 {
      notes.append(.words("The first two of \(x.columns) inputs are drawn"))
    }
    let classes = dataset.classIndices
    isOfClasses = classes != nil
    for (index, name) in (classes?.names ?? [dataset.name]).enumerated() {
      let rows = x.storage.indices.prefix(x.rows).filter { classes?.indices[$0] ?? 0 == index }
      guard !rows.isEmpty else { continue }
      series.append(
        Chart.Series(
          .words(name), x: rows.map { x[$0, 0] }, y: rows.map { x[$0, 1] }, form: .points))
    }
  }
}

extension PlotContent {
  /// The name of what all functions are functions of; x where they call it differently.
  var argument: SymbolText {
    let names = Set(functions.map { $0.function.argument })
    return .named(names.first.flatMap { names.count == 1 ? $0 : nil } ?? "x")
  }

  /// What stands along the vertical axis: `J(w)`, the names of several as long as there is room for them.
  var quantity: SymbolText {
    var names: [String] = []
    for (argument, function) in functions {
      let written = argument.syntax.map(Self.text) ?? function.name
      names.append(
        written.allSatisfy { $0.isLetter || $0.isNumber || "_'".contains($0) }
          ? "\(written)(\(function.argument))" : written)
    }
    if let vectorName { return vectorName + "[i]" }
    if series.count == 1 { return functions.isEmpty ? series[0].name : .words(names[0]) }
    for (_, _, argument) in columns.dropFirst(xLabel == nil ? 0 : 1) {
      guard let syntax = argument.syntax else { continue }
      // What is written out entry by entry is no name.
      if case .brackets = syntax.kind { continue }
      let text = Self.text(syntax)
      if !names.contains(text) { names.append(text) }
    }
    let joined = names.joined(separator: ", ")
    return joined.isEmpty || joined.count > Self.longestTitle ? "value" : .words(joined)
  }

  /// The name of a single vector that is drawn over its index; nil where it is written out.
  var vectorName: SymbolText? {
    guard columns.count == 1, series.count == 1, let syntax = columns[0].argument.syntax else {
      return nil
    }
    if case .brackets = syntax.kind { return nil }
    return columns[0].name
  }

  private static let longestTitle = 36

  private static func text(_ syntax: ExpressionSyntax) -> String { SourcePrinter.text(of: syntax) }
}

extension FunctionValue {
  /// What it calls its argument.
  fileprivate var argument: String {
    switch self {
    case .user(let user): user.syntax.parameters.first?.name ?? "x"
    case .formula(let formula): formula.parameters.first?.name ?? "x"
    case .builtIn, .unknown: "x"
    }
  }
}

extension [Chart.Series] {
  /// The numbers between which the curves lie, curve by curve.
  fileprivate var span: CurveSpan { CurveSpan(self) }
}

/// How far apart the numbers of several curves lie.
private struct CurveSpan {
  private let starts: [Double]
  private let ends: [Double]
  private let isPositive: Bool

  init(_ series: [Chart.Series]) {
    let values = series.map { $0.y.filter(\.isFinite) }.filter { !$0.isEmpty }
    starts = values.map { $0[0] }
    ends = values.map { $0.max() ?? 0 }
    isPositive = values.joined().allSatisfy { $0 > 0 }
  }

  /// Beyond this many times the others, a curve would press them flat.
  private static let limit = 100.0

  /// Whether a curve that explodes would leave nothing to be seen of where it began, or of the others.
  var needsLogarithm: Bool {
    guard isPositive, let most = ends.max(), let start = starts.max() else { return false }
    return most > Self.limit * start
      || ends.count > 1 && most > Self.limit * (ends.sorted()[(ends.count - 1) / 2])
  }
}

extension SymbolText {
  /// Why an axis is logarithmic that nobody asked to be so.
  fileprivate static let grows: SymbolText =
    "The axis is logarithmic, since the numbers grow so far; log = false undoes it"
}

extension PlotContent {
  /// The targets over a single input; without targets, the input over its index.
  private mutating func add(targetsOf dataset: Dataset) {
    let input = dataset.x.columns == 1 ? dataset.x.column(0) : []
    guard let y = dataset.y else {
      xLabel = "index"
      let index = input.indices.map { Double($0 + 1) }
      series.append(
        Chart.Series(.named(dataset.names.first ?? "x"), x: index, y: input, form: .points))
      return
    }
    let name = dataset.targetName ?? "y"
    yLabel = .named(name)
    for column in 0..<y.columns {
      series.append(
        Chart.Series(
          .named(y.columns == 1 ? name : "\(name)\(column + 1)"), x: input, y: y.column(column),
          form: .points))
    }
  }
}

extension Dataset {
  /// The class of every example from 0, with the names of the classes; nil where the targets are no classes.
  fileprivate var classIndices: (indices: [Int], names: [String])? {
    guard let y else { return nil }
    if y.rank == 2, y.columns > 1 {
      let indices = (0..<y.rows).map { row in
        (0..<y.columns).max { y[row, $0] < y[row, $1] } ?? 0
      }
      let names = classes.count == y.columns ? classes : (1...y.columns).map { "class \($0)" }
      return (indices, names)
    }
    if !classes.isEmpty { return (y.storage.map { (Int(exactly: $0) ?? 0) - 1 }, classes) }
    let values = Set(y.storage).sorted()
    guard values.count <= 10, values.allSatisfy({ $0 == $0.rounded() }) else { return nil }
    let places = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
    return (
      y.storage.map { places[$0] ?? 0 },
      values.map { "\(targetName ?? "y") = \(Interpreter.plain($0))" }
    )
  }
}

extension SymbolText {
  /// A name as formulas set it, any other text as it is.
  fileprivate static func named(_ text: String) -> SymbolText {
    text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      ? .quantity(Quantity(name: text)) : .words(text)
  }
}

/// Finds the places where a sampled function leaps: there its values differ at ever closer places.
private struct LeapSearch {
  let x: [Double]
  let y: [Double]

  /// With more suspects than these the samples are noise.
  private static let mostSuspects = 100

  /// The leaps of a function, asked for its values between the samples.
  ///
  /// Throws: what the function throws.
  func jumps(_ value: (Double) throws(Diagnostic) -> Double) throws(Diagnostic) -> [Chart.Jump] {
    let suspects = suspects
    guard suspects.count <= Self.mostSuspects else { return [] }
    var jumps: [Chart.Jump] = []
    for index in suspects {
      guard let jump = try jump(behind: index, value) else { continue }
      // A value by itself between two limits is found from both sides.
      if let last = jumps.last, jump.x - last.x < (x[1] - x[0]) / 1000 { continue }
      jumps.append(jump)
    }
    return jumps
  }

  /// The samples behind which the step is much larger than the steps around it.
  private var suspects: [Int] {
    let steps = zip(y, y.dropFirst()).map { abs($1 - $0) }
    let finite = y.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max(), least < most else { return [] }
    return steps.indices.filter { index in
      guard steps[index].isFinite else { return false }
      let around = (max(index - 3, 0)...min(index + 3, steps.count - 1)).filter { $0 != index }
        .map { steps[$0].isNaN ? .infinity : steps[$0] }.sorted()
      return steps[index] > 4 * around[around.count / 2] + 1e-6 * (most - least)
    }
  }

  private func jump(behind index: Int, _ value: (Double) throws(Diagnostic) -> Double)
    throws(Diagnostic) -> Chart.Jump?
  {
    var (low, high) = (x[index], x[index + 1])
    var (atLow, atHigh) = (y[index], y[index + 1])
    let (spacing, step) = (high - low, abs(atHigh - atLow))
    for _ in 0..<60 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      let atMiddle = try value(middle)
      guard atMiddle.isFinite else { return nil }
      if abs(atMiddle - atLow) >= abs(atHigh - atMiddle) {
        (high, atHigh) = (middle, atMiddle)
      } else {
        (low, atLow) = (middle, atMiddle)
      }
      // A steep line gets level when one looks closer, a pole steeper.
      let rest = abs(atHigh - atLow)
      guard rest >= 0.2 * step, rest <= 5 * step else { return nil }
    }
    let place = Self.shortest(near: low + (high - low) / 2, spacing) ?? high
    let (left, at, right) = (
      try value(place - spacing * 1e-6), try value(place), try value(place + spacing * 1e-6)
    )
    guard left.isFinite, right.isFinite else { return nil }
    return Chart.Jump(x: place, left: left, right: right, value: at.isFinite ? at : nil)
  }

  /// The decimal number of few digits that a place is, but for roundings; nil for others.
  private static func shortest(near place: Double, _ spacing: Double) -> Double? {
    let scale = pow(10, 10 - log10(spacing).rounded(.up))
    let candidate = (place * scale).rounded() / scale
    return abs(candidate - place) <= spacing * 1e-12 ? candidate : nil
  }
}
