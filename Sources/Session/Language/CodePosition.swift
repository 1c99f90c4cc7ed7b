/// What stands around a cursor: the word that is being typed and the call that it is in.
///
/// Works on any text, however broken, without parsing it.
struct CodePosition {
  /// The text before the cursor as Unicode scalars.
  let before: ArraySlice<Unicode.Scalar>
  let scalars: [Unicode.Scalar]
  /// Where the word under the cursor begins and ends.
  let wordStart: Int
  let wordEnd: Int
  let cursor: Int

  init(_ source: String, at position: Int) {
    scalars = Array(source.unicodeScalars)
    cursor = min(max(position, 0), scalars.count)
    before = scalars[..<cursor]
    var start = cursor
    while start > 0, Self.isWordScalar(scalars[start - 1]) { start -= 1 }
    var end = cursor
    while end < scalars.count, Self.isWordScalar(scalars[end]) { end += 1 }
    wordStart = start
    wordEnd = end
  }

  /// What has been typed of the word.
  var prefix: String { text(wordStart, cursor) }
  /// The whole word under the cursor.
  var word: String { text(wordStart, wordEnd) }

  func text(_ start: Int, _ end: Int) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[start..<end])
    return String(result)
  }

  static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// A `\name` that ends at the cursor, for Unicode input: where the backslash stands, and what follows it.
  var backslash: (start: Int, name: String)? {
    var start = cursor
    while start > 0, Self.isWordScalar(scalars[start - 1]) || scalars[start - 1] == "^" {
      start -= 1
    }
    guard start > 0, scalars[start - 1] == "\\" else { return nil }
    return (start - 1, text(start, cursor))
  }

  /// The name before the dot that the word follows: `g` in `g.W`.
  var owner: String? {
    guard wordStart > 0, scalars[wordStart - 1] == "." else { return nil }
    let end = wordStart - 1
    var start = end
    while start > 0, Self.isWordScalar(scalars[start - 1]) { start -= 1 }
    return start < end ? text(start, end) : nil
  }

  /// Whether the cursor stands in `set name = word`: behind `set` alone there is no name yet.
  var setting: SettingPlace? {
    let words = text(lineStart, wordStart).split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.first == "set" else { return nil }
    if words.count == 1 { return SettingPlace(name: nil) }
    return words.count == 3 && words[2] == "=" ? SettingPlace(name: String(words[1])) : nil
  }

  struct SettingPlace {
    /// The setting whose word is typed; nil while the setting's own name is.
    var name: String?
  }

  /// An open string that the cursor is in: where its content begins.
  var openString: Int? {
    var start: Int?
    var index = lineStart
    while index < cursor {
      let scalar = scalars[index]
      if scalar == "\\", start != nil {
        index += 2
        continue
      }
      if scalar == "\"" { start = start == nil ? index + 1 : nil }
      if scalar == "#", start == nil { return nil }
      index += 1
    }
    return start
  }

  private var lineStart: Int {
    var index = cursor
    while index > 0, scalars[index - 1] != "\n" { index -= 1 }
    return index
  }

  /// The innermost call whose parentheses are open at the cursor: its name and the keyword before the
  /// cursor, if the cursor stands behind `keyword =`.
  var call: (name: String, keyword: String?)? {
    var depth = 0
    var index = wordStart - 1
    while index >= 0 {
      let scalar = scalars[index]
      if scalar == ")" || scalar == "]" { depth += 1 }
      if scalar == "}" || scalar == "{" { return nil }
      if scalar == "(" || scalar == "[" {
        if depth > 0 {
          depth -= 1
        } else {
          guard scalar == "(" else { return nil }
          var start = index
          while start > 0, Self.isWordScalar(scalars[start - 1]) { start -= 1 }
          return start < index ? (text(start, index), keywordBefore) : nil
        }
      }
      index -= 1
    }
    return nil
  }

  private var keywordBefore: String? {
    var index = wordStart - 1
    while index >= 0, scalars[index] == " " { index -= 1 }
    guard index > 0, scalars[index] == "=", scalars[index - 1] != "=" else { return nil }
    index -= 1
    while index >= 0, scalars[index] == " " { index -= 1 }
    let end = index + 1
    var start = end
    while start > 0, Self.isWordScalar(scalars[start - 1]) { start -= 1 }
    return start < end ? text(start, end) : nil
  }

  /// Whether the cursor is inside the braces of a `network` or `perceptron` block.
  var isInNetworkBlock: Bool {
    var depth = 0
    var index = cursor - 1
    while index >= 0 {
      if scalars[index] == "}" { depth += 1 }
      if scalars[index] == "{" {
        if depth == 0 {
          let head =
            text(0, index).split(separator: "\n", omittingEmptySubsequences: false).last
            .map(String.init) ?? ""
          let trimmed = head.drop { $0 == " " || $0 == "\t" }
          return trimmed.hasPrefix("network ") || trimmed.hasPrefix("perceptron ")
        }
        depth -= 1
      }
      index -= 1
    }
    return false
  }
}
