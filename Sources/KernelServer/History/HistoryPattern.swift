/// What a history search looks for: a text in which `*` stands for any text and `?` for any character, and everything
/// else for itself.
struct HistoryPattern {
  private let pattern: [UInt8]

  init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// Whether the whole text is of this form.
  ///
  /// Where a star has to take more, only the last one does: those before it have found their place.
  func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { text in
      var (place, position) = (0, 0)
      var retry: (place: Int, position: Int)?
      while position < text.count {
        if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
          place += 1
          retry = (place, position)
        } else if place < pattern.count, pattern[place] == UInt8(ascii: "?") {
          place += 1
          position = Self.next(after: position, in: text)
        } else if place < pattern.count, pattern[place] == text[position] {
          place += 1
          position += 1
        } else if let (afterStar, from) = retry {
          retry = (afterStar, Self.next(after: from, in: text))
          (place, position) = (afterStar, Self.next(after: from, in: text))
        } else {
          return false
        }
      }
      return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
  }

  /// Where the scalar behind the one at a position begins.
  private static func next(after position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    var next = position + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}
