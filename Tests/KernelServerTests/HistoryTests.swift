import Glibc
import JSONText
import JupyterProtocol
import KernelServer
import Synchronization
import Testing

/// A file in a folder of its own, gone when the test is over.
final class ScratchFile {
  let folder = "/tmp/nabla-history-\(getpid())-\(UInt64.random(in: 0 ... .max))"
  var path: String { "\(folder)/a/history.sqlite" }

  deinit {
    for name in ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm"] {
      unlink("\(folder)/a/\(name)")
    }
    rmdir("\(folder)/a")
    rmdir(folder)
  }

  /// Makes the file hold some bytes, which are no database.
  func fill(_ text: String) throws {
    mkdir(folder, 0o700)
    mkdir("\(folder)/a", 0o700)
    let stream = try #require(fopen(path, "w"))
    fputs(text, stream)
    fclose(stream)
  }
}

enum StoreKind: String, CaseIterable {
  case memory, sqlite

  func make(_ file: ScratchFile) throws -> any HistoryStore {
    switch self {
    case .memory: MemoryHistory()
    case .sqlite: try SQLiteHistory(path: file.path)
    }
  }
}

@Suite("History stores", .serialized)
struct HistoryStoreTests {
  private let file = ScratchFile()

  /// A store with a first session of these inputs; the last ones ran in a second session.
  private func filled(_ kind: StoreKind, _ inputs: [String], second: [String] = []) throws
    -> (store: any HistoryStore, session: Int)
  {
    let store = try kind.make(file)
    var session = 0
    for inputs in [inputs, second] where !inputs.isEmpty {
      session = try store.beginSession()
      try store.append(
        inputs.enumerated().map {
          HistoryEntry(session: session, line: $0 + 1, input: $1, output: nil)
        })
    }
    return (store, session)
  }

  @Test("the tail is the last inputs of all sessions, oldest first", arguments: StoreKind.allCases)
  func tail(kind: StoreKind) throws {
    let (store, session) = try filled(kind, ["a", "b"], second: ["c"])
    func tail(_ count: Int) throws -> [String] {
      try store.entries(.tail(count: count), from: session).map(\.input)
    }
    #expect(try tail(2) == ["b", "c"])
    #expect(try tail(9) == ["a", "b", "c"])
    #expect(try tail(0) == [])
  }

  @Test("a range goes up to its stop, which is left out", arguments: StoreKind.allCases)
  func range(kind: StoreKind) throws {
    let (store, session) = try filled(kind, ["a", "b", "c"], second: ["d", "e"])
    func range(_ number: Int, _ start: Int, _ stop: Int?) throws -> [String] {
      try store.entries(.range(session: number, start: start, stop: stop), from: session)
        .map(\.input)
    }
    #expect(try range(0, 1, 2) == ["d"])
    #expect(try range(0, 0, nil) == ["d", "e"])
    #expect(try range(-1, 2, nil) == ["b", "c"])
    #expect(try range(1, 1, 3) == ["a", "b"])
    #expect(try range(7, 1, nil) == [])
    #expect(try range(-7, 1, nil) == [])
  }

  @Test(
    "a shell in which nothing has run counts from the session it will be",
    arguments: StoreKind.allCases)
  func unbegun(kind: StoreKind) throws {
    let store = try filled(kind, ["a"], second: ["b"]).store
    func range(_ number: Int) throws -> [String] {
      try store.entries(.range(session: number, start: 1, stop: nil), from: nil).map(\.input)
    }
    #expect(try range(0) == [])
    #expect(try range(-1) == ["b"])
    #expect(try range(-2) == ["a"])
  }

