import Display
import JSONText
import Language
import Notation
import Synchronization
import Syntax

/// The front ends' side of an exploration: a widget for every control, one for every display, and what moves what.
final class ExploreWidgets: Sendable {
  private struct State {
    var settings: [Double]
    /// Those that the displays are of: of moves that follow each other the newest alone is computed.
    var computed: [Double]
    /// What the displays hold.
    var shown: [String]
    /// The widget of each control, and the one that plays it.
    var controls: [Widget] = []
    var players: [Int: Widget] = [:]
    var displays: [Widget] = []
    /// All of them, to be closed together.
    var all: [Widget] = []
  }

  private let exploration: Exploration
  private let start: [ExploreView]
  private let state: Mutex<State>

  private init(_ exploration: Exploration, _ start: [ExploreView]) {
    self.exploration = exploration
    self.start = start
    state = Mutex(
      State(
        settings: exploration.start, computed: exploration.start,
        shown: start.map { $0.html(marking: $0) }))
  }

  /// Opens the widgets; the reference of the box that holds them, or nil where no front end can have any.
  static func open(
    _ exploration: Exploration, _ start: [ExploreView], class name: String,
    in interpreter: Interpreter
  ) -> String? {
    let widgets = ExploreWidgets(exploration, start)
    guard let root = widgets.open(class: name, in: interpreter) else { return nil }
    let all = widgets.state.withLock { $0.all }
    interpreter.namespace.widgets.keep(all)
    return root.identity
  }

  // MARK: - Models

  private func open(class name: String, in interpreter: Interpreter) -> Widget? {
    var rows: [Widget] = []
    for place in exploration.controls.indices {
      guard let row = openControl(place, in: interpreter) else { return nil }
      rows.append(row)
    }
    if let button = openButton(in: interpreter) { rows.append(button) }
    for view in start {
      guard
        let display = widget(
          .control(view.form == .formula ? "HTMLMath" : "HTML"),
          [
            "value": .string(view.html(marking: view)), "description": "", "placeholder": "",
            "layout": layout(["width": "auto"], in: interpreter), "_dom_classes": .array([]),
          ], in: interpreter)
      else { return nil }
      state.withLock { $0.displays.append(display) }
      rows.append(display)
    }
    return box("VBox", rows, classes: ["nabla-explore-widgets", .string(name)], in: interpreter)
  }

  private func widget(
    _ kind: Widget.Kind, _ state: JSONObject, in interpreter: Interpreter,
    respond: @escaping @Sendable (Widget.Event, Interpreter) throws(Diagnostic) -> Void = { _, _ in
    }
  ) -> Widget? {
    let opened = interpreter.openWidget(kind, state, respond: respond)
    if let opened { self.state.withLock { $0.all.append(opened) } }
    return opened
  }

  private func layout(_ state: JSONObject, in interpreter: Interpreter) -> JSONValue {
    widget(.layout, state, in: interpreter)?.reference ?? .null
  }

  private func style(_ kind: String, _ state: JSONObject, in interpreter: Interpreter) -> JSONValue
  {
    var whole = state
    // Other than its model, the view of a style is one of the base's.
    whole["_view_module"] = "@jupyter-widgets/base"
    return widget(.control(kind, view: "StyleView"), whole, in: interpreter)?.reference ?? .null
  }

  private func box(
    _ kind: String, _ children: [Widget], classes: [JSONValue] = [], in interpreter: Interpreter
  ) -> Widget? {
    widget(
      .control(kind),
      [
        "children": .array(children.map(\.reference)), "box_style": "",
        "layout": layout([:], in: interpreter), "_dom_classes": .array(classes),
      ], in: interpreter)
  }

  /// A control, with a button that plays it where it has steps.
  private func openControl(_ place: Int, in interpreter: Interpreter) -> Widget? {
    let control = exploration.controls[place]
    let (kind, own) = control.model
    var model = own
    model["description"] = .string(control.label)
    model["layout"] = layout(["width": "420px"], in: interpreter)
    model["style"] = style(
      kind.hasSuffix("Slider") ? "SliderStyle" : "DescriptionStyle",
      ["description_width": "130px"], in: interpreter)
    model["disabled"] = false
    model["_dom_classes"] = .array([])
    guard
      let moved = widget(
        .control(kind), model, in: interpreter,
        respond: { [self] (event, interpreter) throws(Diagnostic) in
          guard case .changed(let changes) = event, let setting = control.setting(in: changes)
          else { return }
          try move(place, to: setting, in: interpreter)
        })
    else { return nil }
    state.withLock { $0.controls.append(moved) }
    guard case .range(let range) = control.domain, range.isStepped,
      let player = openPlayer(place, range, in: interpreter)
    else { return box("HBox", [moved], in: interpreter) }
    state.withLock { $0.players[place] = player }
    return box("HBox", [moved, player], in: interpreter)
  }

