import Display
import FoundationEssentials
import Language
import Session
import Testing

/// What help says of everything that has a name, and texts that are read without a header.
@Suite("Help that leaves nothing out, rows that footnotes keep, text files")
struct HelpTests {
  private let notebook = Notebook()

  private func help(_ call: String) throws -> String {
    let run = notebook.attempt(call)
    return try #require(run.bundles.first?.data[MIMEType.plain]?.stringValue)
  }

  @Test("lines of a layer stay lines")
  func layerLines() throws {
    let html = Notebook().run("help(lstm)").bundles[0].data[MIMEType.html]?.stringValue ?? ""
    let lines = try #require(html.split(separator: "<pre>").last?.split(separator: "</pre>").first)
    #expect(lines.contains("\n") && lines.hasPrefix("layer lstm("), "\(html)")
  }

  @Test("help() has a line for every function, word, layer, loss, optimizer and dataset")
  func everything() throws {
    let lines = try help("help()").split(separator: "\n").map {
      $0.split(separator: " ", maxSplits: 1).map { String($0.drop { $0 == " " }) }
    }
    let vocabulary = Vocabulary.standard
    let catalog = vocabulary.catalog
    let names =
      vocabulary.builtIns.map(\.name) + catalog.layers.map(\.name) + catalog.losses.map(\.name)
      + catalog.optimizers.map(\.name) + catalog.datasets.map(\.name)
      + catalog.initializers.map(\.name)
      + ["explain", "symbols", "input", "seed", "digits", "pi", "⊗"]
    for name in names {
      let line = lines.first { $0.first == name && $0.count > 1 }
      #expect(line?[1].isEmpty == false, "\(name)")
    }
  }

  @Test(
    "a word that means several things has a page for each",
    arguments: [
      ("help(input)", ["asks the user", "how many inputs a network has"]),
      ("help(loss)", ["the mean loss over the examples", "loss binary_cross_entropy"]),
      ("help(relu)", ["relu(0.3)", "dense 8, relu"]),
      ("help(explain)", ["layer = …", "neuron = …", "example = …", "form = …", "x = …"]),
      ("help(set)", ["digits = …", "view = …", "auto | neuron | matrix"]),
      ("help(dense)", ["units", "activation", "dense 8, relu"]),
      ("help(bce)", ["loss bce"]), ("help(adam)", ["optimizer = adam"]),
      ("help(he)", ["init = he"]), ("help(xor)", ["dataset(xor)"]),
      ("help(gradcheck)", ["x = …"]), ("help(whatif)", ["W[2][1,3] = …"]),
      ("help(plot)", ["xlabel", "points"]), ("help(landscape)", ["span"]),
      ("help(image)", ["height"]),
    ])
  func pages(call: String, parts: [String]) throws {
    let text = try help(call)
    for part in parts { #expect(text.contains(part), "\(text)") }
  }

  @Test("a name of one's own comes first, then what else the word means")
  func own() throws {
    notebook.run("loss = 3")
    let text = try help("help(loss)")
    #expect(
      text.hasPrefix("loss — scalar") && text.contains("mean loss over the examples"), "\(text)")
  }

  @Test("the row that a footnote speaks of is shown, however many are folded")
  func footnotes() throws {
    notebook.run("f(x) = sin(x^2)*cos(x) + x^3")
    let text = try notebook.text("gradcheck(f, x = linspace(-2, 4, 61))")
    let lines = text.split(separator: "\n")
    #expect(lines.contains { $0.contains("ᵃ") && $0.contains("f[") }, "\(text)")
    let hidden = lines.compactMap { line -> Int? in
      guard line.hasPrefix("⋮") else { return nil }
      return line.split(separator: " ").compactMap { Int($0) }.first
    }
    let shown = lines.count { $0.hasPrefix("f[") }
    #expect(hidden.reduce(0, +) + shown == 61)
  }

  @Test(
    "numbers in text files are read with commas, semicolons, tabs or spaces between them",
    arguments: [
      ("1,2\n3,4\n", "a.txt"), ("1;2\n3;4\n", "a.dat"), ("1\t2\n3\t4\n", "a.txt"),
      ("  1   2\n 3 4  \n\n", "a.txt"), ("p q\n1 2\n3 4\n", "a.data"),
    ])
  func textFiles(text: String, name: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "\(UUID().uuidString)-\(name)")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(text.utf8).write(to: path)
    #expect(try notebook.numbers("load(\"\(path.path())\").X") == [1, 2, 3, 4])
  }
}
