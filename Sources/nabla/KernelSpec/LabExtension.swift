import Assistance
import JSONText
import Session

/// The extension for JupyterLab: colours, indentation and the file type, embedded as it lies in `kernelspec/labextension`,
/// and beside it the names that the registries hold.
struct LabExtension {
  /// Its folder among the data of a Jupyter.
  static let folder = "labextensions/jupyterlab-nabla"

  /// What lies in `static` there, and comes from `kernelspec/labextension` as it is.
  private static let embedded: [(name: String, bytes: [UInt8])] = [
    ("findings.js", PackageResources.findings_js),
    ("formatting.js", PackageResources.formatting_js),
    ("nabla-mode.js", PackageResources.nabla_mode_js),
    ("outputs.js", PackageResources.outputs_js),
    ("picture-hints.js", PackageResources.picture_hints_js),
    ("remoteEntry.js", PackageResources.remoteEntry_js),
    ("tables.js", PackageResources.tables_js),
  ]
  private static let names = "nabla-names.js"

  static let scripts = embedded.map(\.name) + [names]
  static let manifest = "package.json"

  /// By their paths in the folder.
  let files: [(name: String, bytes: [UInt8])]

  init() {
    let names = JSONValue.object(EditorNames.json(Session().snapshot.vocabulary)).encoded
    files =
      Self.embedded.map { ("static/\($0.name)", $0.bytes) } + [
        (
          "static/\(Self.names)",
          Array("// Written by nabla install from the registries.\nexport default ".utf8) + names
            + Array(";\n".utf8)
        ),
        (Self.manifest, PackageResources.package_json),
      ]
  }
}
