import Display
import JSONText
import Language
import Networks
import Notation
import Syntax

/// Expressions under controls: what they show at any setting of these.
struct Exploration: Sendable {
  let expressions: [ExpressionSyntax]
  private(set) var controls: [ExploreControl]
  let environment: ExploreEnvironment
  /// The cell, whose text messages and captions quote.
  let source: SourceText
  let cell: Int
  /// By expression: the axes of a plot, which stay where they are.
  private var frames: [ChartFrame?] = []

  init(
    expressions: [ExpressionSyntax], controls: [ExploreControl], environment: ExploreEnvironment,
    in interpreter: Interpreter
  ) {
    self.expressions = expressions
    self.controls = controls
    self.environment = environment
    (source, cell) = (interpreter.source, interpreter.cell)
  }

  var start: [Double] { controls.map(\.start) }

  /// Shows it: the page that lives without a kernel, and widgets where there are some.
  ///
  /// Throws: what an expression throws at the start.
  func begin(in interpreter: Interpreter) throws(Diagnostic) {
    var exploration = self
    let views = try exploration.views(at: start, in: interpreter)
    exploration.findWholeNumbers(in: interpreter)
    exploration.findFrames(views, in: interpreter)
    exploration.show(
      exploration.frames.isEmpty ? views : try exploration.views(at: start, in: interpreter),
      in: interpreter)
  }

  /// What the expressions show at a setting of the controls; nothing is changed by it.
  ///
  /// Throws: what an expression throws there.
  func views(at settings: [Double], in interpreter: Interpreter) throws(Diagnostic)
    -> [ExploreView]
  {
    try results(at: settings, in: interpreter).map2 { (result) throws(Diagnostic) in
      try result.get()
    }
  }

  /// The same of each expression by itself: where one fails, the others are seen.
  ///
  /// Throws: what a control throws that cannot be set; an InterruptError.
  func results(at settings: [Double], in interpreter: Interpreter) throws(Diagnostic)
    -> [Result<ExploreView, Diagnostic>]
  {
    try evaluating(settings, in: interpreter) { () throws(Diagnostic) in
      try expressions.indices.map2 { (place) throws(Diagnostic) in
        do throws(Diagnostic) {
          return .success(try view(of: place, in: interpreter))
        } catch {
          if error.name == .interrupt { throw error }
          return .failure(error)
        }
      }
    }
  }

  /// How an expression looks, where the names are as the controls say.
  private func view(of place: Int, in interpreter: Interpreter) throws(Diagnostic) -> ExploreView {
    let (bundle, chart) = try shown(place, in: interpreter)
    let caption = interpreter.oneLine(expressions[place].span)
    guard ExploreView.isFormula(bundle) else { return ExploreView(bundle, of: caption, chart) }
    // Typeset, a number cannot be replaced, and a mark would be in the way.
    interpreter.settings.marksNumbers = false
    defer { interpreter.settings.marksNumbers = true }
    return ExploreView(try shown(place, in: interpreter).bundle, inPage: bundle, of: caption)
  }

  /// What the expression at a place gives.
  private func value(of place: Int, in interpreter: Interpreter) throws(Diagnostic) -> Value {
    let expression = expressions[place]
    interpreter.notes = []
    let value = try interpreter.evaluate(expression, .global)
    guard !value.isNothing else {
      throw Diagnostic(
        .type, "\(interpreter.written(expression.span)) shows nothing to explore",
        at: expression.span)
    }
    return value
  }

  /// How the expression at a place is shown; and the chart, where it is one whose axes stay.
  private func shown(_ place: Int, in interpreter: Interpreter)
    throws(Diagnostic) -> (bundle: MIMEBundle, chart: Chart?)
  {
    let value = try value(of: place, in: interpreter)
    guard let chart = Self.plot(in: value), frames.indices.contains(place),
      let frame = frames[place]
    else { return (interpreter.render(value), Self.plot(in: value)) }
    let framed = chart.framed(by: frame)
    return (
      interpreter.render(.record(FigureRecord(figure: framed, description: "a plot"))), framed
    )
  }

  /// The chart that a value is, where its axes stay.
  private static func plot(in value: Value) -> Chart? {
    guard case .record(let record) = value, let picture = record as? FigureRecord,
      picture.keepsAxes
    else { return nil }
    return picture.figure as? Chart
  }

  /// How long the axes of plots may be looked for; where that is not enough, they follow what is shown.
  private static let framePatience = Duration.milliseconds(1500)

  /// The axes that plots need at any setting, from how they look at many.
  private mutating func findFrames(_ start: [ExploreView], in interpreter: Interpreter) {
    let places = start.indices.filter { start[$0].chart != nil }
    guard !places.isEmpty else { return }
    let deadline = ContinuousClock.now + Self.framePatience
    var charts = start.map { [$0.chart].compactMap { $0 } }
    for sample in samples(around: self.start, fixed: []) {
      guard ContinuousClock.now < deadline else { return }
      // Nothing else is looked at, and nothing is drawn.
      try? evaluating(sample, in: interpreter) { () throws(Diagnostic) in
        for place in places {
          let value = try? value(of: place, in: interpreter)
          charts[place] += [value.flatMap { Self.plot(in: $0) }].compactMap { $0 }
        }
      }
    }
    frames = charts.map { ChartFrame($0) }
  }

