import Display
import FoundationEssentials
import JSONText
import Testing

/// Files that hold what the renderers wrote when somebody last looked at it.
///
/// With NABLA_RECORD_SNAPSHOTS=1 they are written anew and the run fails, so that nobody takes it for
/// a test.
enum Snapshot {
  static let folder: String = {
    var path = Substring(#filePath)
    while path.last != "/" { path.removeLast() }
    return path + "Snapshots/"
  }()

  static let fileTypes: [(mimeType: String, ending: String)] = [
    (MIMEType.plain, "txt"), (MIMEType.html, "html"), (MIMEType.latex, "tex"),
    (MIMEType.dataResource, "json"), (MIMEType.svg, "svg"),
  ]

  static var isRecording: Bool {
    ProcessInfo.processInfo.environment["NABLA_RECORD_SNAPSHOTS"] == "1"
  }

  /// The files of a bundle: names and contents.
  static func files(_ bundle: MIMEBundle, name: String) -> [(name: String, content: String)] {
    fileTypes.compactMap { type in
      switch bundle.data[type.mimeType] {
      case .string(let text)?: ("\(name).\(type.ending)", text + "\n")
      case let value?: ("\(name).\(type.ending)", json(value))
      case nil: nil
      }
    }
  }

  static func compare(_ bundle: MIMEBundle, name: String) throws {
    for file in files(bundle, name: name) {
      let path = folder + file.name
      if isRecording {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data(file.content.utf8).write(to: URL(filePath: path))
        Issue.record("recorded \(file.name)")
      } else {
        let stored = FileManager.default.contents(atPath: path).map {
          String(decoding: $0, as: UTF8.self)
        }
        #expect(stored == file.content, "\(file.name) differs from its snapshot")
      }
    }
  }

  /// A data resource with one row a line.
  private static func json(_ value: JSONValue) -> String {
    func compact(_ value: JSONValue) -> String {
      var writer = JSONWriter()
      writer.write(value)
      return String(decoding: writer.finish(), as: UTF8.self)
    }
    let rows = (value["data"]?.arrayValue ?? []).map(compact).joined(separator: ",\n  ")
    return "{\"schema\": \(compact(value["schema"] ?? .null)),\n\"data\": [\n  \(rows)\n]}\n"
  }
}
