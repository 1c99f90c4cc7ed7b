import Calculus

/// Writes an entry of a formula as a formula of a spreadsheet.
///
/// Arrays are written entry by entry, so that every cell shows where its number comes from.
struct SheetFormula {
  /// Why there is no such formula: what has no form, or one that is too long for a cell.
  struct Unwritable: Error {}

  /// How tightly what has been written binds.
  private enum Binding: Int, Comparable {
    case comparison, sum, product, power, atom

    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  private typealias Written = (text: String, binding: Binding)

  /// How many parts may still be written for a cell: nested products have more than a cell can hold.
  private final class Budget { var left = 0 }

  /// The cell of an entry of a symbol, counted from 0.
  let cell: (Symbol, [Int]) -> String?
  /// What the names of sizes stand for.
  let sizes: [String: Int]
  private let budget = Budget()

  init(cell: @escaping (Symbol, [Int]) -> String?, sizes: [String: Int]) {
    self.cell = cell
    self.sizes = sizes
  }

  /// The functions that a spreadsheet has under a name.
  private static let functions: [ElementFunction: String] = [
    .exp: "EXP", .ln: "LN", .log10: "LOG10", .sqrt: "SQRT", .abs: "ABS", .sin: "SIN", .cos: "COS",
    .tan: "TAN", .asin: "ASIN", .acos: "ACOS", .atan: "ATAN", .sinh: "SINH", .cosh: "COSH",
    .tanh: "TANH", .sign: "SIGN", .floor: "INT", .erf: "ERF",
  ]

  private static let u = Expression.symbol("u")
  private static let writtenOut: [ElementFunction: Expression] = [
    .ceil: -.function(.floor, -u),
    .round: .function(.sign, u) * .function(.floor, .function(.abs, u) + 1 / 2),
    .log2: .function(.ln, u) / .function(.ln, 2),
    .softplus: .function(.relu, u) + .function(.ln, 1 + .function(.exp, -.function(.abs, u))),
  ]

  /// The longest formula of a cell. Source: Excel's specifications and limits.
  private static let longest = 8_000

  /// An entry of a formula, its indices counted from 0; no index of a number.
  func text(_ formula: Expression, at place: ArraySlice<Int>) throws(Unwritable) -> String {
    budget.left = Self.longest
    let text = try write(formula, Array(place), [:]).text
    guard text.utf8.count <= Self.longest else { throw Unwritable() }
    return text
  }

  // MARK: - Sizes

  private func size(_ dimension: Dimension) throws(Unwritable) -> Int {
    let known = dimension.mapped { part in
      if case .name(let name) = part, let count = sizes[name] { return .number(count) }
      return part
    }
    guard case .number(let count) = known, count >= 0 else { throw Unwritable() }
    return count
  }

  private func extents(_ formula: Expression) throws(Unwritable) -> [Int] {
    var extents: [Int] = []
    for dimension in formula.shape.dimensions { extents.append(try size(dimension)) }
    return extents
  }

  /// The place in an operand that belongs to a place in the whole: as broadcasting has it.
  private func place(in operand: Expression, for whole: [Int]) throws(Unwritable) -> [Int] {
    let extents = try extents(operand)
    guard extents.count <= whole.count else { throw Unwritable() }
    return zip(extents, whole.suffix(extents.count)).map { $0 == 1 ? 0 : $1 }
  }

  /// All places of an array, row by row.
  private func places(_ extents: [Int]) -> [[Int]] {
    extents.reduce([[]]) { places, size in
      places.flatMap { place in (0..<size).map { place + [$0] } }
    }
  }

  // MARK: - Entries

  private func operand(
    _ formula: Expression, _ place: [Int], _ bound: [String: Int], _ least: Binding
  ) throws(Unwritable) -> String {
    let (text, binding) = try write(formula, place, bound)
    return binding >= least ? text : "(\(text))"
  }

  private func call(_ name: String, _ arguments: [String]) throws(Unwritable) -> Written {
    let text = "\(name)(\(arguments.joined(separator: ",")))"
    guard text.utf8.count <= Self.longest, arguments.count <= 255 else { throw Unwritable() }
    return (text, .atom)
  }

