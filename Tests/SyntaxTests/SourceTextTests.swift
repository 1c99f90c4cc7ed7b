import Syntax
import Testing

@Suite("Texts, lines and positions")
struct SourceTextTests {
  @Test("lines and columns of offsets")
  func lines() {
    let text = SourceText("ab\r\nσσ\n\nx")
    #expect(text.line(at: 0) == 1)
    #expect(text.line(at: 4) == 2)
    #expect(text.line(at: 8) == 2)
    #expect(text.line(at: 9) == 3)
    #expect(text.line(at: 10) == 4)
    #expect(text.line(at: 99) == 4)
    #expect(text.column(at: 6) == 2)
    #expect(text[text.span(ofLine: 1)] == "ab")
    #expect(text[text.span(ofLine: 2)] == "σσ")
    #expect(text[text.span(ofLine: 3)] == "")
    #expect(text[text.span(ofLine: 9)] == "")
  }

  @Test(
    "positions count scalars of the text as it was sent",
    arguments: [
      "plain", "σ = η·x̂", "e\u{301}a\u{308}x", "가 = \u{1112}\u{1161}\u{11AB}", "🙂 + 1", "",
    ])
  func positions(sent: String) {
    let text = SourceText(sent)
    let count = sent.unicodeScalars.count
    #expect(text.offset(ofScalar: 0) == 0)
    #expect(text.offset(ofScalar: -3) == 0)
    #expect(text.offset(ofScalar: count) == text.utf8.count)
    #expect(text.offset(ofScalar: count + 5) == text.utf8.count)
    #expect(text.scalar(ofOffset: text.utf8.count) == count)
    #expect(text.scalar(ofOffset: text.utf8.count + 5) == count)
    // Every boundary between characters goes there and back.
    var position = 0
    for character in sent {
      #expect(text.scalar(ofOffset: text.offset(ofScalar: position)) == position)
      position += character.unicodeScalars.count
    }
  }

  @Test(
    "texts are composed",
    arguments: [
      ("e\u{301}", "é"), ("x\u{302}", "x\u{302}"), ("\u{2126}", "Ω"),
      ("\u{1112}\u{1161}\u{11AB}", "한"),
      ("a\u{387}b", "a·b"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
    ])
  func composition(sent: String, composed: String) {
    #expect(SourceText(sent).utf8 == Array(composed.utf8))
  }

  @Test("a span outside the text is clamped")
  func clamping() {
    let text = SourceText("abc")
    #expect(text[SourceSpan(1, 9)] == "bc")
    #expect(text[SourceSpan(7, 9)] == "")
  }
}