  private func openPlayer(_ place: Int, _ range: ExploreRange, in interpreter: Interpreter)
    -> Widget?
  {
    let control = exploration.controls[place]
    return widget(
      .control("Play"),
      [
        "value": .integer(range.position(of: control.start)), "min": 0,
        "max": .integer(range.count - 1), "step": 1, "interval": 150, "playing": false,
        "repeat": false, "show_repeat": true, "disabled": false, "description": "",
        "layout": layout([:], in: interpreter), "_dom_classes": .array([]),
      ], in: interpreter,
      respond: { [self] (event, interpreter) throws(Diagnostic) in
        guard case .changed(let changes) = event, let position = changes["value"]?.integerValue
        else { return }
        let setting = range[position]
        let slider = state.withLock { $0.controls[place] }
        slider.update(["value": control.json(of: setting)])
        try move(place, to: setting, in: interpreter, isPlayed: true)
      })
  }

  private func openButton(in interpreter: Interpreter) -> Widget? {
    widget(
      .control("Button"),
      [
        "description": "back to the start", "icon": "undo", "button_style": "", "disabled": false,
        "tooltip": "every control as the cell has it", "layout": layout([:], in: interpreter),
        "style": style("ButtonStyle", [:], in: interpreter), "_dom_classes": .array([]),
      ], in: interpreter,
      respond: { [self] (event, interpreter) throws(Diagnostic) in
        guard case .custom(let content) = event, content["event"] == "click" else { return }
        try reset(in: interpreter)
      })
  }

  // MARK: - Moves

  private func reset(in interpreter: Interpreter) throws(Diagnostic) {
    let (controls, players) = state.withLock { state in
      state.settings = exploration.start
      return (state.controls, state.players)
    }
    for (place, control) in exploration.controls.enumerated() {
      controls[place].update([control.settingName: control.json(of: control.start)])
      if case .range(let range) = control.domain {
        players[place]?.update([
          "value": .integer(range.position(of: control.start)), "playing": false,
        ])
      }
    }
    try compute(in: interpreter)
  }

  private func move(
    _ place: Int, to setting: Double, in interpreter: Interpreter, isPlayed: Bool = false
  ) throws(Diagnostic) {
    let control = exploration.controls[place]
    let (current, isShown) = state.withLock { ($0.settings[place], $0.settings == $0.computed) }
    guard let setting = control.meant(by: setting, at: current) ?? (isShown ? nil : current)
    else { return }
    let player = state.withLock { state in
      state.settings[place] = setting
      return state.players[place]
    }
    if !isPlayed, case .range(let range) = control.domain {
      player?.update(["value": .integer(range.position(of: setting))])
    }
    // The newest position is the one that is computed.
    let name = isPlayed ? "value" : control.settingName
    let waiting = interpreter.host?.waitingMessages ?? []
    if waiting.contains(where: { $0["state"]?[name] != nil }) { return }
    try compute(in: interpreter)
  }

  private func compute(in interpreter: Interpreter) throws(Diagnostic) {
    let settings = state.withLock { $0.settings }
    func told(_ error: Diagnostic) -> String {
      ExploreView.html(error: DiagnosticRenderer.plainText([error], in: exploration.source))
    }
    var values: [String]
    do {
      let results = try exploration.results(at: settings, in: interpreter)
      values = zip(results, start).map { result, start in
        switch result {
        case .success(let view): view.html(marking: start)
        case .failure(let error): told(error)
        }
      }
    } catch {
      guard error.name != .interrupt else { throw error }
      values = Array(repeating: "", count: start.count)
      values[0] = told(error)
    }
    interpreter.namespace.release(ObjectIdentifier(interpreter))
    let changed = state.withLock { state in
      // Another front end may have moved it meanwhile; then its answer comes.
      guard state.settings == settings else { return [(Widget, String)]() }
      let changed = zip(state.displays, zip(values, state.shown)).compactMap { display, texts in
        texts.0 == texts.1 ? nil : (display, texts.0)
      }
      state.shown = values
      state.computed = settings
      return changed
    }
    for (display, value) in changed { display.update(["value": .string(value)]) }
  }
}