  /// Does something where the names are as the controls say; everything is as before afterwards.
  func evaluating<Result>(
    _ settings: [Double], in interpreter: Interpreter, _ work: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    let (source, cell, notes) = (interpreter.source, interpreter.cell, interpreter.notes)
    // What a call shows besides its value is shown once, where a cell calls it.
    let host = interpreter.host
    interpreter.host = nil
    let mark = interpreter.memory.mark()
    (interpreter.source, interpreter.cell) = (self.source, self.cell)
    defer {
      interpreter.memory.rollBack(to: mark)
      interpreter.host = host
      (interpreter.source, interpreter.cell, interpreter.notes) = (source, cell, notes)
    }
    environment.bind(in: interpreter)
    interpreter.settings.marksNumbers = true
    for (control, setting) in zip(controls, settings) {
      let value = control.value(at: setting)
      switch control.target {
      case .name(let name): interpreter.memory[name] = value
      case .place(let place): try interpreter.assign(place, value, control.span)
      }
    }
    return try work()
  }

  /// A range without a step has whole numbers where nothing else is taken: its ends are whole, and what is between
  /// them is refused.
  private mutating func findWholeNumbers(in interpreter: Interpreter) {
    for (place, control) in controls.enumerated() {
      guard case .range(let range) = control.domain, !range.isStepped,
        range.from == range.from.rounded(), range.to == range.to.rounded(),
        control.start == control.start.rounded()
      else { continue }
      func isTaken(_ setting: Double) -> Bool {
        var settings = self.start
        settings[place] = setting
        return range.from <= setting && setting <= range.to
          && (try? views(at: settings, in: interpreter)) != nil
      }
      var between = range.from + (range.to - range.from) * 0.381
      if between == between.rounded() { between += 0.25 }
      // A function may have no value far away, and an end may be beyond an array's.
      guard ![between, control.start + 0.5, control.start - 0.5].contains(where: isTaken),
        [range.to, control.start + 1, control.start - 1].contains(where: isTaken)
      else { continue }
      controls[place].domain = .range(
        ExploreRange(
          from: range.from, to: range.to, step: 1, isStepped: false, isWhole: true))
    }
  }
}

/// How one expression is shown at one setting: markup whose numbers are apart.
struct ExploreView: Sendable, Equatable {
  enum Form: String, Sendable {
    case table, picture, formula, text
  }

  let form: Form
  /// As widgets show it.
  let markup: MarkedText
  /// As the stored page shows it: a formula, for which a page has no typesetter, as text.
  let page: MarkedText
  /// The picture, formula or table as text.
  let plain: String
  /// The expression.
  let caption: String
  /// The plot that it is, in axes that stay.
  let chart: Chart?

  /// `inPage` is what the page makes of a formula; else it shows the same.
  init(
    _ bundle: MIMEBundle, inPage: MIMEBundle? = nil, of caption: String, _ chart: Chart? = nil
  ) {
    func text(_ type: String) -> String? { bundle.data[type]?.stringValue }
    self.caption = caption
    self.chart = chart
    plain = MarkedText(text(MIMEType.plain) ?? "").text()
    if let html = text(MIMEType.html) {
      (form, markup) = (.table, MarkedText(html))
    } else if let picture = text(MIMEType.svg) {
      (form, markup) = (.picture, MarkedText(Self.inPage(picture)))
    } else if let formula = text(MIMEType.latex) {
      (form, markup) = (.formula, MarkedText(formula))
    } else {
      (form, markup) = (.text, MarkedText(HTMLText.escaped(text(MIMEType.plain) ?? "")))
    }
    let lines = (inPage ?? bundle).data[MIMEType.plain]?.stringValue ?? ""
    page = form == .formula ? MarkedText(HTMLText.escapedLines(lines)) : markup
  }

  private init(_ view: ExploreView, markup: MarkedText) {
    (form, plain, caption) = (view.form, view.plain, view.caption)
    (self.markup, page, chart) = (markup, markup, view.chart)
  }

  /// The view without the remarks below its tables.
  var withoutNotes: ExploreView {
    form == .table ? ExploreView(self, markup: markup.withoutNotes) : self
  }

  /// Whether a value is shown as LaTeX: widgets typeset it, the page, which has no typesetter, shows its text.
  static func isFormula(_ bundle: MIMEBundle) -> Bool {
    bundle.data[MIMEType.html] == nil && bundle.data[MIMEType.svg] == nil
      && bundle.data[MIMEType.latex] != nil
  }

  /// A picture that stands in a page: as wide as there is room, and without its text, which stands beside it already.
  private static func inPage(_ picture: String) -> String {
    guard let root = picture.firstRange(of: "<svg "), let start = picture.firstRange(of: "<desc>"),
      let end = picture.firstRange(of: "</desc>")
    else { return picture }
    return "<svg style=\"max-width:100%;height:auto\" "
      + picture[root.upperBound..<start.lowerBound] + picture[end.upperBound...]
  }
}
