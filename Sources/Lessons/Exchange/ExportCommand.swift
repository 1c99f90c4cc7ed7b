import Calculus
import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `export`: networks, explanations and whatever is shown, in the formats of other programs.
package enum ExportCommand {
  /// A format of pages and sheets.
  private enum PageFormat: String, CaseIterable { case tex, html, xlsx, ipynb }

  package static let builtIns = [export]

  private static let export = BuiltIn(
    "export", .data,
    [
      .init("value", .any), .init("file", .text, completion: .fileName),
      .init("X", .examples, default: .described("three examples")),
      .init("key", .boolean, default: .truth(false), isKeywordOnly: true),
    ],
    summary:
      "writes a network to .onnx, .safetensors, a PyTorch script (.py, which computes X) or a cell (.nabla); anything that is shown to .tex, .html, or, its formulas live, to .xlsx; an exercise also to .ipynb, to be filled in, or with the answers and points (key = true)",
    gives: .init("nothing; it writes the file"),
    example: "export(net, \"net.onnx\")"
  ) { (interpreter, call) throws(Diagnostic) in
    let path = call.text("file") ?? ""
    let value = call.value("value")
    if case .network(let network) = value, NetworkFile.format(of: path) != nil {
      var options = NetworkFile.Options()
      if call.has("X") { options.x = try interpreter.examples(call, of: network).x }
      try interpreter.data(call, "file") { () throws(DataError) in
        try NetworkFile.export(
          network, to: path, options, catalog: interpreter.vocabulary.catalog,
          interrupt: interpreter.interrupt)
      }
      return .nothing
    }
    guard let format = PageFormat(rawValue: DataFile.ending(of: path)) else {
      throw unknownFormat(path, value, call)
    }
    let files = try ExportCommand.files(format, value, interpreter, call)
    try interpreter.data(call, "file") { () throws(DataError) in
      switch files {
      case .page(let text): try FileAccess.write(Array(text.utf8), to: path)
      case .archive(let members):
        try DataFile.write(archive: members, to: path, interrupt: interpreter.interrupt)
      }
    }
    return .nothing
  }

  private enum Files {
    case page(String)
    case archive([(name: String, text: String)])
  }

  private static func unknownFormat(_ path: String, _ value: Value, _ call: Call) -> Diagnostic {
    let pages = PageFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
    let networks = NetworkFile.Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
    if NetworkFile.format(of: path) != nil {
      return Diagnostic(
        .type, "\(value.description) is no network, which this ending is for",
        at: call.span(of: "value"), label: "not a network",
        help: "everything that is shown goes to \(pages)")
    }
    return Diagnostic(
      .file, "\(path): export does not know this ending", at: call.span(of: "file"),
      help:
        "networks go to \(networks); everything that is shown to \(pages); numbers and tables by save"
    )
  }

  private static func files(
    _ format: PageFormat, _ value: Value, _ interpreter: Interpreter, _ call: Call
  ) throws(Diagnostic) -> Files {
    let withKey = call.boolean("key")
    let sheet = value.asked(for: (any HandedOut).self)
    guard sheet != nil || !withKey else {
      throw Diagnostic(
        .type, "\(value.description) has no key", at: call.span(of: "value"),
        help: "an exercise has one: e = exercise forward(net, x)")
    }
    let parts =
      sheet?.handout(withKey: withKey, interpreter.memory.settings) ?? [interpreter.render(value)]
    switch format {
    case .tex: return .page(Page.latex(parts))
    case .html:
      let title = interpreter.oneLine(call.span(of: "value"))
      return .page(Page.html(parts, title: title))
    case .ipynb:
      guard let notebook = sheet?.notebook(withKey: withKey, interpreter.memory.settings) else {
        throw Diagnostic(
          .type, "\(value.description) makes no notebook", at: call.span(of: "value"),
          help: "exercises do; everything that is shown goes to .html and .tex")
      }
      return .page(String(decoding: notebook.bytes, as: UTF8.self))
    case .xlsx:
      if let derived = value.asked(for: (any SheetWritable).self) {
        return .archive(derived.sheet.files)
      }
      guard case .record(let record) = value else {
        let columns = try value.asked(for: (any Tabular).self)?
          .columns(named: "value", at: call.span(of: "value"))
        guard let columns else {
          throw Diagnostic(
            .type, "\(value.description) makes no sheet", at: call.span(of: "value"),
            help: "explanations, tables, datasets and numbers do")
        }
        return .archive(Spreadsheet(TidyTable(columns)).files)
      }
      return .archive(Spreadsheet(record.tidy).files)
    }
  }
}

/// Knows the cells in which its numbers follow from one another: `export` to a spreadsheet.
protocol SheetWritable {
  var sheet: Spreadsheet { get }
}

extension DerivationRecord: SheetWritable {
  var sheet: Spreadsheet { DerivationSheet(derivation, notes: notes).sheet }
}

extension Spreadsheet {
  /// A table: the names of its columns, then its rows.
  init(_ table: TidyTable) {
    append(table.columns.map { .heading($0.name) })
    let columns = table.columns.map { column -> [Content?] in
      switch column.values {
      case .optionalStrings(let texts): texts.map { $0.map { .text($0) } }
      case .optionalBooleans, .numbers, .optionalNumbers, .integers, .optionalIntegers:
        column.values.numbers.map { $0.isNaN ? nil : .number($0) }
      }
    }
    for row in 0..<(columns.map(\.count).max() ?? 0) {
      append(columns.map { row < $0.count ? $0[row] : nil })
    }
  }
}