  @Test(
    "a search knows * and ?, the last of equal inputs, and a number",
    arguments: StoreKind.allCases)
  func search(kind: StoreKind) throws {
    let (store, session) = try filled(kind, ["sin(1)", "cos(1)", "sin(2)", "sin(1)", #"\α😀"#])
    func found(_ pattern: String, count: Int? = nil, unique: Bool = false) throws -> [String] {
      try store.entries(.search(pattern: pattern, count: count, unique: unique), from: session)
        .map(\.input)
    }
    #expect(try found("sin*") == ["sin(1)", "sin(2)", "sin(1)"])
    #expect(try found("*(1)", unique: true) == ["cos(1)", "sin(1)"])
    #expect(try found("*(*", count: 2, unique: true) == ["sin(2)", "sin(1)"])
    #expect(try found("?os(1)") == ["cos(1)"])
    #expect(try found("sin*", count: 2) == ["sin(2)", "sin(1)"])
    #expect(try found(#"\α*"#) == [#"\α😀"#])
    #expect(try found("tan*") == [])
  }

  static let patterns: [(pattern: String, text: String, isFound: Bool)] = [
    ("x[*", "x[1, 2] = 3", true), ("*[a-z]*", "b", false), ("*[a-z]*", "v[a-z]", true),
    ("[!a]*", "[!a]x", true), ("*]*", "W[2]", true), (#"a\*"#, #"a\b"#, true),
    (#"\?"#, #"\x"#, true),
    ("?", "é", true), ("?", "𝛁", true), ("??", "é", false), ("*é?", "caféx", true),
    ("a*b*c", "a1b2b3c", true), ("a*b*c", "a1b2b3", false), ("*", "", true), ("", "", true),
    ("", "a", false), ("?", "", false), ("**a**", "bab", true), ("A*", "abc", false),
    ("*\n*", "a\nb", true), ("a*a*a*a*a*a*a*b", String(repeating: "a", count: 300), false),
  ]

  @Test("only * and ? are special, in every store", arguments: StoreKind.allCases)
  func patterns(kind: StoreKind) throws {
    for (pattern, text, isFound) in Self.patterns {
      let store = try kind.make(ScratchFile())
      try store.append([
        HistoryEntry(session: store.beginSession(), line: 1, input: text, output: nil)
      ])
      let search = HistoryRequest.Access.search(pattern: pattern, count: nil, unique: false)
      #expect(try store.entries(search, from: nil).isEmpty != isFound, "\(pattern) in \(text)")
    }
  }

  @Test("what one kernel writes, the next one reads, under the same numbers")
  func restart() throws {
    let first = try SQLiteHistory(path: file.path)
    let session = try first.beginSession()
    try first.append([HistoryEntry(session: session, line: 1, input: "x = 1", output: "é\n𝛁")])
    let second = try SQLiteHistory(path: file.path)
    let expected = [HistoryEntry(session: session, line: 1, input: "x = 1", output: "é\n𝛁")]
    #expect(try second.entries(.tail(count: 5), from: nil) == expected)
    #expect(try second.beginSession() == session + 1)
    #expect(
      try second.entries(.range(session: -1, start: 1, stop: nil), from: session + 1) == expected)
  }

  @Test("several kernels write at once, and nothing is lost")
  func together() throws {
    let path = file.path
    let problems = Mutex<[String]>([])
    let writers = (0..<4).map { writer in
      PlainThread(name: "writer") {
        do {
          let store = try SQLiteHistory(path: path)
          let session = try store.beginSession()
          for line in 1...50 {
            try store.append([
              HistoryEntry(session: session, line: line, input: "\(writer) \(line)", output: nil)
            ])
          }
        } catch {
          problems.withLock { $0.append("\(error)") }
        }
      }
    }
    for writer in writers { #expect(writer.join(milliseconds: 20_000)) }
    #expect(problems.withLock { $0 } == [])
    let entries = try SQLiteHistory(path: path).entries(.tail(count: 1_000), from: nil)
    #expect(entries.count == 200)
    #expect(Set(entries.map(\.session)).count == 4)
    for session in Set(entries.map(\.session)) {
      #expect(entries.filter { $0.session == session }.map(\.line) == Array(1...50))
    }
  }

  @Test("the file is its owner's alone")
  func permissions() throws {
    _ = try SQLiteHistory(path: file.path)
    var status = stat()
    #expect(stat(file.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }
}

@Suite("History", .serialized)
struct HistoryTests {
  private let file = ScratchFile()

  private func history(
    _ kernel: KernelInMemory, _ content: JSONObject = ["hist_access_type": "tail"],
    header: JSONObject = [:]
  ) throws -> JSONValue? {
    try kernel.reply(of: kernel.send("history_request", content, header: header))["history"]
  }

  @Test("cells are remembered with their results, at once")
  func recorded() throws {
    let kernel = KernelInMemory()
    _ = try kernel.run("result 2")
    _ = try kernel.run("fail x")
    _ = try kernel.run("result 3", ["store_history": false])
    #expect(
      try history(kernel, ["hist_access_type": "tail", "output": true])
        == .array([
          .array([1, 1, .array(["result 2", "2"])]), .array([1, 2, .array(["fail x", .null])]),
        ]))
  }

  @Test("a kernel that ends has written everything")
  func written() throws {
    let path = file.path
    do {
      let kernel = KernelInMemory(makeHistory: { () throws(HistoryError) in
        try SQLiteHistory(path: path)
      })
      for number in 0..<20 { kernel.execute("result \(number)") }
      _ = try kernel.run("result 20")
    }
    let kernel = KernelInMemory(makeHistory: { () throws(HistoryError) in
      try SQLiteHistory(path: path)
    })
    #expect(try history(kernel, ["n": 100])?.arrayValue?.count == 21)
    _ = try kernel.run("result 21")
    #expect(try history(kernel, ["n": 1]) == .array([.array([2, 1, "result 21"])]))
  }

  @Test("a file that is broken costs the history, never the cell")
  func broken() throws {
    try file.fill(String(repeating: "this is no database. ", count: 500))
    let path = file.path
    let kernel = KernelInMemory(makeHistory: { () throws(HistoryError) in
      try SQLiteHistory(path: path)
    })
    #expect(try history(kernel) == .array([]))
    #expect(try kernel.run("result 1").map(\.summary).contains("execute_reply ok"))
    #expect(try history(kernel) == .array([.array([1, 1, "result 1"])]))
  }

  @Test("a place where no file can be made costs the history, never the cell")
  func unwritable() throws {
    let kernel = KernelInMemory(makeHistory: { () throws(HistoryError) in
      try SQLiteHistory(path: "/proc/nabla/history")
    })
    #expect(try kernel.run("result 1").map(\.summary).contains("execute_reply ok"))
    #expect(try history(kernel) == .array([.array([1, 1, "result 1"])]))
  }

  @Test("a store that fails later keeps what runs from then on")
  func failing() throws {
    let kernel = KernelInMemory(makeHistory: { FailingHistory(after: 1) })
    _ = try kernel.run("result 1")
    #expect(try history(kernel) == .array([.array([7, 1, "result 1"])]))
    _ = try kernel.run("result 2")
    #expect(try history(kernel) == .array([.array([1, 2, "result 2"])]))
    _ = try kernel.run("result 3")
    #expect(
      try history(kernel)
        == .array([.array([1, 2, "result 2"]), .array([1, 3, "result 3"])]))
  }

  @Test("what is kept in memory has a bound, and the latest stays")
  func bound() {
    let memory = MemoryHistory()
    let session = memory.beginSession()
    for line in 1...20_000 {
      memory.append([HistoryEntry(session: session, line: line, input: "\(line)", output: nil)])
    }
    let kept = memory.entries(.tail(count: 30_000), from: session).map(\.line)
    #expect((10_000...12_500).contains(kept.count))
    #expect(kept == Array((20_001 - kept.count)...20_000))
  }

  @Test("history is answered while a cell runs")
  func whileBusy() throws {
    let kernel = KernelInMemory()
    _ = try kernel.run("result 1")
    try kernel.waitForBusy(kernel.execute("spin"))
    #expect(try history(kernel) == .array([.array([1, 1, "result 1"])]))
  }
}

/// A store whose file goes away after some writes.
private final class FailingHistory: HistoryStore {
  private let memory = MemoryHistory()
  private var writes: Int

  init(after writes: Int) { self.writes = writes }

  func beginSession() -> Int { 7 }

  func append(_ entries: [HistoryEntry]) throws(HistoryError) {
    writes -= 1
    guard writes >= 0 else { throw .broken("the file is gone") }
    memory.append(entries)
  }

  func entries(_ access: HistoryRequest.Access, from session: Int?) -> [HistoryEntry] {
    memory.entries(access, from: session)
  }
}
