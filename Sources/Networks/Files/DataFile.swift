import MatrixEngine

/// Values and datasets in files; the ending chooses the format.
package enum DataFile {
  /// What a file holds.
  package enum Content: Sendable, Equatable {
    case value(Tensor<Double>)
    case dataset(Dataset)
    /// The named arrays of an `.npz` that has no X.
    case arrays([NamedArray])
    /// Columns of a table, for `.csv`.
    case columns([Column])
  }

  package struct NamedArray: Sendable, Equatable {
    package var name: String
    package var value: Tensor<Double>

    package init(name: String, value: Tensor<Double>) {
      self.name = name
      self.value = value
    }
  }

  /// A column of a table: numbers or texts.
  package struct Column: Sendable, Equatable {
    package enum Cells: Sendable, Equatable {
      case numbers([Double])
      case texts([String])
    }

    package var name: String
    package var cells: Cells

    package init(name: String, cells: Cells) {
      self.name = name
      self.cells = cells
    }
  }

  /// The endings that `load` and `save` know: of texts with a line for each row, and of NumPy's files.
  package static let endings = textEndings + ["npy", "npz"]
  private static let textEndings = ["csv", "txt", "dat", "data"]

  private enum Format { case text, npy, npz }

  private static func format(of path: String) -> Format? {
    switch ending(of: path) {
    case "npy": .npy
    case "npz": .npz
    case let ending: textEndings.contains(ending) ? .text : nil
    }
  }

  /// The files that `load` and `save` know, and the folders, whose paths begin like this; folders end in `/`.
  package static func names(beginningWith prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let name = prefix.dropFirst(folder.count)
    return FileAccess.entries(of: folder.isEmpty ? "." : folder).filter { entry in
      guard entry.name.hasPrefix(name), !entry.name.hasPrefix(".") || name.hasPrefix(".") else {
        return false
      }
      return entry.isFolder || endings.contains(ending(of: entry.name))
    }.map { folder + $0.name + ($0.isFolder ? "/" : "") }.sorted()
  }

  /// The names of the columns of a text file; none of another file, or of one that cannot be read.
  package static func columnNames(of path: String) -> [String] {
    guard format(of: path) == .text,
      let beginning = try? FileAccess.read(path, atMost: 1 << 16)
    else { return [] }
    // The last line may have been cut off.
    let end = beginning.lastIndex(of: UInt8(ascii: "\n")) ?? beginning.endIndex
    return (try? CSVTable(Array(beginning[..<end]), path: path).names) ?? []
  }

  /// `load("file.csv", target = "species")`
  ///
  /// A `.csv` or `.txt` is a dataset, an `.npy` a value, an `.npz` with X (and Y) a dataset, else arrays.
  /// Throws: `DataError`.
  package static func load(_ path: String, target: String? = nil) throws(DataError) -> Content {
    switch format(of: path) {
    case .text:
      let table = try CSVTable(try FileAccess.read(path), path: path)
      return .dataset(try table.dataset(target: target))
    case .npy:
      return .value(try NPYArray(try FileAccess.read(path), path: path).value)
    case .npz:
      return try NPZArchive.content(of: try FileAccess.read(path), path: path)
    case nil:
      throw .unknownFormat(path: path)
    }
  }

  /// `save(value, "file.csv")`
  ///
  /// Throws: `DataError.notStorable` for a table in `.npy` or `.npz`, an array in `.csv`; `.file`, `.unknownFormat`.
  package static func save(_ content: Content, to path: String) throws(DataError) {
    switch (format(of: path), content) {
    case (.text, .columns(let columns)):
      try FileAccess.write(CSVTable.bytes(columns), to: path)
    case (.text, .dataset(let dataset)):
      try FileAccess.write(CSVTable.bytes(CSVTable.columns(of: dataset)), to: path)
    case (.text, .value(let value)) where value.rank > 2:
      throw .notStorable(
        path: path, reason: "an array of \(value.rank) dimensions needs .npy or .npz")
    case (.text, .value(let value)):
      try FileAccess.write(CSVTable.bytes(value), to: path)
    case (.npy, .value(let value)):
      try FileAccess.write(NPYArray(value: value).bytes, to: path)
    case (.npz, .value(let value)):
      try FileAccess.write(NPZArchive.bytes([NamedArray(name: "arr_0", value: value)]), to: path)
    case (.npz, .dataset(let dataset)):
      var arrays = [NamedArray(name: "X", value: dataset.x)]
      if let y = dataset.y { arrays.append(NamedArray(name: "Y", value: y)) }
      try FileAccess.write(NPZArchive.bytes(arrays), to: path)
    case (.npz, .arrays(let arrays)):
      try FileAccess.write(NPZArchive.bytes(arrays), to: path)
    case (.text, .arrays), (.npy, .arrays):
      throw .notStorable(path: path, reason: "several arrays need .npz")
    case (.npy, .dataset):
      throw .notStorable(path: path, reason: "a dataset needs .csv or .npz")
    case (.npy, .columns), (.npz, .columns):
      throw .notStorable(path: path, reason: "a table needs .csv")
    case (nil, _):
      throw .unknownFormat(path: path)
    }
  }

  private static func ending(of path: String) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "" }
    return path[path.index(after: dot)...].lowercased()
  }

  /// The last part of a path without its ending, as a dataset's name.
  static func baseName(_ path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return file }
    return String(file[..<dot])
  }
}
