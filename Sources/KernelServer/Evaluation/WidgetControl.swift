import JSONText
import Language

/// The comm by which a front end asks, when a page is loaded, for the state of all widgets.
///
/// Source: ipywidgets, "Jupyter widgets messaging protocol", `jupyter.widget.control` 1.0.
enum WidgetControl {
  static let targetName = "jupyter.widget.control"

  /// Answers with the widgets that there are: none, for the language makes none yet.
  static let target: CommHandler = { event, comm, _ in
    guard case .received(let message) = event, message.data["method"] == "request_states" else {
      return
    }
    comm.send(
      CommContent(
        ["method": "update_states", "states": [:], "buffer_paths": .array([])],
        metadata: ["version": "1.0.0"]))
  }
}
