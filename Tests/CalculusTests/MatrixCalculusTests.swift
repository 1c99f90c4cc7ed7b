import Calculus
import MatrixEngine
import Testing

/// Identities of matrix calculus as formula collections print them, most of them the Matrix Cookbook's second chapter.
@Suite("Determinants, inverses, traces and quadratic forms")
struct MatrixCalculusTests {
  /// What names stand for; a name in the head of a line replaces it: `C: symmetric(m)`.
  private static let kinds = [
    "a": "", "x": "", "λ": "", "u": "vector(n)", "v": "vector(n)", "w": "vector(n)",
    "μ": "vector(n)", "p": "vector(m)", "q": "vector(m)", "y": "vector(m)", "A": "matrix(n, n)",
    "B": "matrix(n, n)", "S": "matrix(n, n)", "X": "matrix(n, n)", "C": "matrix(m, m)",
    "W": "matrix(m, m)", "F": "matrix(m, n)", "G": "matrix(n, m)", "H": "matrix(m, n)",
    "K": "matrix(n, k)", "L": "matrix(k, n)", "V": "matrix(n, k)", "Y": "matrix(m, k)",
    "U": "matrix(m, k)", "Q": "matrix(k, m)", "E": "matrix(k, m)",
  ]
  private static let sizes = ["n": 3, "m": 4, "k": 2]

  struct Line: CustomStringConvertible, Sendable {
    let kinds: [String: String]
    let formula: String
    let variable: String
    let published: String
    var description: String { "\(formula) by \(variable)" }
  }

  /// `C: symmetric(m) | formula | variable | published`; the first part may be left out.
  private static func lines(_ text: String) -> [Line] {
    text.split(separator: "\n").map { line in
      var parts = line.split(separator: "|").map { $0.trimmed }
      var kinds: [String: String] = [:]
      if parts.count == 4 {
        for entry in parts.removeFirst().split(separator: ";") {
          let pair = entry.split(separator: ":").map { $0.trimmed }
          kinds[pair[0]] = pair[1]
        }
      }
      return Line(kinds: kinds, formula: parts[0], variable: parts[1], published: parts[2])
    }
  }

  private static func symbol(_ name: String, _ kind: String) throws -> Symbol {
    let parts = kind.split { "(), ".contains($0) }.map(String.init)
    guard let word = parts.first else { return Symbol(name) }
    var sizes = parts.dropFirst().map { Dimension.name($0) }
    let structure = Symbol.Structure(rawValue: word)
    if structure != nil, structure != .oneHot, sizes.count == 1 { sizes += sizes }
    return Symbol(name, ExpressionShape(sizes), structure: structure)
  }

  /// A point at which every determinant is positive.
  private static func value(_ symbol: Symbol, _ random: inout RandomSource) -> Tensor<Double> {
    let counts = symbol.shape.dimensions.map { sizes[$0.description] ?? 1 }
    var value = Tensor<Double>(
      Shape(counts),
      (0..<counts.reduce(1, *)).map { _ in random.uniform(from: 0.2, to: 1.2) })
    if counts.count == 2 { for i in 0..<min(counts[0], counts[1]) { value[i, i] += 3 } }
    return symbol.structure?.imposed(on: value) ?? value
  }

  /// Names, numbers and signs; parentheses and commas count nothing.
  private static func length(_ text: String) -> Int {
    var count = 0
    var isInWord = false
    for character in text {
      let isWord = character.isLetter || character.isNumber || character == "_" || character == "."
      if isWord ? !isInWord : !" (),".contains(character) { count += 1 }
      isInWord = isWord
    }
    return count
  }

