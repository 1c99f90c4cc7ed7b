import JupyterProtocol
import Language
import Logging
import MatrixEngine
import Session
import Synchronization

/// The kernel without its sockets: frames in, messages out through an `Outbox`.
///
/// It owns the threads of its shells, of completion and of the history. `receive` may be called by any thread,
/// and answers there and then what control may ask while all of them are busy.
package final class Kernel: Sendable {
  private let authenticator: MessageAuthenticator
  private let outbox: any Outbox
  private let dispatcher: Dispatcher
  private let information: KernelInfoReply
  /// How many subscriptions the launcher has beside those of its clients.
  private let launcherSubscriptions: Int
  private let ports: [ConnectionFile.Channel: Int]
  private let logger: Logger
  private let drops: DropLog
  private let shells: Subshells
  private let comms: CommRegistry
  private let language: LanguageLane
  private let history: HistoryLane
  private let debugger: Debugger
  private let connectionWatch: ClientWatch
  private let clocks = ClientClocks()
  private let usageMeter = UsageMeter()
  /// Called once a shutdown request has been answered.
  private let onShutdown: @Sendable () -> Void

  package init(
    outbox: any Outbox, authenticator: MessageAuthenticator, language: any KernelLanguage,
    information: KernelInfoReply = .nabla,
    logger: Logger = Logger(label: "nabla") { _ in SwiftLogNoOpLogHandler() },
    ports: [ConnectionFile.Channel: Int] = [:], launcherSubscriptions: Int = 0,
    news: (@Sendable () -> String?)? = nil,
    makeHistory: @escaping @Sendable () throws(HistoryError) -> any HistoryStore = {
      MemoryHistory()
    },
    onShutdown: @escaping @Sendable () -> Void = {}
  ) {
    self.outbox = outbox
    self.information = information
    self.ports = ports
    self.launcherSubscriptions = launcherSubscriptions
    self.logger = logger
    self.onShutdown = onShutdown
    drops = DropLog(logger)
    self.authenticator = authenticator
    let dispatcher = Dispatcher(outbox: outbox)
    let comms = CommRegistry(targets: language.commTargets, outbox: outbox, logger: logger)
    self.comms = comms
    let history = HistoryLane(dispatcher: dispatcher, logger: logger, makeStore: makeHistory)
    self.dispatcher = dispatcher
    self.history = history
    let connectionWatch = ClientWatch()
    self.connectionWatch = connectionWatch
    let debugger = Debugger(outbox: outbox, dispatcher: dispatcher, language: language)
    self.debugger = debugger
    self.language = LanguageLane(
      dispatcher: dispatcher, language: language, comms: comms, debugger: debugger)
    let displays = DisplayPlaces()
    let newsOfAll = News(news)
    shells = Subshells { identity, number in
      Shell(
        identity, number: number, dispatcher: dispatcher, outbox: outbox, history: history,
        comms: comms, displays: displays, language: language, debugger: debugger,
        clients: connectionWatch, news: newsOfAll)
    }
  }

  // MARK: - Life

  /// Starts the threads, and tells all clients.
  ///
  /// `watch` gives the main shell's thread the shell socket; without it, requests come by `receive` only.
  package func start(watching watch: ShellWatch? = nil) {
    outbox.publish(OutgoingMessage(broadcast: Status(.starting), parent: nil))
    let isStarted = shells.main.start(watching: watch)
    precondition(isStarted, "the system has no room for another thread")
    language.start()
    history.start()
  }

  /// Lets nothing more in, stops the running cells and waits a moment for them to end.
  package func stop() {
    language.close()
    shells.stop()
    comms.close()
    language.join(milliseconds: 100)
    history.close()
    history.join(milliseconds: 1_000)
  }

  /// Stops the running cells, or their wait for input; nothing happens when none is running.
  package func interrupt() { shells.interrupt() }

  // MARK: - Messages

  /// Takes the frames of a message from the shell or the control socket, and the number of its connection.
  ///
  /// `refresh` is called where that may be a new one: it notes what has happened to connections.
  package func receive(
    _ frames: [[UInt8]], on channel: ClientChannel, connection: Int32? = nil,
    refresh: () -> Void = {}
  ) {
    let message: ReceivedMessage
    do throws(WireError) {
      message = try verified(frames)
    } catch {
      return drops.dropped(error, on: channel)
    }
    let arrival = Monotonic.now
    let source = connectionWatch.connection(
      connection, of: message.identities.first, now: arrival, refresh: refresh)
    if let moment = source?.newSince { outbox.expectSubscriber(connectedSince: moment) }
    do throws(ContentError) {
      let request = try Request(message)
      if case .execute = request,
        let clients = connectionWatch.clientsAtFirstCell(by: source, now: arrival)
      {
        outbox.expectSubscribers(clients + launcherSubscriptions)
      }
      route(
        IncomingRequest(
          channel: channel, message: message, request: request, arrival: arrival,
          sent: clocks.sendingTime(of: message.header, arrival: arrival),
          connection: source))
    } catch {
      refuse(message, on: channel, name: "RequestError", error.message)
    }
  }

  /// The connection of a client has begun or ended: nobody is to wait for one that is gone.
  func noteConnection(_ event: ConnectionMonitor.Event) {
    switch event {
    case .began(let connection): connectionWatch.began(connection, at: Monotonic.now)
    case .ended(let connection): connectionWatch.ended(connection)
    case .settled(let connection):
      connectionWatch.settled(connection)
      shells.reconsider()
    }
  }

  /// Takes the frames of a message from the stdin socket.
  package func receiveInput(_ frames: [[UInt8]]) {
    do {
      let message = try verified(frames)
      guard message.header.typeName == MessageType.inputReply.rawValue else {
        return drops.dropped("\(message.header.typeName) is no input_reply", on: .stdin)
      }
      let isWanted = shells.receive(try InputReply(message), message)
      if !isWanted { drops.dropped("nobody waits for this input_reply", on: .stdin) }
    } catch let error as ContentError {
      drops.dropped(error.message, on: .stdin)
    } catch let error as WireError {
      drops.dropped(error, on: .stdin)
    } catch {
      drops.dropped("\(error)", on: .stdin)
    }
  }

  private func verified(_ frames: [[UInt8]]) throws(WireError) -> ReceivedMessage {
    let raw = try RawMessage(frames: frames)
    try authenticator.verify(raw)
    return try ReceivedMessage(raw)
  }

  private func route(_ incoming: IncomingRequest) {
    let identity = incoming.message.header.subshellID
    let shell = shells[identity]
    guard let shell = shell ?? incoming.request.anyShell(shells.main) else {
      return refuseSubshell(identity ?? "", incoming)
    }
    switch incoming.request {
    case .kernelInfo:
      dispatcher.serve(incoming) { information }
    case .connect:
      dispatcher.serve(incoming) { ConnectReply(ports: ports) }
    case .execute, .comm:
      if !shell.put(incoming) { refuseSubshell(identity ?? "", incoming) }
    case .complete, .inspect, .isComplete, .findings, .format, .commInfo:
      language.put(incoming)
    case .history:
      history.put(incoming)
    case .interrupt:
      dispatcher.serve(incoming) {
        shells.interrupt()
        return InterruptReply()
      }
    case .usage:
      dispatcher.serve(incoming) { usageMeter.usage }
    case .createSubshell:
      do throws(Subshells.Refusal) {
        let subshell = try shells.create()
        dispatcher.serve(incoming) { CreateSubshellReply(subshellID: subshell) }
      } catch {
        refuse(incoming.message, on: incoming.channel, name: "SubshellError", error.reason)
      }
    case .deleteSubshell(let request):
      guard shells.delete(request.subshellID) else {
        return refuseSubshell(request.subshellID, incoming)
      }
      dispatcher.serve(incoming) { DeleteSubshellReply() }
    case .listSubshells:
      dispatcher.serve(incoming) { ListSubshellsReply(subshellIDs: shells.identities) }
    case .debug(let request):
      if Debugger.isInspection(request) { return language.put(incoming) }
      if debugger.delegate(incoming, request) { return }
      dispatcher.serve(incoming) { debugger.reply(to: request, incoming) }
    case .shutdown(let request):
      dispatcher.serve(incoming) { ShutdownReply(restart: request.restart) }
      onShutdown()
    case .unknown(let name):
      dispatcher.serve(incoming) {
        drops.dropped("nothing is known of the type \(name)", on: incoming.channel)
        return nil
      }
    }
  }

  private func refuseSubshell(_ identity: String, _ incoming: IncomingRequest) {
    refuse(
      incoming.message, on: incoming.channel, name: "SubshellError",
      "there is no subshell \"\(identity)\"")
  }

  /// Answers a request that cannot be handled.
  private func refuse(
    _ message: ReceivedMessage, on channel: ClientChannel, name: String, _ reason: String
  ) {
    let incoming = IncomingRequest(
      channel: channel, message: message, request: .unknown(message.header.typeName))
    dispatcher.serve(incoming) {
      guard let type = MessageType(rawValue: message.header.typeName)?.reply else { return nil }
      return ErrorReply(
        type, ErrorContent(name: name, message: reason),
        executionCount: type == .executeReply
          ? shells[message.header.subshellID]?.executionCount ?? 0 : nil)
    }
  }
}

extension Request {
  /// The main shell for what concerns all of them, whatever subshell is named.
  fileprivate func anyShell(_ main: Shell) -> Shell? {
    switch self {
    case .interrupt, .shutdown: main
    default: nil
    }
  }
}
