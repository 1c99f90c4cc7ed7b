import Glibc
import MatrixEngine
import Networks
import Testing

/// A file that is gone when the body ends.
func withFile<Result>(_ ending: String, _ bytes: [UInt8], _ body: (String) throws -> Result) throws
  -> Result
{
  let path = "/tmp/nabla-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).\(ending)"
  try FileAccess.write(bytes, to: path)
  defer { unlink(path) }
  return try body(path)
}

@Suite("CSV files")
struct CSVTests {
  static func load(_ text: String, target: String? = nil) throws -> Dataset {
    try withFile("csv", Array(text.utf8)) { path in
      guard case .dataset(let data) = try DataFile.load(path, target: target).content else {
        throw DataError.unknownFormat(path: path)
      }
      return data
    }
  }

  @Test("numbers with a text target, numbered in sorted order")
  func textTarget() throws {
    let data = try CSVTests.load(
      "length,species,width\n1.5,setosa,2\n3,virginica,4e-1\n5,\"blue, flag\",-6\n",
      target: "species")
    #expect(data.x == Matrix(rows: 3, columns: 2, storage: [1.5, 2, 3, 0.4, 5, -6]))
    #expect(data.names == ["length", "width"])
    #expect(data.classes == ["blue, flag", "setosa", "virginica"])
    #expect(data.y == .vector([2, 3, 1]))
    #expect(data.targetName == "species")
  }

  @Test("a numeric target stays numbers")
  func numericTarget() throws {
    let data = try CSVTests.load("x,y\n1,10\n2,20\n", target: "y")
    #expect(data.y == .vector([10, 20]))
    #expect(data.classes.isEmpty)
    #expect(data.x.storage == [1, 2])
  }

  @Test(
    "line ends, byte order mark, blanks, separators and empty lines",
    arguments: [
      "a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\n\n3,4", "\u{FEFF}a,b\n1,2\n3,4\n", "a,b\r1,2\r3,4\r",
      "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4\n", "\"a\",\"b\"\n\"1\", 2 \n3,\"4\"\n",
    ])
  func variants(_ text: String) throws {
    let data = try CSVTests.load(text)
    #expect(data.names == ["a", "b"])
    #expect(data.x == Matrix(rows: 2, columns: 2, storage: [1, 2, 3, 4]))
    #expect(data.y == nil)
  }

  @Test("without a header the columns are x1, x2, …")
  func noHeader() throws {
    #expect(try CSVTests.load("1,2\n3,4\n").names == ["x1", "x2"])
    let data = try CSVTests.load("1,red\n3,blue\n", target: "x2")
    #expect(data.classes == ["blue", "red"])
  }

  @Test("quotes may hold quotes, separators and line ends")
  func quotes() throws {
    let data = try CSVTests.load(
      "v,\"the \"\"name\"\"\nhere\"\n1,\"a,b\"\n", target: "the \"name\"\nhere")
    #expect(data.classes == ["a,b"])
  }

  @Test("what is wrong is named with line and column")
  func errors() throws {
    let cases: [(String, String?, String)] = [
      ("a,b\n1,2\n3,\n", nil, "line 3, column b: the value is missing"),
      ("a,b\n1,2\n3,four\n", nil, "line 3, column b: \"four\" is text where a number belongs"),
      ("a,b\n1,2\n3\n", nil, "line 3: 1 field, but the table has 2 columns"),
      ("a,b\n1,2\n\n3,4,5\n", nil, "line 4: 3 fields, but the table has 2 columns"),
      ("a,b\n1,red\n2,\n", "b", "line 3, column b: the value is missing"),
      ("a,b\n1,1\n2,red\n", "b", "line 3, column b: \"red\" is text where a number belongs"),
      ("a,b\n1,\"2\n3,4\n", nil, "line 2: a quote is not closed"),
      ("", nil, "the file is empty"), ("\n\n", nil, "the file is empty"),
      ("a,b\n", nil, "no rows follow the header"),
      ("\"x\ny\",b\n1,2\n3,z\n", nil, "line 4, column b: \"z\" is text where a number belongs"),
      ("a,b\n1,2\n", "c", "has no column c"),
    ]
    for (text, target, message) in cases {
      let error = #expect(throws: DataError.self) { try CSVTests.load(text, target: target) }
      #expect(error?.message.hasSuffix(message) == true, "\(error?.message ?? "") – \(message)")
    }
  }

  @Test("what is saved is read back", arguments: ["iris", "xor"])
  func roundTrip(_ name: String) throws {
    let data = try #require(NetworkCatalog.standard.datasets[name]).dataset()
    try withFile("csv", []) { path in
      try DataFile.save(.dataset(data), to: path)
      guard case .dataset(let read) = try DataFile.load(path, target: data.targetName).content
      else {
        Issue.record("no dataset")
        return
      }
      #expect(read.x == data.x && read.y == data.y && read.classes == data.classes)
    }
  }

  @Test("a column without a name is named by its place")
  func emptyNames() throws {
    try withFile("csv", Array("a,\n1,2\n".utf8)) { path in
      guard case .dataset(let read) = try DataFile.load(path).content else { return }
      #expect(read.names == ["a", "x2"])
    }
  }

  @Test("numbers keep all digits")
  func digits() throws {
    let values = [0.1, 1.0 / 3, 1e300, -Double.leastNonzeroMagnitude, 3, -0.5]
    try withFile("csv", []) { path in
      try DataFile.save(.columns([.init(name: "v, \"w\"", cells: .numbers(values))]), to: path)
      guard case .dataset(let read) = try DataFile.load(path).content else { return }
      #expect(read.x.storage == values)
      #expect(read.names == ["v, \"w\""])
      try DataFile.save(.value(Matrix(rows: 2, columns: 3, storage: values)), to: path)
      guard case .dataset(let matrix) = try DataFile.load(path).content else { return }
      #expect(matrix.x == Matrix(rows: 2, columns: 3, storage: values))
    }
  }

  @Test("files that are none")
  func files() {
    #expect(throws: DataError.file(path: "/no/such.csv", reason: "no such file or directory")) {
      try DataFile.load("/no/such.csv")
    }
    #expect(throws: DataError.unknownFormat(path: "a.xls")) { try DataFile.load("a.xls") }
    #expect(throws: DataError.self) { try DataFile.save(.value(.scalar(1)), to: "/no/such.csv") }
    let error = #expect(throws: DataError.self) { try FileAccess.read("/tmp") }
    #expect(error?.message == "/tmp: is a directory")
    #expect(throws: DataError.self) { try FileAccess.read("/dev/zero") }
  }
}
