import Testing

/// Derivations that were published with a slip, typed in as they are printed: the two documents of the lecture.
@Suite("Published slips are found at their lines")
struct PublishedDerivationTests {
  struct Published: CustomTestStringConvertible, Sendable {
    /// Where it stands, and what is wrong there.
    let testDescription: String
    /// The call whose quantities it is about.
    var call = ""
    let lines: String
    /// The line with the slip.
    let slip: Double
    /// What is said of it.
    let reason: String

    init(
      _ description: String, of call: String = "", slip: Double, _ reason: String, _ lines: String
    ) {
      (testDescription, self.call, self.lines) = (description, call, lines)
      (self.slip, self.reason) = (slip, reason)
    }
  }

  @Test("the first wrong line is the one with the slip", arguments: published)
  func slips(published: Published) throws {
    let notebook = Notebook(
      """
      \(lectureCell)
      u = step(Lecture, x, y, learning_rate = 0.1)
      before = u.old
      after = u.new
      """)
    notebook.run("r = audit \(published.call) {\n\(published.lines)\n}")
    #expect(try notebook.number("r.first_wrong") == published.slip)
    let verdicts = try notebook.texts("verdict", of: "r")
    let reasons = try notebook.texts("why", of: "r")
    let first = try #require(verdicts.firstIndex(of: "wrong"))
    #expect(reasons[first].contains(published.reason), "\(reasons[first])")
  }

  /// The symbols of the cost, and the cost.
  private static let cost = """
    symbols w: vector(n), X: matrix(N, n), y: vector(N)
    C = 1/N*sum((y[i] - max(0, w · X[i, :] + b))^2 for i in 1:N)
    e = X @ w + b - y
    """

  private static let published = [
    Published(
      "lecture: two digits of an activation exchanged", of: "forward(after, x)", slip: 2,
      "0.6147 stands for a₁^[2]",
      """
      z₁^[3] = b₁^[3] + w₁₁^[3]*a₁^[2] + w₂₁^[3]*a₂^[2] + w₃₁^[3]*a₃^[2]
             = 0.5226 + 0.4139*0.6147 + 0.2135*0.5973 + 0.6137*0.6089
             = 1.2794
      """),
    Published(
      "lecture: the new output in the summary", of: "forward(after, x)", slip: 2,
      "is 0.78234, not 0.7862",
      """
      a₁^[3] = sigmoid(z₁^[3]) = sigmoid(1.2794)
             ≈ 0.7862
      """),
    Published(
      "lecture: the output layer's gradient for every layer", of: "backward(before, x, y)", slip: 2,
      "with this run's numbers",
      """
      ∂L/∂z₁^[3] = a₁^[3] - y
      ∂L/∂z₁^[2] = a₁^[3] - y
      """),
    Published(
      "lecture: a minus lost in the derivative of y - u", slip: 5, "on the left",
      """
      symbols w, x: vector(n)
      u = max(0, w · x + b)
      v = y - u
      ∂v/∂w = ∂(y - u)/∂w
            = zeros(n)' ⊗ ∂u/∂w
            = -∂u/∂w
            = if w · x + b <= 0 { zeros(n)' } else { -x' }
      """),
    Published(
      "lecture: the sum of the bias's gradient moved inside the cases", slip: 6, "on the left",
      """
      \(cost)
      ∂C/∂b = 1/N*sum(if w · X[i, :] + b <= 0 { 0 } else { -2*(y[i] - max(0, w · X[i, :] + b)) } for i in 1:N)
            = 1/N*sum(if w · X[i, :] + b <= 0 { 0 } else { 2*(w · X[i, :] + b - y[i]) } for i in 1:N)
            = if w · X[i, :] + b <= 0 { 0 } else { 2/N*sum(w · X[i, :] + b - y[i] for i in 1:N) }
      """),
    Published(
      "lecture: the sum of the weights' gradient moved inside the cases", slip: 5, "on the left",
      """
      \(cost)
      ∂C/∂w[j] = 1/N*sum(if w · X[i, :] + b <= 0 { 0 } else { 2*(w · X[i, :] + b - y[i])*X[i, j] } for i in 1:N)
               = if w · X[i, :] + b <= 0 { 0 } else { 2/N*sum((w · X[i, :] + b - y[i])*X[i, j] for i in 1:N) }
      """),
    Published(
      "lecture: x without its index", slip: 6, "on the left",
      """
      symbols x: vector(n)
      \(cost)
      v = y - max(0, X @ w + b)
      ∂C/∂w[j] = 1/N*sum(if w · X[i, :] + b <= 0 { 0 } else { -2*v[i]*x[j] } for i in 1:N)
      """),
    Published(
      "lecture: the mask missing in the vectorized gradient of w", slip: 4, "on the left",
      "\(cost)\n∂C/∂w = 2/N*e' @ X"),
    Published(
      "lecture: the mask missing in the vectorized gradient of b", slip: 4, "on the left",
      "\(cost)\n∂C/∂b = 2/N*sum(e)"),
    Published(
      "lecture: a column where a derivative by a vector is a row", slip: 5, "1×n on the left",
      """
      symbols w: vector(n), X: matrix(N, n), y: vector(N)
      C = 1/N*norm(y - (X @ w + b))^2
      e = X @ w + b - y
      ∂C/∂w = 2/N*e' @ X
            = 2/N*X' @ e
      """),
    Published(
      "lecture: the diagonal for the whole Jacobian", slip: 2, "n×n on the left",
      "symbols x: vector(n)\n∂(max(0, x))/∂x = x > 0"),
    Published(
      "lecture: the dot product as a product by entries", slip: 2, "a number on the left",
      "symbols w, x: vector(n)\nw · x = w ⊗ x"),
    Published(
      "matrix note: m + 1 terms for m examples", slip: 3, "does not begin at 0",
      """
      symbols a, y: vector(m)
      E = 1/m*norm(a - y)^2
        = 1/m*sum((a[i] - y[i])^2 for i in 0:m)
      """),
    Published(
      "matrix note: all examples in the derivative by one", slip: 3, "on the left",
      """
      symbols a, y: vector(m)
      E = 1/m*sum((a[i] - y[i])^2 for i in 1:m)
      ∂E/∂a[j] = 1/m*2*sum((a[i] - y[i])*1 for i in 1:m)
               = 2/m*(a[j] - y[j])
      """),
    Published(
      "matrix note: the biases' gradient without the sum over the examples", slip: 7, "on the left",
      """
      symbols X: matrix(m, n), W: matrix(n, k), b: vector(k), Y: matrix(m, k)
      Z = X @ W + b
      A = sigmoid(Z)
      E = 1/m*sum((A - Y)^2)
      ∂E/∂A = 2/m*(A - Y)
      ∂E/∂W = X' @ (sigmoid'(Z) ⊗ ∂E/∂A)
      ∂E/∂b = sigmoid'(Z) ⊗ ∂E/∂A
      """),
    Published(
      "matrix note: the last layer's weights in every layer", slip: 8, "on the left",
      """
      symbols X: matrix(m, n), W₁: matrix(n, n), W₂: matrix(n, n), Y: matrix(m, n)
      Z₁ = X @ W₁
      A₁ = sigmoid(Z₁)
      Z₂ = A₁ @ W₂
      A₂ = sigmoid(Z₂)
      E = 1/m*sum((A₂ - Y)^2)
      ∂E/∂A₁ = (sigmoid'(Z₂) ⊗ ∂E/∂A₂) @ W₂'
      ∂E/∂X = (sigmoid'(Z₂) ⊗ ∂E/∂A₁) @ W₂'
      """),
  ]
}
