import CSQLite
import Glibc
import JupyterProtocol

/// A history in a file that all kernels of a user share, also at the same time.
package final class SQLiteHistory: HistoryStore {
  private let database: SQLiteDatabase

  /// Opens the file; makes it, and the folder it lies in, where they are missing.
  ///
  /// Throws: `HistoryError` when the file is none of SQLite's, cannot be read or cannot be written.
  package init(path: String) throws(HistoryError) {
    Self.prepareFile(path)
    let deadline = Monotonic.now + Self.patience
    while true {
      do throws(SQLiteError) {
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

  /// Does something with the database; what SQLite says becomes what the history's thread decides by.
  private func with<Result>(_ body: (SQLiteDatabase) throws(SQLiteError) -> Result)
    throws(HistoryError) -> Result
  {
    do throws(SQLiteError) {
      return try body(database)
    } catch {
      throw Self.reason(error)
    }
  }

  private static func reason(_ error: SQLiteError) -> HistoryError {
    switch error.code {
    // A full disk has room again some day.
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL: .busy("\(error)")
    case SQLITE_ERROR, SQLITE_TOOBIG, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_INTERRUPT,
      SQLITE_NOMEM:
      .refused("\(error)")
    default: .broken("\(error)")
    }
  }

  /// How long another kernel may hold the file; it writes for some milliseconds at most.
  private static let patience = Duration.seconds(1)

  private static func opened(_ path: String) throws(SQLiteError) -> SQLiteDatabase {
    let database = try SQLiteDatabase(
      path: path, patienceInMilliseconds: Int32(1_000 * patience.components.seconds))
    // Readers and a writer do not wait for each other, and a crash loses a second, never the file.
    try database.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -256")
    // One transaction that takes the file for itself: a second kernel finds the tables or none.
    try database.transaction { () throws(SQLiteError) in try database.execute(schema) }
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
    try with { database throws(SQLiteError) in
      try database.transaction { () throws(SQLiteError) in
        try database.execute("INSERT INTO session DEFAULT VALUES")
        return database.lastRow
      }
    }
  }

  package func append(_ entries: [HistoryEntry]) throws(HistoryError) {
    try with { database throws(SQLiteError) in
      try database.transaction { () throws(SQLiteError) in
        let insertion = try database.statement(
          "INSERT INTO entry (session, line, input, output) VALUES (?, ?, ?, ?)")
        for entry in entries {
          try insertion.run([
            .number(entry.session), .number(entry.line), .text(entry.input), .text(entry.output),
          ])
        }
      }
    }
  }

  package func entries(_ access: HistoryRequest.Access, from session: Int?) throws(HistoryError)
    -> [HistoryEntry]
  {
    try with { database throws(SQLiteError) in
      switch access {
      case .tail(let count):
        return try Self.latest("1", [], count, in: database)
      case .range(let number, let start, let stop):
        let own: Int
        if let session { own = session } else { own = try Self.nextSession(database) }
        let wanted = number > 0 ? number : own + number
        return try Self.latest(
          "session = ? AND line >= ? AND line < ?",
          [.number(wanted), .number(start), .number(stop ?? Int.max)], nil, in: database)
      case .search(let pattern, let count, let unique):
        // SQLite's own GLOB knows classes in brackets too, and a cell is full of brackets.
        let pattern = HistoryPattern(pattern)
        try database.define("is_wanted") { pattern.matches($0) }
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

  private static func nextSession(_ database: SQLiteDatabase) throws(SQLiteError) -> Int {
    let largest = try database.statement("SELECT max(number) FROM session").run { $0.number(0) }
    return 1 + (largest.first ?? 0)
  }

  /// The last `count` entries that meet a condition, oldest first.
  private static func latest(
    _ condition: String, _ values: [SQLiteValue], _ count: Int?, in database: SQLiteDatabase
  ) throws(SQLiteError) -> [HistoryEntry] {
    let statement = try database.statement(
      """
      SELECT session, line, input, output FROM entry WHERE \(condition)
      ORDER BY number DESC LIMIT ?
      """)
    return try statement.run(values + [.number(count ?? -1)]) { row in
      HistoryEntry(
        session: row.number(0), line: row.number(1), input: row.text(2) ?? "", output: row.text(3))
    }.reversed()
  }
}
