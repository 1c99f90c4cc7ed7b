import Assistance
import Display
import FoundationEssentials
import JSONText
import Language
import Lessons
import MatrixEngine
import Session
import Testing

/// A session that a test talks to as a notebook does: cells in, outputs and errors out.
final class Notebook {
  let session: Session

  init(
    _ setUp: String = "", sharing namespace: Namespace = Namespace(),
    interrupt: InterruptFlag = InterruptFlag(), sourceLocation: SourceLocation = #_sourceLocation
  ) {
    session = Session(interrupt: interrupt, sharing: namespace)
    if !setUp.isEmpty { run(setUp, sourceLocation: sourceLocation) }
  }

  /// What a cell emitted and how it ended.
  struct Run {
    var outputs: [CellOutput]
    var result: CellResult

    var error: ErrorReport? { if case .failure(let report) = result { report } else { nil } }

    func stream(_ name: StreamName) -> String {
      outputs.map { output in
        if case .stream(name, let text) = output { text } else { "" }
      }.joined()
    }

    /// Every displayed bundle, the result included, in order.
    var bundles: [MIMEBundle] {
      outputs.compactMap { output in
        switch output {
        case .display(let bundle, _), .result(let bundle): bundle
        default: nil
        }
      }
    }

    /// The `text/plain` of every displayed bundle.
    var texts: [String] { bundles.map { $0.data[MIMEType.plain]?.stringValue ?? "" } }

    /// `display`, `result`, `stdout`…: what came, in order.
    var kinds: [String] {
      outputs.map { output in
        switch output {
        case .stream(let name, _): name.rawValue
        case .display: "display"
        case .updateDisplay: "update"
        case .result: "result"
        case .clear(let wait): wait ? "clear, waiting" : "clear"
        case .page: "page"
        }
      }
    }
  }

  /// Runs a cell that may fail.
  func attempt(_ source: String, silent: Bool = false, input: [String] = []) -> Run {
    let host = RecordingHost(input: input)
    let result = session.execute(source, silent: silent, host: host)
    return Run(outputs: host.outputs, result: result)
  }

  /// Runs a cell that must not fail.
  @discardableResult
  func run(
    _ source: String, input: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) -> Run {
    let run = attempt(source, input: input)
    if let error = run.error {
      Issue.record("\(error.plainText)\nin:\n\(source)", sourceLocation: sourceLocation)
    }
    return run
  }

  /// The error that a cell must end with.
  func error(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> ErrorReport
  {
    try #require(attempt(source).error, "no error in \(source)", sourceLocation: sourceLocation)
  }

  /// The bundle of an expression.
  func bundle(_ expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> MIMEBundle
  {
    switch session.evaluate(userExpression: expression) {
    case .success(let bundle): return bundle
    case .failure(let report):
      Issue.record("\(report.plainText)", sourceLocation: sourceLocation)
      throw report
    }
  }

  /// How an expression's value is shown.
  func text(_ expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> String
  {
    try #require(
      bundle(expression, sourceLocation: sourceLocation).data[MIMEType.plain]?.stringValue,
      sourceLocation: sourceLocation)
  }

  /// All numbers of an expression's value at full precision, row by row.
  func numbers(_ expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> [Double]
  {
    try column("value", of: expression, sourceLocation: sourceLocation)
  }

  func number(_ expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> Double
  {
    let all = try numbers(expression, sourceLocation: sourceLocation)
    try #require(all.count == 1, sourceLocation: sourceLocation)
    return all[0]
  }

  /// A column of the data resource of an expression's value; nan where it is missing or not finite.
  func column(
    _ name: String, of expression: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [Double] {
    try rows(expression, sourceLocation: sourceLocation).map { row in
      switch row[name] {
      case .string("INF"): .infinity
      case .string("-INF"): -.infinity
      case .boolean(let flag): flag ? 1 : 0
      case let cell: cell?.numberValue ?? .nan
      }
    }
  }

  /// A column of texts of the data resource.
  func texts(
    _ name: String, of expression: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    try rows(expression, sourceLocation: sourceLocation).map { $0[name]?.stringValue ?? "—" }
  }

  /// The names of the columns of the data resource, in order.
  func columns(_ expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> [String]
  {
    let resource = try resource(expression, sourceLocation: sourceLocation)
    return (resource["schema"]?["fields"]?.arrayValue ?? []).compactMap {
      $0["name"]?.stringValue
    }
  }

  func rows(_ expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> [JSONValue]
  {
    try #require(
      resource(expression, sourceLocation: sourceLocation)["data"]?.arrayValue,
      sourceLocation: sourceLocation)
  }

  private func resource(_ expression: String, sourceLocation: SourceLocation) throws -> JSONValue {
    try #require(
      bundle(expression, sourceLocation: sourceLocation).data[MIMEType.dataResource],
      "\(expression) has no data resource", sourceLocation: sourceLocation)
  }

  /// The sizes of a value, as `shape` gives them.
  func shape(_ expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> [Double]
  {
    try numbers("shape(\(expression))", sourceLocation: sourceLocation)
  }
}

/// Keeps what a cell emits; answers `input` with the given lines.
final class RecordingHost: CellHost {
  private(set) var outputs: [CellOutput] = []
  private(set) var prompts: [String] = []
  private var input: [String]

  init(input: [String] = []) { self.input = input }

  func emit(_ output: CellOutput) { outputs.append(output) }

  func readLine(prompt: String) throws(InputUnavailable) -> String? {
    prompts.append(prompt)
    guard !input.isEmpty else { throw InputUnavailable() }
    return input.removeFirst()
  }
}

extension ErrorReport {
  /// The traceback without colours.
  var plainText: String {
    let text = traceback.joined(separator: "\n")
    var result = ""
    var isCode = false
    for character in text {
      if character == "\u{1B}" { isCode = true }
      if !isCode { result.append(character) }
      if isCode, character == "m" { isCode = false }
    }
    return result
  }
}

/// Whether two numbers agree to a relative tolerance; equal ones, infinities and nans too.
func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-14) -> Bool {
  if a == b || (a.isNaN && b.isNaN) { return true }
  return abs(a - b) <= tolerance * max(abs(a), abs(b))
}

func near(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-14) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { near($0, $1, tolerance) }
}
