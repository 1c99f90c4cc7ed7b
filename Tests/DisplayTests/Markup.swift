/// A small reader of XML that says whether a document is well-formed.
enum Markup {
  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads one element with everything in it.
  ///
  /// Throws: `Malformed` for tags that do not match, attributes that are unquoted or given twice, bare
  /// `&` and `<`, unknown entities and control characters.
  static func parse(_ text: String) throws(Malformed) {
    var reader = Reader(rest: Substring(text))
    try reader.element()
    guard reader.rest.isEmpty else { throw Malformed(description: "text after the root") }
  }

  private struct Reader {
    var rest: Substring

    mutating func take(_ token: String) throws(Malformed) {
      guard rest.hasPrefix(token) else {
        throw Malformed(description: "expected \(token) at \(rest.prefix(40))")
      }
      rest.removeFirst(token.count)
    }

    mutating func name() throws(Malformed) -> Substring {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == ":" }
      guard let first = name.first, first.isLetter else {
        throw Malformed(description: "a name is missing at \(rest.prefix(40))")
      }
      rest.removeFirst(name.count)
      return name
    }

    mutating func element() throws(Malformed) {
      try take("<")
      let tag = try name()
      var attributes: Set<Substring> = []
      while rest.first == " " {
        rest.removeFirst()
        let attribute = try name()
        guard attributes.insert(attribute).inserted else {
          throw Malformed(description: "\(attribute) twice in \(tag)")
        }
        try take("=\"")
        try characters(until: "\"")
        try take("\"")
      }
      if rest.hasPrefix("/>") { return try take("/>") }
      try take(">")
      while !rest.hasPrefix("</") {
        if rest.first == "<" {
          try element()
        } else {
          guard !rest.isEmpty else { throw Malformed(description: "\(tag) is not closed") }
          try characters(until: "<")
        }
      }
      try take("</\(tag)>")
    }

    private mutating func characters(until end: Character) throws(Malformed) {
      while let next = rest.first, next != end {
        if next == "&" {
          let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"]
          guard let entity = entities.first(where: rest.hasPrefix) else {
            throw Malformed(description: "bare & at \(rest.prefix(20))")
          }
          rest.removeFirst(entity.count)
          continue
        }
        guard next != "<" else { throw Malformed(description: "< in an attribute") }
        let isControl = next.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }
        guard !isControl else { throw Malformed(description: "a control character") }
        rest.removeFirst()
      }
    }
  }
}
