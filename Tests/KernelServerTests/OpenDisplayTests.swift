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
