import Assistance
import Glibc
import Language
import Lessons
import MatrixEngine
import Session
import Synchronization
import Testing

/// A notebook on a thread of its own, interrupted from another one.
@Suite("An interrupt ends any loop within 100 ms", .serialized)
struct InterruptTests {
  private static let setUp = """
    network N { input 2; dense 50, tanh; dense 1, sigmoid }
    network W { input 64; dense 200, relu; dense 10, softmax }
    network Wide { input 700; dense 1500, relu; dense 1500, relu; dense 4 }
    perceptron P { input 2 }
    d = dataset(xor); big = dataset(digits)
    spin(n) = if n <= 0 { 0 } else { spin(n - 1) }
    fib(n) = if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    slow(x) = sum(i for i in 1:1000) + x
    """

  /// A build for debugging is some twenty times slower in what it does between two looks at the flag, and so is one under
  /// a sanitizer.
  private static let bound: Double = {
    #if DEBUG
      0.4
    #else
      getenv("NABLA_SANITIZER") == nil ? 0.1 : 2
    #endif
  }()

  @Test(
    "the statement that runs",
    arguments: [
      "for i in 1:1e7 { for j in 1:1000 { k = i*j } }",
      "for i in 1:1e300 { }",
      "sleep(60)",
      "v = [i^2 for i in 1:60000000]",
      "sum(sin(i) for i in 1:60000000)",
      "fib(60)",
      "slow(1:1000000)",
      "[spin(200) for i in 1:10000000]",
      "train(N, d, epochs = 100000000, every = 100000)",
      "train(N, d, epochs = 100000000, batch_size = 1, every = 100000)",
      "train(W, big, epochs = 1000000, batch_size = 32, optimizer = adam, every = 1000)",
      "train(P, d, rule = perceptron, epochs = 1000000)",
      "for i in 1:1000000 { step(W, big) }",
      "for i in 1:100000 { A = ones(1500, 1500) @ ones(1500, 1500) }",
      "A = ones(8000, 8000) @ ones(8000, 8000)",
      "for i in 1:1000000 { A = inv(rand(400, 400)) }",
      "train(Wide, rand(1200, 700), rand(1200, 4), epochs = 1000000, every = 1000)",
      "backward(Wide, rand(20000, 700), rand(20000, 4))",
      "for i in 1:1000000 { x = exp(sin(zeros(3000000))) }",
      "for i in 1:100000 { x = rand(5000000) }",
      "gradcheck(W, big)",
      "for i in 1:10000000 { try nosuch(i) }",
      "for i in 1:1e15 { if i < 0 { print(i) } }",
    ])
  func interrupt(_ source: String) throws {
    // Other tests run beside this one and may take its processors away for longer: it tries until one is quick, later
    // each time.
    var delays: [Double] = []
    for attempt in 0..<16 {
      usleep(UInt32(attempt * 200_000))
      let run = try #require(interrupted(source))
      #expect(run.error == "InterruptError", "\(source): \(run.error)")
      // A training keeps what its network has learnt; every other statement takes its updates back.
      #expect(run.updates == 0 || source.hasPrefix("train("), "\(source): \(run.updates)")
      delays.append(run.delay)
      if run.delay < Self.bound { break }
    }
    #expect(delays.contains { $0 < Self.bound }, "\(source): \(delays)")
  }

  @Test("earlier statements are kept, and the next cell runs")
  func afterwards() throws {
    let found = onLargeStack { () -> [Double]? in
      let notebook = Notebook("a = 1")
      let flag = notebook.session.interrupt
      raise(flag, after: 20_000, started: Box())
      _ = notebook.attempt("a = 2\nb = 3\nfor i in 1:1e7 { for j in 1:1000 { a = j } }\na = 5")
      return try? notebook.numbers("[a, b]")
    }
    #expect(found == [2, 3])
  }

  @Test(
    "an interrupted training keeps its last whole epoch, and is assigned; in a loop variables go back",
    arguments: [
      "h = train(N, d, epochs = 100000000, every = 1000, optimizer = momentum)",
      "h = train(N, d, epochs = 100000000, batch_size = 1, every = 1000)",
      "h = train(P, d, rule = perceptron, epochs = 1000000)",
      "for i in 1:3 { h = train(N, d, epochs = 100000000, every = 100000) }",
    ])
  func training(_ source: String) throws {
    let found = onLargeStack { () -> (error: String, text: String, numbers: [Double])? in
      let notebook = Notebook(Self.setUp + "\nh = 7")
      raise(notebook.session.interrupt, after: 60_000, started: Box())
      let run = notebook.attempt(source)
      guard let error = run.error else { return nil }
      let isLoop = source.hasPrefix("for")
      let last = source.contains("perceptron") ? "shape(h.errors)" : "h.epochs"
      let epochs = isLoop ? try? notebook.numbers("h") : try? notebook.numbers(last)
      guard let updates = try? notebook.number("N.updates + P.updates"), let end = epochs?.last
      else { return nil }
      return (error.name, error.plainText, [updates, end])
    }
    let (name, text, numbers) = try #require(found ?? nil)
    #expect(name == "InterruptError")
    #expect(text.contains("its last whole one"), "\(text)")
    #expect(numbers[0] > 0)
    if source.hasPrefix("for") {
      #expect(numbers[1] == 7)
    } else {
      // The history ends where the network is.
      #expect(text.contains("after epoch \(Int(numbers[1]))") || source.contains("batch_size"))
    }
  }

  private struct Interrupted: Sendable {
    var error: String
    var delay: Double
    var updates: Double
  }

  private func interrupted(_ source: String) -> Interrupted? {
    onLargeStack {
      let notebook = Notebook(Self.setUp)
      let raised = Box<Double>()
      raise(notebook.session.interrupt, after: 60_000, started: raised)
      let run = notebook.attempt(source)
      let end = now()
      let updates = (try? notebook.numbers("[N.updates, W.updates, P.updates]")) ?? [.nan]
      return Interrupted(
        error: run.error?.name ?? "none", delay: end - (raised.value ?? end),
        updates: updates.reduce(0, +))
    } ?? nil
  }
}

private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Raises the flag from another thread, some microseconds from now, and notes when that was.
private func raise(_ flag: InterruptFlag, after microseconds: UInt32, started: Box<Double>) {
  inBackground {
    usleep(microseconds)
    started.set(now())
    flag.raise()
  }
}
