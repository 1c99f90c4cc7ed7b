import Display
import JSONText
import KernelServer
import Language
import Testing

@Suite("Displays that stay open", .serialized)
struct OpenDisplayTests {
  private func text(_ message: SentMessage) -> JSONValue? { message.content["data"]?["text/plain"] }

  private func identity(_ message: SentMessage) -> String? {
    message.content["transient"]?["display_id"]?.stringValue
  }

  @Test("a cell shows something and replaces it, each under an identity of its own")
  func withinTheCell() throws {
    let kernel = KernelInMemory()
    let messages = try kernel.run("open a\nchange b\nopen c\nchange d\nchange e")
    #expect(
      messages.map(\.summary) == [
        "busy", "execute_input", "display_data", "update_display_data", "display_data",
        "update_display_data", "update_display_data", "execute_reply ok", "idle",
      ])
    let shown = messages[2...6]
    #expect(shown.map(text) == ["a", "b", "c", "d", "e"])
    let identities = shown.compactMap(identity)
    #expect(identities.count == 5 && Set(identities).count == 2)
    #expect(identities[0] == identities[1] && identities[2] == identities[4])
    #expect(shown.allSatisfy { $0.content["metadata"] == [:] })
  }

  @Test("another cell replaces it in its own name, and a thread at no cell in that of the first")
  func parents() throws {
    let language = ScriptedLanguage()
    let kernel = KernelInMemory(language: language)
    let first = kernel.execute("open a")
    try kernel.waitForIdle(first)
    let second = try kernel.run("change b")
    #expect(
      second.map(\.summary) == [
        "busy", "execute_input", "update_display_data", "execute_reply ok", "idle",
      ])
    language.live.display?.update(MIMEBundle(plain: "c"))
    let running = kernel.execute("spin")
    try kernel.waitForBusy(running)
    language.live.display?.update(MIMEBundle(plain: "d"))
    kernel.send("interrupt_request", on: .control)
    try kernel.waitForIdle(running)
    let updates = kernel.messages(of: first).filter { $0.type == "update_display_data" }
    #expect(updates.map(text) == ["c", "d"])
    #expect(Set(updates.compactMap(identity)) == [try #require(language.live.display?.identity)])
  }

  @Test("a subshell replaces what the main shell shows")
  func subshell() throws {
    let kernel = KernelInMemory()
    _ = try kernel.run("open a")
    let subshell = try kernel.subshell()
    let running = kernel.execute("spin")
    try kernel.waitForBusy(running)
    let messages = try kernel.run("change b", on: subshell)
    #expect(messages.map(\.summary).contains("update_display_data"))
  }

  @Test("a silent cell shows nothing")
  func silent() throws {
    let kernel = KernelInMemory()
    let id = kernel.execute("open a", ["silent": true])
    #expect(try kernel.reply(of: id)["evalue"] == "no display")
    #expect(!kernel.outbox.messages.contains { $0.type == "display_data" })
  }

  @Test("many threads replace it at once")
  func threads() throws {
    let language = ScriptedLanguage()
    let kernel = KernelInMemory(language: language)
    _ = try kernel.run("open a")
    let display = try #require(language.live.display)
    let threads = (0..<4).map { number in
      PlainThread(name: "updates") {
        for turn in 0..<100 { display.update(MIMEBundle(plain: "\(number) \(turn)")) }
      }
    }
    for thread in threads { thread.join() }
    let texts = kernel.outbox.messages.filter { $0.type == "update_display_data" }.compactMap(text)
    #expect(texts.count == 400)
    for number in 0..<4 {
      let own = texts.compactMap(\.stringValue).filter { $0.hasPrefix("\(number) ") }
      #expect(own == (0..<100).map { "\(number) \($0)" })
    }
  }
}

@Suite("What is shown for the time being", .serialized)
struct PassingDisplayTests {
  /// What a front end that takes `clear_output` in holds at the end.
  private func remaining(_ messages: [SentMessage]) -> [String] {
    var outputs: [(text: String, identity: String?)] = []
    var isToClear = false
    for message in messages {
      let text = message.content["data"]?["text/plain"]?.stringValue ?? ""
      let identity = message.content["transient"]?["display_id"]?.stringValue
      if ["stream", "display_data", "execute_result", "error"].contains(message.type), isToClear {
        outputs = []
        isToClear = false
      }
      switch message.type {
      case "stream": outputs.append((message.content["text"]?.stringValue ?? "", nil))
      case "display_data", "execute_result": outputs.append((text, identity))
      case "error": outputs.append(("error", nil))
      case "update_display_data":
        for index in outputs.indices where outputs[index].identity == identity {
          outputs[index].text = text
        }
      case "clear_output":
        if message.content["wait"] == true { isToClear = true } else { outputs = [] }
      default: break
      }
    }
    #expect(!isToClear)
    return outputs.map(\.text)
  }

  @Test(
    "it goes, and everything else stays where it was",
    arguments: [
      ("meanwhile 1\nmeanwhile 2", []),
      ("meanwhile 1\nresult a", ["a"]),
      ("meanwhile 1\nprint a\nmeanwhile 2\nresult b", ["a\n", "b"]),
      (
        "print a\nopen b\nchange c\nmeanwhile 1\nmeanwhile 2\nchange e\nwarn d",
        ["a\n", "e", "d\n"]
      ),
      ("print a\nmeanwhile 1\nclear\nprint b", ["b\n"]),
      ("display a\nmeanwhile 1\ndisplay b\nprint c", ["b", "c\n"]),
      ("print a\nmeanwhile 1\nfail x", ["a\n", "error"]),
      ("meanwhile 1\nfail x", ["error"]),
    ])
  func going(code: String, expected: [String]) throws {
    let kernel = KernelInMemory()
    let messages = try kernel.run(code, metadata: ["cellId": "1"])
    #expect(remaining(messages) == expected)
    #expect(messages.contains { $0.type == "update_display_data" })
  }

  @Test("it is replaced in place, and has no text at first, for those who cannot take it back")
  func replacing() throws {
    let messages = try KernelInMemory().run("meanwhile 1\nmeanwhile 2\nmeanwhile 3")
    #expect(
      messages.map(\.summary) == [
        "busy", "execute_input", "display_data", "update_display_data", "update_display_data",
        "update_display_data", "clear_output", "execute_reply ok", "idle",
      ])
    #expect(messages[2].content["data"]?["text/plain"] == nil)
    #expect(messages[5].content["data"]?["text/plain"] == "3")
  }

  @Test("a terminal, which keeps what it has printed, is shown nothing twice")
  func terminal() throws {
    let messages = try KernelInMemory().run("print a\nmeanwhile 1")
    #expect(messages.map(\.summary).contains("execute_reply error ValueError"))
    let silent = KernelInMemory()
    let id = silent.execute("meanwhile 1", ["silent": true])
    #expect(try silent.reply(of: id)["ename"] == "ValueError")
  }
}
