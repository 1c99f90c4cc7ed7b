import JupyterProtocol
import Logging
import Synchronization

/// The history thread: keeps what ran, and answers history requests.
///
/// A thread of its own, because a file may be slow or locked by another kernel; no cell waits for it. What cannot
/// be written because the store is busy is written later. A store that breaks loses earlier sessions, which is
/// logged; what runs from then on is kept in memory.
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
  private let makeStore: @Sendable () throws(HistoryError) -> any HistoryStore
  private let logger: Logger
  private let mailbox = Mailbox<Item>()
  /// Raised when somebody waits for an answer, or for the end.
  private let isUrgent = WakeSignal()
  private let thread = Mutex<PlainThread?>(nil)

  /// `makeStore` is called on the history thread, when it is first needed.
  init(
    dispatcher: Dispatcher, logger: Logger,
    makeStore: @escaping @Sendable () throws(HistoryError) -> any HistoryStore
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
    /// What could not be written yet.
    var waiting: [Record] = []
    while let items = nextItems(isLate: !waiting.isEmpty) {
      // Those who ask get their answer at once; those who only tell can wait for others.
      isUrgent.wait(milliseconds: Self.gatheringInMilliseconds)
      if !mailbox.isClosed { isUrgent.clear() }
      for item in items + mailbox.takeAll() {
        switch item {
        case .record(let record): waiting.append(record)
        case .request(let request):
          write(&waiting, to: &book)
          guard case .history(let content) = request.request else { continue }
          dispatcher.serve(request) { answer(content, request.message.header.subshellID, &book) }
        }
      }
      write(&waiting, to: &book)
    }
    write(&waiting, to: &book)
  }

  /// Waits for something; where some records are late, only for a moment. nil once nothing more will come.
  private func nextItems(isLate: Bool) -> [Item]? {
    guard isLate else { return mailbox.waitAndTakeAll() }
    isUrgent.wait(milliseconds: 1_000)
    let items = mailbox.takeAll()
    return items.isEmpty && mailbox.isClosed ? nil : items
  }

  private func write(_ records: inout [Record], to book: inout Book?) {
    guard !records.isEmpty else { return }
    do throws(HistoryError) {
      try withBook(&book) { book throws(HistoryError) in
        var entries: [HistoryEntry] = []
        for record in records {
          let session: Int
          if let known = book.sessions[record.shell] {
            session = known
          } else {
            session = try book.store.beginSession()
            book.sessions[record.shell] = session
          }
          entries.append(
            HistoryEntry(
              session: session, line: record.line, input: record.input, output: record.output))
        }
        try book.store.append(entries)
      }
      records = []
    } catch {
      // A bound for a store that stays busy for ever.
      records.removeFirst(max(0, records.count - Self.mostWaiting))
    }
  }

  private static let mostWaiting = 10_000

  private func answer(_ request: HistoryRequest, _ shell: String?, _ book: inout Book?)
    -> any MessageContent
  {
    do throws(HistoryError) {
      var entries: [HistoryEntry] = []
      try withBook(&book) { book throws(HistoryError) in
        entries = try book.store.entries(request.access, from: book.sessions[shell])
      }
      return HistoryReply(entries, includesOutput: request.includesOutput)
    } catch {
      return ErrorReply(
        .historyReply, ErrorContent(name: "HistoryError", message: error.description))
    }
  }

  /// Does something with the store, or with one in memory once the store is broken.
  ///
  /// Throws: `HistoryError.busy` or `.refused`.
  private func withBook(
    _ book: inout Book?, _ body: (inout Book) throws(HistoryError) -> Void
  ) throws(HistoryError) {
    do throws(HistoryError) {
      var current: Book
      if let book { current = book } else { current = Book(store: try makeStore()) }
      defer { book = current }
      try body(&current)
    } catch {
      guard case .broken = error else { throw error }
      logger.warning("the history is kept in memory from here on: \(error)")
      var replacement = Book(store: MemoryHistory())
      defer { book = replacement }
      try body(&replacement)
    }
  }
}
