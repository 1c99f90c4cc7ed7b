import ArgumentParser
import JSONText

/// The files of a kernelspec: the embedded template, filled in, and the logos.
struct KernelSpec {
  static let fileNames = ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]

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
    ]
  }
}
