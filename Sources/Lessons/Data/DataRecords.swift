import Display
import Language
import Networks
import Notation

/// What `split` returns: `.train` and `.test`.
struct SplitRecord: Record {
  let train: Dataset
  let test: Dataset

  var kindName: String { "Split" }
  var description: String { "a split dataset" }
  var memberNames: [String] { ["train", "test"] }

  func member(_ name: String) -> Value? {
    switch name {
    case "train": .dataset(train)
    case "test": .dataset(test)
    default: nil
    }
  }

  var tidy: TidyTable {
    TidyTable([
      TidyColumn("part", strings: ["train", "test"]),
      TidyColumn("examples", integers: [train.count, test.count]),
    ])
  }

  func render(_ settings: Settings) -> MIMEBundle {
    let tidy = tidy
    return Table(tidy, caption: .words("\(train.name), split by class"))
      .bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

/// The named arrays of a file: each is a member.
struct ArraysRecord: Record {
  let arrays: [DataFile.NamedArray]

  var kindName: String { "Arrays" }
  var description: String { "\(arrays.count) named arrays" }
  var memberNames: [String] { arrays.map(\.name) }
  func member(_ name: String) -> Value? {
    arrays.first { $0.name == name }.map { Value($0.content) }
  }

  var tidy: TidyTable {
    TidyTable([
      TidyColumn("array", strings: arrays.map(\.name)),
      TidyColumn("shape", strings: arrays.map { Value($0.content).description }),
    ])
  }

  func render(_ settings: Settings) -> MIMEBundle {
    let tidy = tidy
    return Table(tidy).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

/// What `tokens` returns: a text as numbers.
struct TokensRecord: Record {
  static let members = ["numbers", "names", "vocabulary", "text"]
  static let columns = ["place", "token", "number"]

  let sequence: TokenSequence

  var kindName: String { "Tokens" }
  var description: String { "the tokens of a text" }
  var memberNames: [String] { Self.members }

  func member(_ name: String) -> Value? {
    switch name {
    case "numbers": .vector(sequence.numbers.map { Double($0) })
    case "names": .list(ListValue(sequence.names.map { .string($0) }, elementName: "token"))
    case "vocabulary":
      .list(ListValue(sequence.vocabulary.map { .string($0) }, elementName: "token"))
    case "text": .string(sequence.text)
    default: nil
    }
  }

  var tidy: TidyTable {
    TidyTable([
      TidyColumn(Self.columns[0], integers: Array(0..<sequence.numbers.count).map { $0 + 1 }),
      TidyColumn(Self.columns[1], strings: sequence.names.map(TokenSequence.shown)),
      TidyColumn(Self.columns[2], integers: sequence.numbers),
    ])
  }

  func render(_ settings: Settings) -> MIMEBundle {
    let tidy = tidy
    let words =
      "\(sequence.numbers.count.counted(sequence.unit.singular)), \(sequence.vocabulary.count) in the vocabulary"
    return Table(tidy, caption: .words(words)).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

extension Value {
  /// The array of a file: numbers, or a list of texts.
  fileprivate init(_ content: ArrayContent) {
    switch content {
    case .numbers(let numbers): self.init(numbers)
    case .texts(let texts):
      self = .list(ListValue(texts.map { .string($0) }, elementName: "text"))
    }
  }
}