  private func numeral(_ number: Number) -> Written {
    switch number {
    case .fraction(let p, 1): ("\(p)", p < 0 ? .sum : .atom)
    case .fraction(let p, let q): ("\(p)/\(q)", p < 0 ? .sum : .product)
    case .real(let value): ("\(value)", number.isNegative ? .sum : .atom)
    }
  }

  private func write(_ formula: Expression, _ place: [Int], _ bound: [String: Int])
    throws(Unwritable) -> Written
  {
    budget.left -= 1
    guard budget.left >= 0 else { throw Unwritable() }
    func part(_ operand: Expression, _ least: Binding) throws(Unwritable) -> String {
      try self.operand(operand, try self.place(in: operand, for: place), bound, least)
    }
    switch formula.node {
    case .number(let number):
      guard number.value.isFinite else { throw Unwritable() }
      return numeral(number)
    case .constant(let constant): return (constant == .pi ? "PI()" : "EXP(1)", .atom)
    case .symbol(let symbol):
      guard let cell = cell(symbol, place) else { throw Unwritable() }
      return (cell, .atom)
    case .size(let dimension): return ("\(try size(dimension))", .atom)
    case .index(let name):
      guard let value = bound[name] else { throw Unwritable() }
      return ("\(value)", .atom)
    case .add(let parts):
      var text = ""
      for term in parts {
        // What begins with a minus takes its own sign along.
        let next = try part(term, text.isEmpty ? .sum : .sum)
        text += text.isEmpty || next.hasPrefix("-") ? next : "+\(next)"
      }
      return (text, .sum)
    case .multiply(let parts):
      if parts.count == 2, parts[0].number == .minusOne {
        // A minus binds more tightly than a power here.
        return ("-" + (try part(parts[1], .atom)), .sum)
      }
      var factors: [String] = []
      for factor in parts { factors.append(try part(factor, factors.isEmpty ? .product : .power)) }
      return (factors.joined(separator: "*"), .product)
    case .divide(let a, let b): return ("\(try part(a, .product))/\(try part(b, .power))", .product)
    case .power(let a, let b): return ("\(try part(a, .atom))^\(try part(b, .atom))", .power)
    case .function(let function, let a): return try apply(function, a, place, bound)
    case .extremum(let kind, let a, let b):
      return try call(kind == .max ? "MAX" : "MIN", [part(a, .comparison), part(b, .comparison)])
    case .compare(let comparison, let a, let b):
      let sign = comparison == .equal ? "=" : comparison == .notEqual ? "<>" : comparison.rawValue
      return try call("IF", ["\(part(a, .sum))\(sign)\(part(b, .sum))", "1", "0"])
    case .choose(let test, let a, let b):
      return try call("IF", [part(test, .comparison), part(a, .comparison), part(b, .comparison)])
    case .named(_, let a), .steps(_, let a): return try write(a, place, bound)
    default: return try writeArray(formula, place, bound)
    }
  }

  private func apply(
    _ function: ElementFunction, _ a: Expression, _ place: [Int], _ bound: [String: Int]
  ) throws(Unwritable) -> Written {
    if let name = Self.functions[function] {
      return try call(name, [operand(a, place, bound, .comparison)])
    }
    // The argument may stand several times in what is written out; it is a cell, or short.
    let other: Expression?
    do throws(CalculusError) {
      let formula = Self.writtenOut[function] ?? function.formula
      other = try formula?.mapped([Symbol("u"): a])
    } catch { throw Unwritable() }
    guard let other else { throw Unwritable() }
    return try write(other, place, bound)
  }

