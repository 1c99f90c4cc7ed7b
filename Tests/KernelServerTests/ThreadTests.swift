import KernelServer
import Synchronization
import Testing

@Suite("Threads", .serialized)
struct ThreadTests {
  @Test("a mailbox hands over everything, in each sender's order")
  func mailbox() {
    let mailbox = Mailbox<(sender: Int, number: Int)>()
    let senders = (0..<4).map { sender in
      PlainThread(name: "sender") {
        for number in 0..<5_000 { mailbox.put((sender, number)) }
      }
    }
    let closer = PlainThread(name: "closer") {
      for sender in senders { sender.join() }
      mailbox.close()
    }
    var next = [0, 0, 0, 0]
    var isInOrder = true
    while let elements = mailbox.waitAndTakeAll() {
      for element in elements {
        isInOrder = isInOrder && element.number == next[element.sender]
        next[element.sender] += 1
      }
    }
    #expect(isInOrder)
    #expect(next == [5_000, 5_000, 5_000, 5_000])
    #expect(closer.join(milliseconds: 5_000))
    mailbox.put((0, 0))
    #expect(mailbox.takeAll().isEmpty)
  }

  @Test("a signal is a level")
  func signal() {
    let signal = WakeSignal()
    let began = Monotonic.now
    #expect(!signal.wait(milliseconds: 30))
    #expect(Monotonic.now - began >= .milliseconds(30))
    signal.raise()
    signal.raise()
    #expect(signal.wait(milliseconds: 0))
    #expect(signal.wait(milliseconds: 0))
    signal.clear()
    #expect(!signal.wait(milliseconds: 0))
  }

  @Test("a thread gets the stack that it asks for")
  func stack() {
    @Sendable func depth(_ level: Int) -> Int {
      withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
        buffer[0] = UInt8(truncatingIfNeeded: level)
        return level == 0 ? Int(buffer[0]) : 1 + depth(level - 1)
      }
    }
    let reached = Atomic<Int>(0)
    let thread = PlainThread(name: "deep", stackSize: 1 << 30) {
      reached.store(depth(4_000), ordering: .sequentiallyConsistent)
    }
    #expect(thread.join(milliseconds: 10_000))
    #expect(reached.load(ordering: .sequentiallyConsistent) == 4_000)
  }
}
