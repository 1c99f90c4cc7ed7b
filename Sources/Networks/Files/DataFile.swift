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
    package var content: ArrayContent

    package init(name: String, content: ArrayContent) {
      self.name = name
      self.content = content
    }

    package init(name: String, value: Tensor<Double>) {
      self.init(name: name, content: .numbers(value))
    }
  }

  /// What was read, and what was assumed of the file to read it, in words.
  package struct Reading: Sendable {
    package var content: Content
    package var assumptions: [String] = []
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

  /// The endings of texts with a line for each row.
  private static let textEndings = ["csv", "tsv", "txt", "dat", "data"]
  /// What `load` reads, in words.
  package static let formats =
    ".csv .tsv .txt .dat .data .npy .npz, MNIST's -ubyte files, and each of them as .gz"

  private enum Format { case text, npy, npz, idx, gzip }

  private static func format(of path: String) -> Format? {
    switch ending(of: path) {
    case "npy": .npy
    case "npz": .npz
    case "gz": .gzip
    case "idx": .idx
    // As MNIST's files are named: train-images-idx3-ubyte, t10k-labels.idx1-ubyte.
    case _ where path.lowercased().hasSuffix("ubyte"): .idx
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
      return entry.isFolder || format(of: entry.name) != nil
    }.map { folder + $0.name + ($0.isFolder ? "/" : "") }.sorted()
  }

  /// The names of the columns of a text file; none of another file, or of one that cannot be read.
  package static func columnNames(of path: String) -> [String] {
    guard format(of: path) == .text,
      let beginning = try? FileAccess.read(path, atMost: 1 << 16)
    else { return [] }
    // The last line may have been cut off.
    let end = beginning.lastIndex(of: UInt8(ascii: "\n")) ?? beginning.endIndex
    let source = ByteSource(Array(beginning[..<end]), path: path)
    return (try? TextTable(source, .init()).names) ?? []
  }

  /// `load("file.csv", target = "species")`
  ///
  /// A text is a dataset, an `.npy` or IDX file a value, an `.npz` with X (and Y) a dataset, else arrays.
  /// Throws: `DataError`.
  package static func load(
    _ path: String, target: String? = nil, _ options: TextDialect.Options = .init(),
    interrupt: InterruptFlag? = nil
  ) throws(DataError) -> Reading {
    guard let format = format(of: path) else { throw .unknownFormat(path: path) }
    let source = try ByteSource(path: path, interrupt: interrupt)
    return try read(source, format, target, options)
  }

  private static func read(
    _ source: ByteSource, _ format: Format, _ target: String?, _ options: TextDialect.Options
  ) throws(DataError) -> Reading {
    switch format {
    case .text:
      var table = try TextTable(source, options)
      let dataset = try table.dataset(target: target)
      return Reading(content: .dataset(dataset), assumptions: table.assumptions)
    case .npy:
      switch try NPYArray.read(source) {
      case .numbers(let value): return Reading(content: .value(value))
      case .texts(let texts):
        return Reading(
          content: .arrays([NamedArray(name: baseName(source.path), content: .texts(texts))]))
      }
    case .npz:
      return Reading(content: try content(of: NPZArchive.arrays(in: source), source.path))
    case .idx:
      let feed = ByteFeed(
        source: source, range: 0..<source.count, packing: .none, subject: "the file")
      return Reading(content: .value(try IDXArray.read(feed)))
    case .gzip:
      let feed = ByteFeed(
        source: source, range: 0..<source.count, packing: .gzip, subject: "the file")
      let inner = String(source.path.dropLast(3))
      guard let format = self.format(of: inner) else { throw .unknownFormat(path: source.path) }
      if format == .idx { return Reading(content: .value(try IDXArray.read(feed))) }
      let bytes = ByteSource(try feed.bytes(), path: source.path, interrupt: source.interrupt)
      return try read(bytes, format, target, options)
    }
  }

  /// X (or x) with Y (or y) as a dataset, with the names that `save` puts beside them; everything else as arrays.
  private static func content(of arrays: [NamedArray], _ path: String) throws(DataError) -> Content
  {
    func numbers(_ names: [String]) -> Tensor<Double>? {
      for array in arrays where names.contains(array.name) {
        if case .numbers(let value) = array.content { return value }
      }
      return nil
    }
    func texts(_ name: String) -> [String]? {
      for array in arrays where array.name == name {
        if case .texts(let texts) = array.content { return texts }
      }
      return nil
    }
    guard let x = numbers(["X", "x"]), x.rank == 2 else { return .arrays(arrays) }
    let y = numbers(["Y", "y"])
    let (names, classes, target) = (texts("names"), texts("classes"), texts("target"))
    let parts = [y != nil, names != nil, classes != nil, target != nil].count { $0 }
    guard arrays.count == 1 + parts, names?.count ?? x.columns == x.columns else {
      return .arrays(arrays)
    }
    if let targets = y?.rows, targets != x.rows {
      throw .malformed(
        path: path, line: nil, column: nil,
        reason: "X has \(x.rows) examples, but Y has \(targets)",
        help: "save one target an example")
    }
    return .dataset(
      Dataset(
        name: baseName(path), x: x, y: y, names: names ?? (0..<x.columns).map { "x\($0 + 1)" },
        classes: classes ?? [], targetName: target?.first))
  }

  /// `save(value, "file.csv")`
  ///
  /// Throws: `DataError.notStorable` for a table in `.npy` or `.npz`, an array in `.csv`; `.file`, `.unknownFormat`,
  /// `.interrupted`. Whatever it throws, the old file stands.
  package static func save(
    _ content: Content, to path: String, interrupt: InterruptFlag? = nil
  ) throws(DataError) {
    let write = try writing(content, path)
    try FileWriter.replace(path, interrupt: interrupt, write)
  }

  /// What writes the content in the format of the path.
  private static func writing(_ content: Content, _ path: String) throws(DataError)
    -> (FileWriter) throws(DataError) -> Void
  {
    switch (format(of: path), content) {
    case (.text, .columns(let columns)):
      return { writer throws(DataError) in try TextWriter(writer, path).write(columns) }
    case (.text, .dataset(let dataset)):
      return { writer throws(DataError) in try TextWriter(writer, path).write(dataset) }
    case (.text, .value(let value)) where value.rank > 2:
      throw .notStorable(
        path: path, reason: "an array of \(value.rank) dimensions needs .npy or .npz")
    case (.text, .value(let value)):
      return { writer throws(DataError) in try TextWriter(writer, path).write(value) }
    case (.npy, .value(let value)):
      return { writer throws(DataError) in
        try NPYArray.parts(of: .numbers(value)) { part throws(DataError) in
          try writer.append(part)
        }
      }
    case (.npz, .value(let value)): return archive([NamedArray(name: "arr_0", value: value)])
    case (.npz, .dataset(let dataset)): return archive(arrays(of: dataset))
    case (.npz, .arrays(let arrays)): return archive(arrays)
    case (.text, .arrays), (.npy, .arrays):
      throw .notStorable(path: path, reason: "several arrays need .npz")
    case (.npy, .dataset):
      throw .notStorable(path: path, reason: "a dataset needs .csv or .npz")
    case (.npy, .columns), (.npz, .columns):
      throw .notStorable(path: path, reason: "a table needs .csv")
    case (.idx, _), (.gzip, _), (nil, _):
      throw .unknownFormat(path: path)
    }
  }

  /// Texts under their names in one zip archive, in place of what the file held.
  package static func write(
    archive texts: [(name: String, text: String)], to path: String, interrupt: InterruptFlag? = nil
  ) throws(DataError) {
    try FileWriter.replace(path, interrupt: interrupt) { writer throws(DataError) in
      try ZipWriter.write(
        texts.map { file in
          let bytes = Array(file.text.utf8)
          return ZipWriter.Member(name: file.name) { append throws(DataError) in try append(bytes) }
        }, to: writer)
    }
  }

  private static func archive(_ arrays: [NamedArray]) -> (FileWriter) throws(DataError) -> Void {
    { writer throws(DataError) in try NPZArchive.write(arrays, to: writer) }
  }

  private static func arrays(of dataset: Dataset) -> [NamedArray] {
    var arrays = [NamedArray(name: "X", value: dataset.x)]
    if let y = dataset.y { arrays.append(NamedArray(name: "Y", value: y)) }
    arrays.append(NamedArray(name: "names", content: .texts(dataset.names)))
    if !dataset.classes.isEmpty {
      arrays.append(NamedArray(name: "classes", content: .texts(dataset.classes)))
    }
    if let target = dataset.targetName {
      arrays.append(NamedArray(name: "target", content: .texts([target])))
    }
    return arrays
  }

  package static func ending(of path: String) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "" }
    return path[path.index(after: dot)...].lowercased()
  }

  /// The last part of a path.
  static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The last part of a path without its ending, as a dataset's name.
  static func baseName(_ path: String) -> String {
    let file = fileName(path)
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return file }
    return String(file[..<dot])
  }
}