  @Test("as published: the same at a random point, and not longer", arguments: lines(corpus))
  func identity(_ line: Line) throws {
    let symbols = try Self.kinds.merging(line.kinds) { $1 }.sorted { $0.key < $1.key }
      .map { try Self.symbol($0.key, $0.value) }
    let variable = try #require(symbols.first { $0.name == line.variable })
    let f = try Reader.read(line.formula, symbols)
    let published = try Reader.read(line.published, symbols)
    let derivative = try f.derivative(by: variable).expression
    var random = RandomSource(seed: 7)
    var values: [String: Tensor<Double>] = [:]
    for symbol in symbols { values[symbol.name] = Self.value(symbol, &random) }
    func value(_ expression: Expression) throws -> [Double] {
      try expression.value(at: values, sizes: Self.sizes, symbols: symbols).storage
    }
    let found = try value(derivative)
    let exact = try f.forwardDerivative(by: variable, at: values, sizes: Self.sizes)
    #expect(RandomDerivativeTests.difference(exact.storage, found) < 1e-10, "\(derivative.text)")
    #expect(RandomDerivativeTests.difference(try value(published), found) < 1e-10)
    let numeric = try f.centralDifferences(by: variable, at: values, sizes: Self.sizes)
    #expect(RandomDerivativeTests.difference(numeric.storage, found) < 1e-6)
    let again = try Reader.read(derivative.text, symbols)
    #expect(again.shape == derivative.shape)
    #expect(RandomDerivativeTests.difference(try value(again), found) < 1e-12)
    #expect(
      Self.length(derivative.text) <= Self.length(line.published),
      "\(derivative.text) is longer than \(line.published)")
  }

  /// Formula, variable, what is published.
  private static let corpus = """
    det(X) | X | det(X)*inv(X)'
    det(X') | X | det(X)*inv(X)'
    det(A @ X @ B) | X | det(A @ X @ B)*inv(X)'
    det(L @ X @ K) | X | det(L @ X @ K)*L' @ inv(L @ X @ K)' @ K'
    det(X' @ A @ X) | X | 2*det(X' @ A @ X)*inv(X)'
    det(F' @ C @ F) | F | det(F' @ C @ F)*(C @ F @ inv(F' @ C @ F) + C' @ F @ inv(F' @ C' @ F))
    C: symmetric(m) | det(F' @ C @ F) | F | 2*det(F' @ C @ F)*C @ F @ inv(F' @ C @ F)
    ln(det(F' @ F)) | F | 2*pinv(F)'
    det(F' @ F) | F | 2*det(F' @ F)*pinv(F)'
    det(X' @ X) | X | 2*det(X' @ X)*inv(X)'
    ln(det(X)) | X | inv(X)'
    ln(abs(det(X))) | X | inv(X)'
    -ln(det(X)) | X | -inv(X)'
    det(X)^2 | X | 2*det(X)^2*inv(X)'
    det(X @ X) | X | 2*det(X @ X)*inv(X)'
    det(X @ X @ X) | X | 3*det(X @ X @ X)*inv(X)'
    ln(det(X @ X)) | X | 2*inv(X)'
    ln(det(X)^2) | X | 2*inv(X)'
    sqrt(det(X)) | X | sqrt(det(X))/2*inv(X)'
    1/det(X) | X | -inv(X)'/det(X)
    det(inv(X)) | X | -det(inv(X))*inv(X)'
    ln(det(inv(X))) | X | -inv(X)'
    det(X + A) | X | det(X + A)*inv(X + A)'
    ln(det(X + A)) | X | inv(X + A)'
    ln(det(A @ X)) | X | inv(X)'
    ln(det(A @ X @ B)) | X | inv(X)'
    ln(det(A @ X + B)) | X | A' @ inv(A @ X + B)'
    det(2*X) | X | det(2*X)*inv(X)'
    ln(det(a*X)) | X | inv(X)'
    det(a*X) | a | n*det(a*X)/a
    ln(det(a*X)) | a | n/a
    ln(det(X + a*eye(n))) | X | inv(X + a*eye(n))'
    ln(det(X + a*eye(n))) | a | trace(inv(X + a*eye(n)))
    det(A + x*B) | x | det(A + x*B)*trace(inv(A + x*B) @ B)
    ln(det(A + x*B)) | x | trace(inv(A + x*B) @ B)
    det(x*A) | x | n*det(x*A)/x
    det(A + u @ v') | u | det(A + u @ v')*v' @ inv(A + u @ v')
    ln(det(A + u @ v')) | v | (inv(A + u @ v') @ u)'
    ln(det(diag(u) + A)) | u | diag(inv(diag(u) + A))'
    inv(A + x*B) | x | -inv(A + x*B) @ B @ inv(A + x*B)
    inv(x*A) | x | -inv(A)/x^2
    inv(A) @ B @ inv(A)*x | x | inv(A) @ B @ inv(A)
    trace(inv(A + x*B)) | x | -trace(inv(A + x*B) @ B @ inv(A + x*B))
    trace((A + x*B) @ (A + x*B)) | x | 2*trace((A + x*B) @ B)
    (A + x*B) @ (A + x*B) | x | B @ (A + x*B) + (A + x*B) @ B
    trace(A + x*B) | x | trace(B)
    u' @ inv(A + x*B) @ v | x | -u' @ inv(A + x*B) @ B @ inv(A + x*B) @ v
    u' @ inv(X) @ v | X | -inv(X)' @ u @ v' @ inv(X)'
    u · (inv(X) @ v) | X | -inv(X)' @ u @ v' @ inv(X)'
    u' @ inv(X) @ u | X | -inv(X)' @ u @ u' @ inv(X)'
    u' @ inv(X + A) @ v | X | -inv(X + A)' @ u @ v' @ inv(X + A)'
    trace(A @ inv(X) @ B) | X | -(inv(X) @ B @ A @ inv(X))'
    trace(inv(X) @ A) | X | -(inv(X) @ A @ inv(X))'
    trace(inv(X)) | X | -(inv(X) @ inv(X))'
    trace(inv(X + A)) | X | -(inv(X + A) @ inv(X + A))'
    sum(inv(X)) | X | -inv(X)' @ ones(n) @ ones(n)' @ inv(X)'
    norm(inv(X))^2 | X | -2*inv(X)' @ inv(X) @ inv(X)'
    inv(X) @ v | v | inv(X)
    u' @ inv(X) | u | inv(X)'
    inv(inv(X)) @ v | v | X
    inv(X) @ X @ v | v | eye(n)
    inv(2*X) @ v | v | inv(X)/2
    inv(X') @ v | v | inv(X)'
    inv(A @ X) @ A @ v | v | inv(X)
    inv(F' @ F) @ F' @ y | y | pinv(F)
    F @ inv(F' @ F) @ F' @ y | y | F @ pinv(F)
    inv(F' @ F + λ*eye(n)) @ F' @ y | y | inv(F' @ F + λ*eye(n)) @ F'
    inv(F' @ C @ F) @ F' @ C @ y | y | inv(F' @ C @ F) @ F' @ C
    ln(det(S)) + w' @ inv(S) @ w | S | inv(S)' - inv(S)' @ w @ w' @ inv(S)'
    S: symmetric(n) | ln(det(S)) + w' @ inv(S) @ w | S | inv(S) - inv(S) @ w @ w' @ inv(S)
    S: symmetric(n) | ln(det(S))/2 + trace(inv(S) @ A)/2 | S | inv(S)/2 - inv(S) @ A' @ inv(S)/2
    trace(inv(S) @ A) + ln(det(S)) | S | inv(S)' - (inv(S) @ A @ inv(S))'
    (w - μ)' @ inv(S) @ (w - μ) | w | (w - μ)' @ (inv(S) + inv(S)')
    (w - μ)' @ inv(S) @ (w - μ) | μ | (μ - w)' @ (inv(S) + inv(S)')
    (w - μ)' @ inv(S) @ (w - μ) | S | -inv(S)' @ (w - μ) @ (w - μ)' @ inv(S)'
    S: symmetric(n) | (w - μ)' @ inv(S) @ (w - μ) | w | 2*(w - μ)' @ inv(S)
    S: symmetric(n) | -1/2*(w - μ)' @ inv(S) @ (w - μ) | μ | (w - μ)' @ inv(S)
    w' @ inv(A) @ w | w | w' @ (inv(A) + inv(A)')
    w' @ u | w | u'
    u' @ w | w | u'
    p' @ F @ u | F | p @ u'
    u' @ F' @ p | F | p @ u'
    u' @ X @ u | X | u @ u'
    u' @ F' @ F @ v | F | F @ (u @ v' + v @ u')
    u' @ F' @ F @ u | F | 2*F @ u @ u'
    (F @ w + p)' @ C @ (H @ w + q) | w | (F @ w + p)' @ C @ H + (H @ w + q)' @ C' @ F
    u' @ F' @ C @ F @ v | F | C' @ F @ u @ v' + C @ F @ v @ u'
    (F @ u + p)' @ C @ (F @ u + p) | F | (C + C') @ (F @ u + p) @ u'
    C: symmetric(m) | (F @ u + p)' @ C @ (F @ u + p) | F | 2*C @ (F @ u + p) @ u'
    w' @ A @ w | w | w' @ (A + A')
    A: symmetric(n) | w' @ A @ w | w | 2*w' @ A
    A: symmetric(n) | w' @ A @ w | A | w @ w'
    w' @ A @ w + u' @ w | w | w' @ (A + A') + u'
    A: symmetric(n) | 1/2*w' @ A @ w - u' @ w | w | w' @ A - u'
    (p - F @ w)' @ C @ (p - F @ w) | w | (F @ w - p)' @ (C + C') @ F
    C: symmetric(m) | (p - F @ w)' @ C @ (p - F @ w) | w | -2*(p - F @ w)' @ C @ F
    C: symmetric(m) | (p - F @ w)' @ C @ (p - F @ w) | p | 2*(p - F @ w)' @ C
    C: symmetric(m) | (p - F @ w)' @ C @ (p - F @ w) | F | -2*C @ (p - F @ w) @ w'
    (w - μ)' @ A @ (w - μ) | w | (w - μ)' @ (A + A')
    A: symmetric(n) | (w - μ)' @ A @ (w - μ) | μ | -2*(w - μ)' @ A
    (w - μ)' @ A @ (w - μ) | A | (w - μ) @ (w - μ)'
    (F @ w - y)' @ (F @ w - y) | w | 2*(F @ w - y)' @ F
    (F @ w - y)' @ (F @ w - y) | F | 2*(F @ w - y) @ w'
    (F @ w - y)' @ C @ (F @ w - y) | w | (F @ w - y)' @ (C + C') @ F
    1/2*norm(F @ w - y)^2 | w | (F @ w - y)' @ F
    1/2*norm(F @ w - y)^2 | F | (F @ w - y) @ w'
    norm(F @ w - y)^2 + λ*w' @ w | w | 2*(F @ w - y)' @ F + 2*λ*w'
    w' @ F' @ F @ w - 2*y' @ F @ w + y' @ y | w | 2*w' @ F' @ F - 2*y' @ F
    F @ w | w | F
    w' @ F' | w | F
    trace(X) | X | eye(n)
    sum(diag(X)) | X | eye(n)
    trace(X') | X | eye(n)
    trace(F @ G) | F | G'
    trace(G @ F) | F | G'
    trace(G @ F) | G | F'
    trace(Q @ F @ K) | F | Q' @ K'
    trace(U' @ F @ K) | F | U @ K'
    trace(L @ F' @ U) | F | U @ L
    trace(F' @ H) | F | H
    trace(H @ F') | F | H
    trace(a*X) | X | a*eye(n)
    trace(a*X) | a | trace(X)
    trace(A)*trace(X) | X | trace(A)*eye(n)
    trace(X)^2 | X | 2*trace(X)*eye(n)
    trace(X @ X) | X | 2*X'
    trace(X @ X @ X) | X | 3*X' @ X'
    trace(X @ X @ X @ X) | X | 4*X' @ X' @ X'
    sum(diag(X @ X @ X @ X)) | X | 4*X' @ X' @ X'
    trace(X @ X @ B) | X | (X @ B + B @ X)'
    trace(A @ X @ X) | X | (A @ X + X @ A)'
    trace(A @ X @ X @ X) | X | (X @ X @ A + X @ A @ X + A @ X @ X)'
    trace(F' @ C @ F) | F | (C + C') @ F
    trace(C @ F @ F') | F | (C + C') @ F
    trace(F @ F' @ C) | F | (C + C') @ F
    C: symmetric(m) | trace(F' @ C @ F) | F | 2*C @ F
    trace(F @ B @ F') | F | F @ (B + B')
    trace(B @ F' @ F) | F | F @ (B + B')
    trace(F' @ F @ B) | F | F @ (B + B')
    trace(G @ F @ G @ F) | F | 2*G' @ F' @ G'
    trace(A @ X @ B @ X) | X | A' @ X' @ B' + B' @ X' @ A'
    trace(F' @ F) | F | 2*F
    trace(F @ F') | F | 2*F
    trace(K' @ F' @ C @ F @ K) | F | C @ F @ K @ K' + C' @ F @ K @ K'
    trace(F' @ C @ F @ B) | F | C @ F @ B + C' @ F @ B'
    C: symmetric(m); B: symmetric(n) | trace(F' @ C @ F @ B) | F | 2*C @ F @ B
    trace(C @ F @ B @ F') | F | C @ F @ B + C' @ F @ B'
    trace(C @ F @ B @ F') | C | F @ B' @ F'
    trace(C @ F @ B @ F') | B | F' @ C' @ F
    trace((U' @ F @ K + L @ K) @ (U' @ F @ K + L @ K)') | F | 2*U @ (U' @ F @ K + L @ K) @ K'
    trace(X @ X' @ X @ X') | X | 4*X @ X' @ X
    trace(K' @ F' @ C @ F @ F' @ C @ F @ K) | F | C @ F @ F' @ C @ F @ K @ K' + C' @ F @ K @ K' @ F' @ C' @ F + C @ F @ K @ K' @ F' @ C @ F + C' @ F @ F' @ C' @ F @ K @ K'
    C: symmetric(m); A: symmetric(n) | trace(inv(F' @ C @ F) @ A) | F | -2*C @ F @ inv(F' @ C @ F) @ A @ inv(F' @ C @ F)
    C: symmetric(m) | trace(inv(F' @ C @ F) @ A) | F | -C @ F @ inv(F' @ C @ F) @ (A + A') @ inv(F' @ C @ F)
    C: symmetric(m); W: symmetric(m) | trace(inv(F' @ C @ F) @ (F' @ W @ F)) | F | -2*C @ F @ inv(F' @ C @ F) @ F' @ W @ F @ inv(F' @ C @ F) + 2*W @ F @ inv(F' @ C @ F)
    C: symmetric(m); W: symmetric(m) | trace(inv(A + F' @ C @ F) @ (F' @ W @ F)) | F | -C @ F @ inv(A + F' @ C @ F) @ F' @ W @ F @ inv(A + F' @ C @ F) - C @ F @ inv(A + F' @ C @ F)' @ F' @ W @ F @ inv(A + F' @ C @ F)' + W @ F @ inv(A + F' @ C @ F) + W @ F @ inv(A + F' @ C @ F)'
    norm(F) | F | F/norm(F)
    norm(F)^2 | F | 2*F
    norm(F - H)^2 | F | 2*(F - H)
    norm(U' @ F - L)^2 | F | 2*U @ (U' @ F - L)
    norm(F - U @ V')^2 | U | 2*(U @ V' - F) @ V
    norm(F - U @ V')^2 | V | 2*(U @ V' - F)' @ U
    norm(F @ V - Y)^2 | V | 2*F' @ (F @ V - Y)
    norm(F @ V - Y)^2 + λ*norm(V)^2 | V | 2*F' @ (F @ V - Y) + 2*λ*V
    trace((F @ V - Y)' @ C @ (F @ V - Y)) | V | F' @ (C + C') @ (F @ V - Y)
    trace((F @ V - Y) @ (F @ V - Y)') | V | 2*F' @ (F @ V - Y)
    trace((A - X) @ (A - X)') | X | 2*(X - A)
    w' @ A @ w/(w' @ w) | w | (w' @ (A + A'))/(w' @ w) - 2*(w' @ A @ w)/(w' @ w)^2*w'
    ln(w' @ A @ w) | w | w' @ (A + A')/(w' @ A @ w)
    A: symmetric(n) | sqrt(w' @ A @ w) | w | w' @ A/sqrt(w' @ A @ w)
    exp(-w' @ A @ w/2) | w | -exp(-(w' @ A @ w)/2)/2*w' @ (A + A')
    trace(A @ w @ w') | w | w' @ (A + A')
    trace(w @ w') | w | 2*w'
    trace(A @ diag(w)) | w | diag(A)'
    diag(A @ diag(w)) | w | diag(diag(A))
    w' @ inv(diag(u)) @ w | u | -(w^2/u^2)'
    A: diagonal(n) | w' @ A @ w | w | 2*w' @ A
    A: diagonal(n) | A @ w | w | A
    A: diagonal(n) | w' @ inv(A) @ w | w | 2*w' @ inv(A)
    A: triangular(n) | x*trace(inv(A)) | x | sum(1/diag(A))
    S: symmetric(n) | ln(det(S)) | S | inv(S)
    S: symmetric(n) | trace(S @ B) | S | B'
    S: symmetric(n) | trace(B @ S @ B') | B | 2*B @ S
    S: symmetric(n) | S @ w | w | S
    S: symmetric(n) | w' @ inv(S) @ w | w | 2*w' @ inv(S)
    S: symmetric(n) | w' @ S @ S @ w | w | 2*w' @ S @ S
    Y: one_hot(m, k); U: matrix(m, k) | -sum(Y*ln(softmax(U))) | U | softmax(U) - Y
    u: one_hot(n) | -sum(u*ln(softmax(w))) | w | (softmax(w) - u)'
    Y: one_hot(m, k) | -sum(Y*ln(softmax(F @ V))) | V | F' @ (softmax(F @ V) - Y)
    """
}

extension Substring {
  fileprivate var trimmed: String {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