  /// What is made of an array's entries, and what moves them.
  private func writeArray(_ formula: Expression, _ place: [Int], _ bound: [String: Int])
    throws(Unwritable) -> Written
  {
    switch formula.node {
    case .product(let a, let b): return try product(a, b, place, bound)
    case .transpose(let a):
      // A vector's transpose is a row.
      return try write(a, a.shape.dimensions.count == 1 ? [place[1]] : place.reversed(), bound)
    case .reduce(let kind, let a, let axis): return try reduce(kind, a, axis, place, bound)
    case .softmax(let a):
      let row = Array(place.dropLast())
      var powers: [String] = []
      for index in 0..<(try extents(a).last ?? 0) {
        powers.append("EXP(\(try operand(a, row + [index], bound, .comparison)))")
      }
      let own = try operand(a, place, bound, .comparison)
      return ("EXP(\(own))/\(try call("SUM", powers).text)", .product)
    case .diagonal(let a):
      guard a.shape.dimensions.count == 1 else { return try write(a, [place[0], place[0]], bound) }
      return place[0] == place[1] ? try write(a, [place[0]], bound) : ("0", .atom)
    case .identity: return (place[0] == place[1] ? "1" : "0", .atom)
    case .fill(let number, _): return numeral(number)
    case .list(let parts):
      guard let first = place.first, first < parts.count else { throw Unwritable() }
      return try write(parts[first], Array(place.dropFirst()), bound)
    case .entry(let a, let indices): return try entry(a, indices, place, bound)
    case .indexSum(let name, let from, let to, let body):
      var terms: [String] = []
      for value in stride(from: from, through: try size(to), by: 1) {
        terms.append(try operand(body, [], bound.merging([name: value]) { $1 }, .comparison))
      }
      return try call("SUM", terms.isEmpty ? ["0"] : terms)
    case .array(let name, _, let body):
      guard let first = place.first else { throw Unwritable() }
      return try write(body, Array(place.dropFirst()), bound.merging([name: first + 1]) { $1 })
    default: throw Unwritable()
    }
  }

  private func product(_ a: Expression, _ b: Expression, _ place: [Int], _ bound: [String: Int])
    throws(Unwritable) -> Written
  {
    let (left, right) = (try extents(a), try extents(b))
    guard let inner = left.last, !right.isEmpty else { throw Unwritable() }
    var terms: [String] = []
    // A vector before a row makes the outer product.
    if left.count == 1, right.count == 2, right[0] == 1, left[0] != 1 {
      return (
        "\(try operand(a, [place[0]], bound, .product))*\(try operand(b, [0, place[1]], bound, .power))",
        .product
      )
    }
    for index in 0..<inner {
      let row = left.count == 2 ? [place.first ?? 0, index] : [index]
      let column = right.count == 2 ? [index, place.last ?? 0] : [index]
      terms.append(
        "\(try operand(a, row, bound, .product))*\(try operand(b, column, bound, .power))")
      guard terms.count <= Self.longest / 4 else { throw Unwritable() }
    }
    return terms.count == 1 ? (terms[0], .product) : (terms.joined(separator: "+"), .sum)
  }

  private func reduce(
    _ kind: ExpressionReduction, _ a: Expression, _ axis: Int?, _ place: [Int],
    _ bound: [String: Int]
  ) throws(Unwritable) -> Written {
    let extents = try extents(a)
    let all: [[Int]] =
      switch axis {
      case 1: (0..<extents[0]).map { [$0, place[0]] }
      case 2: (0..<extents[1]).map { [place[0], $0] }
      default: places(extents)
      }
    guard all.count <= 255 else { throw Unwritable() }
    var entries: [String] = []
    for place in all { entries.append(try operand(a, place, bound, .comparison)) }
    switch kind {
    case .sum: return try call("SUM", entries)
    case .mean: return try call("AVERAGE", entries)
    case .max: return try call("MAX", entries)
    case .min: return try call("MIN", entries)
    case .prod: return try call("PRODUCT", entries)
    case .norm: return ("SQRT(\(try call("SUMSQ", entries).text))", .atom)
    case .variance: return try call("VARP", entries)
    case .deviation: return try call("STDEVP", entries)
    }
  }

  private func entry(
    _ a: Expression, _ indices: [EntryIndex], _ place: [Int], _ bound: [String: Int]
  ) throws(Unwritable) -> Written {
    var rest = place[...]
    var inner: [Int] = []
    for index in indices {
      switch index {
      case .all:
        guard let next = rest.popFirst() else { throw Unwritable() }
        inner.append(next)
      case .range(let first, _):
        guard let next = rest.popFirst() else { throw Unwritable() }
        inner.append(try size(first) - 1 + next)
      case .value(let value):
        if case .index(let name) = value.node, let number = bound[name] {
          inner.append(number - 1)
        } else if let number = value.number, let whole = Int(exactly: number.value) {
          inner.append(whole - 1)
        } else {
          throw Unwritable()
        }
      }
    }
    guard zip(try extents(a), inner).allSatisfy({ $1 >= 0 && $1 < $0 }) else { throw Unwritable() }
    return try write(a, inner, bound)
  }
}
