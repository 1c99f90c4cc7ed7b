import Display
import Language
import MatrixEngine
import Session
import Testing

/// A front end in which a training can be seen.
private final class Onlooker: CellHost {
  private(set) var shown: [MIMEBundle] = []
  private(set) var times: [ContinuousClock.Instant] = []
  private(set) var outputs: [CellOutput] = []
  /// After how many pictures the flag is raised.
  var most = Int.max
  var interrupt: InterruptFlag?

  func emit(_ output: CellOutput) { outputs.append(output) }
  func readLine(prompt: String) throws(InputUnavailable) -> String? { throw InputUnavailable() }

  func showMeanwhile(_ bundle: MIMEBundle) -> Bool {
    shown.append(bundle)
    times.append(ContinuousClock.now)
    if shown.count >= most { interrupt?.raise() }
    return true
  }

  var texts: [String] { shown.map { $0.data[MIMEType.plain]?.stringValue ?? "" } }
  var pages: [String] { shown.map { $0.data[MIMEType.html]?.stringValue ?? "" } }
}

@Suite("A training that can be watched", .serialized)
struct LiveTrainingTests {
  private static let setUp = """
    network N { input 2; dense 4, tanh; dense 1, sigmoid }
    network D { input 64; dense 3, relu; dense 10, softmax }
    d = dataset(moons)
    """

  private func train(_ call: String, _ host: Onlooker) -> CellResult {
    Notebook(Self.setUp).session.execute(call, host: host)
  }

  @Test("one that is soon over shows nothing but its history")
  func short() {
    let host = Onlooker()
    #expect(train("train(N, d, epochs = 5, watch = [boundary, weights])", host) == .success)
    #expect(host.shown.isEmpty && host.outputs.count == 1)
  }

  @Test("from half a second on it shows how far it is, at most twenty times a second")
  func long() throws {
    let host = Onlooker()
    let begin = ContinuousClock.now
    #expect(
      train("h = train(N, d, epochs = 1000000, every = 10000, learning_rate = 0.00001);", host)
        == .success)
    let took = ContinuousClock.now - begin
    #expect(host.outputs.isEmpty)
    let first = try #require(host.times.first)
    #expect(first - begin >= .milliseconds(500))
    for (one, next) in zip(host.times, host.times.dropFirst()) {
      #expect(next - one >= .milliseconds(50))
    }
    #expect(Double(host.times.count) <= took / .milliseconds(50))
    let text = try #require(host.texts.last)
    #expect(text.contains("Training N: epoch ") && text.contains(" of 100000"))
    #expect(text.contains("loss 0.") && text.contains("accuracy ") && text.contains(" left"))
    #expect(host.pages.allSatisfy { $0.hasPrefix("<div style=") && !$0.contains("<style") })
  }

  @Test("with a pace every epoch is shown from the first on, and the result is the same")
  func pace() throws {
    let (watched, silent) = (Notebook(Self.setUp), Notebook(Self.setUp))
    let host = Onlooker()
    let call = "h = train(N, d, epochs = 6, every = 2, batch_size = 50"
    #expect(watched.session.execute("\(call), pace = 0.02)\nh", host: host) == .success)
    let expected = silent.run("\(call))\nh")
    #expect(
      host.texts.map { $0.prefix(29) } == [2, 4, 6].map { "Training N: epoch \($0) of 6\n[===" })
    for (one, next) in zip(host.times, host.times.dropFirst()) {
      #expect(next - one >= .milliseconds(20))
    }
    #expect(host.outputs == expected.outputs)
    #expect(try watched.numbers("N.W[1]") == silent.numbers("N.W[1]"))
  }

  @Test(
    "watch adds pictures",
    arguments: [
      ("boundary", 1), ("diagram", 1), ("weights", 2), ("image", 1), ("[boundary, weights]", 3),
    ])
  func pictures(words: String, count: Int) {
    let host = Onlooker()
    #expect(train("train(N, d, epochs = 2, pace = 0, watch = \(words));", host) == .success)
    #expect(host.pages.count == 2)
    for page in host.pages { #expect(page.split(separator: "<svg").count - 1 == count) }
    let digits = Onlooker()
    #expect(
      train("train(D, dataset(digits), epochs = 1, pace = 0, watch = image);", digits) == .success)
    #expect(digits.pages.count == 1)
  }

  @Test("an interrupt ends the waiting, and the network keeps what it has learnt")
  func interrupted() throws {
    let flag = InterruptFlag()
    let notebook = Notebook(Self.setUp, interrupt: flag)
    let host = Onlooker()
    (host.most, host.interrupt) = (3, flag)
    let begin = ContinuousClock.now
    let result = notebook.session.execute("h = train(N, d, epochs = 100, pace = 0.2)", host: host)
    guard case .failure(let report) = result else {
      Issue.record("no interrupt")
      return
    }
    // The pause at the third picture is cut short.
    #expect(ContinuousClock.now - begin < .milliseconds(550))
    #expect(report.name == "InterruptError")
    #expect(report.plainText.contains("keeps the weights after epoch"))
    #expect(report.plainText.contains("with the loss 0."))
    let epoch = try notebook.number("N.updates")
    #expect(epoch > 0 && epoch < 5)
    #expect(try notebook.numbers("h.at(\(Int(epoch))).W[1]") == notebook.numbers("N.W[1]"))
  }
}
