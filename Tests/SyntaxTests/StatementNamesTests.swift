import Syntax
import Testing

/// Calls of which a test knows something: `train` changes its first argument, `optimizer =` takes a word, and
/// `read` reads its arguments for itself.
private struct SomeCalls: CallConventions {
  func use(of argument: ArgumentSyntax, at position: Int, in function: String) -> ArgumentUse {
    if case .keyword("optimizer", _, _) = argument { return .word }
    switch function {
    case "train": return position == 0 ? .changed : .evaluated
    case "read": return .deferred
    default: return .evaluated
    }
  }
}

@Suite("Names that statements read and write")
struct StatementNamesTests {
  private func statements(_ text: String) throws -> [StatementSyntax] {
    let program = Parser.parse(SourceText(text))
    try #require(program.diagnostics.isEmpty, "\(text)")
    return program.statements
  }

  /// `reads > defines; changes`, each in the order of the alphabet.
  private func summary(_ names: StatementNames) -> String {
    func list(_ names: Set<String>) -> String { names.sorted().joined(separator: " ") }
    let changes = names.changes.isEmpty ? "" : " ~ \(list(names.changes))"
    return "\(list(names.reads)) > \(list(names.defines))\(changes)"
      .trimmingSpaces
  }

  @Test(
    "expressions and assignments",
    arguments: [
      ("x + 2y^n", "n x y >"), ("x = a*x + b", "a b x > x"), ("x = 2", "> x"),
      ("v[i] = e", "e i v > ~ v"), ("net.W[l][1, j] = 0.5", "j l net > ~ net"),
      ("v[w[1]] = v[2]", "v w > ~ v"), ("a.b.c", "a >"), ("(x)'", "x >"), ("Aᵀ @ B", "A B >"),
      ("f(x, slope = s)", "f s x >"), ("f'(x)", "f x >"), ("[i^k for i in 1:n]", "k n >"),
      ("[i for i in i:n]", "i n >"), ("sum(w[i]*x[i] for i in 1:n)", "n sum w x >"),
      ("[[i*j for j in 1:i] for i in 1:n]", "n >"), ("0 <= x < b and not c", "b c x >"),
      ("if c { a } else { b }", "a b c >"), ("y = if c { a } else { b }", "a b c > y"),
      ("a:s:b", "a b s >"), ("\"x\"", ">"), ("try 1/x", "x >"), ("set digits = n", "n >"),
      ("sigmoid?", ">"),
    ])
  func expressions(text: String, expected: String) throws {
    #expect(summary(StatementNames(of: try statements(text))) == expected)
  }

  @Test(
    "derivatives and explanations",
    arguments: [
      ("∂f/∂x", "f x >"), ("∂(w ⊗ x)/∂w[k]", "k w x >"), ("∇f", "f >"),
      ("explain ∂f/∂x, x = a", "a f x >"),
      ("d = explain forward(net, x), layer = l", "forward l net x > d"),
    ])
  func derivatives(text: String, expected: String) throws {
    #expect(summary(StatementNames(of: try statements(text))) == expected)
  }

  @Test(
    "definitions, symbols and networks: what a body reads is the caller's business",
    arguments: [
      ("f(x) = x + c", "> f"), ("symbols w, x: vector(n), f: function", "> f w x"),
      (
        "network N {\n input k\n dense m, act, W = W0, b = [b1, 2]\n dense 1, leaky_relu(s)\n loss l\n seed r\n}",
        "W0 act b1 dense k l leaky_relu m r s > N"
      ),
      ("network N {\n input x1, x2\n dense 1\n}", "dense > N"),
      ("perceptron P {\n input n\n threshold t\n}", "n t > P"),
    ])
  func definitions(text: String, expected: String) throws {
    #expect(summary(StatementNames(of: try statements(text))) == expected)
  }

