import GRDB
import Glibc
import JupyterProtocol

/// A history in a file that all kernels of a user share, also at the same time.
package final class SQLiteHistory: HistoryStore {
  private let database: DatabaseQueue

  /// Opens the file; makes it, and the folder it lies in, where they are missing.
  ///
  /// Throws: `HistoryError` when the file is none of SQLite's, cannot be read or cannot be written.
  package init(path: String) throws(HistoryError) {
    Self.prepareFile(path)
    let deadline = Monotonic.now + Self.patience
    while true {
      do {
        database = try Self.opened(path)
        return
      } catch {
        let reason = Self.reason(error)
        guard case .busy = reason, Monotonic.now < deadline else { throw reason }
        // Kernels that begin at once meet while the file is made, where SQLite does not wait by itself.
        usleep(5_000)
      }
    }
  }

  private func read<Result>(_ body: (Database) throws -> Result) throws(HistoryError) -> Result {
    do {
      return try database.read(body)
    } catch {
      throw Self.reason(error)
    }
  }

  private func write<Result>(_ body: (Database) throws -> Result) throws(HistoryError) -> Result {
    do {
      return try database.write(body)
    } catch {
      throw Self.reason(error)
    }
  }

  private static func reason(_ error: any Error) -> HistoryError {
    guard let error = error as? DatabaseError else { return .broken("\(error)") }
    return switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: .busy("\(error)")
    case .SQLITE_ERROR, .SQLITE_TOOBIG, .SQLITE_RANGE, .SQLITE_MISMATCH, .SQLITE_INTERRUPT,
      .SQLITE_NOMEM:
      .refused("\(error)")
    default: .broken("\(error)")
    }
  }

  /// How long another kernel may hold the file; it writes for some milliseconds at most.
  private static let patience = Duration.seconds(1)

  private static func opened(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(Double(patience.components.seconds))
    configuration.label = "history"
    configuration.prepareDatabase { database in
      // Readers and a writer do not wait for each other, and a crash loses a second, never the file.
      try database.execute(
        sql: """
          PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -256
          """)
    }
    let database = try DatabaseQueue(path: path, configuration: configuration)
    // One transaction that takes the file for itself: a second kernel finds the tables or none.
    try database.write { try $0.execute(sql: schema) }
    return database
  }

  private static let schema = """
    CREATE TABLE IF NOT EXISTS session (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      started TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE IF NOT EXISTS entry (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      session INTEGER NOT NULL REFERENCES session(number),
      line INTEGER NOT NULL,
      input TEXT NOT NULL,
      output TEXT
    );
    CREATE INDEX IF NOT EXISTS entry_by_session ON entry(session, line);
    CREATE INDEX IF NOT EXISTS entry_by_beginning ON entry(substr(input, 1, 100));
    """

  /// What a user types is nobody else's to read.
  private static func prepareFile(_ path: String) {
    guard access(path, F_OK) != 0 else { return }
    var folder = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += folder.isEmpty && !path.hasPrefix("/") ? String(part) : "/\(part)"
      mkdir(folder, 0o700)
    }
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  package func beginSession() throws(HistoryError) -> Int {
    try write { database in
      try database.execute(sql: "INSERT INTO session DEFAULT VALUES")
      return Int(database.lastInsertedRowID)
    }
  }

  package func append(_ entries: [HistoryEntry]) throws(HistoryError) {
    try write { database in
      let insertion = try database.makeStatement(
        sql: "INSERT INTO entry (session, line, input, output) VALUES (?, ?, ?, ?)")
      for entry in entries {
        try insertion.execute(arguments: [entry.session, entry.line, entry.input, entry.output])
      }
    }
  }

  package func entries(_ access: HistoryRequest.Access, from session: Int?) throws(HistoryError)
    -> [HistoryEntry]
  {
    try read { database in
      switch access {
      case .tail(let count):
        return try Self.latest("1", [], count, in: database)
      case .range(let number, let start, let stop):
        let wanted = try number > 0 ? number : (session ?? Self.nextSession(database)) + number
        return try Self.latest(
          "session = ? AND line >= ? AND line < ?", [wanted, start, stop ?? Int.max], nil,
          in: database)
      case .search(let pattern, let count, let unique):
        let pattern = HistoryPattern(pattern)
        // SQLite's own GLOB knows classes in brackets too, and a cell is full of brackets.
        let test = DatabaseFunction("is_wanted", argumentCount: 1, pure: true) { values in
          String.fromDatabaseValue(values[0]).map(pattern.matches) ?? false
        }
        database.add(function: test)
        defer { database.remove(function: test) }
        var condition = "is_wanted(input)"
        if unique {
          // Of equal inputs the latest stays. The index holds beginnings, for a cell can be of any length.
          condition += """
             AND number = (
              SELECT max(number) FROM entry AS e
              WHERE substr(e.input, 1, 100) = substr(entry.input, 1, 100) AND e.input = entry.input)
            """
        }
        return try Self.latest(condition, [], count, in: database)
      }
    }
  }

  private static func nextSession(_ database: Database) throws -> Int {
    try 1 + (Int.fetchOne(database, sql: "SELECT max(number) FROM session") ?? 0)
  }

  /// The last `count` entries that meet a condition, oldest first.
  private static func latest(
    _ condition: String, _ arguments: StatementArguments, _ count: Int?, in database: Database
  ) throws -> [HistoryEntry] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT session, line, input, output FROM entry WHERE \(condition)
        ORDER BY number DESC LIMIT ?
        """, arguments: arguments + [count ?? -1])
    return rows.reversed().map {
      HistoryEntry(session: $0[0], line: $0[1], input: $0[2], output: $0[3])
    }
  }
}
