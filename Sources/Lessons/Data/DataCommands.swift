import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// Data: ready-made sets, files, splitting and scaling.
package enum DataCommands {
  package static func builtIns(_ catalog: NetworkCatalog) -> [BuiltIn] {
    [
      dataset(catalog), tokens,
      BuiltIn(
        "split", .data,
        [.init("data", .any), .init("test", .scalar, default: .number(0.25)), .seed],
        summary: "a dataset shuffled and divided, class by class, into .train and .test",
        gives: .init("a Split", members: ["train", "test"], columns: ["part", "examples"]),
        example: "split(dataset(iris), test = 0.25)"
      ) { (interpreter, call) throws(Diagnostic) in
        guard case .dataset(let dataset) = call.value("data") else {
          throw Diagnostic(
            .type, "split takes a dataset, not \(call.value("data").description)",
            at: call.span(of: "data"), help: "load(…) and dataset(…) give one")
        }
        let parts = try interpreter.data(call, "test") { () throws(DataError) in
          try dataset.split(test: call.scalar("test"), seed: call.whole("seed"))
        }
        return .record(SplitRecord(train: parts.train, test: parts.test))
      },
      BuiltIn(
        "standardize", .data,
        [
          .init("X", .any), .init("like", .any, default: .described("X")),
          .init("sample", .boolean, default: .truth(false)),
        ],
        summary:
          "each column minus its mean, divided by its deviation, both taken from like; its divisor is n, with sample = true n - 1",
        formula: "(x − mean) / deviation", gives: .init("a matrix, or a dataset for a dataset"),
        example: "standardize([5; 7], like = [1; 3])"
      ) { (interpreter, call) throws(Diagnostic) in try standardized(interpreter, call) },
      load, save,
    ]
  }

  private static func dataset(_ catalog: NetworkCatalog) -> BuiltIn {
    let forms = catalog.datasets.compactMap(\.form?.name)
    return BuiltIn(
      "dataset", .data,
      [
        .init("name", .word(catalog.datasets.map(\.name))), .seed,
        .init(
          "as", .word([DatasetGenerator.rows] + forms), default: .word(DatasetGenerator.rows),
          isKeywordOnly: true),
      ],
      summary:
        "a ready-made dataset; as = images gives the digits as arrays of 1×8×8, as = sequences the bits of counting as 8×1",
      gives: .init("a dataset", members: Members.ofDatasets), example: "dataset(xor)"
    ) { (_, call) throws(Diagnostic) in
      guard let generator = call.text("name").flatMap({ catalog.datasets[$0] }) else {
        return .nothing
      }
      let form = call.text("as") ?? DatasetGenerator.rows
      guard let dataset = generator.dataset(as: form, seed: call.whole("seed")) else {
        let others = catalog.datasets.filter { $0.form?.name == form }.map(\.name)
        throw Diagnostic(
          .value, "\(generator.name) has no \(form)", at: call.span(of: "as"),
          label: generator.form.map { "it has \($0.name)" } ?? "its examples are rows",
          help: others.map { "dataset(\($0), as = \(form))" }.joined(separator: ", "))
      }
      return .dataset(dataset)
    }
  }

  private static let tokens =
    BuiltIn(
      "tokens", .data,
      [
        .init("text", .any),
        .init(
          "by", .word(TokenSequence.Unit.allCases.map(\.rawValue)),
          default: .word(TokenSequence.Unit.characters.rawValue), isKeywordOnly: true),
        .init("like", .any, default: .described("its own vocabulary"), isKeywordOnly: true),
      ],
      summary:
        "a text as numbers, one a character, or a word with by = words: its place in the sorted vocabulary, from 1; like = t takes that of t, and reads numbers back too",
      gives: .init("Tokens", members: TokensRecord.members, columns: TokensRecord.columns),
      example: "tokens(\"hello\")"
    ) { (interpreter, call) throws(Diagnostic) in
      let (value, like) = (call.value("text"), call["like"])
      guard let like else {
        guard let text = value.text else {
          throw Diagnostic(
            .type, "tokens takes a text, not \(value.description)", at: call.span(of: "text"),
            help: "tokens(\"hello\"); numbers need like = t, whose vocabulary they are from")
        }
        let unit = call.text("by").flatMap(TokenSequence.Unit.init) ?? .characters
        return .record(TokensRecord(sequence: TokenSequence(text, in: unit)))
      }
      guard case .record(let record) = like.value, let other = record as? TokensRecord else {
        throw Diagnostic(
          .type, "like is what tokens gave for another text, not \(like.value.description)",
          at: like.span, help: "t = tokens(\"hello\"), then tokens(\"hole\", like = t)")
      }
      guard value.text != nil || value.entries != nil else {
        throw Diagnostic(
          .type, "tokens takes a text or numbers, not \(value.description)",
          at: call.span(of: "text"))
      }
      let sequence = try interpreter.data(call, "text") { () throws(DataError) in
        if let text = value.text { return try TokenSequence(text, like: other.sequence) }
        return try TokenSequence(numbers: value.entries ?? [], like: other.sequence)
      }
      return .record(TokensRecord(sequence: sequence))
    }

  private static let load =
    BuiltIn(
      "load", .data,
      [
        .init("file", .text, completion: .fileName),
        .init("target", .text, default: .described("no column"), completion: .fileColumn),
        .init("separator", .text, default: .described("as the lines are divided"))
          .written(as: "separator = \";\""),
        .init("decimal", .text, default: .described("as the numbers are written"))
          .written(as: "decimal = \",\""),
      ],
      summary:
        "a dataset from a text (.csv .tsv .txt .dat .data) or .npz, numbers from .npy or MNIST's files, each also as .gz, a network from .onnx or .safetensors; what it assumed of a file it says",
      gives: .init(
        "a dataset; of an .npy its numbers, of an .npz without X its arrays; a network",
        members: Members.ofDatasets),
      example: "load(\"flowers.csv\", target = \"species\")",
      behind: "save(table(length = [1, 2], species = [\"x\", \"y\"]), \"flowers.csv\")"
    ) { (interpreter, call) throws(Diagnostic) in
      let path = call.text("file") ?? ""
      if NetworkFile.format(of: path)?.isReadable == true {
        return try interpreter.network(in: path, call)
      }
      let reading = try interpreter.data(call, "file") { () throws(DataError) in
        let options = try TextDialect.Options(
          separator: call.text("separator"), decimal: call.text("decimal"))
        return try DataFile.load(
          path, target: call.text("target"), options, interrupt: interpreter.interrupt)
      }
      if !reading.assumptions.isEmpty {
        interpreter.note("\(path): \(reading.assumptions.joined(separator: ", "))")
      }
      switch reading.content {
      case .value(let value): return Value(value)
      case .dataset(let dataset): return .dataset(dataset)
      case .arrays(let arrays): return .record(ArraysRecord(arrays: arrays))
      case .columns(let columns):
        return .record(TableRecord(tidy: TidyTable(columns.map(TidyColumn.init))))
      }
    }

  private static let save =
    BuiltIn(
      "save", .data, [.init("value", .any), .init("file", .text, completion: .fileName)],
      summary:
        "writes numbers, a table or a dataset to .csv, .tsv, .txt, .npy or .npz; if it fails, the old file stands",
      gives: .init("nothing; it writes the file"),
      example: "save(run, \"forward.csv\")"
    ) { (interpreter, call) throws(Diagnostic) in
      let content = try content(of: call.value("value"), call)
      try interpreter.data(call, "file") { () throws(DataError) in
        try DataFile.save(
          content, to: call.text("file") ?? "", interrupt: interpreter.interrupt)
      }
      return .nothing
    }

  private static func standardized(_ interpreter: Interpreter, _ call: Call) throws(Diagnostic)
    -> Value
  {
    func numbers(_ name: String) throws(Diagnostic) -> Matrix<Double> {
      switch call.value(name) {
      case .array(let array) where array.rank <= 2: return array.asMatrix
      case .dataset(let dataset): return dataset.x
      default:
        throw Diagnostic(
          .type,
          "\(name) of standardize is a matrix, a vector or a dataset, not \(call.value(name).description)",
          at: call.span(of: name))
      }
    }
    let x = try numbers("X")
    let reference = call.has("like") ? try numbers("like") : nil
    if let reference, reference.columns != x.columns {
      throw Diagnostic(
        .shape,
        "like has \(reference.columns.counted("column")), X has \(x.columns)",
        at: call.span(of: "like"), help: "both need the same columns, in the same order")
    }
    let result = try interpreter.placed(call.span) { () throws(MatrixError) in
      try standardize(
        x, like: reference, ofSample: call.boolean("sample"), interrupt: interpreter.interrupt)
    }
    switch call.value("X") {
    case .array(let array): return .array(result.reshaped(array.shape))
    case .dataset(var dataset):
      dataset.x = result
      return .dataset(dataset)
    default: return .array(result)
    }
  }

  private static func content(of value: Value, _ call: Call) throws(Diagnostic)
    -> DataFile.Content
  {
    if let exportable = value.asked(for: (any Exportable).self) { return exportable.fileContent }
    if case .record(let record) = value { return .columns(record.tidy.columns.map(\.fileColumn)) }
    throw Diagnostic(
      .type, "\(value.description) cannot be written to a file", at: call.span(of: "value"),
      help: "numbers, tables and datasets can")
  }
}

