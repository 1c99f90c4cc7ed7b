import Assistance
import JSONText
import Session

/// The extension for JupyterLab: colours, indentation and the file type, embedded as it lies in `kernelspec/labextension`,
/// and beside it the names that the registries hold.
struct LabExtension {
  /// Its folder among the data of a Jupyter.
  static let folder = "labextensions/jupyterlab-nabla"

  /// What lies in `static` there.
  static let scripts = ["nabla-mode.js", "picture-hints.js", "remoteEntry.js", "nabla-names.js"]
  static let manifest = "package.json"

  /// By their paths in the folder.
  let files: [(name: String, bytes: [UInt8])]

  init() {
    let names = JSONValue.object(EditorNames.json(Session().snapshot.vocabulary)).encoded
    files = [
      ("static/nabla-mode.js", PackageResources.nabla_mode_js),
      ("static/picture-hints.js", PackageResources.picture_hints_js),
      ("static/remoteEntry.js", PackageResources.remoteEntry_js),
      (
        "static/nabla-names.js",
        Array("// Written by nabla install from the registries.\nexport default ".utf8) + names
          + Array(";\n".utf8)
      ),
      ("package.json", PackageResources.package_json),
    ]
  }
}
