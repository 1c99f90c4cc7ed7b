import Display
import JSONText
import JupyterProtocol
import Language
import Session
import Synchronization

/// The debugger: breakpoints, stopped cells, and the panel of variables, which needs no debugging.
///
/// Source: the Debug Adapter Protocol, and what JupyterLab adds to it.
final class Debugger: Sendable {
  /// A cell that is stopped, and what can be seen there.
  struct Stop: Sendable {
    var thread: Int
    var desk: StopDesk
    /// The innermost first.
    var frames: [StoppedFrame]
    var globals: SymbolSnapshot
  }

  private struct State {
    var isStarted = false
    /// Lines by the path of their cell.
    var breakpoints: [String: [Int]] = [:]
    /// Texts of cells by their path.
    var sources: [String: String] = [:]
    var stopsAtErrors = false
    var isPauseWanted = false
    var stops: [Stop] = []
    var sequence = 0
    var references = VariableReferences()

    var isArmed: Bool { isStarted && (isPauseWanted || !breakpoints.isEmpty) }
  }

  private let outbox: any Outbox
  private let dispatcher: Dispatcher
  private let language: any KernelLanguage
  private let state = Mutex(State())
  private let armed = Atomic<Bool>(false)
  private let started = Atomic<Bool>(false)

  init(outbox: any Outbox, dispatcher: Dispatcher, language: any KernelLanguage) {
    self.outbox = outbox
    self.dispatcher = dispatcher
    self.language = language
  }

