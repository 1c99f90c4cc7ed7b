import Calculus
import Testing

@Test func table() throws {
  let n = Dimension.name("n"), m = Dimension.name("m"), k = Dimension.name("k")
  let kinds: [String: ExpressionShape] = [
    "w": .vector(n), "x": .vector(n), "v": .vector(n), "X": .matrix(m, n), "yy": .vector(m), "A": .matrix(m, n), "bb": .vector(m), "B": .matrix(n, n), "W": .matrix(n, k), "Y": .matrix(m, k), "T": .matrix(m, k), "c": .vector(k)]
  func syms(_ scalarX: Bool) -> [Symbol] {
    var r = kinds.map { Symbol($0.key, $0.value) }
    for s in ["b", "z", "y", "ŷ", "t", "u", "q", "θ", "λ", "p"] { r.append(Symbol(s)) }
    if scalarX { r.removeAll { $0.name == "x" }; r.append(Symbol("x")) }
    return r
  }
  func go(_ f: String, _ by: String, _ sx: Bool = false) {
    do {
      let S = syms(sx)
      let e = try Reader.read(f, S)
      let d = try e.derivative(by: S.first { $0.name == by }!)
      print("(\"\(f)\", \"\(by)\", \"\(d.expression.text)\"),  // \(d.shape) \(d.isDiagonal) \(d.expression.latex)")
    } catch { print("ERR", f, by, error) }
  }
  for (f, by) in [("x^2", "x"), ("sin(x^2)", "x"), ("x*exp(x)", "x"), ("1/(1 + exp(-x))", "x"), ("x^2*sin(x)", "x"), ("sqrt(x^2 + 1)", "x"), ("exp(-x^2/2)", "x"), ("(x - 1)^3", "x"), ("(1 - x)^2", "x"), ("x^x", "x"), ("2^x", "x"), ("ln(x)/x", "x"), ("tan(x)", "x"), ("log10(x)", "x"), ("abs(x)", "x"), ("x^2 + 3*x + 1", "x"), ("(x^2 + 1)/(x - 1)", "x"), ("sin(x)^2 + cos(x)^2", "x"), ("x^(-2)", "x"), ("sqrt(x)", "x"), ("cos(3*x)*x", "x"), ("t*x + t^2*x^3", "x"), ("relu(x)^2", "x"), ("if x >= θ { 1 } else { 0 }", "x"), ("if x > 0 { x^2 } else { -x }", "x"), ("max(x, t)", "x"), ("max(x, t)", "t"), ("min(x, 2)", "x"), ("ln(1 + exp(x))", "x"), ("max(0.01*x, x)", "x"), ("2*(ŷ - y)*ŷ*(1 - ŷ)", "ŷ")] { go(f, by, true) }
  for (f, by) in [("x", "x"), ("w + x", "w"), ("w + x", "x"), ("w - x", "w"), ("w - x", "x"), ("w*x", "w"), ("w*x", "x"), ("w/x", "w"), ("w/x", "x"), ("x + z", "x"), ("x + z", "z"), ("x*z", "z"), ("x*z", "x"), ("sum(x)", "x"), ("sum(w*x)", "w"), ("w · x", "w"), ("w · x + b", "w"), ("w · x + b", "b"), ("max(0, z)", "z"), ("max(0, x)", "x"), ("max(0, w · x + b)", "w"), ("max(0, w · x + b)", "b"), ("max(0, w · x + b)", "x"), ("y - max(0, w · x + b)", "w"), ("y - max(0, w · x + b)", "b"), ("(y - max(0, w · x + b))^2", "w"), ("(y - max(0, w · x + b))^2", "b"), ("mean((yy - max(0, X @ w + b))^2)", "w"), ("mean((yy - max(0, X @ w + b))^2)", "b"), ("mean((yy - max(0, X @ w + b))^2)", "X"), ("mean((yy - (X @ w + b))^2)", "w"), ("norm(yy - X @ w)^2/2", "w"), ("A @ x", "x"), ("norm(A @ x - bb)^2", "x"), ("norm(x)", "x"), ("sigmoid(x)", "x"), ("tanh(x)", "x"), ("exp(x)", "x"), ("x^2", "x"), ("1/x", "x"), ("softmax(x)", "x"), ("-sum(w*ln(softmax(x)))", "x"), ("x' @ B @ x", "x"), ("x' @ B @ x", "B"), ("norm(x)^2", "x"), ("mean(x)", "x"), ("x · x", "x"), ("x @ x'", "x"), ("-(y*ln(ŷ) + (1 - y)*ln(1 - ŷ))", "ŷ"), ("-(y*ln(sigmoid(z)) + (1 - y)*ln(1 - sigmoid(z)))", "z"), ("-mean(yy*ln(sigmoid(X @ w + b)) + (1 - yy)*ln(1 - sigmoid(X @ w + b)))", "w"), ("-mean(yy*ln(sigmoid(X @ w + b)) + (1 - yy)*ln(1 - sigmoid(X @ w + b)))", "b"), ("sum((T - Y)^2)/m", "T"), ("X @ W + c", "X"), ("X @ W + c", "c"), ("sum((sigmoid(X @ W + c) - Y)^2)/m", "W"), ("sum((sigmoid(X @ W + c) - Y)^2)/m", "c"), ("sum((sigmoid(X @ W + c) - Y)^2)/m", "X"), ("norm(A @ x - bb)^2 + λ*norm(x)^2", "x"), ("sum(w[i]*x[i] for i in 1:n)", "w"), ("sum(exp(x[i]) for i in 1:n)", "x"), ("max(x)", "x"), ("sum(X)", "X"), ("softmax(X)", "X"), ("diag(x) @ v", "x"), ("sum(diag(B))", "B"), ("sum(X, axis = 1)", "X"), ("ln(sum(exp(x)))", "x"), ("w' @ sigmoid(A @ x)[1]", "x"), ("x[2]^2", "x"), ("[x[1]^2, x[1]*x[2]]", "x"), ("w*x*v", "x"), ("exp(w · x)", "x"), ("norm(w - x)", "x"), ("sum(abs(x))", "x"), ("(w · x)/(norm(w)*norm(x))", "x"), ("B @ B @ x", "x"), ("B^2", "B")] { go(f, by) }
}
