import JSONText
import JupyterProtocol
import KernelServer
import Testing

@Suite("The publishing queue")
struct PublishingQueueTests {
  private let queue = PublishingQueue()
  private let start = Monotonic.now

  private func header(_ id: String) throws -> MessageHeader {
    try MessageHeader(frame: Array(#"{"msg_id":"\#(id)","session":"s","msg_type":"t"}"#.utf8))
  }

  private func texts(_ messages: [OutgoingMessage]) throws -> [String] {
    try messages.map { message in
      let content = try JSONParser.parse(message.content)
      return content["text"]?.stringValue ?? message.type.rawValue
    }
  }

  @Test("neighbouring texts of a stream are one message, sent after a while")
  func coalescing() throws {
    let parent = try header("1")
    for text in ["a", "b", "c"] {
      queue.publish(text: text, to: "stdout", parent: parent, now: start)
    }
    #expect(!queue.isDue(start))
    #expect(queue.take(start).isEmpty)
    let deadline = try #require(queue.deadline)
    #expect(deadline - start <= .milliseconds(50))
    #expect(queue.isDue(deadline))
    #expect(try texts(queue.take(deadline)) == ["abc"])
    #expect(queue.deadline == nil)
  }

  @Test("text goes before every other message, in the order of all")
  func order() throws {
    let parent = try header("1")
    queue.publish(text: "a", to: "stdout", parent: parent)
    queue.publish(text: "b", to: "stderr", parent: parent)
    queue.publish(text: "c", to: "stdout", parent: parent)
    queue.publish(text: "d", to: "stdout", parent: try header("2"))
    queue.publish(OutgoingMessage(broadcast: Status(.idle), parent: parent))
    #expect(try texts(queue.take()) == ["a", "b", "c", "d", "status"])
  }

  @Test("much text does not wait")
  func size() throws {
    let parent = try header("1")
    let line = String(repeating: "x", count: 1_000)
    for _ in 0..<100 { queue.publish(text: line, to: "stdout", parent: parent, now: start) }
    let batch = queue.take(start)
    #expect(batch.count == 1)
    let rest = queue.take(start + .seconds(1))
    let joined = try texts(batch).joined() + texts(rest).joined()
    #expect(joined.utf8.count == 100_000)
  }

  @Test("a flush lets text go at once")
  func flush() throws {
    queue.publish(text: "a", to: "stdout", parent: try header("1"), now: start)
    queue.flushText(now: start)
    #expect(try texts(queue.take(start)) == ["a"])
  }

  @Test("messages wait for a new client's subscription, but not for ever")
  func awaitedSubscriber() throws {
    let status = OutgoingMessage(broadcast: Status(.busy), parent: nil)
    queue.expectSubscriber(connectedSince: start, now: start)
    queue.publish(status, now: start)
    #expect(queue.take(start).isEmpty)
    queue.subscribed(7, now: start)
    #expect(queue.take(start).count == 1)

    queue.expectSubscriber(connectedSince: start, now: start)
    queue.publish(status, now: start)
    #expect(queue.take(start).isEmpty)
    let deadline = try #require(queue.deadline)
    #expect(deadline - start < .seconds(1))
    #expect(queue.take(deadline).count == 1)

    queue.publish(status, now: start)
    #expect(queue.take(deadline).count == 1)
  }

  @Test("a client that has been connected for a while is not waited for")
  func oldClient() throws {
    queue.expectSubscriber(connectedSince: start - .seconds(1), now: start)
    #expect(queue.deadline == nil)
  }

  @Test("many clients that never subscribe do not keep the others waiting for ever")
  func neverSubscribing() throws {
    var now = start
    var waited = Duration.zero
    let status = OutgoingMessage(broadcast: Status(.busy), parent: nil)
    for _ in 0..<40 {
      queue.expectSubscriber(connectedSince: now, now: now)
      queue.publish(status, now: now)
      if let deadline = queue.deadline {
        // One who comes meanwhile prolongs nothing.
        queue.expectSubscriber(
          connectedSince: deadline - .milliseconds(1), now: deadline - .milliseconds(1))
        #expect(queue.deadline == deadline)
        waited += deadline - now
        now = deadline
      }
      #expect(!queue.take(now).isEmpty)
      now += .milliseconds(100)
    }
    #expect(waited < .milliseconds(600))
  }

  @Test("further topics of one subscriber are no further subscribers")
  func manyTopics() throws {
    for topic in 0..<60 { queue.subscribed(7, now: start + .milliseconds(topic)) }
    queue.expectSubscriber(connectedSince: start, now: start)
    #expect(queue.deadline == nil)
    queue.expectSubscriber(connectedSince: start, now: start)
    #expect(queue.deadline != nil)
  }

  @Test("a client that has subscribed already is not waited for")
  func earlySubscriber() throws {
    queue.subscribed(7, now: start)
    queue.expectSubscriber(connectedSince: start, now: start)
    queue.publish(
      OutgoingMessage(broadcast: Status(.busy), parent: nil), now: start)
    #expect(queue.take(start).count == 1)
  }

  @Test("closing lets everything go")
  func closing() throws {
    queue.expectSubscriber(connectedSince: start, now: start)
    queue.publish(text: "a", to: "stdout", parent: try header("1"), now: start)
    queue.close()
    #expect(try texts(queue.take(start)) == ["a"])
    #expect(!queue.isDue(start))
  }
}
