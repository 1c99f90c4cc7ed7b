import Display
import Notation
import Testing

@Suite("Symbols in three formats")
struct SymbolTextTests {
  private static let delta: SymbolText = .sequence([
    .primed(.variable("h"), count: 1), .enclosed(.layered("Z", 2), .round), .sign(.times),
    .variable("∂"), .enclosed("2", .round),
  ])

  static let readings: [(SymbolText, text: String, html: String, latex: String)] = [
    (
      .layered("z", 2, subscript: "1"), "z₁^[2]",
      "<var>z</var><span class=\"nb-s\"><sub>1</sub><sup>[2]</sup></span>", "z_{1}^{[2]}"
    ),
    (
      .weight(from: 1, to: 3, layer: 2), "w₁₃^[2]",
      "<var>w</var><span class=\"nb-s\"><sub>13</sub><sup>[2]</sup></span>", "w_{13}^{[2]}"
    ),
    (
      .weight(from: 10, to: 2, layer: 1), "w₁₀,₂^[1]",
      "<var>w</var><span class=\"nb-s\"><sub>10,2</sub><sup>[1]</sup></span>", "w_{10,2}^{[1]}"
    ),
    (
      .partial(.variable("L"), by: .layered("W", 2)), "∂L/∂W^[2]",
      "∂<var>L</var>/∂<var>W</var><sup>[2]</sup>",
      "\\frac{\\partial L}{\\partial W^{[2]}}"
    ),
    (
      .sequence([
        .transposed(.enclosed(.layered("A", 1), .round)), .sign(.dot), .enclosed(delta, .square),
      ]), "(A^[1])ᵀ · [h′(Z^[2]) × ∂(2)]",
      "(<var>A</var><sup>[1]</sup>)<sup>T</sup> · "
        + "[<var>h</var>′(<var>Z</var><sup>[2]</sup>) × <var>∂</var>(2)]",
      "(A^{[1]})^{T} \\cdot [h'(Z^{[2]}) \\times \\partial (2)]"
    ),
    (
      .transposed(.layered("A", 1)), "(A^[1])ᵀ", "(<var>A</var><sup>[1]</sup>)<sup>T</sup>",
      "(A^{[1]})^{T}"
    ),
    (.transposed(.variable("x")), "xᵀ", "<var>x</var><sup>T</sup>", "x^{T}"),
    (.variable("y\u{302}"), "y\u{302}", "<var>y\u{302}</var>", "\\hat{y}"),
    (.variable("ŷ"), "ŷ", "<var>ŷ</var>", "\\hat{y}"),
    (.variable("η"), "η", "<var>η</var>", "\\eta "),
    (
      .variable("hidden_rate"), "hidden_rate", "<span>hidden_rate</span>", "\\mathrm{hidden\\_rate}"
    ),
    (.bold(.variable("b")), "b", "<b><var>b</var></b>", "\\mathbf{b}"),
    (
      .scripted(
        .primed(.variable("W"), count: 1), subscript: nil, superscript: .enclosed("1", .square)),
      "W′^[1]", "<var>W</var>′<sup>[1]</sup>", "W'^{[1]}"
    ),
    (
      .fraction("2", over: .variable("m"))
        + .enclosed(.variable("A") + .sign(.minus) + .variable("Y"), .round),
      "2/m(A − Y)", "2/<var>m</var>(<var>A</var> − <var>Y</var>)", "\\frac{2}{m}(A - Y)"
    ),
    (
      .fraction(.variable("a") + .sign(.plus) + .variable("b"), over: .variable("c")), "(a + b)/c",
      "(<var>a</var> + <var>b</var>)/<var>c</var>", "\\frac{a + b}{c}"
    ),
    (
      .scripted(.variable("w"), subscript: "0j", superscript: nil), "w₀ⱼ",
      "<var>w</var><sub>0<var>j</var></sub>", "w_{0j}"
    ),
    (.quantity(Quantity(name: "x₁₂")), "x₁₂", "<var>x</var><sub>12</sub>", "x_{12}"),
    (.quantity(Quantity(name: "loss")), "loss", "<span>loss</span>", "\\mathrm{loss}"),
    (
      .scripted(.variable("w"), subscript: "new", superscript: nil), "w_{new}",
      "<var>w</var><sub>new</sub>", "w_{\\mathrm{new}}"
    ),
    (
      "a & b <c> $5", "a & b <c> $5", "a &amp; b &lt;c&gt; <span>$</span>5",
      "\\text{a \\& b $<$c$>$ \\$5}"
    ),
  ]

  @Test("text, HTML and LaTeX", arguments: readings)
  func formats(symbol: SymbolText, text: String, html: String, latex: String) throws {
    #expect(symbol.text == text)
    #expect(symbol.html == html)
    #expect(symbol.latex == latex)
    try Markup.parse("<p>\(symbol.html)</p>")
    try LaTeXBalance.check("$\(symbol.latex)$")
    try LaTeXBalance.check(symbol.latexInText)
  }

  @Test("a caption sets its formulas between dollar signs")
  func mixed() {
    let caption = "Gradients of net_1: " + .partial(.variable("L"), by: .variable("z")) + ", 50 %"
    #expect(caption.text == "Gradients of net_1: ∂L/∂z, 50 %")
    #expect(
      caption.latexInText
        == "Gradients of net\\_1: $\\frac{\\partial L}{\\partial z}$, 50 \\%")
  }

  @Test("every sign and bracket is written in every format")
  func completeness() throws {
    for sign in SymbolSign.allCases {
      let symbol: SymbolText = .variable("a") + .sign(sign) + .variable("b")
      #expect(symbol.text.count >= 4)
      try LaTeXBalance.check("$\(symbol.latex)$")
    }
    for bracket in SymbolBracket.allCases {
      let symbol: SymbolText = .enclosed(.variable("x"), bracket)
      #expect(symbol.text.count == 3)
      try LaTeXBalance.check("$\(symbol.latex)$")
    }
  }
}
