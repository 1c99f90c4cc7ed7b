/// A text in pieces that count as numbers: each piece is the place of its kind in the vocabulary, from 1.
package struct TokenSequence: Sendable, Equatable {
  /// What a text is divided into.
  package enum Unit: String, Sendable, CaseIterable {
    case characters, words

    /// A piece as a message says it.
    package var singular: String {
      switch self {
      case .characters: "character"
      case .words: "word"
      }
    }

    fileprivate var separator: String {
      switch self {
      case .characters: ""
      case .words: " "
      }
    }

    fileprivate func pieces(of text: String) -> [String] {
      switch self {
      case .characters: text.map { String($0) }
      case .words: text.split(whereSeparator: \.isWhitespace).map { String($0) }
      }
    }
  }

  package let unit: Unit
  /// The pieces that there are, each once.
  package let vocabulary: [String]
  /// Invariant: each is a place in the vocabulary, from 1.
  package let numbers: [Int]

  /// A text with a vocabulary of its own, in sorted order.
  package init(_ text: String, in unit: Unit) {
    let pieces = unit.pieces(of: text)
    self.unit = unit
    vocabulary = Set(pieces).sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    let places = Self.places(vocabulary)
    numbers = pieces.compactMap { places[$0] }
  }

  /// A text in the vocabulary of another one.
  ///
  /// Throws: `DataError.option` for the first piece that is none of it.
  package init(_ text: String, like other: TokenSequence) throws(DataError) {
    let places = Self.places(other.vocabulary)
    var numbers: [Int] = []
    for (index, piece) in other.unit.pieces(of: text).enumerated() {
      guard let number = places[piece] else {
        throw .option(
          name: "text", value: "\"\(Self.shown(piece))\" at place \(index + 1)",
          expected: "a \(other.unit.singular) of the vocabulary")
      }
      numbers.append(number)
    }
    self.unit = other.unit
    vocabulary = other.vocabulary
    self.numbers = numbers
  }

  /// Numbers as the pieces of another one's vocabulary.
  ///
  /// Throws: `DataError.option` for the first number that is no place in it.
  package init(numbers given: [Double], like other: TokenSequence) throws(DataError) {
    var numbers: [Int] = []
    for (index, value) in given.enumerated() {
      guard let number = Int(exactly: value), number >= 1, number <= other.vocabulary.count else {
        throw .option(
          name: "text",
          value: "\(Int(exactly: value).map(String.init) ?? "\(value)") at place \(index + 1)",
          expected: "a whole number from 1 to \(other.vocabulary.count)")
      }
      numbers.append(number)
    }
    self.unit = other.unit
    vocabulary = other.vocabulary
    self.numbers = numbers
  }

  private static func places(_ vocabulary: [String]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, $0 + 1) })
  }

  /// The pieces in their order.
  package var names: [String] { numbers.map { vocabulary[$0 - 1] } }

  package var text: String { names.joined(separator: unit.separator) }

  /// A piece for the eye: white space as a sign of its own.
  package static func shown(_ piece: String) -> String {
    switch piece {
    case " ": "␣"
    case "\n", "\r\n", "\r": "↵"
    case "\t": "⇥"
    default: piece
    }
  }
}
