import Glibc
import MatrixEngine
import Networks
import Testing

@Suite("Texts of other programs")
struct TextFileTests {
  static func read(
    _ bytes: [UInt8], _ ending: String = "csv", target: String? = nil,
    separator: String? = nil, decimal: String? = nil
  ) throws -> (data: Dataset, assumptions: [String]) {
    try withFile(ending, bytes) { path in
      let options = try TextDialect.Options(separator: separator, decimal: decimal)
      let reading = try DataFile.load(path, target: target, options)
      guard case .dataset(let data) = reading.content else {
        throw DataError.unknownFormat(path: path)
      }
      return (data, reading.assumptions)
    }
  }

  static func read(
    _ text: String, _ ending: String = "csv", target: String? = nil, separator: String? = nil,
    decimal: String? = nil
  ) throws -> (data: Dataset, assumptions: [String]) {
    try read(Array(text.utf8), ending, target: target, separator: separator, decimal: decimal)
  }

  /// A random table, written in a dialect.
  struct Dialect: Sendable, CustomTestStringConvertible {
    var separator: String
    var decimal = "."
    var lineEnd = "\n"
    var begins = ""
    var quotes = false
    var ending = "csv"
    var encode: @Sendable (String) -> [UInt8] = { Array($0.utf8) }
    var testDescription: String {
      "\(separator) \(decimal) \(lineEnd.utf8.count) \(begins) \(quotes)"
    }
  }

