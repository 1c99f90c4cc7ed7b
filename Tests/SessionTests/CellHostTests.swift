import Display
import JSONText
import Language
import MatrixEngine
import Networks
import Session
import Synchronization
import Syntax
import Testing

/// A host with everything that one may have; keeps what is asked of it.
private final class LiveHost: CellHost, TrainingObserver {
  private(set) var outputs: [CellOutput] = []
  private(set) var losses: [Double] = []
  let comm = TestComm()
  let interval = Duration.zero
  /// After how many reports a training is to end.
  var mostReports = Int.max

  func emit(_ output: CellOutput) { outputs.append(output) }
  func readLine(prompt: String) throws(InputUnavailable) -> String? { throw InputUnavailable() }

  func openComm(to target: String, _ content: CommContent, handler: @escaping CommHandler)
    -> (any OpenComm)?
  { comm }

  var trainingObserver: (any TrainingObserver)? { self }

  func observe(_ progress: TrainingProgress, of network: Network) -> TrainingWish {
    losses.append(progress.loss)
    return losses.count < mostReports ? .goOn : .stop
  }
}

/// A comm without another end.
private final class TestComm: OpenComm {
  let identity = "c"
  private let state = Mutex<[CommContent]>([])
  var sent: [CommContent] { state.withLock { $0 } }

  func send(_ content: CommContent) { state.withLock { $0.append(content) } }
  func close(_ data: JSONObject) {}
}

@Suite("What the host of a cell gives beyond outputs and input")
struct CellHostTests {
  private static let network = """
    network N { input 1; dense 2, tanh; dense 1; seed 3 }
    X = [1; 2; 3]; Y = [2; 4; 6]
    """

  @Test("its observer looks on while train trains, and changes nothing")
  func observing() throws {
    let (seen, unseen) = (Notebook(Self.network), Notebook(Self.network))
    let host = LiveHost()
    #expect(seen.session.execute("h = train(N, X, Y, epochs = 6)", host: host) == .success)
    unseen.run("h = train(N, X, Y, epochs = 6)")
    #expect(host.losses.count == 6)
    #expect(try host.losses == Array(seen.column("loss", of: "h").prefix(6)))
    for value in ["h.loss", "N.W[1]", "N.b[2]"] {
      #expect(try seen.numbers(value) == unseen.numbers(value))
    }
    // A silent cell has nobody who looks on.
    #expect(seen.session.execute("train(N, X, Y)", silent: true, host: host) == .success)
    #expect(host.losses.count == 6)
  }

