import Calculus
import MatrixEngine
import Testing

@Suite("Derivations by the lecture's method")
struct DerivationTests {
  private static func lines(_ derivation: Derivation) -> [String] {
    derivation.lines.map { line in
      "\(line.quantity.written.text) = "
        + line.equals.map { $0.written().text }.joined(separator: " = ")
    }
  }
  private static func formula(_ text: String) throws -> Expression {
    try Reader.read(text, Blackboard.withVector)
  }
  private static func symbol(_ name: String) throws -> Symbol {
    try Blackboard.symbol(name, in: Blackboard.withVector)
  }

  @Test("sin(x²): one intermediate variable, two derivatives, their product")
  func chainRule() throws {
    let x = Symbol("x")
    let derivation = try Derivation.derivative(
      of: Reader.read("sin(x^2)", [x]), named: "f", by: x, at: .init(["x": .scalar(2)]))
    #expect(
      DerivationTests.lines(derivation) == [
        "u₁ = x^2", "f = sin(u₁)", "∂u₁/∂x = 2*x", "∂f/∂u₁ = cos(u₁)",
        "∂f/∂x = ∂f/∂u₁ · ∂u₁/∂x = (cos(u₁)) · (2*x) = 2*x*cos(x^2)",
      ])
    #expect(derivation.lines[0].substituted?.text == "2^2")
    #expect(derivation.lines[0].value == .scalar(4))
    #expect(derivation.lines[3].rule == #"(\sin u)' = \cos u"#)
    #expect(derivation.lines.last?.dimensions == "1×1 · 1×1")
  }

  @Test("[ln(x²), sin(3x)]: two Jacobians, the first diagonal")
  func vectorChainRule() throws {
    let x = Symbol("x")
    let derivation = try Derivation.derivative(
      of: Reader.read("[ln(x^2), sin(3*x)]", [x]), named: "y", by: x)
    #expect(
      DerivationTests.lines(derivation) == [
        "u₁ = x^2", "u₂ = 3*x", "y = [ln(u₁), sin(u₂)]", "g = [x^2, 3*x]",
        "∂y/∂g = [1/u₁, 0; 0, cos(u₂)]", "∂g/∂x = [2*x, 3]",
        "∂y/∂x = ∂y/∂g · ∂g/∂x = [1/u₁, 0; 0, cos(u₂)] · [2*x, 3] = [2/x, 3*cos(3*x)]",
      ])
    #expect(derivation.lines.last?.dimensions == "2×2 · 2×1")
  }

  @Test("sum(w ⊗ x): 1ᵀ diag(x) = xᵀ, with the reason why a Jacobian is diagonal")
  func dotProduct() throws {
    let derivation = try Derivation.derivative(
      of: DerivationTests.formula("sum(w*x)"), named: "γ", by: DerivationTests.symbol("w"))
    #expect(
      DerivationTests.lines(derivation) == [
        "u₁ = w*x", "γ = sum(u₁)", "∂u₁/∂w = diag(x)", "∂γ/∂u₁ = ones(n)'",
        "∂γ/∂w = ∂γ/∂u₁ · ∂u₁/∂w = ones(n)' · diag(x) = x'",
      ])
    #expect(derivation.lines[2].reason.text.contains("the Jacobian is diagonal"))
    #expect(derivation.lines.last?.dimensions == "1×n · n×n")
  }

  @Test("the neuron's cost: u, max, y − u, mean, and the masked sum")
  func cost() throws {
    let derivation = try Derivation.derivative(
      of: DerivationTests.formula("mean((yy - max(0, X @ w + b))^2)"), named: "C",
      by: DerivationTests.symbol("w"))
    #expect(
      DerivationTests.lines(derivation).prefix(8) == [
        "u₁ = X @ w + b", "u₂ = max(0, u₁)", "u₃ = yy - u₂", "C = mean(u₃^2)", "∂u₁/∂w = X",
        "∂u₂/∂u₁ = diag(u₁ > 0)", "∂u₃/∂u₂ = zeros(m, m) - eye(m) = -eye(m)", "∂C/∂u₃ = 2/m*u₃'",
      ])
    #expect(derivation.result.text == "2/m*((X @ w + b - yy)*(X @ w + b > 0))' @ X")
    #expect(derivation.lines.last?.dimensions == "1×m · m×m · m×m · m×n")
  }

  @Test("the activation: cases, with the affine function as a step")
  func activation() throws {
    let values = ["x": Tensor<Double>.vector([1, 2]), "w": .vector([3, 4]), "b": .scalar(1)]
    let derivation = try Derivation.derivative(
      of: DerivationTests.formula("max(0, w · x + b)"), named: "a",
      by: DerivationTests.symbol("w"), at: .init(values))
    #expect(
      DerivationTests.lines(derivation).last
        == "∂a/∂w = ∂a/∂u₁ · ∂u₁/∂w = (if u₁ > 0 { 1 } else { 0 }) · x' = "
        + "if w · x + b > 0 { x' } else { zeros(n)' }")
    #expect(derivation.lines.last?.value == Tensor(Shape([1, 2]), [1, 2]))
  }

  @Test("form = scalar: the derivative moves inside Σ")
  func scalarForm() throws {
    let derivation = try Derivation.derivative(
      of: DerivationTests.formula("w · x"), named: "y", by: DerivationTests.symbol("w"),
      form: .scalar)
    #expect(
      DerivationTests.lines(derivation) == [
        "y = sum(w[i]*x[i] for i in 1:n)",
        "∂y/∂w[j] = ∂/∂w[j](sum(w[i]*x[i] for i in 1:n)) = "
          + "sum(∂/∂w[j](w[i]*x[i]) for i in 1:n) = x[j]",
        "∂y/∂w = [x[j] for j in 1:n]' = x'",
      ])
  }

  @Test("nested functions keep their names")
  func named() throws {
    let g = try Expression.named("g", DerivationTests.formula("A @ x"))
    let f = Expression.named("p", .function(.sigmoid, g))
    let derivation = try Derivation.derivative(of: f, named: "f", by: DerivationTests.symbol("x"))
    #expect(
      DerivationTests.lines(derivation).last
        == "∂f/∂x = ∂p/∂g · ∂g/∂x = diag(sigmoid(g)*(1 - sigmoid(g))) · A = "
        + "diag(sigmoid(A @ x)*(1 - sigmoid(A @ x))) @ A")
    #expect(derivation.lines.last?.dimensions == "m×m · m×n")
  }

  @Test("total and partial derivative differ")
  func totalDerivative() throws {
    let (x, u) = (Symbol("x"), Symbol("u1"))
    let f = try Reader.read("x + u1", [x, u])
    let derivation = try Derivation.totalDerivative(
      of: f, named: "f", by: x, through: [(u, Reader.read("x^2", [x]))])
    #expect(
      DerivationTests.lines(derivation).last
        == "df/dx = ∂f/∂x + ∂f/∂u1 · du1/dx = 1 + 1 · (2*x) = 2*x + 1")
    #expect(try f.derivative(by: x).expression.text == "1")
  }

  @Test("an intermediate variable may depend on another: its total derivative counts")
  func nestedTotalDerivative() throws {
    let (x, u, v) = (Symbol("x"), Symbol("u"), Symbol("v"))
    let derivation = try Derivation.totalDerivative(
      of: Reader.read("x*v", [x, v]), named: "f", by: x,
      through: [(u, Reader.read("x^2", [x])), (v, Reader.read("u + x", [u, x]))],
      at: .init(["x": .scalar(2)]))
    // f = x (x² + x)
    #expect(derivation.lines.last?.value == .scalar(3 * 4 + 2 * 2))
    #expect(throws: CalculusError.unknownName("w")) {
      try Derivation.totalDerivative(
        of: Reader.read("x^2", [x]), named: "f", by: x,
        through: [(Symbol("w"), Reader.read("x", [x]))])
    }
  }
}
