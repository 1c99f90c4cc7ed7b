import JupyterProtocol
import Logging
import Synchronization

/// The history thread: keeps what ran, and answers history requests.
///
/// A thread of its own, because a file may be slow or locked by another kernel; no cell waits for it. A store
/// that fails loses earlier sessions, which is logged once; what runs from then on is kept in memory.
package final class HistoryLane: Sendable {
  /// One cell that ran, in the main shell (nil) or in a subshell.
  struct Record: Sendable {
    var shell: String?
    var line: Int
    var input: String
    /// The plain text of its result.
    var output: String?
  }

  private enum Item: Sendable {
    case record(Record)
    case request(IncomingRequest)
  }

  /// How long records wait for more, to be written together.
  private static let gatheringInMilliseconds = 200

  private let dispatcher: Dispatcher
  private let makeStore: @Sendable () throws -> any HistoryStore
  private let logger: Logger
  private let mailbox = Mailbox<Item>()
  /// Raised when somebody waits for an answer, or for the end.
  private let isUrgent = WakeSignal()
  private let thread = Mutex<PlainThread?>(nil)

  /// `makeStore` is called on the history thread, when it is first needed.
  init(
    dispatcher: Dispatcher, logger: Logger,
    makeStore: @escaping @Sendable () throws -> any HistoryStore
  ) {
    self.dispatcher = dispatcher
    self.makeStore = makeStore
    self.logger = logger
  }

  func start() {
    thread.withLock { thread in
      thread = PlainThread(name: "history", stackSize: 1 << 20) { [self] in run() }
    }
  }

  func record(_ record: Record) { mailbox.put(.record(record)) }

  func put(_ request: IncomingRequest) {
    mailbox.put(.request(request))
    isUrgent.raise()
  }

  /// Lets nothing more in, and what is there be written.
  func close() {
    mailbox.close()
    isUrgent.raise()
  }

  func join(milliseconds: Int) {
    thread.withLock { $0 }?.join(milliseconds: milliseconds)
  }

  // MARK: - On the history thread

  /// The store and the numbers that it gave to this kernel's shells.
  private struct Book {
    var store: any HistoryStore
    var sessions: [String?: Int] = [:]
  }

  private func run() {
    var book: Book?
    while let items = mailbox.waitAndTakeAll() {
      // Those who ask get their answer at once; those who only tell can wait for others.
      isUrgent.wait(milliseconds: Self.gatheringInMilliseconds)
      if !mailbox.isClosed { isUrgent.clear() }
      var records: [Record] = []
      for item in items + mailbox.takeAll() {
        switch item {
        case .record(let record): records.append(record)
        case .request(let request):
          write(&records, to: &book)
          guard case .history(let content) = request.request else { continue }
          dispatcher.serve(request) { answer(content, request.message.header.subshellID, &book) }
        }
      }
      write(&records, to: &book)
    }
  }

  private func write(_ records: inout [Record], to book: inout Book?) {
    guard !records.isEmpty else { return }
    withBook(&book) { book in
      let entries = try records.map { record in
        let session = try book.sessions[record.shell] ?? book.store.beginSession()
        book.sessions[record.shell] = session
        return HistoryEntry(
          session: session, line: record.line, input: record.input, output: record.output)
      }
      try book.store.append(entries)
    }
    records = []
  }

  private func answer(_ request: HistoryRequest, _ shell: String?, _ book: inout Book?)
    -> HistoryReply
  {
    var entries: [HistoryEntry] = []
    withBook(&book) { book in
      entries = try book.store.entries(request.access, from: book.sessions[shell])
    }
    return HistoryReply(entries, includesOutput: request.includesOutput)
  }

  /// Does something with the store, or with one in memory when the store fails.
  private func withBook(_ book: inout Book?, _ body: (inout Book) throws -> Void) {
    do {
      var current = try book ?? Book(store: makeStore())
      defer { book = current }
      try body(&current)
    } catch {
      logger.warning("the history is kept in memory from here on: \(error)")
      var replacement = Book(store: MemoryHistory())
      // A store in memory does not fail.
      try? body(&replacement)
      book = replacement
    }
  }
}