  static let dialects: [Dialect] = [
    Dialect(separator: ","), Dialect(separator: ",", lineEnd: "\r\n"),
    Dialect(separator: ",", quotes: true),
    Dialect(separator: ";", decimal: ","),
    Dialect(separator: ";", decimal: ",", lineEnd: "\r\n", begins: "sep=;\r\n"),
    Dialect(separator: "\t", ending: "tsv"), Dialect(separator: "|", ending: "txt"),
    Dialect(separator: " ", ending: "dat"), Dialect(separator: "   ", decimal: ",", ending: "data"),
    Dialect(separator: ", ", begins: "# made by a program\n\n"),
    Dialect(separator: ",", begins: "\u{FEFF}"),
    Dialect(separator: ";", decimal: ",", lineEnd: "\r"),
    Dialect(separator: ",") { $0.unicodeScalars.map { UInt8($0.value) } },
    Dialect(separator: "\t") {
      [0xFF, 0xFE] + $0.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    },
    Dialect(separator: ";") { $0.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } },
  ]

  @Test("what is written in a dialect is read as it was", arguments: dialects, [1, 2, 3])
  func readAsWritten(_ dialect: Dialect, _ seed: Int) throws {
    var random = RandomSource(seed: seed)
    let (rows, columns) = (1 + Int(random.uniform() * 30), 2 + Int(random.uniform() * 5))
    let values = (0..<rows * columns).map { _ in
      let number = (random.uniform() - 0.5) * [1, 1000, 1e9][Int(random.uniform() * 3)]
      return random.uniform() < 0.3 ? number.rounded() : number
    }
    // With a fraction somewhere, or a decimal comma could not be told.
    let x = Matrix(rows: rows, columns: columns, storage: [0.5] + values.dropFirst())
    let kinds = (0..<rows).map { _ in ["Köln", "Käln", "Ähre"][Int(random.uniform() * 3)] }
    let quote = dialect.quotes ? "\"" : ""
    var text = dialect.begins
    let names = (0..<columns).map { "größe\($0)" } + ["stadt"]
    text += names.map { quote + $0 + quote }.joined(separator: dialect.separator) + dialect.lineEnd
    for row in 0..<rows {
      let fields = x.row(row).map { value in
        "\(value)".split(separator: ".").joined(separator: dialect.decimal)
      }
      text += (fields + [quote + kinds[row] + quote]).joined(separator: dialect.separator)
      text += dialect.lineEnd
    }
    let data = try TextFileTests.read(dialect.encode(text), dialect.ending, target: "stadt").data
    #expect(data.x == x)
    #expect(data.names == names.dropLast())
    #expect(data.classes == Set(kinds).sorted())
    #expect(data.y == .vector(kinds.map { Double((data.classes.firstIndex(of: $0) ?? -1) + 1) }))
  }

  @Test("a file that two threads read is what one thread reads")
  func twoParts() throws {
    var random = RandomSource(seed: 5)
    let (rows, columns) = (60_000, 5)
    let x = Matrix(
      rows: rows, columns: columns,
      storage: (0..<rows * columns).map { _ in random.uniform(from: -1, to: 1) })
    var lines = ["a,b,c,d,e,kind"]
    for row in 0..<rows {
      lines.append(
        x.row(row).map { "\($0)" }.joined(separator: ",") + (row % 3 == 0 ? ",one" : ",two"))
      if row % 1000 == 0 { lines.append("") }
    }
    let data = try TextFileTests.read(lines.joined(separator: "\n"), target: "kind").data
    #expect(data.x == x)
    #expect(data.y?.storage == (0..<rows).map { $0 % 3 == 0 ? 1 : 2 })
    // The line of a mistake counts from the beginning of the file, also in its second part.
    lines[55_000] = "1,2,NA,4,5,one"
    let error = #expect(throws: DataError.self) {
      try TextFileTests.read(lines.joined(separator: "\n"), target: "kind")
    }
    #expect(error?.message.hasSuffix("line 55001, column c: the value is missing (NA)") == true)
  }

  @Test("every decimal number is the nearest Double")
  func numbers() throws {
    var random = RandomSource(seed: 9)
    var texts: [String] = [
      "0.1", "9007199254740993", "9007199254740992.5", "1e23", "8.5e22", "123456789012345678",
      "5e-324",
      "1.7976931348623157e308", "0.30000000000000004", "2.2250738585072011e-308", "1e-22", "1e22",
      "-0.0",
      "+7", "5.", ".5", "1E5", "18446744073709551615", "9999999999999999999", "0.000001", "1e400",
    ]
    for _ in 0..<3_000 {
      let digits = 1 + Int(random.uniform() * 20)
      var text = String((0..<digits).map { _ in Character("\(Int(random.uniform() * 10))") })
      if random.uniform() < 0.7 {
        let place = Int(random.uniform() * Double(digits))
        text.insert(".", at: text.index(text.startIndex, offsetBy: place))
      }
      if random.uniform() < 0.2 { text += "e\(Int(random.uniform() * 60) - 30)" }
      texts.append(text)
    }
    let rows = texts.map { "\($0),0" }.joined(separator: "\n")
    let data = try TextFileTests.read("x,y\n" + rows).data
    for (row, text) in texts.enumerated() {
      #expect(data.x[row, 0].bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  @Test(
    "what is assumed is said",
    arguments: [
      ("a;b\n1;2\n", "fields separated by ;"), ("a;b\n1,5;2\n", "decimal commas"),
      ("1,2\n3,4\n", "no header: the columns are x1 and x2"),
      ("a b\n1 2\n", "fields separated by blanks"),
      ("# x\na,b\n1,2\n# y\n", "2 lines that begin with # left out"),
      ("a,,b\n1,2,3\n", "column 2 has no name: x2"),
      ("a,b,\n1,2,\n", "each line ends with a separator"),
      ("a,b\nnan,1\n", "1 nan, the first in line 2, column a"),
    ])
  func assumptions(_ text: String, _ said: String) throws {
    let assumptions = try TextFileTests.read(text).assumptions
    #expect(assumptions.contains(said), "\(assumptions)")
    #expect(try TextFileTests.read("a,b\n1,2\n").assumptions.isEmpty)
  }

  @Test("encodings that are no UTF-8 keep their letters and are named")
  func encodings() throws {
    let latin = try TextFileTests.read([0x4B, 0xF6, 0x6C, 0x6E, 0x2C, 0x62, 10, 0x31, 0x2C, 0x32])
    #expect(latin.data.names == ["Köln", "b"])
    #expect(latin.assumptions == ["read as Latin-1, since it is no UTF-8"])
    let windows = try TextFileTests.read([0x80, 0x2C, 0x93, 0x94, 10, 0x31, 0x2C, 0x32])
    #expect(windows.data.names == ["€", "“”"])
    #expect(windows.assumptions == ["read as Windows-1252, since it is no UTF-8"])
  }

  @Test("the whole column decides what a target is")
  func targets() throws {
    let cases: [(String, String)] = [
      ("x,y\n1,NA\n2,3\n", "line 2, column y: the value is missing (NA)"),
      ("x,y\n1,3\n2,?\n", "line 3, column y: the value is missing (?)"),
      ("x,y\n1,red\n2,N/A\n3,blue\n", "line 3, column y: the value is missing (N/A)"),
      ("x,y\n1,3\n2,4\n3,none\n", "line 4, column y: the value is missing (none)"),
      ("x,y\n1,3\n2,4\n3,red\n", "line 4, column y: \"red\" is text where a number belongs"),
    ]
    for (text, message) in cases {
      let error = #expect(throws: DataError.self) { try TextFileTests.read(text, target: "y") }
      #expect(error?.message.hasSuffix(message) == true, "\(error?.message ?? "")")
    }
    // Letters and digits of plates: more texts than numbers.
    let data = try TextFileTests.read("x,y\n1,1\n2,A\n3,B\n", target: "y").data
    #expect(data.classes == ["1", "A", "B"])
  }

  @Test("names that stand twice, and two decimal signs, are refused; what is said decides")
  func refusals() throws {
    let doubled = #expect(throws: DataError.self) {
      try TextFileTests.read("x,x,y\n1,2,3\n", target: "x")
    }
    #expect(doubled?.message.contains("columns 1 and 2 have the same name, x") == true)
    let mixed = #expect(throws: DataError.self) { try TextFileTests.read("a;b\n1.5;2\n1,5;2\n") }
    #expect(mixed?.message.contains("line 3, column a: \"1,5\" has a decimal comma") == true)
    let quoted = #expect(throws: DataError.self) { try TextFileTests.read("a,b\n\"1,5\",2\n") }
    #expect(quoted?.help?.contains("decimal = \",\"") == true)
    #expect(try TextFileTests.read("a,b\n\"1,5\",2\n", decimal: ",").data.x.storage == [1.5, 2])
    #expect(try TextFileTests.read("a:b\n1:2\n", separator: ":").data.x.storage == [1, 2])
    #expect(throws: DataError.self) { try TextDialect.Options(separator: "ab", decimal: nil) }
    #expect(throws: DataError.self) { try TextDialect.Options(separator: nil, decimal: ";") }
  }
}

