import Calculus
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
        "[2/z, 3*cos(3*z)]", #"\begin{bmatrix} \frac{2}{z} \\ 3 \cos\left(3 z\right) \end{bmatrix}"#
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
}
