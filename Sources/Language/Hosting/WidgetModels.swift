import JSONText
import Synchronization
import Syntax

/// The models of widgets that are open in the front ends, with their states as both sides know them.
///
/// Source: ipywidgets, "Jupyter widgets messaging protocol", 2.1.
package final class WidgetModels: Sendable {
  /// By identity, in the order in which they were made.
  private let models = Mutex(JSONObject())
  private let groups = Mutex<[[Widget]]>([])

  package init() {}

  /// What a front end asks for when its page is loaded: every model with its module and its whole state.
  package var states: JSONObject {
    var states = JSONObject()
    for (identity, state) in models.withLock({ $0 }).members {
      states.members.append(
        (
          identity,
          [
            "model_name": state["_model_name"] ?? .null,
            "model_module": state["_model_module"] ?? .null,
            "model_module_version": state["_model_module_version"] ?? .null, "state": state,
          ]
        ))
    }
    return states
  }

  func state(of identity: String) -> JSONObject {
    models.withLock { $0[identity]?.objectValue ?? JSONObject() }
  }

  func update(_ identity: String, with changes: JSONObject) {
    models.withLock { models in
      guard var state = models[identity]?.objectValue else { return }
      for (name, value) in changes.members { state[name] = value }
      models[identity] = .object(state)
    }
  }

  fileprivate func add(_ identity: String, _ state: JSONObject) {
    models.withLock { $0[identity] = .object(state) }
  }

  /// Takes note of widgets that belong together. When there are many, those that were made first are closed: a cell
  /// that is run again makes new ones, and nobody says that the old ones are not seen any more.
  package func keep(_ group: [Widget]) {
    let old = groups.withLock { groups in
      groups.append(group)
      return groups.count > Self.mostGroups ? groups.removeFirst() : []
    }
    for widget in old { widget.close() }
  }

  private static let mostGroups = 100

  fileprivate func remove(_ identity: String) { models.withLock { $0[identity] = nil } }
}

/// One model: a slider, a button, a box of others.
package struct Widget: Sendable {
  /// Which class of the front end's widgets it is an instance of.
  package struct Kind: Sendable {
    fileprivate let name: String
    fileprivate let view: String?
    fileprivate let module: String
    fileprivate let version: String
    private static let controls = ("@jupyter-widgets/controls", "2.0.0")
    private static let base = ("@jupyter-widgets/base", "2.0.0")

    /// A control by the name of its class: `FloatSlider`.
    package static func control(_ name: String, view: String? = nil) -> Kind {
      Kind(
        name: "\(name)Model", view: view ?? "\(name)View", module: controls.0, version: controls.1)
    }

    package static let layout = Kind(
      name: "LayoutModel", view: "LayoutView", module: base.0, version: base.1)
  }

  /// What a front end says of a widget.
  package enum Event: Sendable {
    case changed(JSONObject)
    /// A press of a button, as the protocol's message of its own kind.
    case custom(JSONObject)
  }

  fileprivate let comm: any OpenComm
  fileprivate let models: WidgetModels

  package var identity: String { comm.identity }

  /// How other models refer to it.
  package var reference: JSONValue { .string("IPY_MODEL_\(identity)") }

  package subscript(name: String) -> JSONValue? { models.state(of: identity)[name] }

  /// Changes parts of the state, here and in all front ends.
  package func update(_ changes: JSONObject) {
    models.update(identity, with: changes)
    send("update", changes)
  }

  /// Tells all front ends what one of them has changed, so that they agree.
  fileprivate func echo(_ changes: JSONObject) {
    models.update(identity, with: changes)
    send("echo_update", changes)
  }

  fileprivate func send(_ method: String, _ state: JSONObject) {
    comm.send(
      CommContent([
        "method": .string(method), "state": .object(state), "buffer_paths": .array([]),
      ]))
  }

  package func close() {
    models.remove(identity)
    comm.close([:])
  }
}

extension Interpreter {
  /// Makes a widget in the front ends; nil where there are none. `respond` is called, in a transaction of its own,
  /// with what they say of it.
  package func openWidget(
    _ kind: Widget.Kind, _ state: JSONObject,
    respond: @escaping @Sendable (Widget.Event, Interpreter) throws(Diagnostic) -> Void = { _, _ in
    }
  ) -> Widget? {
    var whole: JSONObject = [
      "_model_module": .string(kind.module), "_model_module_version": .string(kind.version),
      "_model_name": .string(kind.name), "_view_module": .string(kind.module),
      "_view_module_version": .string(kind.version),
    ]
    if let view = kind.view { whole["_view_name"] = .string(view) }
    for (name, value) in state.members { whole[name] = value }
    let models = namespace.widgets
    let comm = host?.openComm(
      to: "jupyter.widget",
      CommContent(
        ["state": .object(whole), "buffer_paths": .array([])], metadata: ["version": "2.1.0"])
    ) { (event, comm, interpreter) throws(Diagnostic) in
      let widget = Widget(comm: comm, models: models)
      switch event {
      case .opened: break
      case .closed: models.remove(comm.identity)
      case .received(let content):
        switch content.data["method"]?.stringValue {
        case "update":
          guard let changes = content.data["state"]?.objectValue else { return }
          widget.echo(changes)
          try respond(.changed(changes), interpreter)
        case "request_state": widget.send("update", models.state(of: comm.identity))
        case "custom":
          if let content = content.data["content"]?.objectValue {
            try respond(.custom(content), interpreter)
          }
        default: break
        }
      }
    }
    guard let comm else { return nil }
    models.add(comm.identity, whole)
    return Widget(comm: comm, models: models)
  }
}
