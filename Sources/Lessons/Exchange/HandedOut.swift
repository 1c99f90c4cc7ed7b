import Display
import Language

/// Can be handed out, without the answers and with them: `export(e, "sheet.html")`, `export(e, "key.tex", key = true)`.
protocol HandedOut {
  /// What stands on the page, from top to bottom.
  func handout(withKey: Bool, _ settings: Settings) -> [MIMEBundle]

  /// The same to be worked in; with the answers as nbgrader takes an assignment.
  func notebook(withKey: Bool, _ settings: Settings) -> NotebookDocument
}
