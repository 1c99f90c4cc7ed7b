import MatrixEngine

/// Why data could not be read, written or divided.
package enum DataError: Error, Sendable, Equatable {
  /// The system refused: no such file, no permission, a directory.
  case file(path: String, reason: String)
  case tooLarge(path: String, bytes: Int)
  /// More numbers than an array may have.
  case tooMany(path: String, sizes: [Int])
  case interrupted
  /// The file is not what its name says. `line` counts from 1; nil for binary files.
  case malformed(path: String, line: Int?, column: String?, reason: String, help: String?)
  /// There is no column of this name.
  case unknownColumn(path: String, name: String, columns: [String])
  case unknownFormat(path: String)
  /// The format has no place for this value.
  case notStorable(path: String, reason: String)
  case option(name: String, value: String, expected: String)
}

extension DataError: CustomStringConvertible {
  /// The language's name of the error.
  package var kind: String {
    switch self {
    case .file, .malformed, .unknownFormat: "FileError"
    case .tooLarge, .tooMany: "LimitError"
    case .interrupted: "InterruptError"
    case .unknownColumn: "NameError"
    case .notStorable: "TypeError"
    case .option: "ValueError"
    }
  }

  package var description: String { message }

  package var message: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .tooLarge(let path, let bytes): "\(path): \(bytes) bytes are more than a file may have"
    case .tooMany(let path, let sizes):
      "\(path): \(sizes.map(String.init).joined(separator: "×")) numbers are more than this kernel holds"
    case .interrupted: "the cell was interrupted"
    case .malformed(let path, let line, let column, let reason, _):
      path + (line.map { ", line \($0)" } ?? "") + (column.map { ", column \($0)" } ?? "")
        + ": \(reason)"
    case .unknownColumn(let path, let name, _): "\(path) has no column \(name)"
    case .unknownFormat(let path): "\(path): the format is not known by this ending"
    case .notStorable(let path, let reason): "\(path): \(reason)"
    case .option(let name, let value, let expected): "\(name) = \(value): expected \(expected)"
    }
  }

  package var help: String? {
    switch self {
    case .malformed(_, _, _, _, let help): help
    case .unknownColumn(_, _, let columns): "its columns are \(columns.joined(separator: ", "))"
    case .unknownFormat: "load reads \(DataFile.formats); save writes the texts, .npy and .npz"
    case .tooMany: "an array has at most \(Shape.largestCount) entries"
    case .file, .tooLarge, .interrupted, .notStorable, .option: nil
    }
  }
}
