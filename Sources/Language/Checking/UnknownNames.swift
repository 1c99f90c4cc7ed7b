import Syntax

/// What is said of names that nobody knows: the nearest one, or what the habit of another language is called here.
extension Interpreter {
  /// The NameError for an unknown name: the nearest known one, and help for habits from other languages.
  package func unknownName(
    _ name: String, _ span: SourceSpan, _ scope: Scope, isCall: Bool = false,
    also: Set<String> = []
  ) -> Diagnostic {
    if let quotient = derivativeMeant(by: name, span) {
      return Diagnostic(
        .name, "there is no \(name)", at: quotient.span, label: "a derivative is written with ∂",
        help: "write \(quotient.text)")
    }
    let shown = isCall ? "\(name)(…)" : name
    if let help = habit(name, span) ?? dataset(name) ?? pictureMeant(of: name, span)
      ?? wordOfNetworks(name, isCall)
    {
      return Diagnostic(.name, "there is no \(shown)", at: span, label: "unknown name", help: help)
    }
    let candidates =
      scope.names + memory.names.sorted() + also.sorted() + vocabulary.names
      + Constants.all.map(\.name)
    let nearest = Self.otherNames[name] ?? Spelling.nearest(to: name, in: candidates)
    return Diagnostic(
      .name, "there is no \(isCall ? "function " : "")\(name)", at: span,
      label: Spelling.question(nearest, otherwise: "unknown name"),
      help: nearest == nil
        ? (isCall
          ? "define it with \(name)(\(name == "x" ? "t" : "x")) = …"
          : "give it a value with \(name) = …")
        : nil)
  }

  /// `df/dx`, `d/dx f`, `d(…)/dx`: the quotient that a name is a part of, and how it is written here.
  private func derivativeMeant(by name: String, _ span: SourceSpan) -> (
    span: SourceSpan, text: String
  )? {
    guard name.hasPrefix("d") else { return nil }
    let line = source.span(ofLine: source.line(at: span.start))
    guard line.start <= span.start, span.end <= line.end else { return nil }
    let (before, after) = (
      source[SourceSpan(line.start, span.start)], source[SourceSpan(span.end, line.end)]
    )
    func variable(_ text: Substring) -> Substring? {
      let text = text.drop { $0 == " " }
      guard text.first == "/" else { return nil }
      let below = text.dropFirst().drop { $0 == " " }
      guard below.first == "d" else { return nil }
      let name = below.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      // A variable's name is short: `data/days` is no derivative.
      return (1...3).contains(name.count) ? name : nil
    }
    func through(_ text: Substring, _ variable: Substring) -> SourceSpan {
      let end = variable.endIndex
      return SourceSpan(span.start, span.end + after[..<end].utf8.count)
    }
    if name == "d", after.hasPrefix("("), let close = Self.closing(after) {
      // d(x^2)/dx
      guard let variable = variable(after[after.index(after: close)...]) else { return nil }
      return (through(after[...], variable), "∂\(after[...close])/∂\(variable)")
    }
    if let variable = variable(after[...]) {
      // df/dx, or d/dx in front of something
      let whole = through(after[...], variable)
      guard name == "d" else { return (whole, "∂\(name.dropFirst())/∂\(variable)") }
      guard let differentiated = argument(behind: whole) else {
        return (whole, "∂(…)/∂\(variable)")
      }
      let end = whole.end + differentiated.utf8.count + 2
      return (SourceSpan(whole.start, end), "∂(\(differentiated))/∂\(variable)")
    }
    // dx of df/dx, where df is known or reported already
    let above = before.reversed().drop { $0 == " " }
    guard above.first == "/", name.count > 1 else { return nil }
    let numerator = String(
      above.dropFirst().drop { $0 == " " }.prefix { $0.isLetter || $0.isNumber }.reversed())
    guard numerator.hasPrefix("d") else { return nil }
    let start =
      before.utf8.count - before.reversed().prefix { $0 == " " || $0 == "/" }.count
      - numerator.utf8.count
    return (
      SourceSpan(line.start + max(start, 0), span.end),
      "∂\(numerator.count > 1 ? String(numerator.dropFirst()) : "(…)")/∂\(name.dropFirst())"
    )
  }

