/// The name of a quantity, as data: `z₁^[2]` is the letter z with index 1 in layer 2, `∂L/∂w₁₃^[2]` the derivative of L
/// by a weight, `a₁^[1]⁽³⁾` an activation of example 3, `b₁^[3]_new` a bias after a step.
///
/// It is written three ways: `text`, which is also the key of its value, `latex` and, as a `SymbolText`, `symbol`.
/// Nothing reads it back from there; what a user typed is read by `init(name:)`. Two quantities are the same where
/// their texts are.
package struct Quantity: Sendable {
  package let text: String
  private let form: Form

  /// Most names are a letter or a word, which then is the text itself.
  private indirect enum Form: Sendable {
    case letters
    case parts(Parts)
  }

  /// What a name is made of.
  struct Parts: Sendable {
    /// The letter or word, and what is lowered at it, apart by commas.
    var base: String
    var indices: [String] = []
    var layer: Int?
    var example: Int?
    /// `new` and `old` of a step.
    var state: String?
    /// What this is the derivative of.
    var numerator: Quantity?
    /// Whether its text is not the one that is written from the parts, as that of x_1.
    var isSpelled = false
  }

  var parts: Parts { if case .parts(let parts) = form { parts } else { Parts(base: text) } }

  /// A letter or word with an index, in a layer, of an example.
  package init(_ base: String, index: String? = nil, layer: Int? = nil, example: Int? = nil) {
    var text = base
    if let index { text += ScriptCharacters.subscripted(index) ?? "_\(index)" }
    if let layer { text += "^[\(layer)]" }
    if let example { text += "⁽\(ScriptCharacters.high(example))⁾" }
    self.text = text
    form =
      index == nil && layer == nil && example == nil
      ? .letters
      : .parts(
        Parts(base: base, indices: index.map { [$0] } ?? [], layer: layer, example: example))
  }

  /// A name as somebody typed it: `x₁` and `x12` are x with an index, as are `x_1` and `w_in`; `err_2` is the word err
  /// with one, `∂f/∂x` a derivative. Its text is as it was typed.
  package init(name: String) {
    text = name
    form = Self.read(name).map(Form.parts) ?? .letters
  }

  private init(_ text: String, _ parts: Parts) {
    self.text = text
    form = .parts(parts)
  }

  private func changed(_ text: String, _ change: (inout Parts) -> Void) -> Quantity {
    var parts = self.parts
    change(&parts)
    return Quantity(text, parts)
  }

  /// The quantity of this name in a layer.
  package func inLayer(_ layer: Int) -> Quantity {
    changed("\(text)^[\(layer)]") { $0.layer = layer }
  }

  /// The same quantity after a step of training, or before it: `w₁_new`.
  package func after(_ state: String) -> Quantity {
    changed("\(text)_\(state)") {
      $0.state = state
      $0.isSpelled = true
    }
  }

  /// ∂(quantity)/∂(this), of the loss L where nothing else is said.
  package func derivative(of quantity: Quantity = Quantity("L")) -> Quantity {
    changed("∂\(quantity.text)/∂\(text)") { $0.numerator = quantity }
  }

  /// Whether it has the superscript of a layer.
  package var isLayered: Bool {
    let parts = parts
    return parts.layer != nil || parts.numerator?.isLayered == true
  }

  /// Whether it has a superscript of any kind, so that another one needs parentheses.
  package var isRaised: Bool {
    let parts = parts
    return parts.layer != nil || parts.example != nil || parts.numerator?.isRaised == true
  }

  /// Whether it is a word, which beside another name needs a space.
  package var isWord: Bool {
    let parts = parts
    return parts.numerator == nil && LaTeXLetters.isWord(parts.base)
  }

  /// LaTeX for math mode: `z_{1}^{[2]}`, `b_{1,\text{new}}^{[3]}`, `\frac{\partial L}{\partial w_{13}^{[2]}}`. A vector's
  /// letter is bold.
  package func latex(isBold: Bool = false) -> String {
    let parts = parts
    let lower = (parts.indices + (parts.state.map { [$0] } ?? [])).map { part in
      if part.count == 1 { return LaTeXLetters.written(part) }
      return part.contains(where: \.isLetter) ? "\\text{\(part)}" : part
    }
    let upper = (parts.layer.map { "[\($0)]" } ?? "") + (parts.example.map { "(\($0))" } ?? "")
    let own =
      LaTeXLetters.written(parts.base, isBold: isBold)
      + (lower.isEmpty ? "" : "_{\(lower.joined(separator: ","))}")
      + (upper.isEmpty ? "" : "^{\(upper)}")
    return parts.numerator.map { "\\frac{\\partial \($0.latex())}{\\partial \(own)}" } ?? own
  }
}

extension Quantity: Hashable {
  package static func == (a: Quantity, b: Quantity) -> Bool { a.text == b.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

// MARK: - Reading

extension Quantity {
  /// The parts of a typed name, or nil where it is a letter or a word.
  private static func read(_ name: String) -> Parts? {
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    guard name.utf8.contains(where: { !letters.contains($0 & 0xDF) }) else { return nil }
    if name.first == "∂", let slash = name.firstIndex(of: "/") {
      let below = name[slash...].dropFirst()
      if below.first == "∂" {
        var parts = Quantity(name: String(below.dropFirst())).parts
        parts.numerator = Quantity(name: String(name[..<slash].dropFirst()))
        return parts
      }
    }
    let (base, indices) = lowered(name)
    guard let index = indices.first else { return nil }
    let isSpelled =
      indices.count > 1 || base + (ScriptCharacters.subscripted(index) ?? "_") != name
    return Parts(base: base, indices: indices, isSpelled: isSpelled)
  }

  /// The base and what is lowered: subscript characters, digits at the end, and behind one letter what follows `_`.
  private static func lowered(_ name: String) -> (base: String, indices: [String]) {
    var base = ""
    var lowered: [String] = []
    for character in name {
      if let plain = ScriptCharacters.plain(subscript: character) {
        lowered.append((lowered.popLast() ?? "") + "\(plain)")
      } else if character == "_", !lowered.isEmpty || LaTeXLetters.isLetter(base) {
        lowered.append("")
      } else if let last = lowered.popLast() {
        lowered.append(last + "\(character)")
      } else {
        base.append(character)
      }
    }
    if lowered.isEmpty {
      let digits = base.reversed().prefix { $0.isASCII && $0.isNumber }
      if !digits.isEmpty, digits.count < base.count {
        lowered = [String(digits.reversed())]
        base.removeLast(digits.count)
        if base.last == "_", base.count > 1 { base.removeLast() }
      }
    }
    // w_ and a__b are names of their own, not w and a_b.
    return lowered.contains("") ? (name, []) : (base, lowered)
  }
}
