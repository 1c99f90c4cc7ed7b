import Glibc

/// What a descriptor shows of a text: colours are for people at a terminal who want them.
///
/// Source: no-color.org.
enum Terminal {
  static func text(_ text: String, on descriptor: Int32) -> String {
    showsColours(descriptor) ? text : plain(text)
  }

  private static func showsColours(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
  }

  /// The text without the escape sequences that choose colours: ESC, `[`, parameters, `m`.
  private static func plain(_ text: String) -> String {
    guard text.utf8.contains(0x1B) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x1B, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "[") {
        var end = index + 2
        while end < bytes.count, (0x30...0x3F).contains(bytes[end]) { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "m") {
          index = end + 1
          continue
        }
      }
      result.append(bytes[index])
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }
}