extension ExploreControl {
  /// The class of the widget that moves it, with what is its own.
  fileprivate var model: (kind: String, state: JSONObject) {
    switch domain {
    case .range(let range):
      return (
        range.isWhole ? "IntSlider" : "FloatSlider",
        [
          "value": json(of: start), "min": json(of: range.from),
          "max": json(of: range.isStepped ? range[range.count - 1] : range.to),
          "step": json(of: range.step), "continuous_update": true, "orientation": "horizontal",
          "readout": true, "readout_format": .string(range.isWhole ? "d" : ".4~g"),
          "behavior": "drag-tap",
        ]
      )
    case .choices(let choices):
      return (
        "Dropdown",
        [
          "_options_labels": .array(choices.map { .string($0.label) }),
          "index": json(of: start),
        ]
      )
    case .truth: return ("Checkbox", ["value": json(of: start), "indent": true])
    }
  }

  /// What of the widget's state is the setting.
  fileprivate var settingName: String {
    if case .choices = domain { "index" } else { "value" }
  }

  fileprivate func json(of setting: Double) -> JSONValue {
    switch domain {
    case .truth: .boolean(setting != 0)
    case .choices: .integer(Int(setting))
    case .range(let range):
      range.isWhole
        ? Int(exactly: setting).map { .integer($0) } ?? .number(setting)
        : .number(setting)
    }
  }

  fileprivate func setting(in changes: JSONObject) -> Double? {
    guard let value = changes[settingName] else { return nil }
    return value.numberValue ?? value.booleanValue.map { $0 ? 1 : 0 }
  }
}

extension ExploreView {
  /// The view as a widget shows it; numbers that differ from those of another view are marked.
  func html(marking start: ExploreView) -> String {
    let isAlike = markup.literals.count == start.markup.literals.count
    let text = markup.text { place, number in
      guard isAlike, number.shape == nil, start.markup.numbers[place].text != number.text
      else { return number.text }
      return form == .picture
        ? "<tspan fill=\"#b3400b\" font-weight=\"bold\">\(number.text)</tspan>"
        : "<span style=\"background:rgba(255,170,0,0.28);border-radius:2px\">\(number.text)</span>"
    }
    return html(of: text)
  }

  /// Markup in the element that it needs.
  func html(of text: String) -> String {
    switch form {
    case .table: text
    case .picture: "<div style=\"overflow-x:auto\">\(text)</div>"
    case .formula: "<div>\(HTMLText.formulas(text))</div>"
    case .text: "<pre style=\"margin:0.3em 0;font-family:monospace\">\(text)</pre>"
    }
  }

  static func html(error: String) -> String {
    "<pre style=\"color:#c03028;margin:0.3em 0\">\(HTMLText.escaped(error))</pre>"
  }
}

extension Exploration {
  /// Shows the widgets, where there can be some, and the page that lives without them.
  func show(_ views: [ExploreView], in interpreter: Interpreter) {
    // The same for the same cell, so that what is stored is the same each time; of two alike each finds its own.
    let text = (expressions.map(\.span) + controls.map(\.span)).map { source[$0] }
      .joined(separator: ";")
    let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    let name = "nabla-" + String(hash, radix: 36)
    if let root = ExploreWidgets.open(self, views, class: name, in: interpreter) {
      let moving = controls.map { $0.text(at: $0.start) }.joined(separator: ", ")
      // Where there are no widgets, the page that follows is all that is to be seen.
      interpreter.host?.emit(
        .display(
          MIMEBundle(data: [
            MIMEType.plain: .string("explore: \(moving)"), MIMEType.html: "<!-- explore -->",
            MIMEType.widgetView: [
              "version_major": 2, "version_minor": 0, "model_id": .string(root),
            ],
          ]), identity: nil))
    }
    interpreter.host?.emit(
      .display(ExplorePage(self, views, class: name, in: interpreter).bundle, identity: nil))
  }
}
