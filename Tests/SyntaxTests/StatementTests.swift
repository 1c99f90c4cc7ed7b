import Syntax
import Testing

@Suite("Statements")
struct StatementTests {
  @Test(
    "assignments and definitions",
    arguments: [
      ("x = 2", "(assign x 2)"), ("v[i] = e", "(assign (index v i) e)"),
      ("W[1,:] = e", "(assign (index W 1 :) e)"),
      ("net.W[2][1,3] = 0.5", "(assign (index (index (member net W) 2) 1 3) 0.5)"),
      ("f(x) = sin(x^2)", "(define f (x) (call sin (x ^ 2)))"),
      ("h(w: vector, x: vector(n)) = w ⊗ x", "(define h (w: vector, x: vector(n)) (w ⊗ x))"),
      ("g(A: matrix(m, 3), b: scalar) = A", "(define g (A: matrix(m, 3), b) A)"),
      ("f(x) = { q = x\n 2q }", "(define f (x) (assign q x) (juxtapose 2 q))"),
      ("f(x) = { if x { 1 } else { 2 } }", "(define f (x) (if x 1 2))"),
      ("k() = 1", "(define k () 1)"), ("f(x) == 2", "((call f x) == 2)"),
      ("f(\n x,\n y\n) = x", "(define f (x, y) x)"),
      ("loss = loss(net, x, y)", "(assign loss (call loss net x y))"),
      ("W[:, 2]", "(index W : 2)"), ("v[2:4]", "(index v (2 : 4))"),
      (
        "d = explain forward(net, x), layer = 2",
        "(assign d (explain (call forward net x) layer=2))"
      ),
      ("explain ∂f/∂x, x = 2;", "(explain (partial f / x) x=2) ;"), ("explain u", "(explain u)"),
      ("explain(u)", "(explain (paren u))"),
    ])
  func assignments(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "commands",
    arguments: [
      ("set digits = 6", "(set digits 6)"), ("set view = matrix", "(set view matrix)"),
      ("try [1, 2] @ [3]", "(try ([1 2] @ [3]))"), ("try (1/0)", "(try (paren (1 / 0)))"),
      ("try explain f(x)", "(try (explain (call f x)))"), ("try -1", "(try (- 1))"),
      (
        "symbols w, x: vector(n), A: matrix(m, n), f: function",
        "(symbols w: vector(n), x: vector(n), A: matrix(m, n), f: function)"
      ),
      ("sigmoid?", "(help sigmoid)"), ("network?", "(help network)"), ("⊗?", "(help ⊗)"),
      ("for i in 1:5 { s = s + i }", "(for i (1 : 5) {(assign s (s + i))})"),
      ("if x == 2 { y }", "(if (x == 2) {y})"),
    ])
  func commands(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "keywords are names where they can't be keywords",
    arguments: [
      ("network = 3", "(assign network 3)"), ("network + 1", "(network + 1)"),
      ("set = 2", "(assign set 2)"),
      ("set", "set"), ("try = 1", "(assign try 1)"), ("if = 3", "(assign if 3)"),
      ("for = 3", "(assign for 3)"),
      ("input(\"name\")", "(call input \"name\")"), ("loss(net, x, y)", "(call loss net x y)"),
      ("seed = 4", "(assign seed 4)"), ("dense", "dense"), ("symbols", "symbols"),
      ("symbols = [1]", "(assign symbols [1])"),
      ("f(if = 1, in = 2, true = 3)", "(call f if=1 in=2 true=3)"),
      ("a.if.for.in", "(member (member (member a if) for) in)"),
      ("a.loss", "(member a loss)"), ("split.train", "(member split train)"),
      ("explain = 2", "(assign explain 2)"),
      ("explain", "explain"), ("input = 1", "(assign input 1)"),
      ("threshold * 2", "(threshold * 2)"),
      ("precision[1]", "(index precision 1)"), ("not = 1", "(assign not 1)"), ("end", "end"),
      ("perceptron(x) = x", "(define perceptron (x) x)"), ("input(x) = x", "(define input (x) x)"),
      ("for(x) = x", "(define for (x) x)"), ("in = 3", "(assign in 3)"),
      ("else = 3", "(assign else 3)"),
      ("dense(2)", "(call dense 2)"), ("while(x) = x", "(define while (x) x)"),
      ("import = 2", "(assign import 2)"),
      ("print(a, b)", "(call print a b)"),
    ])
  func words(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "arguments are expressions, keywords, paths or one generator",
    arguments: [
      ("f()", "(call f)"),
      ("train(net, X, y, rule = perceptron)", "(call train net X y rule=perceptron)"),
      (
        "whatif(net, X, Y, W[2][1,3] = 0.9)",
        "(call whatif net X Y (at (index (index W 2) 1 3) 0.9))"
      ),
      (
        "whatif(a, b, X, net.b[1][2] = 1)",
        "(call whatif a b X (at (index (index (member net b) 1) 2) 1))"
      ),
      (
        "explore(L, W[2][1,3] = -2:2, η = 0.01:1)",
        "(call explore L (at (index (index W 2) 1 3) ((- 2) : 2)) η=(0.01 : 1))"
      ),
      ("sum(w[i]*x[i] for i in 1:n)", "(call sum (((index w i) * (index x i)) for i in (1 : n)))"),
      ("[i^2 for i in 1:5]", "[(i ^ 2) for i in (1 : 5)]"),
      ("compare(a, 0.7740)", "(call compare a 0.7740)"),
      ("[]", "[]"), ("[1, 2]", "[1 2]"), ("[1; 2]", "[1 | 2]"),
      ("[[1, 2], [3, 4]]", "[[1 2] [3 4]]"),
      ("[1 -2]", "[(1 - 2)]"), ("[f(x), W[1]]", "[(call f x) (index W 1)]"),
      ("f(a == b)", "(call f (a == b))"),
    ])
  func arguments(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test("network and perceptron blocks")
  func blocks() {
    #expect(
      dump(
        """
        network Lecture {
            input x1, x2   # names
            dense 2, sigmoid, W = [0.1, 0.1],
                b = [0.1, 0.2]
            dense 3, leaky_relu(0.2), name = "hidden"; dense n
            loss binary_cross_entropy
            seed 7
            precision float32
        };
        """)
        == "(network Lecture (input names x1 x2) (dense 2 sigmoid W=[0.1 0.1] b=[0.1 0.2]) "
        + "(dense 3 (call leaky_relu 0.2) name=\"hidden\") (dense n) (loss binary_cross_entropy) "
        + "(seed 7) (precision float32)) ;")
    #expect(
      dump("perceptron P { input 2; threshold 0 }") == "(perceptron P (input 2) (threshold 0))")
    #expect(
      dump("network X { input 2; dense 2, tanh; dense 1 }")
        == "(network X (input 2) (dense 2 tanh) (dense 1))")
  }

  @Test(
    "derivatives in the notation of the blackboard",
    arguments: [
      ("∂f/∂x", "(partial f / x)"), ("∂f/∂x(2)", "(call (partial f / x) 2)"),
      ("∂f/∂x'", "(prime (partial f / x))"),
      ("(∂f/∂x)(2)", "(call (paren (partial f / x)) 2)"), ("∂y/∂w[j]", "(partial y / w[j])"),
      ("∂²f/∂x²", "(partial^2 f / x^2)"), ("∂²f/∂x∂y", "(partial^2 f / x y)"),
      ("∂^2 f/∂x^2", "(partial^2 f / x^2)"),
      ("∂³f/∂x²∂y", "(partial^3 f / x^2 y)"),
      (
        "∂(w · x + b)/∂w",
        "(partial (paren (w · x + b)) / w)".replacing("w · x + b", with: "(w · x) + b")
      ),
      ("∂sum(x)/∂x", "(partial (call sum x) / x)"),
      ("∂norm(A @ x - b)^2/∂x", "(partial ((call norm ((A @ x) - b)) ^ 2) / x)"),
      ("∂L(y, sigmoid(z))/∂z", "(partial (call L y (call sigmoid z)) / z)"),
      ("∂x²/∂x", "(partial (x ^ 2) / x)"),
      ("a/∂f/∂x/b", "(a / (partial f / x) / b)"),
      ("∂f/∂x / ∂g/∂x", "((partial f / x) / (partial g / x))"),
      ("∂f/∂x²", "((partial f / x) ^ 2)"), ("∇f", "(nabla f)"),
      ("∇f(1, 2)", "(call (nabla f) 1 2)"), ("2∇f", "(juxtapose 2 (nabla f))"),
      ("∂p/∂g * ∂g/∂x", "((partial p / g) * (partial g / x))"),
      ("jacobian([f, g], [x, y])", "(call jacobian [f g] [x y])"),
      ("∂y/∂W[1, 2]", "(partial y / W[1 2])"),
    ])
  func derivatives(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test("the first look of the language reads without a mistake")
  func firstLook() {
    let program = Parser.parse(
      SourceText(
        """
        # the lecture's worked example
        network Lecture {
            input 1
            dense 2, sigmoid, W = [0.1, 0.1],                     b = [0.1, 0.2]
            dense 3, sigmoid, W = [0.2, 0.3, 0.1; 0.1, 0.2, 0.3], b = [0.3, 0.1, 0.2]
            dense 1, sigmoid, W = [0.4; 0.2; 0.6],                b = [0.5]
            loss binary_cross_entropy
        }
        x = [2.0]
        y = [1]

        forward(Lecture, x)                        # table: layer, neuron, z, a
        explain forward(Lecture, x)                # every line of the slide
        g = backward(Lecture, x, y);
        g.W[2]                                     # ∂L/∂W^[2], 2×3
        step(Lecture, x, y, learning_rate = 0.1)
        compare(forward(Lecture, x).output, 0.7862)
        f(x) = sin(x^2)
        explain ∂f/∂x
        h(w: vector, x: vector) = w ⊗ x
        ∂h/∂w
        g(z) = if z >= θ { 1 } else { 0 }
        C(w: vector, b, X: matrix, y: vector) = mean((y - max(0, X @ w + b))^2)
        """))
    #expect(program.diagnostics == [])
    #expect(program.statements.count == 15)
    #expect(program.statements.filter(\.isSuppressed).count == 1)
  }
}
