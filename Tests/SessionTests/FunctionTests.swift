import Testing

@Suite("Functions of one's own")
struct FunctionTests {
  @Test("a scalar parameter maps over vectors and matrices, numbers are repeated")
  func mapping() throws {
    let notebook = Notebook("f(x) = x^2 + 1\ng(x, n) = x^n\nc() = 42")
    #expect(try notebook.number("f(3)") == 10)
    #expect(try notebook.numbers("f([1, 2, 3])") == [2, 5, 10])
    #expect(try notebook.shape("f([1, 2; 3, 4])") == [2, 2])
    #expect(try notebook.shape("f([])") == [0])
    #expect(try notebook.numbers("g([1, 2, 3], 2)") == [1, 4, 9])
    #expect(try notebook.numbers("g(2, [1, 2, 3])") == [2, 4, 8])
    #expect(try notebook.numbers("g([1, 2, 3], [3, 2, 1])") == [1, 4, 3])
    #expect(try notebook.number("c()") == 42)
    #expect(try notebook.number("f(true)") == 2)
    #expect(try notebook.error("g([1, 2], [1, 2, 3])").name == "ShapeError")
  }

  @Test("a function of numbers that gives vectors maps to the rows of a matrix")
  func rows() throws {
    let notebook = Notebook("p(t) = [t, t^2]")
    #expect(try notebook.shape("p(1:3)") == [3, 2])
    #expect(try notebook.error("p([1, 2; 3, 4])").name == "ShapeError")
  }

  @Test("a function without a value maps without a value")
  func nothing() throws {
    let run = Notebook("show(x) = print(x)").run("show([1, 2])\nshow(3)")
    #expect(run.stream(.stdout) == "1\n2\n3\n")
    #expect(run.kinds == ["stdout", "stdout", "stdout"])
  }

  @Test("typed parameters take their kind; equal size names are equal sizes")
  func kinds() throws {
    let notebook = Notebook(
      """
      h(w: vector, x: vector) = w ⊗ x
      k(A: matrix(m, n), v: vector(n)) = A @ v
      p(w: vector(2)) = w[1]
      q(A: matrix(2, 2)) = A[1,2]
      t(A: matrix(n, n)) = sum(diag(A))
      C(w: vector, b, X: matrix, y: vector) = mean((y - max(0, X @ w + b))^2)
      """)
    #expect(try notebook.numbers("h([1, 2], [3, 4])") == [3, 8])
    #expect(try notebook.numbers("k([1, 2; 3, 4], [1, 1])") == [3, 7])
    #expect(try notebook.number("p([5, 6])") == 5)
    #expect(try notebook.number("t([1, 2; 3, 4])") == 5)
    #expect(try notebook.number("C([1], 0, [1; -1], [2, 2])") == 2.5)
    #expect(try notebook.error("h([1, 2], 3)").message.contains("x of h is a vector"))
    #expect(try notebook.error("h([1, 2], [[3, 4]])").plainText.contains("[[3, 4]][1,:]"))
    #expect(try notebook.error("k([1, 2], [1, 1])").plainText.contains("column([1, 2])"))
    let sizes = try notebook.error("k([1, 2; 3, 4], [1, 1, 1])")
    #expect(sizes.name == "ShapeError")
    #expect(sizes.message == "n of k is 2 from A, but v makes it 3")
    #expect(try notebook.error("p([1, 2, 3])").name == "ShapeError")
    #expect(try notebook.error("q(ones(2, 3))").name == "ShapeError")
    #expect(try notebook.error("t(ones(2, 3))").message.contains("n of t is 2"))
    #expect(try notebook.numbers("C([1], [0, 1], [1; -1], [2, 2])") == [2.5, 2])
  }

  @Test("the sizes that a kind names are numbers in the body; a parameter of that name hides them")
  func sizes() throws {
    let notebook = Notebook(
      """
      n = 100
      average(w: vector(n)) = sum(w)/n
      inner(w: vector(n), x: vector(n)) = sum(w[i]*x[i] for i in 1:n)
      area(A: matrix(rows, columns)) = rows*columns
      own(w: vector(n), n) = n
      twice(w: vector(n), t) = n*t
      """)
    #expect(try notebook.number("average([1, 2, 6])") == 3)
    #expect(try notebook.number("inner([1, 2], [3, 4])") == 11)
    #expect(try notebook.number("area(ones(2, 3))") == 6)
    #expect(try notebook.number("own([1, 2, 3], 7)") == 7)
    #expect(try notebook.numbers("twice([1, 2, 3], [1, 2])") == [3, 6])
    #expect(try notebook.number("n") == 100)
  }

