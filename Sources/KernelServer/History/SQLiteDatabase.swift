import CSQLite

/// What SQLite says when it does not do what it is asked.
struct SQLiteError: Error, CustomStringConvertible {
  /// Its primary result code: `SQLITE_BUSY`.
  let code: Int32
  let message: String

  var description: String { "SQLite error \(code): \(message)" }
}

/// One connection to a file of SQLite's. Confined to the thread that has it.
///
/// Source: sqlite.org/cintro.html
final class SQLiteDatabase {
  private var handle: OpaquePointer?

  /// Opens the file. Waits so long where another connection holds it.
  ///
  /// Throws: `SQLiteError` when it cannot be opened; what it holds is seen when it is first asked.
  init(path: String, patienceInMilliseconds patience: Int32) throws(SQLiteError) {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK else {
      let error = error(code)
      sqlite3_close_v2(handle)
      throw error
    }
    sqlite3_busy_timeout(handle, patience)
  }

  deinit { sqlite3_close_v2(handle) }

  /// The number of the row that was added last.
  var lastRow: Int { Int(sqlite3_last_insert_rowid(handle)) }

  private func error(_ code: Int32) -> SQLiteError {
    let message = sqlite3_errmsg(handle) ?? sqlite3_errstr(code)
    return SQLiteError(code: code & 0xFF, message: message.map { String(cString: $0) } ?? "")
  }

  fileprivate func check(_ code: Int32) throws(SQLiteError) {
    guard code == SQLITE_OK else { throw error(code) }
  }

  /// Statements without parameters, one behind the other.
  func execute(_ sql: String) throws(SQLiteError) {
    try check(sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// Does all of it or nothing, with the file to itself.
  func transaction<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
    try execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // Some errors have ended the transaction already; then there is nothing to take back.
      if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }

  func statement(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
    return SQLiteStatement(database: self, handle: statement)
  }

  /// Makes a test of texts known to this connection's statements by a name, until another is.
  func define(_ name: String, _ test: @escaping (String) -> Bool) throws(SQLiteError) {
    let box = Unmanaged.passRetained(TextTest(test)).toOpaque()
    // SQLite lets the box go, also where it refuses the function.
    try check(
      sqlite3_create_function_v2(
        handle, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, box,
        { context, _, values in
          guard let own = sqlite3_user_data(context) else { return }
          let test = Unmanaged<TextTest>.fromOpaque(own).takeUnretainedValue()
          let text = values?[0].flatMap { value in
            sqlite3_value_text(value).map {
              String(
                decoding: UnsafeBufferPointer(start: $0, count: Int(sqlite3_value_bytes(value))),
                as: UTF8.self)
            }
          }
          sqlite3_result_int(context, text.map(test.holds) == true ? 1 : 0)
        }, nil, nil, { box in if let box { Unmanaged<TextTest>.fromOpaque(box).release() } }))
  }
}

/// A test that SQLite keeps.
private final class TextTest {
  let holds: (String) -> Bool
  init(_ holds: @escaping (String) -> Bool) { self.holds = holds }
}

/// A value of a statement's parameter.
enum SQLiteValue {
  case number(Int)
  case text(String?)
}

/// A statement that can be run several times.
final class SQLiteStatement {
  private let database: SQLiteDatabase
  private let handle: OpaquePointer?

  fileprivate init(database: SQLiteDatabase, handle: OpaquePointer?) {
    self.database = database
    self.handle = handle
  }

  deinit { sqlite3_finalize(handle) }

  /// Runs it with values for its parameters, and makes something of each row.
  @discardableResult
  func run<Row>(_ values: [SQLiteValue] = [], _ row: (SQLiteStatement) -> Row)
    throws(SQLiteError) -> [Row]
  {
    defer { sqlite3_reset(handle) }
    for (place, value) in values.enumerated() {
      let number = Int32(place + 1)
      switch value {
      case .number(let value): try database.check(sqlite3_bind_int64(handle, number, Int64(value)))
      case .text(nil): try database.check(sqlite3_bind_null(handle, number))
      case .text(let text?):
        var text = text
        let code = text.withUTF8 { bytes in
          bytes.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text64(
              handle, number, $0.baseAddress, UInt64($0.count), nabla_sqlite_copies(),
              UInt8(SQLITE_UTF8))
          }
        }
        try database.check(code)
      }
    }
    var rows: [Row] = []
    while true {
      let code = sqlite3_step(handle)
      if code == SQLITE_DONE { return rows }
      guard code == SQLITE_ROW else {
        try database.check(code)
        return rows
      }
      rows.append(row(self))
    }
  }

  func run(_ values: [SQLiteValue]) throws(SQLiteError) { try run(values) { _ in } }

  /// A number of the row that is being read; columns count from 0.
  func number(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

  /// A text of the row that is being read, or nil where there is none.
  func text(_ column: Int32) -> String? {
    sqlite3_column_text(handle, column).map {
      String(
        decoding: UnsafeBufferPointer(
          start: $0, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
    }
  }
}