extension BuiltIn.Parameter {
  fileprivate static let seed = BuiltIn.Parameter("seed", .whole(atLeast: 0), default: .number(0))
}

extension Interpreter {
  /// The bridge to files and datasets: their errors become diagnostics at one of the call's arguments.
  func data<Result>(
    _ call: Call, _ argument: String, _ compute: () throws(DataError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try compute()
    } catch {
      let subject =
        switch error {
        case .unknownColumn: "target"
        case .option(let name, _, _): name
        default: argument
        }
      throw Diagnostic(error, at: call.span(of: subject))
    }
  }
}

extension Interpreter {
  /// The network that a file holds, or its arrays where it says no more.
  fileprivate func network(in path: String, _ call: Call) throws(Diagnostic) -> Value {
    let (content, assumptions) = try data(call, "file") { () throws(DataError) in
      try NetworkFile.load(path, catalog: vocabulary.catalog, interrupt: interrupt) {
        activation(named: $0, formula: $1)
      }
    }
    for assumption in assumptions { note("\(path): \(assumption)") }
    switch content {
    case .network(let network): return .network(network)
    case .arrays(let arrays): return .record(ArraysRecord(arrays: arrays))
    }
  }
}

extension TidyColumn {
  fileprivate init(_ column: DataFile.Column) {
    switch column.cells {
    case .numbers(let numbers): self.init(column.name, numbers: numbers)
    case .texts(let texts): self.init(column.name, strings: texts)
    }
  }

  fileprivate var fileColumn: DataFile.Column {
    switch values {
    case .optionalStrings(let texts):
      DataFile.Column(name: name, cells: .texts(texts.map { $0 ?? "" }))
    case .optionalBooleans, .numbers, .optionalNumbers, .integers, .optionalIntegers:
      DataFile.Column(name: name, cells: .numbers(values.numbers))
    }
  }
}
