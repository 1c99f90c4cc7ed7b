import ArgumentParser
import Assistance
import JSONText
import Session

/// The files of a kernelspec: the embedded template, filled in, the logos, and what the Help menu opens.
struct KernelSpec {
  static let fileNames = [
    "kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg", LanguageReference.fileName,
    LanguageReference.notebookName,
  ]

  let files: [(name: String, bytes: [UInt8])]

  /// Fills `{nabla}` in, and the name in launchers if another one is wanted.
  init(executable: String, displayName: String?) throws {
    var members = try JSONParser.parse(PackageResources.kernel_json).objectValue ?? [:]
    members["argv"] = .array(
      (members["argv"]?.arrayValue ?? []).map { $0 == "{nabla}" ? .string(executable) : $0 })
    if let displayName { members["display_name"] = .string(displayName) }
    files = [
      ("kernel.json", JSONValue.object(members).encoded),
      ("logo-32x32.png", PackageResources.logo_32x32_png),
      ("logo-64x64.png", PackageResources.logo_64x64_png),
      ("logo-svg.svg", PackageResources.logo_svg_svg),
      (LanguageReference.fileName, Array(LanguageReference.html(Session().snapshot).utf8)),
      (LanguageReference.notebookName, ReferenceNotebook.bytes),
    ]
  }
}
