/// Formulas as a program in JavaScript that computes them: the sibling of `TextPrinter` and `LaTeXPrinter` for a page
/// that has no kernel.
///
/// Its numbers are those of `Evaluator`. What is shared is computed once, and what does not depend on an index stands
/// outside of its loop. `runtime` has to stand before the lines.
package struct JavaScriptPrinter {
  /// A body of lines: that of the program, or of what is computed for every value of an index.
  private struct Body {
    /// The index, by its name in the formula and in the program.
    var index: (name: String, text: String)?
    var lines: [String] = []
    var known: [Fingerprint: String] = [:]
  }

  /// The functions that the lines call.
  package static var runtime: String {
    compact(String(decoding: PackageResources.arrays_js, as: UTF8.self))
  }

  /// A script without what is for its readers only.
  package static func compact(_ script: String) -> String {
    script.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.hasPrefix("//") }
      .joined(separator: "\n")
  }

  /// Whether lines of a program need `runtime`.
  package static func needsRuntime(_ lines: String) -> Bool { lines.contains("A.") }

  private var bodies = [Body()]
  private var count = 0
  private var symbols: [String: String] = [:]
  private var sizes: [String: Int] = [:]

  package init() {}

  /// The program so far.
  package var lines: [String] { bodies[0].lines }

  /// Adds a line of one's own; the name that stands for its value.
  package mutating func line(_ text: String) -> String {
    count += 1
    let name = "t\(count)"
    bodies[bodies.count - 1].lines.append("const \(name)=\(text);")
    return name
  }

  /// Adds a formula whose symbols are given by names of the program; the name that stands for its value.
  ///
  /// Throws: `CalculusError.unsupported` for what has no form here; `.noValue` for a symbol or size that is not given.
  package mutating func print(
    _ formula: Expression, symbols: [String: String], sizes: [String: Int] = [:]
  ) throws(CalculusError) -> String {
    (self.symbols, self.sizes) = (symbols, sizes)
    bodies[0].known = [:]
    return try text(of: formula)
  }

  /// Adds a formula as a function of one of its symbols, a number; what does not depend on that is computed once.
  ///
  /// Throws: as `print`.
  package mutating func printFunction(
    _ formula: Expression, of variable: Symbol, symbols: [String: String],
    sizes: [String: Int] = [:]
  ) throws(CalculusError) -> String {
    (self.symbols, self.sizes) = (symbols, sizes)
    bodies[0].known = [:]
    let body = try formula.substituting([variable: .index(variable.name)])
    return line(try function(of: variable.name, body))
  }

  private mutating func text(of part: Expression) throws(CalculusError) -> String {
    switch part.node {
    case .number(let number): return number.value.script
    case .constant(let constant): return constant.value.script
    case .size(let dimension): return "\(try size(dimension))"
    case .symbol(let symbol):
      guard let name = symbols[symbol.name] else { throw .noValue(name: symbol.name) }
      return name
    case .index(let name):
      guard let index = bodies.last(where: { $0.index?.name == name })?.index else {
        throw .noValue(name: name)
      }
      return index.text
    case .named(_, let inner), .steps(_, let inner): return try text(of: inner)
    default: break
    }
    let place =
      bodies.lastIndex { $0.index.map { part.freeIndices.contains($0.name) } ?? true } ?? 0
    if let known = bodies[place].known[part.fingerprint] { return known }
    let value = try operation(part)
    count += 1
    let name = "t\(count)"
    bodies[place].lines.append("const \(name)=\(value);")
    bodies[place].known[part.fingerprint] = name
    return name
  }

  private mutating func texts(of parts: [Expression]) throws(CalculusError) -> [String] {
    var result: [String] = []
    for part in parts { result.append(try text(of: part)) }
    return result
  }

  private mutating func operation(_ part: Expression) throws(CalculusError) -> String {
    func call(_ name: String, _ arguments: String...) -> String {
      "A.\(name)(\(arguments.joined(separator: ",")))"
    }
    switch part.node {
    case .number, .constant, .size, .symbol, .index, .named, .steps: return try text(of: part)
    case .add(let parts): return try folded("add", parts)
    case .multiply(let parts): return try folded("multiply", parts)
    case .divide(let a, let b): return call("divide", try text(of: a), try text(of: b))
    case .power(let a, let b): return call("power", try text(of: a), try text(of: b))
    case .product(let a, let b):
      let isRow: Bool =
        switch (a.shape, b.shape) {
        case (.vector, .matrix(let rows, _)): !rows.isOne
        case (.vector, _): true
        default: false
        }
      return call(
        "product", try text(of: a), try text(of: b), "\(isRow)", "\(part.shape.dimensions.count)")
    case .transpose(let a): return call("transpose", try text(of: a))
    case .function(let function, let a):
      // The logarithm of shares, from what they are shares of: shares that vanish have one too.
      if function == .ln, case .softmax(let inner) = a.node {
        return call("logSoftmax", try text(of: inner))
      }
      if let script = function.script { return call("map", script, try text(of: a)) }
      guard let formula = try function.writtenOut(a) else {
        throw .unsupported("\(function.name) has no form in JavaScript")
      }
      return try text(of: formula)
    case .extremum(let kind, let a, let b):
      return call(kind.rawValue, try text(of: a), try text(of: b))
    case .reduce(let kind, let a, let axis):
      return call(
        "reduce", "\"\(kind.rawValue)\"", try text(of: a), axis.map { "\($0 - 1)" } ?? "null")
    case .softmax(let a): return call("softmax", try text(of: a))
    case .diagonal(let a): return call("diagonal", try text(of: a))
    case .matrixFunction(let function, let a):
      let names: [MatrixFunction: String] = [
        .determinant: "determinant", .inverse: "inverse", .trace: "trace",
      ]
      guard let name = names[function] else {
        throw .unsupported("\(function.rawValue) has no form in JavaScript")
      }
      return call(name, try text(of: a))
    case .identity(let size): return call("identity", "\(try self.size(size))")
    case .fill(let number, let shape):
      return call("fill", try sizes(shape), number.value.script)
    case .list(let parts): return call("list", "[\(try texts(of: parts).joined(separator: ","))]")
    case .compare(let comparison, let a, let b):
      return call(
        "both", "(x,y)=>x\(comparison.rawValue)y?1:0", try text(of: a), try text(of: b))
    case .choose(let c, let a, let b):
      return call(
        "choose", try text(of: c), try text(of: a), try text(of: b), try sizes(part.shape))
    case .entry(let a, let indices):
      var places: [String] = []
      for index in indices {
        switch index {
        case .all: places.append("null")
        case .range(let first, let last):
          places.append("[\(try size(first) - 1),\(try size(last) - 1)]")
        case .value(let value): places.append(try text(of: value))
        }
      }
      return call("entry", try text(of: a), "[\(places.joined(separator: ","))]")
    case .arranged(let kind, let parts): return try arranged(kind, parts, part.shape)
    case .position(let kind, let a):
      return call("position", "\(kind == .max)", try text(of: a))
    case .indexSum(let name, let from, let to, let body):
      return call("indexSum", "\(from)", "\(try size(to))", try function(of: name, body))
    case .array(let name, let size, let body):
      return call("array", "\(try self.size(size))", try function(of: name, body))
    case .call(let name, _, _): throw .noValue(name: name)
    }
  }

  private mutating func folded(_ name: String, _ parts: [Expression]) throws(CalculusError)
    -> String
  {
    let texts = try texts(of: parts)
    return texts.dropFirst().reduce(texts.first ?? "0") { "A.\(name)(\($0),\($1))" }
  }

  /// What is computed for every value of an index.
  private mutating func function(of index: String, _ body: Expression) throws(CalculusError)
    -> String
  {
    count += 1
    let text = "i\(count)"
    bodies.append(Body(index: (index, text)))
    let result = Result { () throws(CalculusError) in try self.text(of: body) }
    let lines = bodies.removeLast().lines
    return "\(text)=>{\(lines.joined())return \(try result.get())}"
  }

  private mutating func arranged(
    _ kind: Arrangement, _ parts: [Expression], _ shape: ExpressionShape
  ) throws(CalculusError) -> String {
    let texts = try texts(of: parts)
    let all = "[\(texts.joined(separator: ","))]"
    switch kind {
    case .concat, .vstack: return "A.stack(\(try sizes(shape)),\(all))"
    case .hstack: return "A.hstack(\(try sizes(shape)),\(all))"
    case .reshape: return "A.reshape(\(try sizes(shape)),\(texts[0]))"
    case .kron: return "A.kron(\(texts[0]),\(texts[1]),\(try sizes(shape)))"
    case .cross: return "A.cross(\(texts[0]),\(texts[1]))"
    case .windows(let windows):
      let places = try places(of: windows, over: parts[0].shape)
      return "A.gather(\(try sizes(shape)),\(places),\(texts[0]),\(windows.filling.script))"
    case .overlap(let windows, let whole):
      return "A.scatter(\(try sizes(shape)),\(try places(of: windows, over: whole)),\(texts[0]))"
    case .cumsum(let axis): return "A.cumsum(\(texts[0]),\(axis.map { "\($0 - 1)" } ?? "null"))"
    }
  }

  /// The places of an array that windows see, one by one; -1 outside.
  private func places(of windows: Windows, over shape: ExpressionShape) throws(CalculusError)
    -> String
  {
    let mostPlaces = 4_000
    var sizes: [Int] = []
    for dimension in shape.dimensions { sizes.append(try size(dimension)) }
    let places = windows.places(over: sizes)
    guard places.count <= mostPlaces else {
      throw .unsupported("windows over so much have no form in JavaScript")
    }
    return "[\(places.map(String.init).joined(separator: ","))]"
  }

  // MARK: - Sizes and numbers

  private func size(_ dimension: Dimension) throws(CalculusError) -> Int {
    switch dimension {
    case .number(let size): return size
    case .single: return 1
    case .name(let name):
      guard let size = sizes[name] else { throw .noValue(name: name) }
      return size
    case .unknown: throw .noValue(name: "a size")
    case .made:
      return Int(try dimension.expression.value(at: [:], sizes: sizes).storage[0])
    }
  }

  private func sizes(_ shape: ExpressionShape) throws(CalculusError) -> String {
    var texts: [String] = []
    for dimension in shape.dimensions { texts.append("\(try size(dimension))") }
    return "[\(texts.joined(separator: ","))]"
  }
}
