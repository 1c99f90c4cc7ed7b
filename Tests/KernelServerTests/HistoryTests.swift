import JSONText
import JupyterProtocol
import KernelServer
import Testing

@Suite("History")
struct HistoryTests {
  private func history(_ inputs: String...) -> MemoryHistory {
    let history = MemoryHistory()
    for (index, input) in inputs.enumerated() {
      history.record(line: index + 1, input: input, output: nil)
    }
    return history
  }

  private func inputs(_ history: MemoryHistory, _ access: HistoryRequest.Access) -> [String] {
    history.entries(access).map(\.input)
  }

  @Test("the tail is the last inputs, oldest first")
  func tail() {
    let history = history("a", "b", "c")
    #expect(inputs(history, .tail(count: 2)) == ["b", "c"])
    #expect(inputs(history, .tail(count: 9)) == ["a", "b", "c"])
    #expect(inputs(history, .tail(count: 0)) == [])
  }

  @Test("a range goes up to its stop, which is left out")
  func range() {
    let history = history("a", "b", "c")
    #expect(inputs(history, .range(session: 0, start: 1, stop: 2)) == ["a"])
    #expect(inputs(history, .range(session: 1, start: 2, stop: nil)) == ["b", "c"])
    #expect(inputs(history, .range(session: 2, start: 1, stop: nil)) == [])
    #expect(inputs(history, .range(session: -1, start: 1, stop: nil)) == [])
  }

  @Test("a search knows * and ?, the last of equal inputs, and a number")
  func search() {
    let history = history("sin(1)", "cos(1)", "sin(2)", "sin(1)")
    func found(_ pattern: String, count: Int? = nil, unique: Bool = false) -> [String] {
      inputs(history, .search(pattern: pattern, count: count, unique: unique))
    }
    #expect(found("sin*") == ["sin(1)", "sin(2)", "sin(1)"])
    #expect(found("*(1)", unique: true) == ["cos(1)", "sin(1)"])
    #expect(found("?os(1)") == ["cos(1)"])
    #expect(found("*", count: 3) == ["cos(1)", "sin(2)", "sin(1)"])
    #expect(found("tan*") == [])
  }

  @Test("cells are remembered with their results")
  func recorded() throws {
    let kernel = KernelInMemory()
    _ = try kernel.run("result 2")
    _ = try kernel.run("fail x")
    _ = try kernel.run("result 3", ["store_history": false])
    let request = kernel.send("history_request", ["hist_access_type": "tail", "output": true])
    #expect(
      try kernel.reply(of: request)["history"]
        == .array([
          .array([1, 1, .array(["result 2", "2"])]), .array([1, 2, .array(["fail x", .null])]),
        ]))
  }
}