  private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    state.withLock { state in
      let result = body(&state)
      armed.store(state.isArmed, ordering: .relaxed)
      started.store(state.isStarted, ordering: .relaxed)
      return result
    }
  }

  // MARK: - For the shells' threads

  /// Whether cells are to be looked at while they run.
  var isStarted: Bool { started.load(ordering: .relaxed) }

  /// Whether there is anything that a cell could stop at.
  var isArmed: Bool { armed.load(ordering: .relaxed) }

  func hasBreakpoint(_ path: String, _ line: Int) -> Bool {
    state.withLock { $0.isStarted && $0.breakpoints[path]?.contains(line) == true }
  }

  func hasBreakpoints(_ path: String) -> Bool {
    state.withLock { $0.isStarted && $0.breakpoints[path] != nil }
  }

  /// Whether somebody wants the running cell to stop.
  var isPauseWanted: Bool { state.withLock { $0.isPauseWanted } }

  var stopsAtErrors: Bool { state.withLock { $0.isStarted && $0.stopsAtErrors } }

  /// Whether somebody wants the running cell to stop; true for one asker.
  func takePause() -> Bool {
    change { state in
      defer { state.isPauseWanted = false }
      return state.isPauseWanted
    }
  }

  /// A cell has stopped, its desk is occupied; false when nobody debugs any more, so that it is to go on.
  func stopped(_ stop: Stop, _ reason: String, text: String?, for cell: IncomingRequest) -> Bool {
    let isWanted = change { state in
      if state.isStarted { state.stops.append(stop) }
      return state.isStarted
    }
    guard isWanted else { return false }
    var body: JSONObject = [
      "reason": .string(reason), "threadId": .integer(stop.thread), "allThreadsStopped": false,
    ]
    if let text {
      body["description"] = .string(text)
      body["text"] = .string(text)
    }
    publish("stopped", body, for: cell)
    return true
  }

  /// A stopped cell looks different now.
  func changed(_ stop: Stop) {
    change { state in
      // Not one that has been told to go on meanwhile.
      for index in state.stops.indices where state.stops[index].thread == stop.thread {
        state.stops[index] = stop
      }
    }
  }

  /// A stopped cell goes on.
  func resumed(_ thread: Int, for cell: IncomingRequest) {
    change { state in state.stops.removeAll { $0.thread == thread } }
    publish(
      "continued", ["threadId": .integer(thread), "allThreadsContinued": false], for: cell)
  }

  /// Answers a request to evaluate something in a stopped cell, on that cell's thread.
  func answer(
    _ incoming: IncomingRequest,
    _ evaluate: (_ text: String, _ frame: Int) -> Result<MIMEBundle?, ErrorReport>
  ) {
    guard case .debug(let request) = incoming.request else { return }
    dispatcher.serve(incoming) {
      let frame = request.arguments["frameId"]?.integerValue.map { Self.frame($0).index } ?? 0
      switch evaluate(request.arguments["expression"]?.stringValue ?? "", frame) {
      case .success(let bundle):
        let text = bundle?.data[MIMEType.plain]?.stringValue ?? ""
        return DebugReply(
          to: request, body: ["result": .string(text), "type": "", "variablesReference": 0])
      case .failure(let report):
        return DebugReply(to: request, failure: "\(report.name): \(report.message)")
      }
    }
  }

  private func publish(_ event: String, _ body: JSONObject, for cause: IncomingRequest) {
    let sequence = change { state in
      state.sequence += 1
      return state.sequence
    }
    outbox.publish(
      OutgoingMessage(
        broadcast: DebugEvent(event, sequence: sequence, body: body), parent: cause.message.header))
  }

  // MARK: - For the control thread

  /// Whether a request looks at values, which may take time: the language thread answers it.
  static func isInspection(_ request: DebugRequest) -> Bool {
    ["inspectVariables", "variables", "richInspectVariables"].contains(request.command)
  }

  /// Lets the thread of a stopped cell answer; false when no cell is stopped.
  func delegate(_ incoming: IncomingRequest, _ request: DebugRequest) -> Bool {
    guard request.command == "evaluate" else { return false }
    let thread = request.arguments["frameId"]?.integerValue.map { Self.frame($0).thread }
    return stop(thread)?.desk.put(.evaluate(incoming)) ?? false
  }

  /// The stopped cell of a thread, or any: JupyterLab asks for thread 1 whatever stopped.
  private func stop(_ thread: Int? = nil) -> Stop? {
    state.withLock { state in
      state.stops.first { thread == nil || $0.thread == thread } ?? state.stops.first
    }
  }

  func reply(to request: DebugRequest, _ incoming: IncomingRequest) -> DebugReply {
    let arguments = request.arguments
    switch request.command {
    case "debugInfo": return DebugReply(to: request, body: information)
    case "initialize":
      change { $0.isStarted = true }
      return DebugReply(to: request, body: Self.capabilities)
    case "attach":
      publish("initialized", [:], for: incoming)
      return DebugReply(to: request)
    case "disconnect", "terminate":
      let stops = change { state in
        defer { state = State() }
        return state.stops
      }
      for stop in stops { _ = stop.desk.put(.resume(.run)) }
      return DebugReply(to: request)
    case "configurationDone": return DebugReply(to: request)
    case "dumpCell": return dumpCell(request)
    case "source": return source(request)
    case "setBreakpoints": return setBreakpoints(request)
    case "setExceptionBreakpoints":
      let filters = arguments["filters"]?.arrayValue ?? []
      change { $0.stopsAtErrors = !filters.isEmpty }
      return DebugReply(to: request)
    case "modules":
      return DebugReply(to: request, body: ["modules": .array([]), "totalModules": 0])
    case "threads": return DebugReply(to: request, body: ["threads": threads])
    case "stackTrace": return stackTrace(request)
    case "scopes": return scopes(request)
    case "pause":
      change { $0.isPauseWanted = true }
      return DebugReply(to: request)
    case "continue": return resume(request) { _ in .run }
    case "next": return resume(request) { .over(depth: $0) }
    case "stepIn": return resume(request) { _ in .into }
    case "stepOut": return resume(request) { .out(depth: $0) }
    case "inspectVariables": return inspectVariables(request)
    case "variables": return variables(request)
    case "richInspectVariables": return richInspectVariables(request)
    case "evaluate": return DebugReply(to: request, failure: "no cell is stopped")
    default:
      return DebugReply(to: request, failure: "the command \"\(request.command)\" is not known")
    }
  }

  private static let capabilities: JSONObject = [
    "supportsConfigurationDoneRequest": true, "supportsEvaluateForHovers": true,
    "supportsModulesRequest": true,
    "exceptionBreakpointFilters": .array([
      ["filter": "errors", "label": "Errors", "default": false]
    ]),
  ]

  private var information: JSONObject {
    state.withLock { state in
      [
        "isStarted": .boolean(state.isStarted), "hashMethod": "Murmur2",
        "hashSeed": .integer(Int(CellPath.seed)), "tmpFilePrefix": .string(CellPath.prefix),
        "tmpFileSuffix": .string(CellPath.suffix),
        "breakpoints": .array(
          state.breakpoints.sorted { $0.key < $1.key }.map { path, lines in
            [
              "source": .string(path),
              "breakpoints": .array(lines.map { ["line": .integer($0)] }),
            ]
          }),
        "stoppedThreads": .array(state.stops.map { .integer($0.thread) }),
        "richRendering": true, "exceptionPaths": .array(["Nabla"]), "copyToGlobals": false,
      ]
    }
  }

  // MARK: - Cells and breakpoints

  private func dumpCell(_ request: DebugRequest) -> DebugReply {
    let code = request.arguments["code"]?.stringValue ?? ""
    let path = CellPath.path(of: code)
    change { $0.sources[path] = code }
    return DebugReply(to: request, body: ["sourcePath": .string(path)])
  }

  private func source(_ request: DebugRequest) -> DebugReply {
    let path = request.arguments["source"]?["path"]?.stringValue ?? ""
    guard let code = state.withLock({ $0.sources[path] }) else {
      return DebugReply(to: request, failure: "there is no source \(path)")
    }
    return DebugReply(to: request, body: ["content": .string(code)])
  }

  private func setBreakpoints(_ request: DebugRequest) -> DebugReply {
    guard let path = request.arguments["source"]?["path"]?.stringValue else {
      return DebugReply(to: request, failure: "setBreakpoints needs the path of a source")
    }
    let wanted = (request.arguments["breakpoints"]?.arrayValue ?? []).compactMap {
      $0["line"]?.integerValue
    }
    let statements = state.withLock { $0.sources[path] }.map {
      StatementLines($0, language.symbols.vocabulary)
    }
    // Where a line holds no statement, the next one that does.
    let lines = wanted.map { line in statements.map { $0.nearest(to: line) } ?? line }
    change { $0.breakpoints[path] = lines.contains { $0 != nil } ? lines.compactMap { $0 } : nil }
    let breakpoints: [JSONValue] = zip(wanted, lines).enumerated().map { index, lines in
      [
        "id": .integer(index), "verified": .boolean(lines.1 != nil),
        "line": .integer(lines.1 ?? lines.0), "source": ["path": .string(path)],
      ]
    }
    return DebugReply(to: request, body: ["breakpoints": .array(breakpoints)])
  }

  // MARK: - Stopped cells

  private var threads: JSONValue {
    let stopped = state.withLock { $0.stops.map(\.thread) }
    return .array(
      Set([1] + stopped).sorted().map {
        [
          "id": .integer($0), "name": .string($0 == 1 ? "main shell" : "subshell \($0 - 1)"),
        ]
      })
  }

  /// The number of a frame tells its thread as well.
  private static func frame(_ number: Int) -> (thread: Int, index: Int) {
    (number / 1_000, number % 1_000 - 1)
  }

  private func stackTrace(_ request: DebugRequest) -> DebugReply {
    guard let stop = stop(request.arguments["threadId"]?.integerValue) else {
      return DebugReply(to: request, body: ["stackFrames": .array([]), "totalFrames": 0])
    }
    let frames: [JSONValue] = stop.frames.enumerated().map { index, frame in
      let path = CellPath.path(of: frame.code)
      change { $0.sources[path] = frame.code }
      return [
        "id": .integer(stop.thread * 1_000 + index + 1), "name": .string(frame.name),
        "line": .integer(frame.line), "column": 1,
        "source": [
          "path": .string(path),
          "name": .string(path.split(separator: "/").last.map(String.init) ?? ""),
        ],
      ]
    }
    return DebugReply(
      to: request, body: ["stackFrames": .array(frames), "totalFrames": .integer(frames.count)])
  }

  private func scopes(_ request: DebugRequest) -> DebugReply {
    let number = request.arguments["frameId"]?.integerValue ?? 0
    let (thread, index) = Self.frame(number)
    var roots: [(name: String, root: VariableReferences.Root)] = []
    if let frames = stop(thread)?.frames, frames.indices.contains(index),
      !frames[index].locals.symbols.isEmpty
    {
      roots.append(("Locals", .locals(frame: number)))
    }
    roots.append(("Globals", .globals))
    let scopes: [JSONValue] = roots.map { name, root in
      [
        "name": .string(name), "expensive": false,
        "variablesReference": .integer(reference(to: .init(root: root, name: nil))),
      ]
    }
    return DebugReply(to: request, body: ["scopes": .array(scopes)])
  }

  private func resume(_ request: DebugRequest, _ mode: (_ depth: Int) -> StepMode) -> DebugReply {
    guard let stop = stop(request.arguments["threadId"]?.integerValue),
      stop.desk.put(.resume(mode(stop.frames.count - 1)))
    else { return DebugReply(to: request, failure: "no cell is stopped") }
    return DebugReply(to: request, body: ["allThreadsContinued": false])
  }

  // MARK: - Variables

  private func reference(to place: VariableReferences.Place) -> Int {
    change { $0.references.number(of: place) }
  }

  /// The names of a root: those of a stopped cell, else those that all shells share.
  private func snapshot(_ root: VariableReferences.Root) -> SymbolSnapshot {
    switch root {
    case .globals: return stop()?.globals ?? language.symbols
    case .locals(let number):
      let (thread, index) = Self.frame(number)
      guard let frames = stop(thread)?.frames, frames.indices.contains(index) else {
        return SymbolSnapshot(language.symbols.vocabulary)
      }
      return frames[index].locals
    }
  }

  private func inspectVariables(_ request: DebugRequest) -> DebugReply {
    let nodes = VariableTree.roots(of: snapshot(.globals))
    return DebugReply(to: request, body: ["variables": json(nodes, .globals)])
  }

  private func variables(_ request: DebugRequest) -> DebugReply {
    let number = request.arguments["variablesReference"]?.integerValue ?? 0
    guard let place = state.withLock({ $0.references[number] }) else {
      return DebugReply(to: request, failure: "there are no variables of number \(number)")
    }
    let snapshot = snapshot(place.root)
    var nodes =
      place.name.map { VariableTree.children(of: $0, in: snapshot) ?? [] }
      ?? VariableTree.roots(of: snapshot)
    // Front ends may ask for a part.
    let start = max(0, request.arguments["start"]?.integerValue ?? 0)
    nodes = Array(nodes.dropFirst(start))
    if let count = request.arguments["count"]?.integerValue, count > 0 {
      nodes = Array(nodes.prefix(count))
    }
    return DebugReply(to: request, body: ["variables": json(nodes, place.root)])
  }

  private func json(_ nodes: [VariableNode], _ root: VariableReferences.Root) -> JSONValue {
    .array(
      nodes.map { node in
        [
          "name": .string(node.name), "evaluateName": .string(node.name),
          "type": .string(node.type), "value": .string(node.value),
          "variablesReference": .integer(
            node.childCount == 0 ? 0 : reference(to: .init(root: root, name: node.name))),
          "indexedVariables": .integer(node.childCount),
        ]
      })
  }

  private func richInspectVariables(_ request: DebugRequest) -> DebugReply {
    let name = request.arguments["variableName"]?.stringValue ?? ""
    var roots: [VariableReferences.Root] = [.globals]
    if let frame = request.arguments["frameId"]?.integerValue {
      roots.insert(.locals(frame: frame), at: 0)
    }
    for root in roots {
      if let bundle = VariableTree.bundle(of: name, in: snapshot(root)) {
        return DebugReply(
          to: request,
          body: ["data": .object(bundle.data), "metadata": .object(bundle.metadata)])
      }
    }
    return DebugReply(to: request, failure: "there is no variable \"\(name)\"")
  }
}
