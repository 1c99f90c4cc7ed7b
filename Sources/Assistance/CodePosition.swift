import Syntax

/// What stands around a cursor: the word that is being typed and the call that it is in.
///
/// Works on any text, however broken, without parsing it.
package struct CodePosition {
  package let scalars: [Unicode.Scalar]
  /// Where the word under the cursor begins and ends.
  let wordStart: Int
  let wordEnd: Int
  package let cursor: Int

  package init(_ source: String, at position: Int) {
    scalars = Array(source.unicodeScalars)
    cursor = min(max(position, 0), scalars.count)
    var end = cursor
    while end < scalars.count, Self.isWordScalar(scalars[end]) { end += 1 }
    wordEnd = end
    wordStart = Self.start(ofWordEndingAt: cursor, in: scalars)
  }

  /// What has been typed of the word.
  package var prefix: String { text(wordStart, cursor) }
  /// The whole word under the cursor.
  package var word: String { text(wordStart, wordEnd) }

  package func text(_ start: Int, _ end: Int) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[start..<end])
    return String(result)
  }

  static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": return true
      default: return false
      }
    }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  private static func start(ofWordEndingAt end: Int, in scalars: [Unicode.Scalar]) -> Int {
    var start = end
    while start > 0, isWordScalar(scalars[start - 1]) { start -= 1 }
    return start
  }

  /// The word that ends at a place, and where it begins; nil when there is none.
  private func word(endingAt end: Int) -> (text: String, start: Int)? {
    let start = Self.start(ofWordEndingAt: end, in: scalars)
    return start < end ? (text(start, end), start) : nil
  }

  private func skippingSpaces(before index: Int) -> Int {
    var index = index
    while index > 0, scalars[index - 1] == " " || scalars[index - 1] == "\t" { index -= 1 }
    return index
  }

  /// A `\name` that ends at the cursor, for Unicode input: where the backslash stands, and what follows it.
  var backslash: (start: Int, name: String)? {
    var start = cursor
    while start > 0,
      Self.isWordScalar(scalars[start - 1]) || "^-".unicodeScalars.contains(scalars[start - 1])
    {
      start -= 1
    }
    guard start > 0, scalars[start - 1] == "\\" else { return nil }
    return (start - 1, text(start, cursor))
  }

  // MARK: - Members

  /// What stands before the dot that the word follows.
  package enum Owner {
    /// `u.new` in `u.new.W`: a name and members of it.
    case path([String])
    /// `forward` in `forward(net, x).output`.
    case call(String)
  }

  package var owner: Owner? {
    guard wordStart > 0, scalars[wordStart - 1] == "." else { return nil }
    var end = wordStart - 1
    if end > 0, scalars[end - 1] == ")" {
      guard let open = opening(of: end - 1) else { return nil }
      return word(endingAt: open).map { .call($0.text) }
    }
    var names: [String] = []
    while let (name, start) = word(endingAt: end) {
      names.insert(name, at: 0)
      guard start > 0, scalars[start - 1] == "." else { return .path(names) }
      end = start - 1
    }
    return nil
  }

  /// The path that the word under the cursor ends: `u.new.W` with the cursor in W.
  package var path: [String] {
    guard !word.isEmpty else { return [] }
    if case .path(let names)? = owner { return names + [word] }
    return [word]
  }

  /// The place of the parenthesis that the one at a place closes.
  private func opening(of close: Int) -> Int? {
    var depth = 0
    for index in stride(from: close, through: 0, by: -1) {
      if scalars[index] == ")" { depth += 1 }
      if scalars[index] == "(" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  // MARK: - Statements

  /// Whether the cursor stands in `set name = word`: behind `set` alone there is no name yet.
  package var setting: SettingPlace? {
    let words = text(lineStart, wordStart).split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.first == "set" else { return nil }
    if words.count == 1 { return SettingPlace(name: nil) }
    return words.count == 3 && words[2] == "=" ? SettingPlace(name: String(words[1])) : nil
  }

  package struct SettingPlace {
    /// The setting whose word is typed; nil while the setting's own name is.
    package var name: String?
  }

  /// An open string that the cursor is in: where its content begins, and where it ends.
  var openString: Range<Int>? {
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
    guard let start else { return nil }
    var end = cursor
    while end < scalars.count, scalars[end] != "\"", scalars[end] != "\n" { end += 1 }
    return start..<end
  }

  private var lineStart: Int {
    var index = cursor
    while index > 0, scalars[index - 1] != "\n" { index -= 1 }
    return index
  }

  // MARK: - Calls

  /// A call whose parentheses are open at the cursor.
  package struct OpenCall {
    package var name: String
    /// The keyword, if the cursor stands behind `keyword =`.
    package var keyword: String?
    /// How many arguments stand before the one at the cursor.
    package var index: Int
    /// The text from the opening parenthesis to the cursor.
    package var text: String
  }

  /// The innermost open call.
  package var call: OpenCall? {
    let start = openString?.lowerBound ?? wordStart
    var depth = 0
    var commas = 0
    for index in stride(from: start - 1, through: 0, by: -1) {
      switch scalars[index] {
      case ")", "]": depth += 1
      case "{", "}": return nil
      case ",": if depth == 0 { commas += 1 }
      case "(", "[":
        guard depth == 0 else {
          depth -= 1
          continue
        }
        guard scalars[index] == "(", let name = word(endingAt: index) else { return nil }
        return OpenCall(
          name: name.text, keyword: keyword(before: start), index: commas,
          text: text(index + 1, cursor))
      default: break
      }
    }
    return nil
  }

  private func keyword(before start: Int) -> String? {
    var index = start
    if index > 0, scalars[index - 1] == "\"" { index -= 1 }
    index = skippingSpaces(before: index)
    guard index > 1, scalars[index - 1] == "=", !"=<>!".unicodeScalars.contains(scalars[index - 2])
    else { return nil }
    return word(endingAt: skippingSpaces(before: index - 1))?.text
  }

  /// Whether the word under the cursor is a keyword: `name =` follows it, and no `==`.
  var isKeyword: Bool {
    var index = wordEnd
    while index < scalars.count, scalars[index] == " " { index += 1 }
    guard index < scalars.count, scalars[index] == "=" else { return false }
    return index + 1 == scalars.count || scalars[index + 1] != "="
  }

  // MARK: - Network blocks

  /// What can stand in a `network` or `perceptron` block.
  enum BlockPlace {
    case statement(isPerceptron: Bool)
    /// An argument of the layer that a word begins: how many commas stand before it, and the keyword if the cursor
    /// stands behind `keyword =`.
    case argument(of: String, place: Int, keyword: String?)
    /// The value of an item that has one.
    case setting(Keyword)
  }

  /// Where in a block the cursor is; nil outside of one.
  var block: BlockPlace? {
    guard let (open, isPerceptron) = blockStart else { return nil }
    // A line goes on after a comma.
    var line = ""
    for part in text(open + 1, wordStart).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == ";" })
    {
      let joins = line.last { $0 != " " && $0 != "\t" } == ","
      line = joins ? line + part : String(part)
    }
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," })
    guard let first = words.first else { return .statement(isPerceptron: isPerceptron) }
    if let item = Keyword(rawValue: String(first)) { return .setting(item) }
    var keyword = words.last == "=" ? words.dropLast().last : nil
    if keyword == nil, let last = words.last, last.hasSuffix("=") { keyword = last.dropLast() }
    return .argument(
      of: String(first), place: line.count { $0 == "," }, keyword: keyword.map(String.init))
  }

  /// The brace of the block that the cursor is in.
  private var blockStart: (index: Int, isPerceptron: Bool)? {
    var depth = 0
    for index in stride(from: cursor - 1, through: 0, by: -1) {
      if scalars[index] == "}" { depth += 1 }
      guard scalars[index] == "{" else { continue }
      guard depth == 0 else {
        depth -= 1
        continue
      }
      guard let name = word(endingAt: skippingSpaces(before: index)),
        let keyword = word(endingAt: skippingSpaces(before: name.start)),
        keyword.text == "network" || keyword.text == "perceptron"
      else { return nil }
      return (index, keyword.text == "perceptron")
    }
    return nil
  }
}
