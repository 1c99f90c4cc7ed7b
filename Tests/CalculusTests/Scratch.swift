import Calculus
import Testing

let n = Dimension.name("n"), m = Dimension.name("m")
func s(_ name: String) -> Expression { .symbol(name) }
func v(_ name: String, _ d: Dimension = .name("n")) -> Expression { .symbol(name, .vector(d)) }
func M(_ name: String, _ r: Dimension = .name("m"), _ c: Dimension = .name("n")) -> Expression { .symbol(name, .matrix(r, c)) }
func sym(_ e: Expression) -> Symbol { e.symbols[0] }

@Test func scratch() throws {
  func show(_ label: String, _ f: Expression, _ x: Expression) throws {
    let d = try f.derivative(by: sym(x))
    print(label, "|", f.text, "|", d.expression.text, "|", d.shape, d.isDiagonal)
  }
  let x = s("x"), y = s("y"), z = s("z"), b = s("b")
  let w = v("w"), vx = v("x"), A = M("A"), bm = v("b", m)
  let one = Expression.number(1)
  try show("sinx2", .function(.sin, .power(x, .number(2))), x)
  try show("lnx2", .function(.ln, .power(x, .number(2))), x)
  try show("had", .multiply([w, vx]), w)
  try show("div", .divide(w, vx), w)
  try show("divx", .divide(w, vx), vx)
  try show("add", .add([w, vx]), w)
  try show("sum", .reduce(.sum, vx), vx)
  try show("Ax", .product(A, vx), vx)
  try show("wx+b", .add([.product(w, vx), b]), w)
  try show("wx+b by b", .add([.product(w, vx), b]), b)
  try show("relu", .extremum(.max, .number(0), vx), vx)
  try show("x+z", .add([vx, z]), z)
  let e = try Expression.subtract(.product(A, vx), bm)
  try show("norm2", .power(.reduce(.norm, e), .number(2)), vx)
  try show("norm", .reduce(.norm, vx), vx)
  let sg = Expression.function(.sigmoid, z)
  let L = try Expression.negate(.add([.multiply([y, .function(.ln, sg)]), .multiply([.subtract(one, y), .function(.ln, .subtract(one, sg))])]))
  try show("bce", L, z)
  let yh = s("ŷ")
  try show("bce yhat", .negate(.add([.multiply([y, .function(.ln, yh)]), .multiply([.subtract(one, y), .function(.ln, .subtract(one, yh))])])), yh)
  try show("sigmoid", sg, z)
  try show("activation", .extremum(.max, .number(0), .add([.product(w, vx), b])), w)
  try show("activation b", .extremum(.max, .number(0), .add([.product(w, vx), b])), b)
  let X = M("X"), yv = v("y", m)
  let C = try Expression.reduce(.mean, .power(.subtract(yv, .extremum(.max, .number(0), .add([.product(X, w), b]))), .number(2)))
  try show("C", C, w)
  try show("C b", C, b)
  try show("softmax", .softmax(vx), vx)
  try show("quad", .product(.product(.transpose(vx), M("A", n, n)), vx), vx)
  try show("tanh", .function(.tanh, vx), vx)
  let q = try Expression.product(.product(.transpose(vx), M("A", n, n)), vx)
  let dq = try q.derivative(by: sym(vx)).expression
  try show("hess", dq, vx)
  try show("by A", q, M("A", n, n))
  try show("W", .product(A, vx), A)
  try show("abs", .function(.abs, vx), vx)
  try show("leaky", .function(.leakyRelu, z), z)
  try show("leakyv", .function(.leakyRelu, vx), vx)
  try show("list", .list([.function(.ln, .power(x, .number(2))), .function(.sin, .multiply([.number(3), x]))]), x)
  try show("max", .reduce(.max, vx), vx)
  try show("cce", .negate(.reduce(.sum, .multiply([w, .function(.ln, .softmax(vx))]))), vx)
  try show("nn", .reduce(.mean, .power(.subtract(.function(.sigmoid, .product(X, w)), yv), .number(2))), w)
  try show("frob", .power(.reduce(.norm, .subtract(.product(A, M("B", n, .name("k"))), M("Y", m, .name("k")))), .number(2)), M("B", n, .name("k")))
}
