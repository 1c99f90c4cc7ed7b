import CZeroMQ
import Glibc
import JupyterProtocol
import Logging
import MatrixEngine
import Synchronization

/// A kernel on its five sockets: binds them, starts their threads, and ends in good order.
package final class SocketServer: Sendable {
  /// Where the sockets are, also those whose ports the kernel has found by itself.
  package let connection: ConnectionFile
  private let context: ZeroMQContext
  private let kernel: Kernel
  private let endpoints: SocketOutbox
  private let heartbeat: HeartbeatEndpoint
  /// Tells which clients come and go.
  private let shellEvents: ZeroMQSocket
  private let iopubEvents: ZeroMQSocket
  private let shellConnections: Mutex<ConnectionMonitor>
  /// Raised when another thread has heard something from it.
  private let isHeard = WakeSignal()
  /// Raised when the kernel is to end.
  private let stopping: WakeSignal

  /// Binds the sockets; a port that is 0 becomes a free one.
  ///
  /// Throws: `ZeroMQError` when an address cannot be bound.
  package init(
    _ connection: ConnectionFile, language: any KernelLanguage,
    information: KernelInfoReply = .nabla, logger: Logger, launcherSubscriptions: Int = 0,
    news: (@Sendable () -> String?)? = nil,
    makeHistory: @escaping @Sendable () throws(HistoryError) -> any HistoryStore
  ) throws(ZeroMQError) {
    var bound = connection
    if connection.transport == .tcp { bound.ip = HostAddress.numeric(connection.ip) }
    let context = try ZeroMQContext()
    self.context = context
    let authenticator = MessageAuthenticator(key: connection.key, scheme: connection.scheme)
    // Identifies the kernel in the headers of its messages.
    let session = String(UInt128.random(in: 0 ... .max), radix: 16)
    func router(_ channel: ConnectionFile.Channel, _ socket: ZeroMQSocket) -> RouterEndpoint {
      RouterEndpoint(
        socket, name: channel.rawValue, session: session, authenticator: authenticator,
        logger: logger)
    }
    let shell = try Self.bind(.shell, of: &bound, in: context)
    shellEvents = try shell.monitor(ConnectionMonitor.events, in: context)
    shellConnections = Mutex(ConnectionMonitor(shellEvents))
    let publisher = try Self.bind(.iopub, of: &bound, in: context)
    iopubEvents = try publisher.monitor(ConnectionMonitor.events, in: context)
    endpoints = SocketOutbox(
      shell: router(.shell, shell),
      control: router(.control, try Self.bind(.control, of: &bound, in: context)),
      stdin: router(.stdin, try Self.bind(.stdin, of: &bound, in: context)),
      iopub: PublishingEndpoint(
        publisher, connections: ConnectionMonitor(iopubEvents), session: session,
        authenticator: authenticator, logger: logger))
    heartbeat = HeartbeatEndpoint(try Self.bind(.heartbeat, of: &bound, in: context))
    self.connection = bound
    let stopping = WakeSignal()
    self.stopping = stopping
    kernel = Kernel(
      outbox: endpoints, authenticator: authenticator, language: language,
      information: information, logger: logger, ports: bound.ports,
      launcherSubscriptions: launcherSubscriptions, news: news,
      makeHistory: makeHistory, onShutdown: { stopping.raise() })
  }

  private static func bind(
    _ channel: ConnectionFile.Channel, of connection: inout ConnectionFile,
    in context: ZeroMQContext
  ) throws(ZeroMQError) -> ZeroMQSocket {
    let socket = try ZeroMQSocket(channel == .iopub ? .extendedPublisher : .router, in: context)
    switch channel {
    case .iopub:
      // A second subscriber with the same topic is welcomed as well, and each before its first message.
      try socket.set(ZMQ_XPUB_VERBOSE, 1)
      try socket.set(ZMQ_XPUB_MANUAL, 1)
      // Nobody loses anything unnoticed: a full queue is reported.
      try socket.set(ZMQ_XPUB_NODROP, 1)
      try socket.set(ZMQ_SNDHWM, SubscriberFlow.mark)
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
    if connection.ports[channel] == 0, connection.transport == .ipc {
      // Unlike a port, a file that is in use can be bound once more, so a new one is looked for.
      repeat {
        connection.ports[channel] = Int.random(in: 10_000...65_535)
      } while access(file(of: channel, in: connection), F_OK) == 0
    }
    if connection.transport == .ipc, isServed(file(of: channel, in: connection)) {
      // ZeroMQ would take the file over, and its kernel could not be reached any more.
      throw ZeroMQError("bind \(connection.endpoint(of: channel))", code: EADDRINUSE)
    }
    try socket.bind(connection.endpoint(of: channel))
    if connection.ports[channel] == 0 { connection.ports[channel] = try socket.boundPort }
    return socket
  }

  /// Whether somebody listens at the file of a socket.
  private static func isServed(_ path: String) -> Bool {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  /// The file of an ipc socket.
  private static func file(
    of channel: ConnectionFile.Channel, in connection: ConnectionFile
  ) -> String {
    String(connection.endpoint(of: channel).dropFirst("ipc://".count))
  }

  /// Serves until a shutdown request or until `stop` is called.
  ///
  /// Everything that was sent has then left, or a second has gone by. `watch` is called about twice a
  /// second, and whenever `descriptor` can be read; the server ends when it returns false.
  package func run(
    polling descriptor: Int32 = -1, _ watch: (SocketServer) -> Bool = { _ in true }
  ) {
    let threads = startThreads()
    while watch(self), !stopping.isRaised {
      let (events, due) = shellConnections.withLock { ($0.descriptor, $0.deadline) }
      let tick = Monotonic.now + .milliseconds(500)
      Polling.wait(
        for: [stopping.descriptor, descriptor, events, isHeard.descriptor],
        until: due.map { min($0, tick) } ?? tick)
      isHeard.clear()
      _ = noteConnections()
    }
    kernel.stop()
    endpoints.stop()
    heartbeat.stop.raise()
    for thread in threads { thread.join(milliseconds: 1_000) }
    close()
  }

  /// Tells the kernel what has happened to its clients' connections; false when that was nothing.
  private func noteConnections() -> Bool {
    shellConnections.withLock { connections in
      let events = connections.take()
      for event in events { kernel.noteConnection(event) }
      return !events.isEmpty
    }
  }

  /// Closes the sockets of a server that does not run (any more).
  package func close() {
    endpoints.close()
    heartbeat.close()
    shellEvents.close()
    iopubEvents.close()
    context.terminate()
    // ZeroMQ leaves the files of ipc sockets behind.
    guard connection.transport == .ipc else { return }
    for channel in ConnectionFile.Channel.allCases {
      unlink(Self.file(of: channel, in: connection))
    }
  }

  /// Ends `run` soon.
  package func stop() { stopping.raise() }

  /// Stops the running cell.
  package func interrupt() { kernel.interrupt() }

  /// Starts the kernel, and gives each socket a thread that receives from it.
  private func startThreads() -> [PlainThread] {
    func thread(_ name: String, _ body: @escaping @Sendable () -> Void) -> PlainThread {
      PlainThread(name: name, stackSize: 8 << 20, body)
    }
    let watch = ShellWatch(endpoints.shell) { [kernel, self] frames, connection in
      kernel.receive(frames, on: .shell, connection: connection) {
        if self.noteConnections() { self.isHeard.raise() }
      }
    }
    kernel.start(watching: watch)
    return [
      thread("shell") { watch.relieve() },
      thread("control") { [self] in endpoints.control.run { kernel.receive($0, on: .control) } },
      thread("stdin") { [self] in endpoints.stdin.run { kernel.receiveInput($0) } },
      thread("iopub") { [self] in endpoints.iopub.run() },
      thread("heartbeat") { [self] in heartbeat.run() },
    ]
  }
}

/// Sends the kernel's messages by the sockets, on the thread that has them to send.
struct SocketOutbox: Outbox {
  let shell: RouterEndpoint
  let control: RouterEndpoint
  let stdin: RouterEndpoint
  let iopub: PublishingEndpoint

  func publish(_ message: OutgoingMessage) { sendDue(iopub.queue.publish(message)) }

  func publish(text: String, to stream: String, parent: MessageHeader) {
    sendDue(iopub.queue.publish(text: text, to: stream, parent: parent))
  }

  func flushText() { sendDue(iopub.queue.flushText()) }

  private func sendDue(_ isDue: Bool) { if isDue { iopub.sendWhatIsDue() } }

  func send(_ message: OutgoingMessage, on channel: ClientChannel) -> Bool {
    switch channel {
    case .shell: shell.send(message)
    case .control: control.send(message)
    case .stdin: stdin.send(message)
    }
  }

  func expectSubscriber(connectedSince moment: ContinuousClock.Instant) {
    iopub.queue.expectSubscriber(connectedSince: moment)
  }

  func expectSubscribers(_ count: Int) { iopub.queue.expectSubscribers(count) }

  /// Lets the sockets' threads end, once everything has left.
  func stop() {
    for endpoint in [shell, control, stdin] { endpoint.stop.raise() }
    iopub.stop.raise()
  }

  /// Closes the sockets, once everything has left.
  func close() {
    for endpoint in [shell, control, stdin] { endpoint.close() }
    iopub.close()
  }
}
