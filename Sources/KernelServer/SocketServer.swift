import CZeroMQ
import Glibc
import JupyterProtocol
import Logging
import MatrixEngine

/// A kernel on its five sockets: binds them, starts their threads, and ends in good order.
package final class SocketServer: Sendable {
  private let connection: ConnectionFile
  private let context: ZeroMQContext
  private let sockets: [ConnectionFile.Channel: ZeroMQSocket]
  private let kernel: Kernel
  private let outbox: SocketOutbox
  private let logger: Logger
  /// Identifies the kernel in the headers of its messages.
  private let session: String
  /// Raised when the kernel is to end.
  private let stopping: WakeSignal

  /// Binds the sockets.
  ///
  /// Throws: `ZeroMQError` when an address cannot be bound.
  package init(
    _ connection: ConnectionFile, logger: Logger,
    makeEvaluator: @escaping @Sendable (InterruptFlag) -> any CellEvaluator
  ) throws(ZeroMQError) {
    self.connection = connection
    self.logger = logger
    context = try ZeroMQContext()
    var sockets: [ConnectionFile.Channel: ZeroMQSocket] = [:]
    for channel in ConnectionFile.Channel.allCases {
      sockets[channel] = try Self.bind(channel, of: connection, in: context)
    }
    self.sockets = sockets
    let outbox = SocketOutbox()
    self.outbox = outbox
    let stopping = WakeSignal()
    self.stopping = stopping
    session = String(UInt128.random(in: 0 ... .max), radix: 16)
    kernel = Kernel(
      outbox: outbox, key: connection.key, logger: logger, makeEvaluator: makeEvaluator,
      onShutdown: { stopping.raise() })
  }

  private static func bind(
    _ channel: ConnectionFile.Channel, of connection: ConnectionFile, in context: ZeroMQContext
  ) throws(ZeroMQError) -> ZeroMQSocket {
    let socket = try ZeroMQSocket(channel == .iopub ? .extendedPublisher : .router, in: context)
    switch channel {
    case .iopub:
      // A second subscriber with the same topic is welcomed as well, and each before its first message.
      try socket.set(ZMQ_XPUB_VERBOSE, 1)
      try socket.set(ZMQ_XPUB_MANUAL, 1)
    // A client that reconnects under its identity takes over from its dead connection.
    case .shell, .control, .heartbeat: try socket.set(ZMQ_ROUTER_HANDOVER, 1)
    case .stdin:
      try socket.set(ZMQ_ROUTER_HANDOVER, 1)
      try socket.set(ZMQ_ROUTER_MANDATORY, 1)
    }
    if connection.ip.contains(":") { try socket.set(ZMQ_IPV6, 1) }
    if let keys = connection.curve {
      try socket.set(ZMQ_CURVE_SERVER, 1)
      try socket.set(ZMQ_CURVE_PUBLICKEY, keys.publicKey)
      try socket.set(ZMQ_CURVE_SECRETKEY, keys.secretKey)
    }
    try socket.bind(connection.endpoint(of: channel))
    return socket
  }

  /// Serves until a shutdown request or until `stop` is called.
  ///
  /// Everything that was sent has then left, or a second has gone by. `watch` is called about twice a
  /// second, and whenever `descriptor` can be read; the server ends when it returns false.
  package func run(
    polling descriptor: Int32 = -1, _ watch: (SocketServer) -> Bool = { _ in true }
  ) {
    let heartbeat = sockets[.heartbeat].map(HeartbeatEndpoint.init)
    let threads = start(heartbeat)
    kernel.start()
    while watch(self) {
      var items = [
        pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      ]
      if poll(&items, 2, 500) > 0, items[0].revents != 0 { break }
    }
    kernel.stop()
    outbox.close()
    heartbeat?.stop.raise()
    for thread in threads { thread.join(milliseconds: 1_000) }
    context.terminate()
    removeSocketFiles()
  }

  /// ZeroMQ leaves the files of ipc sockets behind.
  private func removeSocketFiles() {
    guard connection.transport == .ipc else { return }
    for channel in ConnectionFile.Channel.allCases {
      unlink(String(connection.endpoint(of: channel).dropFirst("ipc://".count)))
    }
  }

  /// Ends `run` soon.
  package func stop() { stopping.raise() }

  /// Stops the running cell.
  package func interrupt() { kernel.interrupt() }

  /// Gives each socket to a thread of its own.
  private func start(_ heartbeat: HeartbeatEndpoint?) -> [PlainThread] {
    var threads: [PlainThread] = []
    for channel in [ClientChannel.shell, .control] {
      guard let socket = sockets[channel == .shell ? .shell : .control] else { continue }
      let endpoint = RouterEndpoint(
        socket, name: channel.rawValue, outgoing: outbox.mailbox(of: channel),
        authenticator: kernel.authenticator, session: session, logger: logger,
        onReceive: { [kernel] in kernel.receive($0, on: channel) })
      threads.append(PlainThread(name: channel.rawValue, stackSize: 8 << 20) { endpoint.run() })
    }
    if let socket = sockets[.stdin] {
      let endpoint = RouterEndpoint(
        socket, name: "stdin", outgoing: outbox.mailbox(of: .stdin),
        authenticator: kernel.authenticator, session: session, logger: logger,
        onReceive: { [kernel] in kernel.receiveInput($0) },
        onUndeliverable: { [kernel] in kernel.inputUndeliverable() })
      threads.append(PlainThread(name: "stdin", stackSize: 8 << 20) { endpoint.run() })
    }
    if let socket = sockets[.iopub] {
      let endpoint = PublishingEndpoint(
        socket, queue: outbox.publishing, authenticator: kernel.authenticator, session: session,
        logger: logger)
      threads.append(PlainThread(name: "iopub", stackSize: 8 << 20) { endpoint.run() })
    }
    if let heartbeat {
      threads.append(PlainThread(name: "heartbeat") { heartbeat.run() })
    }
    return threads
  }
}

/// Hands messages to the threads that own the sockets.
final class SocketOutbox: Outbox {
  let publishing = PublishingQueue()
  private let shell = Mailbox<OutgoingMessage>()
  private let control = Mailbox<OutgoingMessage>()
  private let stdin = Mailbox<OutgoingMessage>()

  func mailbox(of channel: ClientChannel) -> Mailbox<OutgoingMessage> {
    switch channel {
    case .shell: shell
    case .control: control
    case .stdin: stdin
    }
  }

  func publish(_ message: OutgoingMessage) { publishing.publish(message) }

  func publish(text: String, to stream: String, parent: MessageHeader) {
    publishing.publish(text: text, to: stream, parent: parent)
  }

  func flushText() { publishing.flushText() }

  func send(_ message: OutgoingMessage, on channel: ClientChannel) {
    mailbox(of: channel).put(message)
  }

  func conclude(_ reply: OutgoingMessage?, on channel: ClientChannel, idle: OutgoingMessage) {
    let mailbox = mailbox(of: channel)
    let mustWake = reply.map { mailbox.putQuietly($0) } ?? false
    publishing.publish(idle)
    if mustWake { mailbox.signal.raise() }
  }

  func expectSubscriber() { publishing.expectSubscriber() }

  func close() {
    publishing.close()
    shell.close()
    control.close()
    stdin.close()
  }
}