  @Test("what has no entries is passed as it is: functions, networks, datasets, texts")
  func references() throws {
    let notebook = Notebook(
      """
      network N { input 2; dense 1, sigmoid }
      twice(f, x) = f(f(x))
      units(net) = net.layers
      named(d) = d.names
      """)
    #expect(try notebook.number("twice(sqrt, 16)") == 2)
    notebook.run("g(x) = x + 1")
    #expect(try notebook.numbers("twice(g, [1, 2])") == [3, 4])
    #expect(try notebook.number("twice(sigmoid', 0)") != 0)
    #expect(try notebook.number("units(N)") == 1)
    #expect(try notebook.text("named(dataset(xor))") == "[\"x1\", \"x2\"]")
    #expect(try notebook.error("units(print(1))").name == "TypeError")
  }

  @Test("arguments by keyword, in any order; missing and surplus ones are named")
  func arguments() throws {
    let notebook = Notebook("f(x, y) = x - y")
    #expect(try notebook.number("f(y = 1, x = 3)") == 2)
    #expect(try notebook.number("f(3, y = 1)") == 2)
    #expect(try notebook.error("f(1)").plainText.contains("y is missing"))
    #expect(try notebook.error("f(1, 2, 3)").plainText.contains("one too many"))
    #expect(try notebook.error("f(1, x = 2)").plainText.contains("x is given twice"))
    #expect(try notebook.error("f(1, z = 2)").message.contains("no parameter z"))
    #expect(try notebook.error("f(x = 1, x = 2)").name == "SyntaxError")
  }

  @Test("outer names are read at call time; parameters hide them")
  func outerNames() throws {
    let notebook = Notebook("a = 2\nf(x) = a*x\ng(a) = f(a)")
    #expect(try notebook.number("f(3)") == 6)
    notebook.run("a = 10")
    #expect(try notebook.number("f(3)") == 30)
    #expect(try notebook.number("g(1)") == 10)
    notebook.run("later(x) = helper(x) + 1\nhelper(x) = 10x")
    #expect(try notebook.number("later(2)") == 21)
  }

  @Test("a mistake in a body written in another cell is shown at the call, with the body")
  func mistakes() throws {
    let notebook = Notebook("f(x) = [1, 2] + x[1:3]\ng(x) = f(x)")
    let error = try notebook.error("y = 1\ng(5)")
    #expect(error.plainText.contains("2 | g(5)"), "\(error.plainText)")
    let same = try notebook.error("h(x: vector) = x + [1, 2]\nh([1, 2, 3])")
    #expect(same.plainText.contains("1 | h(x: vector) = x + [1, 2]"))
  }

  @Test("recursion works, and ends with a LimitError before the stack does")
  func recursion() throws {
    let notebook = Notebook(
      "fact(n) = if n <= 1 { 1 } else { n*fact(n - 1) }\nloop(n) = loop(n + 1)\n"
        + "a(n) = b(n)\nb(n) = a(n)\ndeep(n) = ((((((((1 + deep(n)))))))))")
    #expect(try notebook.number("fact(20)") == 2_432_902_008_176_640_000)
    #expect(try notebook.numbers("fact([1, 2, 3])") == [1, 2, 6])
    for call in ["loop(1)", "a(1)", "deep(1)", "[loop(i) for i in 1:2]"] {
      let error = try notebook.error(call)
      #expect(error.name == "LimitError")
      #expect(error.plainText.contains("needs a case that does not"))
    }
    #expect(try notebook.number("fact(5)") == 120)
  }

  @Test("four thousand calls may stand inside one another on a thread with a large stack")
  func deepRecursion() {
    let found = onLargeStack {
      let notebook = Notebook("count(n) = if n == 0 { 0 } else { 1 + count(n - 1) }")
      return (try? notebook.numbers("count(3990)"), try? notebook.error("count(4010)").name)
    }
    #expect(found?.0 == [3990])
    #expect(found?.1 == "LimitError")
  }

  @Test("functions of the language are values, with their derivatives")
  func values() throws {
    let notebook = Notebook("s = sin\nd = sigmoid'\nσ1 = σ")
    #expect(try notebook.number("s(0)") == 0)
    #expect(try notebook.number("d(0)") == 0.25)
    #expect(try notebook.number("σ1(0)") == 0.5)
    #expect(try notebook.text("d") == "sigmoid(x)*(1 - sigmoid(x))")
    #expect(try notebook.text("tanh'") == "1 - tanh(x)^2")
    notebook.run("f(x: vector(n), y) = x + y   # a comment")
    #expect(try notebook.text("f") == "f(x: vector(n), y) = x + y")
  }
}
