import Notation
import Syntax
import Testing

@Suite("Names for characters")
struct UnicodeInputTests {
  @Test("every character is one that the language reads")
  func readable() {
    #expect(UnicodeInput.all.count > 100)
    for entry in UnicodeInput.all {
      let cell =
        switch entry.text {
        case "∂": "∂f/∂x"
        case "∇": "∇f"
        case "⁻": "x⁻¹"
        case "‖": "‖x‖"
        case "−": "−x"
        case "⊗", "⊙", "⊘", "⋅", "·", "×", "≤", "≥", "≠": "a \(entry.text) b"
        default: "x\(entry.text)"
        }
      #expect(messages(cell) == [], "\\\(entry.name) gives \(entry.text)")
    }
  }

  @Test("names are unique and characters are in NFC")
  func unique() {
    #expect(Set(UnicodeInput.all.map(\.name)).count == UnicodeInput.all.count)
    for entry in UnicodeInput.all {
      #expect(SourceText(entry.text).utf8 == Array(entry.text.utf8))
      #expect(!entry.name.isEmpty && !entry.text.isEmpty)
    }
  }

  @Test(
    "the names of the language reference",
    arguments: [
      ("sigma", "σ"), ("partial", "∂"), ("eta", "η"), ("otimes", "⊗"), ("hat", "\u{302}"),
      ("nabla", "∇"), ("odot", "⊙"), ("oslash", "⊘"),
      ("cdot", "⋅"), ("_1", "₁"), ("^2", "²"), ("le", "≤"), ("ge", "≥"), ("ne", "≠"),
      ("times", "×"), ("top", "ᵀ"),
    ])
  func names(name: String, text: String) {
    #expect(UnicodeInput.all.first { $0.name == name }?.text == text)
  }

  @Test(
    "misspelt names find their neighbours",
    arguments: [
      ("sigmod", "sigmoid"), ("Dense", "dense"), ("lsos", "loss"), ("xyzzy", nil),
      ("inptu", "input"), ("q", nil),
    ])
  func spelling(name: String, nearest: String?) {
    #expect(Spelling.nearest(to: name, in: ["sigmoid", "dense", "loss", "input"]) == nearest)
  }
}
