import Calculus
import Testing

@Test func derivations() throws {
  func show(_ d: Derivation) {
    print("== \(d.title) = \(d.result.text)   \(d.result.latex)")
    for l in d.lines {
      print("  [\(l.step)] \(l.quantity.text) = \(l.equals.map(\.text).joined(separator: " = "))", l.substituted.map { " = " + $0.text } ?? "", l.value.map { " = \($0.values)" } ?? "", " {\(l.reason)} {\(l.rule)} {\(l.dimensions)}")
    }
  }
  let x = s("x"), b = s("b")
  let w = v("w"), vx = v("x"), X = M("X"), yv = v("y", m)
  show(try Derivation.derivative(of: .function(.sin, .power(x, .number(2))), named: "f", by: sym(x), at: ["x": .scalar(2)]))
  show(try Derivation.derivative(of: .list([.function(.ln, .power(x, .number(2))), .function(.sin, .multiply([.number(3), x]))]), named: "y", by: sym(x), at: ["x": .scalar(2)]))
  show(try Derivation.derivative(of: .reduce(.sum, .multiply([w, vx])), named: "γ", by: sym(w)))
  show(try Derivation.derivative(of: .extremum(.max, .number(0), .add([.product(w, vx), b])), named: "activation", by: sym(w), at: ["x": .vector([1, 2]), "w": .vector([3, 4]), "b": .scalar(1)]))
  let C = try Expression.reduce(.mean, .power(.subtract(yv, .extremum(.max, .number(0), .add([.product(X, w), b]))), .number(2)))
  show(try Derivation.derivative(of: C, named: "C", by: sym(w)))
  show(try Derivation.derivative(of: C, named: "C", by: sym(b)))
  show(try Derivation.derivative(of: .product(w, vx), named: "y", by: sym(w), form: .scalar))
  show(try Derivation.derivative(of: .multiply([w, vx]), named: "h", by: sym(w)))
  let u1 = Symbol("u1")
  show(try Derivation.totalDerivative(of: .add([x, .symbol(u1)]), named: "f", by: sym(x), through: [(u1, .power(x, .number(2)))], at: ["x": .scalar(3)]))
  let g = try Expression.named("g", .product(M("A"), vx))
  show(try Derivation.derivative(of: .named("p", .function(.sigmoid, g)), named: "f", by: sym(vx)))
  show(try Derivation.derivative(of: .multiply([.power(.add([x, .number(1)]), .number(2)), .function(.exp, .power(x, .number(2)))]), named: "f", by: sym(x)))
}
@Test func swell() throws {
  for depth in [2, 4, 6, 8, 10, 14] {
    var f = v("x"), A = M("A", n, n)
    for _ in 0..<depth { f = .function(.sigmoid, try .product(A, f)) }
    let loss = try Expression.power(.reduce(.norm, f), .number(2))
    let t = RandomDerivativeTests.now()
    let d = try loss.derivative(by: sym(A))
    let t1 = RandomDerivativeTests.now()
    print(depth, "matrix", (t1 - t) * 1000, "ms", d.expression.nodeCount, d.isIndexForm)
    let e = try loss.derivative(by: sym(v("x")))
    let t2 = RandomDerivativeTests.now()
    print(depth, "vector", (t2 - t1) * 1000, "ms", e.expression.nodeCount, e.isIndexForm)
    var h = s("x")
    for _ in 0..<depth { h = .function(.sin, try .add([.power(h, .number(2)), h])) }
    let t3 = RandomDerivativeTests.now()
    let k = try h.derivative(by: sym(s("x")))
    print(depth, "scalar", (RandomDerivativeTests.now() - t3) * 1000, "ms", k.expression.nodeCount)
    if depth <= 8 { print(depth, "text", k.expression.text.count) }
  }
}