  @Test(
    "blocks, and statements one after the other",
    arguments: [
      ("for i in 1:n { s = s + i }", "n s > i s"),
      ("for i in v { t = i^2; s = s + t }", "s v > i s t"),
      ("for i in i:n { i }", "i n > i"),
      // Without a turn, the loop has assigned nothing.
      ("for i in 1:n { t = 1 }\nt + i", "i n t > i t"),
      ("if c { x = 1 } else { x = 2 }\nx", "c > x"), ("if c { x = 1 }\nx", "c x > x"),
      ("if c { x = 1 } else { y = 2 }\nx + y", "c x y > x y"),
      ("a = 1\nb = a + c\na", "c > a b"), ("a = a\na", "a > a"),
      ("v = [1, 2]\nv[1] = 3", "> v ~ v"),
      ("f(x) = x\nf(a)", "a > f"), ("try x\nx = 1\nx", "x > x"),
    ])
  func blocks(text: String, expected: String) throws {
    #expect(summary(StatementNames(of: try statements(text))) == expected)
  }

  @Test(
    "calls that are known: words are no names, and what is changed is written",
    arguments: [
      ("h = train(net, X, optimizer = adam)", "X net train > h ~ net"),
      ("train(nets[k].inner, X)", "X k nets train > ~ nets"),
      ("train(copy(net), X)", "X copy net train >"),
      ("read(a + b)", "a b read >"), ("whatif(net, W[2][1, j] = c)", "c j net whatif >"),
      ("[train(n, X) for n in nets]", "X nets train >"),
    ])
  func calls(text: String, expected: String) throws {
    #expect(summary(StatementNames(of: try statements(text), knowing: SomeCalls())) == expected)
  }

  @Test("what is written is what is defined and what is changed")
  func writes() throws {
    let names = StatementNames(of: try statements("h = train(net, X)"), knowing: SomeCalls())
    #expect(names.writes == ["h", "net"])
  }

  @Test(
    "dependencies follow functions, by call or by name, over several steps and in circles",
    arguments: [
      ("f(2)", "a b f g >"), ("plot(f)", "a b f g plot >"), ("g(x)", "b g x >"),
      ("h(1)", "a b c even f g h odd >"),
      ("even(4)", "c even odd >"), ("x = fit(net)", "X fit net train > x ~ net"),
      ("refit(net, k)", "X fit k net refit train > ~ net"),
      ("refit(times = k, n = net)", "X fit k net refit train > ~ net"),
      ("touch()", "X net0 touch train > ~ net0"),
      ("b = 1\nf(2)", "a f g > b"), ("g(y) = y + z\nf(2)", "a b f z > g"),
      ("loc(t) = t + q\nloc(1)", "q > loc"), ("f(x) = r", "> f"),
      ("for i in 1:n { f = i }\nf", "a b f g n > f i"),
    ])
  func dependencies(text: String, expected: String) throws {
    let library = try statements(
      """
      f(x) = a*g(x)
      g(x: vector(n)) = b + n + x
      even(n) = if n == 0 { c } else { odd(n - 1) }
      odd(n) = if n == 0 { 0 } else { even(n - 1) }
      h(x) = f(x) + even(x)
      fit(n) = train(n, X)
      refit(n, times) = fit(n)
      touch() = train(net0, X)
      """)
    var functions: [String: FunctionSyntax] = [:]
    for case .definition(let function) in library.map(\.kind) {
      functions[function.name] = function
    }
    let dependencies = Dependencies(knowing: SomeCalls()) { functions[$0] }
    #expect(summary(dependencies.names(of: try statements(text))) == expected)
  }

  @Test("a tower of functions is followed in no time")
  func tower() throws {
    var text = "f0(x, y) = train(x, y)\n"
    for level in 1...60 { text += "f\(level)(x, y) = f\(level - 1)(x, y) + f\(level - 1)(y, x)\n" }
    let names = Dependencies(knowing: SomeCalls()) { _ in nil }.names(
      of: try statements(text + "f60(a, b)"))
    #expect(names.changes == ["a", "b"] && names.reads == ["a", "b", "train"])
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    split(separator: " ").joined(separator: " ")
  }
}
