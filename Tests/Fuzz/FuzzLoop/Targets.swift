import Display
import Glibc
import JSONText
import JupyterProtocol
import KernelServer
import Language
import MatrixEngine
import Networks
import Session
import Synchronization

/// Takes what a cell shows as far as it goes on the wire.
private final class EncodingHost: CellHost {
  var finding: String?
  /// What front ends can bear, and some room for the frame of a message.
  private static let mostBytes = 1 << 21

  func emit(_ output: CellOutput) {
    switch output {
    case .display(let bundle, _), .updateDisplay(let bundle, _), .result(let bundle),
      .page(let bundle):
      let content = MIMEContent(data: bundle.data, metadata: bundle.metadata)
      let size = JSONValue.object(content.data).encoded.count
      if size > Self.mostBytes { finding = "a display of \(size) bytes" }
    case .stream, .clear: break
    }
  }

  func readLine(prompt: String) throws(InputUnavailable) -> String? { throw InputUnavailable() }
}

extension Session {
  /// Runs a cell; what must not happen, in words.
  fileprivate func findings(of source: String) -> String? {
    let host = EncodingHost()
    if case .failure(let report) = execute(source, silent: false, host: host),
      report.name.isEmpty || report.traceback.isEmpty
    {
      return "an error without words: \(report.name) \(report.message)"
    }
    return host.finding
  }
}

/// A session that takes one cell after the other. Confined to the evaluation thread but for the interrupt.
final class CellTarget: InputTarget, @unchecked Sendable {
  private let flag = InterruptFlag()
  private var session: Session

  init() { session = Session(interrupt: flag) }

  func feed(_ input: [UInt8]) -> String? { run(String(decoding: input, as: UTF8.self)) }
  func run(_ source: String) -> String? { session.findings(of: source) }
  func interrupt() { flag.raise() }
  func renew() { session = Session(interrupt: flag) }
}

/// A session that loads the files: the ending, a line's end, the content.
final class FileTarget: InputTarget {
  private let cells = CellTarget()
  private let folder: String

  init(folder: String) { self.folder = folder }

  func feed(_ input: [UInt8]) -> String? {
    let end = input.firstIndex(of: UInt8(ascii: "\n")) ?? 0
    let ending = String(decoding: input[..<end], as: UTF8.self)
    let path = "\(folder)/input.\(ending)"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { return nil }
    _ = input[(end + 1)...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
    return cells.run("d = load(\"\(path)\");\nload(\"\(path)\", target = \"y\")")
  }

  func interrupt() { cells.interrupt() }
  func renew() { cells.renew() }
}

/// What `nabla run` does with a file: its text by its encoding, in a session of its own.
final class RunTarget: InputTarget {
  private let flag = InterruptFlag()

  func feed(_ input: [UInt8]) -> String? {
    Session(interrupt: flag).findings(of: WrittenText.decode(input).text)
  }

  func interrupt() { flag.raise() }
  func renew() {}
}

/// What a kernel reads before it listens.
final class ConnectionTarget: InputTarget {
  func feed(_ input: [UInt8]) -> String? {
    do throws(ConnectionFileError) {
      switch try StartupFile(json: input) {
      case .connection(let connection):
        // What is written for clients that join later says the same.
        let again = try? ConnectionFile(json: connection.json)
        return again == connection ? nil : "\(connection) is written as another"
      case .registration(let registration):
        return registration.endpoint.isEmpty ? "an empty endpoint" : nil
      }
    } catch {
      return error.message.isEmpty ? "refused without a word" : nil
    }
  }

  func interrupt() {}
  func renew() {}
}

/// A kernel without sockets. An input is the channel's letter, then each frame with its length before it.
final class WireTarget: InputTarget, @unchecked Sendable {
  private let outbox = SilentOutbox()
  private let kernel = Mutex<Kernel?>(nil)
  private var count = 0
  private static let key = Array("fuzz".utf8)
  private let authenticator = MessageAuthenticator(key: WireTarget.key)

  init() { renew() }

  func renew() {
    kernel.withLock { kernel in
      kernel?.stop()
      let new = Kernel(
        outbox: outbox, authenticator: MessageAuthenticator(key: Self.key),
        language: NablaLanguage())
      new.start()
      kernel = new
    }
  }

  func interrupt() { kernel.withLock { $0 }?.interrupt() }

  func feed(_ input: [UInt8]) -> String? {
    guard let kernel = kernel.withLock({ $0 }), let letter = input.first else { return nil }
    let frames = Self.frames(input.dropFirst())
    switch letter {
    case UInt8(ascii: "i"): kernel.receiveInput(frames)
    default: kernel.receive(frames, on: letter == UInt8(ascii: "c") ? .control : .shell)
    }
    count += 1
    return count % 20 == 0 ? requireLife(kernel) : nil
  }

  /// A cell of our own is answered as if nothing had happened.
  private func requireLife(_ kernel: Kernel) -> String? {
    let identity = "own-\(count)"
    let header: JSONObject = [
      "msg_id": .string(identity), "session": "own", "username": "u", "version": "5.3",
      "msg_type": "execute_request", "date": .string(Timestamp.now.iso8601),
    ]
    var message = RawMessage(
      identities: [], header: JSONValue.object(header).encoded, parentHeader: Array("{}".utf8),
      metadata: Array("{}".utf8), content: JSONValue.object(["code": "1"]).encoded, buffers: [])
    authenticator.sign(&message)
    outbox.expect(identity)
    kernel.receive(message.frames, on: .shell)
    return outbox.wait(milliseconds: 1_000) ? nil : "no idle of a cell"
  }

  private static func frames(_ input: ArraySlice<UInt8>) -> [[UInt8]] {
    var rest = input
    var frames: [[UInt8]] = []
    while rest.count >= 4 {
      let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      frames.append(Array(rest.dropFirst(4).prefix(length)))
      rest = rest.dropFirst(4 + length)
    }
    return frames
  }
}

/// Sends nothing; knows when a request's idle would have gone.
private final class SilentOutbox: Outbox {
  private let awaited = Mutex("")
  private let news = WakeSignal()

  func expect(_ identity: String) {
    news.clear()
    awaited.withLock { $0 = "\"\(identity)\"" }
  }

  func wait(milliseconds: Int) -> Bool { news.wait(milliseconds: milliseconds) }

  func publish(_ message: OutgoingMessage) {
    guard message.type == .status,
      String(decoding: message.content, as: UTF8.self).contains("idle"),
      awaited.withLock({ String(decoding: message.parentHeader, as: UTF8.self).contains($0) })
    else { return }
    news.raise()
  }

  func publish(text: String, to stream: String, parent: MessageHeader) {}
  func flushText() {}
  func send(_ message: OutgoingMessage, on channel: ClientChannel) -> Bool { true }
  func expectSubscriber(connectedSince moment: ContinuousClock.Instant) {}
  func expectSubscribers(_ count: Int) {}
}
