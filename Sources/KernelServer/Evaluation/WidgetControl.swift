import JSONText
import Language

/// The comm by which a front end asks, when a page is loaded, for the state of all widgets.
///
/// Source: ipywidgets, "Jupyter widgets messaging protocol", `jupyter.widget.control` 1.0.
enum WidgetControl {
  static let targetName = "jupyter.widget.control"

  /// Answers with the widgets that there are.
  static let target: CommHandler = { event, comm, interpreter in
    guard case .received(let message) = event, message.data["method"] == "request_states" else {
      return
    }
    comm.send(
      CommContent(
        [
          "method": "update_states", "states": .object(interpreter.namespace.widgets.states),
          "buffer_paths": .array([]),
        ],
        metadata: ["version": "1.0.0"]))
  }
}