  @Test("it may end a training, which says so and keeps what was learnt")
  func ending() throws {
    let (ended, short) = (Notebook(Self.network), Notebook(Self.network))
    let host = LiveHost()
    host.mostReports = 4
    #expect(
      ended.session.execute("h = train(N, X, Y, epochs = 100, every = 10)", host: host) == .success)
    #expect(
      host.outputs == [
        .stream(
          .stdout, "note: stopped in epoch 3, as was asked; the network keeps what it has learnt\n")
      ])
    short.run("h = train(N, X, Y, epochs = 3)")
    #expect(try ended.numbers("N.W[1]") == short.numbers("N.W[1]"))
    #expect(try ended.column("epoch", of: "h") == [0, 3])
    #expect(try ended.column("loss", of: "h").last == short.column("loss", of: "h").last)
  }

  @Test("a plain host has neither displays nor comms nor an observer")
  func plain() {
    let host = RecordingHost()
    #expect(host.openDisplay(MIMEBundle(plain: "a")) == nil)
    #expect(host.openComm(to: "t", CommContent([:]), handler: { _, _, _ in }) == nil)
    #expect(host.trainingObserver == nil)
  }

  // MARK: - Comms

  @Test("a handler finds the names of its session, and what it shows goes to the message's host")
  func handling() throws {
    let notebook = Notebook("a = 20")
    let host = LiveHost()
    let result = notebook.session.receive(
      .received(CommContent(["b": 22], buffers: [[1]])), of: host.comm,
      by: { (event, comm, interpreter) throws(Diagnostic) in
        guard case .received(let content) = event, let a = interpreter.memory["a"]?.number else {
          throw Diagnostic(.value, "nothing to add", at: nil)
        }
        let sum = a + (content.data["b"]?.numberValue ?? 0)
        interpreter.memory["sum"] = .scalar(sum)
        interpreter.host?.emit(.display(interpreter.render(.scalar(sum)), identity: nil))
        comm.send(CommContent(["sum": .number(sum)], buffers: content.buffers + [[2]]))
      }, host: host)
    #expect(result == .success)
    #expect(try notebook.number("sum") == 42)
    #expect(host.outputs.count == 1)
    #expect(host.comm.sent == [CommContent(["sum": .number(42)], buffers: [[1], [2]])])
  }

  @Test("one that fails changes nothing, whatever it has done before")
  func failing() throws {
    let notebook = Notebook("a = 1\n" + Self.network)
    let host = LiveHost()
    let result = notebook.session.receive(
      .closed(CommContent([:])), of: host.comm,
      by: { (_, _, interpreter) throws(Diagnostic) in
        interpreter.memory["a"] = .scalar(2)
        interpreter.memory["b"] = .scalar(3)
        throw Diagnostic(.value, "no", at: nil)
      }, host: host)
    guard case .failure(let report) = result else {
      Issue.record("it did not fail")
      return
    }
    #expect(report.name == "ValueError" && report.message == "no")
    #expect(try notebook.number("a") == 1)
    #expect(try notebook.error("b").name == "NameError")
  }

  @Test("a session answers for a comm that another one of the same names has opened")
  func sharing() throws {
    let namespace = Namespace()
    let (main, beside) = (Notebook("a = 1", sharing: namespace), Notebook(sharing: namespace))
    let host = LiveHost()
    let result = beside.session.receive(
      .received(CommContent([:])), of: host.comm,
      by: { (_, _, interpreter) throws(Diagnostic) in
        interpreter.memory["a"] = .scalar((interpreter.memory["a"]?.number ?? 0) + 1)
      }, host: host)
    #expect(result == .success)
    #expect(try main.number("a") == 2)
  }

  @Test("an interrupt is over with the call that it ended")
  func interrupting() throws {
    let interrupt = InterruptFlag()
    let notebook = Notebook(interrupt: interrupt)
    let host = LiveHost()
    let result = notebook.session.receive(
      .received(CommContent([:])), of: host.comm,
      by: { (_, _, interpreter) throws(Diagnostic) in
        interpreter.interrupt.raise()
        try interpreter.checkInterrupt()
      }, host: host)
    if case .failure(let report) = result {
      #expect(report.name == "InterruptError")
    } else {
      Issue.record("it went on")
    }
    #expect(try notebook.number("1 + 1") == 2)
  }
}

@Suite("What statements depend on")
struct DependencyTests {
  private func names(_ text: String, after setUp: String = "") throws -> StatementNames {
    let program = Parser.parse(SourceText(text), layers: Vocabulary.standard.layerWords)
    try #require(program.diagnostics.isEmpty)
    let interpreter = Interpreter(sharing: Namespace())
    let before = Parser.parse(SourceText(setUp), layers: Vocabulary.standard.layerWords)
    interpreter.begin(setUp, host: nil)
    for statement in before.statements { try interpreter.runWhole(statement, isResult: false) }
    return interpreter.dependencies(of: program.statements)
  }

  @Test("words are no names, and commands say which network they change")
  func commands() throws {
    let train = try names("h = train(net, X, Y, optimizer = adam, batch_size = all, epochs = n)")
    #expect(train.reads == ["train", "net", "X", "Y", "n"])
    #expect(train.defines == ["h"] && train.changes == ["net"])
    #expect(try names("reset(net)").changes == ["net"])
    #expect(try names("step(net, x, y, η = r)").writes == ["net"])
    #expect(try names("forward(net, x)").writes == [])
    #expect(
      try names("whatif(net, W[2][1, 3] = a, x, y)").reads == ["whatif", "net", "a", "x", "y"])
  }

  @Test("what a command reads for itself counts")
  func expressions() throws {
    #expect(try names("check(a + b == c)").reads.isSuperset(of: ["a", "b", "c"]))
    #expect(try names("explain ∂f/∂x, x = a").reads.isSuperset(of: ["f", "a"]))
  }

  @Test("functions are followed as they are defined now")
  func functions() throws {
    let setUp = """
      k = 1; b = 2
      g(x) = k*x
      f(x) = g(x) + b
      """
    #expect(try names("f(z)", after: setUp).reads == ["f", "g", "k", "b", "z"])
    #expect(try names("g(x) = x\nf(z)", after: setUp).reads.isSuperset(of: ["f", "k", "b", "z"]))
    #expect(try names("fit(net)", after: "fit(n) = train(n, X, Y)\n").changes == ["net"])
  }
}
