import FoundationEssentials
import Networks
import Testing

@Suite("Datasets, files, splitting and scaling")
struct DataTests {
  private let notebook = Notebook()
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory.path
      + "/nabla-tests-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test(
    "every dataset of the registry has X, Y, names and classes",
    arguments: NetworkCatalog.standard.datasets.map(\.name))
  func datasets(_ name: String) throws {
    notebook.run("d = dataset(\(name))")
    let shape = try notebook.shape("d.X")
    #expect(shape.count == 2 && shape[0] > 0)
    #expect(try notebook.shape("d.Y")[0] == shape[0])
    #expect(try notebook.shape("d.names") == [shape[1]])
    let repeated = "dataset(\(name), seed = 3).X == dataset(\(name), seed = 3).X"
    #expect(try notebook.number("min(\(repeated))") == 1)
    notebook.run("d")
  }

  @Test("digits as images and bits as sequences hold the same numbers as their rows")
  func forms() throws {
    notebook.run("d = dataset(digits, as = images)\nc = dataset(counting, as = sequences)")
    #expect(try notebook.shape("d.X") == [1797, 1, 8, 8])
    #expect(try notebook.shape("c.X") == [256, 8, 1])
    #expect(try notebook.number("max(abs(flatten(d.X) - flatten(dataset(digits).X)))") == 0)
    #expect(try notebook.number("d.X[1, 1, 2, 4]") == notebook.number("dataset(digits).X[1, 12]"))
    #expect(try notebook.shape("split(d, test = 0.2).test.X") == [359, 1, 8, 8])
    #expect(try notebook.shape("standardize(d).X") == [1797, 1, 8, 8])
    #expect(try notebook.number("min(sum(dataset(counting).X, axis = 2) + 1 == c.Y)") == 1)
    let error = try notebook.error("dataset(xor, as = images)")
    #expect(error.plainText.contains("dataset(digits, as = images)"))
    notebook.run("network S { input matrix(8, 1); rnn 2; dense 9, softmax }\nevaluate(S, c)")
  }

  @Test("tokens are places in a sorted vocabulary, and numbers are read back")
  func tokens() throws {
    notebook.run("t = tokens(\"hello you\")")
    #expect(try notebook.numbers("t.numbers") == [3, 2, 4, 4, 5, 1, 7, 5, 6])
    #expect(try notebook.text("t.vocabulary").contains("[\" \", \"e\", \"h\""))
    #expect(try notebook.texts("token", of: "t")[5] == "␣")
    #expect(try notebook.text("tokens(t.numbers, like = t).text == t.text").contains("true"))
    #expect(try notebook.numbers("tokens(\"hole\", like = t).numbers") == [3, 5, 4, 2])
    #expect(try notebook.numbers("tokens(\"b a b\", by = words).numbers") == [2, 1, 2])
    #expect(try notebook.shape("tokens(\"\").numbers") == [0])
    #expect(try notebook.error("tokens(\"hat\", like = t)").plainText.contains("\"a\" at place 2"))
    #expect(try notebook.error("tokens([0], like = t)").plainText.contains("0 at place 1"))
    #expect(try notebook.error("tokens([1])").name == "TypeError")
    #expect(try notebook.error("tokens(\"a\", like = [1])").name == "TypeError")
  }

  @Test("classes count from 1; tables show their names")
  func classes() throws {
    #expect(try notebook.texts("species", of: "dataset(iris)").first == "setosa")
    #expect(try notebook.numbers("[min(dataset(digits).Y), max(dataset(digits).Y)]") == [1, 10])
    #expect(try notebook.text("dataset(digits).classes[1]") == "\"0\"")
    #expect(try notebook.number("max(dataset(digits).X)") == 16)
  }

  @Test("unknown and wrong names")
  func unknown() throws {
    #expect(try notebook.error("dataset(xr)").plainText.contains("one of and, or, nand, xor"))
    #expect(try notebook.error("dataset(5)").name == "TypeError")
    #expect(try notebook.error("dataset()").name == "TypeError")
    #expect(try notebook.error("dataset(xor).Z").plainText.contains(".X .Y .names .classes"))
    #expect(try notebook.error("dataset(xor, seed = -1)").name == "ValueError")
  }

  @Test("split shuffles and divides class by class, the same for the same seed")
  func split() throws {
    notebook.run("i = dataset(iris)\ns = split(i, test = 0.2)\nt = split(i, test = 0.2, seed = 1)")
    #expect(try notebook.shape("s.train.X") == [120, 4])
    #expect(try notebook.shape("s.test.X") == [30, 4])
    #expect(try notebook.numbers("[sum(s.test.Y == c) for c in 1:3]") == [10, 10, 10])
    #expect(try notebook.numbers("s.test.X") == notebook.numbers("split(i, test = 0.2).test.X"))
    #expect(try notebook.numbers("s.test.X") != notebook.numbers("t.test.X"))
    #expect(try notebook.shape("split(i).test.X") == [38, 4])
    #expect(try notebook.shape("split(i, test = 0).test.X") == [0, 4])
    #expect(try notebook.error("split(i, test = 2)").name == "ValueError")
    #expect(try notebook.error("split(i, test = nan)").name == "ValueError")
    #expect(try notebook.error("split([1, 2])").name == "TypeError")
    #expect(try notebook.error("s.tests").plainText.contains("did you mean test?"))
  }

  @Test("standardize by column with divisor n; like takes another's mean and deviation")
  func standardize() throws {
    #expect(try notebook.numbers("standardize([1, 2; 3, 2])") == [-1, 0, 1, 0])
    #expect(try notebook.numbers("standardize([1, 3])") == [-1, 1])
    #expect(try notebook.numbers("standardize([5; 7], like = [1; 3])") == [3, 5])
    #expect(try notebook.numbers("standardize([5, 7], like = [1, 3])") == [3, 5])
    notebook.run(
      "s = split(dataset(iris)); a = standardize(s.train); b = standardize(s.test, like = s.train)")
    #expect(try notebook.number("max(abs(mean(a.X, axis = 1)))") < 1e-12)
    #expect(try notebook.text("a.classes[3]") == "\"virginica\"")
    #expect(
      try notebook.numbers("b.X") == notebook.numbers("standardize(s.test.X, like = s.train.X)"))
    #expect(
      try notebook.error("standardize([1, 2; 3, 4], like = [1, 2, 3; 4, 5, 6])").name
        == "ShapeError")
    #expect(try notebook.error("standardize(\"a\")").name == "TypeError")
  }

  @Test(
    "matrices, vectors, tables and datasets come back from files", arguments: ["csv", "npy", "npz"])
  func roundTrips(_ ending: String) throws {
    notebook.run("M = [1/3, -2e-300; 3, 4e200; 0, -1]; d = dataset(iris)")
    let path = "\(folder)/m.\(ending)"
    notebook.run("save(M, \"\(path)\")")
    switch ending {
    case "npy": #expect(try notebook.numbers("load(\"\(path)\")") == notebook.numbers("M"))
    case "npz": notebook.run("load(\"\(path)\")")
    default: #expect(try notebook.numbers("load(\"\(path)\").X") == notebook.numbers("M"))
    }
    guard ending != "npy" else {
      notebook.run("save([1, 2, 3], \"\(path)\"); v = load(\"\(path)\")")
      #expect(try notebook.shape("v") == [3])
      return
    }
    notebook.run("save(d, \"\(path)\")")
    let target = ending == "csv" ? ", target = \"species\"" : ""
    notebook.run("e = load(\"\(path)\"\(target))")
    #expect(try notebook.numbers("e.X") == notebook.numbers("d.X"))
    #expect(try notebook.numbers("e.Y") == notebook.numbers("d.Y"))
    #expect(try notebook.text("e.classes") == notebook.text("d.classes"))
    #expect(try notebook.text("e.names") == notebook.text("d.names"))
  }

  @Test("a CSV file: text targets are numbered in sorted order")
  func csv() throws {
    let path = try write("a,b,kind\n1,2,red\n3,4,blue\n5,6,red\n", "flowers.csv")
    notebook.run("d = load(\"\(path)\", target = \"kind\")")
    #expect(try notebook.text("d.classes") == "[\"blue\", \"red\"]")
    #expect(try notebook.numbers("d.Y") == [2, 1, 2])
    #expect(try notebook.numbers("d.X") == [1, 2, 3, 4, 5, 6])
    let table = "\(folder)/t.csv"
    notebook.run("save(table(x = [1, 2], n = [\"p\", \"q\"]), \"\(table)\")")
    #expect(try String(contentsOfFile: table, encoding: .utf8) == "x,n\n1,p\n2,q\n")
  }

  @Test("what was assumed of a text stands in a note")
  func assumptions() throws {
    let path = try write("x;y\n1;1,5\n2;3,25\n", "german.csv")
    let output = notebook.run("d = load(\"\(path)\", target = \"y\")").stream(.stdout)
    #expect(output.contains("note: \(path): fields separated by ;, decimal commas"), "\(output)")
    #expect(try notebook.numbers("d.Y") == [1.5, 3.25])
    let said = "load(\"\(path)\", separator = \";\", decimal = \",\")"
    #expect(try notebook.numbers("\(said).X") == [1, 1.5, 2, 3.25])
    #expect(try notebook.error("load(\"\(path)\", separator = \"ab\")").name == "ValueError")
  }

  @Test(
    "files that are not as they should be",
    arguments: [
      ("a,b\n1,\n", "holes.csv", "line 2"), ("a,b\n1,2\n3\n", "short.csv", "line 3"),
      ("a,b\n1,x\n", "text.csv", "column b"), ("", "empty.csv", "empty.csv"),
      ("a,b\n", "head.csv", "head.csv"), ("not a numpy file", "bad.npy", "bad.npy"),
      ("PK nothing", "bad.npz", "bad.npz"), ("1", "data.xls", "load reads .csv"),
    ])
  func badFiles(_ text: String, _ name: String, _ part: String) throws {
    let path = try write(text, name)
    let error = try notebook.error("load(\"\(path)\")")
    #expect(error.name == "FileError", "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("missing files and folders, wrong columns, and what has no place in a file")
  func mistakes() throws {
    let path = try write("a,b\n1,2\n", "ok.csv")
    #expect(try notebook.error("load(\"\(folder)/none.csv\")").name == "FileError")
    #expect(try notebook.error("load(\"\(folder)\")").name == "FileError")
    #expect(try notebook.error("load(5)").name == "TypeError")
    #expect(
      try notebook.error("load(\"\(path)\", target = \"c\")").plainText.contains(
        "its columns are a, b"))
    #expect(try notebook.error("save(5, \"\(folder)/none/x.csv\")").name == "FileError")
    #expect(try notebook.error("save(sin, \"\(folder)/x.csv\")").name == "TypeError")
    #expect(try notebook.error("save(\"a\", \"\(folder)/x.csv\")").name == "TypeError")
    #expect(try notebook.error("save([1], \"\(folder)/x.xls\")").name == "FileError")
    #expect(try notebook.error("save([1])").name == "TypeError")
  }
}
