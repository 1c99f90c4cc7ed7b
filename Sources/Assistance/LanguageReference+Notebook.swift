import Display
import Language
import Networks
import Notation
import Syntax

/// The reference as a notebook: every word with lines that use it, to be run.
extension LanguageReference {
  /// The name of its file, among the notebooks and beside the kernelspec.
  package static let notebookName = "reference.ipynb"

  /// Whether lines run behind the set-up.
  package typealias Trial = (_ lines: String) -> Bool

  /// What examples take for known.
  package static let setUp = """
    network Lecture {
        input 1
        dense 2, sigmoid, W = [0.1, 0.1],                     b = [0.1, 0.2]
        dense 3, sigmoid, W = [0.2, 0.3, 0.1; 0.1, 0.2, 0.3], b = [0.3, 0.1, 0.2]
        dense 1, sigmoid, W = [0.4; 0.2; 0.6],                b = [0.5]
        loss binary_cross_entropy
    }
    x = [2.0]
    y = [1]
    net = copy(Lecture)
    X = [1; 2]
    Y = [0, 1]
    run = forward(Lecture, x)
    W = [1, 2; 3, 4]
    """

  /// What the examples of signs take for known besides.
  private static let operands = """
    a = 1
    b = 0
    A = [1, 2; 3, 4]
    B = [0, 1; 1, 0]
    f(x) = x^2
    g = backward(Lecture, x, y)
    """

  /// A page a word, group by group. Of what stands only within a network `trial` finds one that it fits into.
  package static func notebook(_ vocabulary: Vocabulary, trial: Trial) -> NotebookDocument {
    var cells: [NotebookDocument.Cell] = [
      .init(
        .markdown(
          """
          # The language, word by word

          Every function, command, keyword and sign, with an example. It is written from the registries of the kernel (`nabla reference`), so it says what this kernel knows. `help(name)` shows the same, and Shift-Tab in a cell.

          The examples use these names:
          """)),
      .init(.code(setUp, outputs: [])),
    ]
    func add(heading: String) { cells.append(.init(.markdown("## \(heading)"))) }
    func add(_ text: String, _ example: String, tags: [String] = []) {
      cells.append(.init(.markdown(text)))
      // What pages show is kept of its outputs: it is a long notebook.
      let tags = ["brief"] + tags
      cells.append(
        .init(
          .code(example, outputs: []), metadata: ["tags": .array(tags.map { .string($0) })]))
    }
    for group in BuiltIn.Group.allCases {
      let builtIns = vocabulary.builtIns.filter { $0.group == group }
      guard !builtIns.isEmpty else { continue }
      add(heading: group.rawValue.prefix(1).uppercased() + group.rawValue.dropFirst())
      for builtIn in builtIns {
        add(page(builtIn), builtIn.runnableExample, tags: builtIn.differing)
      }
    }
    add(heading: "Keywords, and the lines of a network")
    for entry in vocabulary.keywords(where: { _ in true }) {
      let example = Keyword(rawValue: entry.name)?.example ?? layerExample(entry.usage, trial)
      add(page(entry.name, entry.summary, entry.formula), example)
    }
    add(heading: "Words in a network block")
    for word in vocabulary.catalog.layerWords {
      add(page(word.name, "\(word.type). \(word.summary)", nil), example(of: word, trial))
    }
    add(heading: "Optimizers")
    for optimizer in vocabulary.catalog.optimizers {
      add(
        page(optimizer.name, optimizer.summary, optimizer.formula),
        "train(copy(Lecture), x, y, epochs = 2, optimizer = \(optimizer.notation)).loss")
    }
    add(heading: "Datasets")
    for generator in vocabulary.catalog.datasets {
      add(page(generator.name, generator.summary, nil), "dataset(\(generator.name)).X[1:2, :]")
    }
    add(heading: "Constants")
    for constant in Constants.all {
      add(page(constant.name, constant.summary, nil), constant.name)
    }
    add(heading: "Operators, tightest first")
    cells.append(.init(.code(operands, outputs: [])))
    for entry in OperatorEntry.all {
      let signs = ([entry.symbol.isEmpty ? "(nothing)" : entry.symbol] + entry.alternatives)
      add(page(signs.joined(separator: " "), entry.summary, nil), entry.usage)
    }
    add(heading: "Settings")
    for name in Settings.names {
      add(page(name, Settings.meaning(of: name), nil), settingExample(name))
    }
    return NotebookDocument(cells)
  }

  // MARK: - Pages

  private static func page(_ builtIn: BuiltIn) -> String {
    // Its example is the next cell.
    section(builtIn).split(separator: "\n", omittingEmptySubsequences: false).dropLast(2)
      .joined(separator: "\n")
  }

  private static func page(_ name: String, _ summary: String, _ formula: String?) -> String {
    var text = "### `\(name)`\n\n\(summary.prefix(1).uppercased() + summary.dropFirst())."
    if let formula, !formula.isEmpty {
      text +=
        formula.contains("\n")
        ? "\n\n```\n\(formula)\n```" : "\n\nFormula: `\(formula)`"
    }
    return text
  }

  // MARK: - Examples

  /// What an example of a word within a network may get, the plainest first.
  private static let inputs = [
    ("2", "2"), ("matrix(3, 4)", "3, 4"), ("matrix(2, 2)", "2, 2"), ("array(1, 6, 6)", "1, 6, 6"),
  ]

  private static func layerExample(_ usage: String, _ trial: Trial) -> String {
    let examples = inputs.map { input, sizes in
      "network Shown { input \(input); \(usage) }\npredict(Shown, ones(\(sizes)))"
    }
    return examples.first { trial($0) } ?? examples[0]
  }

  private static func example(
    of word: (name: String, type: String, summary: String), _ trial: Trial
  ) -> String {
    let examples: [String] =
      switch word.type {
      case "activation":
        ["network Shown { input 2; dense 2, \(word.name) }\npredict(Shown, [1, -2])"]
      case "loss":
        ["[1, 0]", "[1, -1]"].map {
          "network Shown { input 2; dense 2, sigmoid; loss \(word.name) }\nloss(Shown, [1, -2], \($0))"
        }
      case "initializer":
        ["network Shown { input 3; dense 2, init = \(word.name) }\nShown.W[1]"]
      default:
        [
          "network Shown { input 1; dense 1, W = [0.1], b = [0]; \(word.type) \(word.name) }\npredict(Shown, [1])"
        ]
      }
    return examples.first { trial($0) } ?? examples[0]
  }

  /// A setting, what it changes, and back again.
  private static func settingExample(_ name: String) -> String {
    let words = Settings.words[name] ?? []
    let standard = words.contains("off") ? "off" : words.first
    let values = words.contains("off") || words.isEmpty ? ["2"] : words.filter { $0 != standard }
    let back = standard ?? "4"
    return
      "set \(name) = \(values[0])\nexplain forward(Lecture, x), layer = 1\nset \(name) = \(back)"
  }
}

extension BuiltIn {
  /// The example with what it needs.
  fileprivate var runnableExample: String {
    // Nobody answers when all cells run: what asks stands in a function that is not called.
    let line = effect == .asksTheUser ? "answer() = \(example)\nanswer" : example
    return setUp.isEmpty ? line : "\(setUp)\n\(line)"
  }

  /// What of its output is another one at the next run, as those who compare notebooks call it.
  fileprivate var differing: [String] {
    (result.columns.contains { $0.hasSuffix("_us") } ? ["timing"] : [])
      + (result.columns.contains("relative_error") ? ["rounding"] : [])
  }
}