  /// The place of the parenthesis that closes the first one of a text.
  private static func closing(_ text: String) -> String.Index? {
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "(", "[": depth += 1
      case ")", "]":
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
    }
    return nil
  }

  /// What stands in the parentheses behind a name; nil where it is not called.
  private func argument(behind span: SourceSpan) -> String? {
    let rest = source[SourceSpan(span.end, source.span(ofLine: source.line(at: span.start)).end)]
    guard rest.hasPrefix("("), let close = Self.closing(rest) else { return nil }
    return String(rest[rest.index(after: rest.startIndex)..<close])
  }

  private func habit(_ name: String, _ span: SourceSpan) -> String? {
    if name == "range", let count = argument(behind: span), Int(count) != nil {
      return "1:\(count) is the range from 1 to \(count), both included"
    }
    return Self.habits[name]
  }

  /// `split(iris)`: a word that one of the functions takes.
  /// A loss of networks, called as a function.
  private func wordOfNetworks(_ name: String, _ isCall: Bool) -> String? {
    guard isCall,
      vocabulary.catalog.layerWords.contains(where: { $0.name == name && $0.type == "loss" })
    else { return nil }
    return "it is a loss of networks: `loss \(name)` in the block, then loss(net, X, y)"
  }

  private func dataset(_ name: String) -> String? {
    for builtIn in vocabulary.builtIns {
      for parameter in builtIn.positional where parameter.isRequired {
        if case .word(let words) = parameter.kind, words.contains(name) {
          return "\(builtIn.name)(\(name)) is meant by this word"
        }
      }
    }
    return nil
  }

  /// `plot(sin(x))`: a picture is of a function, not of its value.
  private func pictureMeant(of name: String, _ span: SourceSpan) -> String? {
    let line = source.span(ofLine: source.line(at: span.start))
    guard line.start <= span.start else { return nil }
    let before = source[SourceSpan(line.start, span.start)]
    for picture in vocabulary.builtIns
    where picture.group == .picture && picture.furtherNames != .controls {
      guard let call = before.ranges(of: picture.name + "(").last else { continue }
      let start = line.start + before[..<call.lowerBound].utf8.count + picture.name.utf8.count
      guard let inside = argument(behind: SourceSpan(start, start)) else { return nil }
      let drawn = inside.split(separator: ",").first.map(String.init) ?? inside
      if drawn.hasSuffix("(\(name))"), drawn.dropLast(name.count + 2).allSatisfy(\.isLetter) {
        return
          "\(picture.name)(\(drawn.dropLast(name.count + 2))) draws the function, without \(name)"
      }
      return "\(picture.name) draws functions: f(\(name)) = \(drawn), then \(picture.name)(f)"
    }
    return nil
  }

  /// Other names of what there is here.
  static let otherNames = [
    "sigma": "sigmoid", "diff": "derivative", "grad": "gradient", "Relu": "relu", "ReLU": "relu",
    "nabla": "gradient", "average": "mean", "inverse": "inv", "determinant": "det",
    "concatenate": "concat", "vec": "flatten", "ravel": "flatten", "inner": "dot", "sgn": "sign",
    "product": "prod", "lstsq": "pinv", "rem": "mod", "numel": "shape",
    "ndim": "shape", "ceiling": "ceil",
  ]

  /// Names that people bring from Python, NumPy, MATLAB and other languages.
  private static let habits: [String: String] = [
    "len": "shape(v) gives the sizes",
    "length": "shape(v) gives the sizes",
    "size": "shape(A) gives the sizes",
    "np": "functions need no prefix: exp(x), sum(x)",
    "numpy": "functions need no prefix: exp(x), sum(x)",
    "math": "functions need no prefix: exp(x), sin(x)",
    "torch": "functions need no prefix; a network block defines the layers",
    "nn": "a network block defines the layers",
    "plt": "plot(f, from = -4, to = 4) draws a function",
    "range": "1:5 is the range from 1 to 5, both included",
    "array": "write [1, 2, 3]",
    "list": "write [1, 2, 3]",
    "power": "write x^2",
    "pow": "write x^2",
    "square": "write x^2",
    "cbrt": "write x^(1/3)",
    "factorial": "write prod(1:n)",
    "clip": "min(max(x, a), b) keeps x between a and b",
    "zeros_like": "write 0*x",
    "ones_like": "write 1 + 0*x",
    "argsort": "sort(v) gives the numbers in order",
    "sec": "write 1/cos(x)",
    "csc": "write 1/sin(x)",
    "cot": "write 1/tan(x)",
    "arange": "1:5 is the range from 1 to 5, both included",
    "end": "v[2:4] takes a part; shape(v) says how long v is",
    "matmul": "A @ B is the matrix product",
    "multiply": "a ⊙ b multiplies element by element",
    "True": "write true",
    "False": "write false",
    "None": "leave the argument out",
    "float": "numbers need no conversion",
    "int": "round(x) gives a whole number",
    "lambda": "write f(x) = …",
    "cov": "with columns less their means, C' @ C/m",
    "corr": "standardize the columns, then Z' @ Z/m",
    "eig": "there are no eigenvalues here",
    "svd": "there is no decomposition of that kind here",
    "argmin": "argmax(-v) is the index of the smallest entry",
    "isnan": "x != x holds for nan only",
    "append": "concat(v, 3) adds an entry, vstack(A, v) a row",
    "println": "write print(x)",
    "printf": "write print(x)",
    "integrate": "there are no integrals here",
    "integral": "there are no integrals here",
    "limit": "there are no limits here; plot(f) shows where a function goes",
    "minimize": "w = w - η*(∂f/∂w)(w), repeated by for, goes downhill",
  ]
}