@Suite("Files that nobody would write")
struct OddFileTests {
  /// Bytes that mean something to some reader.
  private static let signs: [UInt8] =
    Array(",;\t|\"\"#\n\n\r .,0123456789eE-+NAnafinsep=xy".utf8) + [
      0, 0xFF, 0xC3, 0xBC, 0x93, 0xFE,
    ]

  @Test("no bytes end the process", arguments: ["csv", "tsv", "dat"], [nil, "y"])
  func texts(_ ending: String, _ target: String?) throws {
    var random = RandomSource(seed: ending.count + (target == nil ? 0 : 7))
    func whole(_ below: Int) -> Int { Int(random.uniform() * Double(below)) }
    for round in 0..<600 {
      var bytes = Array("x,y\n1.5,2\n-3,4e2\n5,6\n".utf8)
      if round % 3 == 0 {
        bytes = (0..<whole(60)).map { _ in OddFileTests.signs[whole(OddFileTests.signs.count)] }
      }
      for _ in 0..<whole(6) where !bytes.isEmpty {
        let place = whole(bytes.count)
        switch whole(3) {
        case 0: bytes[place] = OddFileTests.signs[whole(OddFileTests.signs.count)]
        case 1: bytes.insert(OddFileTests.signs[whole(OddFileTests.signs.count)], at: place)
        default: bytes.remove(at: place)
        }
      }
      let read = try? TextFileTests.read(bytes, ending, target: target)
      if let data = read?.data {
        #expect(data.x.storage.count == data.count * data.names.count)
        #expect(data.y.map { $0.rows == data.count } ?? true)
      }
    }
  }

  @Test("no damage to an array's header ends the process")
  func arrays() throws {
    var random = RandomSource(seed: 3)
    let header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }"
    let whole = NumPyFileTests.file(header, Array(repeating: 1, count: 48))
    for _ in 0..<2_000 {
      var bytes = whole
      for _ in 0...Int(random.uniform() * 3) {
        bytes[Int(random.uniform() * 70)] = UInt8(random.uniform() * 256)
      }
      _ = try? NumPyFileTests.load(bytes)
    }
  }
}

@Suite("Files that are written")
struct FileWritingTests {
  @Test("the old file stands when the new one cannot be written")
  func failures() throws {
    try withFile("csv", Array("old".utf8)) { path in
      let flag = InterruptFlag()
      flag.raise()
      let large = DataFile.Content.value(Matrix(rows: 2_000, columns: 100, repeating: 0.5))
      #expect(throws: DataError.interrupted) {
        try DataFile.save(large, to: path, interrupt: flag)
      }
      let kept = try FileAccess.read(path)
      #expect(kept == Array("old".utf8))
      // What fills its disk at once.
      let full = path + ".full.csv"
      #expect(symlink("/dev/full", full) == 0)
      defer { unlink(full) }
      #expect(throws: DataError.file(path: full, reason: "no space left on device")) {
        try DataFile.save(large, to: full)
      }
    }
  }

  @Test("a pipe that nobody reads is given up when an interrupt comes")
  func pipes() throws {
    let path = "/tmp/nabla-pipe-\(getpid()).csv"
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let flag = InterruptFlag()
    let raising = DetachedWork.begin {
      usleep(50_000)
      flag.raise()
      return 0
    }
    #expect(throws: DataError.interrupted) {
      try DataFile.save(.value(.vector([1, 2])), to: path, interrupt: flag)
    }
    #expect(raising.result(waiting: .seconds(5)) == 0)
    #expect(throws: DataError.file(path: path, reason: "is no regular file")) {
      try DataFile.load(path)
    }
  }

  @Test("a link stays a link, and permissions stay as they are")
  func links() throws {
    try withFile("csv", Array("1".utf8)) { path in
      let link = path + ".link.csv"
      #expect(symlink(path, link) == 0)
      defer { unlink(link) }
      #expect(chmod(path, 0o600) == 0)
      try DataFile.save(.value(.vector([5, 6])), to: link)
      #expect(try FileAccess.read(path) == Array("5\n6\n".utf8))
      var status = stat()
      #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }
}
