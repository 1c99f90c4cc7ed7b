import Calculus
import MatrixEngine
import Notation
import Testing

@Suite("LaTeX of formulas")
struct TypesettingTests {
  @Test(
    "formulas",
    arguments: [
      ("2*x*cos(x^2)", #"2 x \cos\left(x^{2}\right)"#),
      ("2*(A @ v - bb)' @ A", #"2 \left(A \mathbf{v} - \mathbf{bb}\right)^{\top} A"#),
      ("diag(v > 0)", #"\operatorname{diag}\left(\mathbf{v} > 0\right)"#),
      ("w*v", #"\mathbf{w} \odot \mathbf{v}"#), ("w/v", #"\mathbf{w} \oslash \mathbf{v}"#),
      (
        "sigmoid(z)*(1 - sigmoid(z))",
        #"\sigma\left(z\right) \left(1 - \sigma\left(z\right)\right)"#
      ),
      ("(1 - y)/(1 - ŷ)", #"\frac{1 - y}{1 - \hat{y}}"#), ("ones(n)'", #"\mathbf{1}^{\top}"#),
      (
        "if z > 0 { v' } else { zeros(n)' }",
        #"\begin{cases} \mathbf{v}^{\top} & z > 0 \\ \mathbf{0}^{\top} & z \le 0 \end{cases}"#
      ),
      ("sum(w[i]*v[i] for i in 1:n)", #"\sum_{i=1}^{n} w_{i} v_{i}"#),
      ("tanh(z)^2", #"\tanh^{2}\left(z\right)"#),
      ("norm(v)", #"\left\lVert \mathbf{v} \right\rVert"#),
      (
        "[2/z, 3*cos(3*z)]",
        #"\begin{bmatrix} \frac{2}{z} \\[4pt] 3 \cos\left(3 z\right) \end{bmatrix}"#
      ),
      ("exp(-z^2)", #"e^{-z^{2}}"#), ("-z^2", "-z^{2}"), ("(-z)^2", #"\left(-z\right)^{2}"#),
      ("2*3", #"2 \cdot 3"#), ("abs(z)", #"\left|z\right|"#), ("eye(n)", "I"),
      ("v*(z > 0)", #"\mathbf{v} \left[z > 0\right]"#),
      ("[[v[i]*(j == k) for k in 1:n] for j in 1:n][1, 2]", nil),
    ] as [(String, String?)])
  func formulas(text: String, expected: String?) throws {
    var symbols = Blackboard.withNumber
    symbols.append(Symbol("i"))
    symbols.append(Symbol("j"))
    symbols.append(Symbol("k"))
    let latex = try Reader.read(text, symbols).latex
    if let expected { #expect(latex == expected) }
    #expect(TypesettingTests.isBalanced(latex))
  }

  @Test(
    "text keeps its meaning: parentheses where the language needs them",
    arguments: [
      "t - (y - z)", "t/(y*z)", "t/y/z", "(t + y)^2", "(t^y)^z", "t^y^z", "-(t + y)", "t*(-y)",
      "(w · v)*w", "(A @ v)'", "A' @ bb", "(w*v)' @ v", "t^(-2)", "2*(t > y) + 1", "-t^2", "(-t)^2",
      "A ⊙ v", "(t - y)/(t + y)", "column(v)", "sum(A, axis = 1)", "max(t, y)*2",
    ])
  func roundTrip(text: String) throws {
    let f = try Reader.read(text, Blackboard.withNumber)
    let again = try Reader.read(f.text, Blackboard.withNumber)
    let values = Blackboard.values(Blackboard.withNumber)
    #expect(
      try f.value(at: values, symbols: Blackboard.withNumber)
        == again.value(at: values, symbols: Blackboard.withNumber))
    #expect(again.text == f.text)
  }

  /// Braces, \left and \right, and environments come in pairs.
  static func isBalanced(_ latex: String) -> Bool {
    func count(_ text: String) -> Int { latex.components(of: text) }
    return count("{") == count("}") && count("\\left") == count("\\right") + count("\\leftarrow")
      && count("\\begin") == count("\\end")
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }

  @Test(
    "names",
    arguments: [
      ("w₁_new", #"w_{1,\text{new}}"#), ("b_new", #"b_{\text{new}}"#),
      ("leaky_relu", #"\mathrm{leaky\_relu}"#), ("learning_rate", #"\mathrm{learning\_rate}"#),
      ("cost", #"\mathrm{cost}"#), ("w_in", #"w_{\text{in}}"#), ("x_1", "x_{1}"), ("x12", "x_{12}"),
      ("err_2", #"\mathrm{err}_{2}"#), ("layer_norm1", #"\mathrm{layer\_norm}_{1}"#),
      ("alpha", #"\alpha"#), ("alpha_0", #"\alpha_{0}"#), ("η", #"\eta"#), ("ε", #"\varepsilon"#),
      ("epsilon", #"\varepsilon"#), ("ϵ", #"\epsilon"#), ("φ", #"\varphi"#), ("ΔL", #"\Delta L"#),
      ("ŷ", #"\hat{y}"#), ("_", #"\mathrm{\_}"#),
    ])
  func names(_ name: String, _ latex: String) {
    #expect(Quantity(name: name).latex() == latex)
    #expect(Quantity(name: name).text == name)
  }

  @Test(
    "quantities of networks",
    arguments: [
      (Quantity("b", index: "1", layer: 3).after("new"), "b₁^[3]_new", #"b_{1,\text{new}}^{[3]}"#),
      (Quantity("W", layer: 2).after("new"), "W^[2]_new", #"W_{\text{new}}^{[2]}"#),
      (.activation(layer: 1, neuron: 1, example: 3), "a₁^[1]⁽³⁾", "a_{1}^{[1](3)}"),
      (
        .weight(from: 10, to: 2, layer: 1).derivative(), "∂L/∂w₁₀,₂^[1]",
        #"\frac{\partial L}{\partial w_{10,2}^{[1]}}"#
      ),
      (
        Quantity(name: "b_i").inLayer(2).derivative(), "∂L/∂b_i^[2]",
        #"\frac{\partial L}{\partial b_{i}^{[2]}}"#
      ),
      (Quantity(name: "∂f/∂x"), "∂f/∂x", #"\frac{\partial f}{\partial x}"#),
    ])
  func quantities(_ quantity: Quantity, _ text: String, _ latex: String) {
    #expect(quantity.text == text)
    #expect(quantity.latex() == latex)
  }

  @Test("names of several letters stand apart in a product")
  func words() throws {
    let product = try Expression.multiply([.symbol("w"), .symbol("rate"), .symbol("z")])
    #expect(product.latex == #"w \, \mathrm{rate} \, z"#)
  }

  @Test(
    "functions are written by their signs",
    arguments: [
      ("sigmoid", #"\sigma"#), ("relu", #"\operatorname{ReLU}"#),
      ("leaky_relu", #"\operatorname{LeakyReLU}"#),
      ("softmax", #"\operatorname{softmax}"#), ("sin", #"\sin"#), ("f", "f"),
      ("cost", #"\mathrm{cost}"#),
    ])
  func functionNames(_ name: String, _ latex: String) throws {
    let formula = try Expression.softmax(.symbol("x", .vector(.number(2))))
    #expect(SymbolLaTeX.function(name, of: formula) == latex)
  }

  @Test("a minus before a negative number has parentheses, in text and LaTeX")
  func doubleMinus() throws {
    let z = Expression.symbol("z")
    let value = ["z": Tensor<Double>.scalar(-1)]
    for (formula, text, latex) in [
      (-z, "-(-1)", #"-\left(-1\right)"#), (2 - z, "2 - (-1)", #"2 - \left(-1\right)"#),
      (2 / z, "2/(-1)", #"\frac{2}{-1}"#), (2 * z, "2*(-1)", #"2 \left(-1\right)"#),
    ] {
      let substituted = try #require(formula.puttingIn(value))
      #expect(substituted.text == text)
      #expect(substituted.latex == latex)
      #expect(
        try Reader.read(substituted.text, []).value(at: [:]).storage
          == formula.value(at: value).storage)
    }
  }

  @Test("entries of what is known are put in as numbers")
  func entries() throws {
    let x = Expression.symbol("x", .vector(.number(2)))
    let entry = try Expression.power(.entry(x, [.value(.number(1))]), .number(2))
    #expect(entry.puttingIn(["x": .vector([2, -1])])?.text == "2^2")
    let second = try Expression.power(.entry(x, [.value(.number(2))]), .number(2))
    #expect(second.puttingIn(["x": .vector([2, -1])])?.text == "(-1)^2")
    let row = try Expression.entry(
      .symbol("A", .matrix(.number(2), .number(2))), [.value(.symbol("i")), .all])
    let values = [
      "A": Matrix<Double>(rows: 2, columns: 2, storage: [1, 2, 3, 4]), "i": .scalar(2),
    ]
    #expect(row.puttingIn(values)?.text == "[3, 4]")
  }

  @Test("⊗ stays ⊗ in what comes of it, ⊙ stays ⊙; both are one product")
  func times() throws {
    let (w, x) = (
      Expression.symbol("w", .vector(.name("n"))), Expression.symbol("x", .vector(.name("n")))
    )
    let typed = try Expression.multiply([w, x], usesTimes: true)
    let dotted = try Expression.multiply([w, x])
    #expect(typed == dotted)
    #expect(typed.latex == #"\mathbf{w} \otimes \mathbf{x}"#)
    #expect(dotted.latex == #"\mathbf{w} \odot \mathbf{x}"#)
    let sum = try Expression.add([typed, w])
    #expect(sum.usesTimes)
    #expect(try sum.substituting([Symbol("w", w.shape): x]).latex.contains(#"\otimes"#))
    #expect(dotted.latex(FormulaStyle.exact.withTimes(true)).contains(#"\otimes"#))
  }
}
