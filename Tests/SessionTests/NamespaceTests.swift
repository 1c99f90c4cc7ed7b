import Assistance
import Glibc
import Language
import Lessons
import MatrixEngine
import Session
import Testing

/// Two shells of a kernel: sessions with a namespace in common.
@Suite("Sessions that share a namespace", .serialized)
struct NamespaceTests {
  private static let network = """
    network N { input 2; dense 3, tanh; dense 1, sigmoid }
    X = [0, 0; 0, 1; 1, 0; 1, 1]; y = [0, 1, 1, 0]
    """

  private let main: Notebook
  private let other: Notebook
  private let namespace = Namespace()

  init() {
    main = Notebook(Self.network, sharing: namespace)
    other = Notebook(sharing: namespace)
  }

  @Test("names go both ways, with every kind of value")
  func names() throws {
    main.run(
      """
      a = 1.5; t = "text"; v = [1, 2]; A = [1, 2; 3, 4]; f(x) = x^2 + a; d = dataset(xor)
      run = forward(N, X); l = ["p", "q"]; none = 1 > 2
      """)
    for name in ["a", "t", "v", "A", "f(3)", "d", "run", "l", "none", "N", "run.a[1]", "d.X"] {
      #expect(try other.text(name) == main.text(name), "\(name)")
    }
    other.run("a = 7; b = f(0)")
    #expect(try main.number("a") == 7)
    #expect(try main.number("b") == 7)
    #expect(try main.number("f(1)") == 8)
  }

  @Test("settings and random numbers are common as well")
  func settings() throws {
    main.run("set digits = 2; set seed = 5")
    #expect(try other.text("1/3") == "0.333")
    let first = try other.number("rand()")
    main.run("set seed = 5; r = rand()")
    #expect(try main.number("r") == first)
    other.run("s = rand()")
    #expect(try main.number("s") != first)
  }

  @Test("a statement that fails is seen by nobody")
  func failure() throws {
    main.run("a = 1")
    _ = main.attempt("for i in 1:3 { a = i; step(N, X, y); [1, 2] + [1, 2, 3] }")
    #expect(try other.number("a") == 1)
    #expect(try other.number("N.updates") == 0)
    _ = main.attempt("a = 2\nnosuch(3)")
    #expect(try other.number("a") == 1 || other.number("a") == 2)
  }

  @Test("a network is one network, whichever shell trains it")
  func network() throws {
    main.run("M = N; nets = [N, copy(N)]; step(N, X, y);")
    let trained = try main.numbers("N.W[1]")
    for name in ["N", "M", "nets[1]"] { #expect(try other.numbers("\(name).W[1]") == trained) }
    #expect(try other.numbers("nets[2].W[1]") != trained)
    other.run("train(M, X, y, epochs = 5);")
    #expect(try main.number("N.updates") == 6)
    #expect(try main.numbers("N.W[1]") == other.numbers("N.W[1]"))
    #expect(try main.numbers("nets[1].W[2]") == other.numbers("M.W[2]"))
    main.run("N.W[1][1,1] = 0.25")
    #expect(try other.number("M.W[1][1,1]") == 0.25)
    other.run("reset(N)")
    #expect(try main.number("N.updates") == 0)
  }

  @Test("a new definition of a network leaves the old one to those who have it")
  func redefinition() throws {
    main.run("old = N; step(N, X, y);")
    other.run(Self.network)
    #expect(try main.number("N.updates") == 0)
    #expect(try main.number("old.updates") == 1)
    main.run("step(old, X, y);")
    #expect(try other.number("old.updates") == 2)
    #expect(try other.number("N.updates") == 0)
  }

  @Test("a cell runs while another trains, and sees the network as it was before")
  func whileTraining() throws {
    let namespace = namespace
    let flag = InterruptFlag()
    let done = Box<String>()
    inBackground {
      let trainer = Notebook(sharing: namespace, interrupt: flag)
      let run = trainer.attempt("c = 5; train(N, X, y, epochs = 1000000000, every = 1000000)")
      done.set(run.error?.name ?? "no error")
    }
    // The statement before the long one has been handed over once it runs.
    while other.attempt("c").error != nil { usleep(1_000) }
    let before = try main.numbers("N.W[1]")
    #expect(try other.numbers("forward(N, X).a[2]").count == 4)
    #expect(try other.numbers("N.W[1]") == before)
    var refusal = try other.error("step(N, X, y)")
    for _ in 0..<200 where refusal.name != "ValueError" {
      refusal = try other.error("step(N, X, y)")
    }
    #expect(refusal.message == "N is being changed by a cell that runs in another shell")
    other.run("step(copy(N), X, y); c = 6")
    #expect(try main.number("c") == 6)
    flag.raise()
    while done.value == nil { usleep(1_000) }
    #expect(done.value == "InterruptError")
    // What is interrupted keeps its last whole epoch.
    let kept = try other.number("N.updates")
    #expect(kept > 0)
    other.run("step(N, X, y);")
    #expect(try main.number("N.updates") == kept + 1)
  }

  @Test(
    "of two cells that change one name, the one that ends last counts, and no other name suffers")
  func bothChange() throws {
    let namespace = namespace
    let flag = InterruptFlag()
    let done = Box<Bool>()
    main.run("a = 1; b = 1")
    inBackground {
      let long = Notebook(sharing: namespace, interrupt: flag)
      long.run("started = 1\nfor i in 1:3000000 { a = i }")
      done.set(true)
    }
    while other.attempt("started").error != nil { usleep(1_000) }
    other.run("a = 2; b = 2")
    #expect(try other.number("a") == 2)
    while done.value == nil { usleep(1_000) }
    #expect(try other.number("a") == 3_000_000)
    #expect(try main.number("b") == 2)
  }

  @Test("networks that no name leads to are forgotten")
  func forgotten() throws {
    main.run("network Big { input 300; dense 300, relu; dense 10 }")
    func resident() -> Int {
      guard let file = fopen("/proc/self/statm", "r") else { return 0 }
      defer { fclose(file) }
      var (size, resident) = (0, 0)
      withUnsafeMutablePointer(to: &size) { size in
        withUnsafeMutablePointer(to: &resident) { resident in
          _ = withVaList([size, resident]) { vfscanf(file, "%ld %ld", $0) }
        }
      }
      return resident * 4_096
    }
    for _ in 0..<20 { main.run("n = copy(Big)") }
    let before = resident()
    for _ in 0..<400 { main.run("n = copy(Big)") }
    // A copy has 0.75 MB of parameters; all of them would be 300 MB. (Other tests run beside this one.)
    #expect(resident() - before < 200_000_000)
  }

  @Test("a loop of tries keeps one old state of a network, not one a turn")
  func tries() throws {
    main.run("for i in 1:200 { a = i; try step(N, X, y) }")
    #expect(try other.number("N.updates") == 200)
    _ = main.attempt("for i in 1:9 { a = -i; try step(N, X, y); if i == 9 { nosuch(i) } }")
    #expect(try main.number("N.updates") == 200)
    #expect(try main.number("a") == 200)
    main.run("try nosuch(1)\ntry step(N, X, [1, 2])\nfor i in 1:3 { a = i; try [1] + [1, 2] }")
    #expect(try main.number("a") == 3)
  }
}
