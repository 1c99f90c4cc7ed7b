/// A size made of others: a sum of products of names, with whole numbers.
package struct SizeSum: Hashable, Sendable {
  /// The number in front of each product; the empty product is 1. Factors are sorted, no number is 0.
  fileprivate let terms: [[Dimension]: Int]

  /// The products with their numbers: higher degrees first, then by name.
  var sorted: [(factors: [Dimension], number: Int)] {
    terms.map { ($0.key, $0.value) }.sorted { a, b in
      a.0.count != b.0.count
        ? a.0.count > b.0.count
        : a.0.map(\.key).lexicographicallyPrecedes(b.0.map(\.key))
    }
  }

  func text(_ name: (Dimension) -> String = { $0.description }) -> String {
    var text = ""
    for (factors, number) in sorted {
      let size = number.magnitude
      let product = (size == 1 && !factors.isEmpty ? [] : ["\(size)"]) + factors.map(name)
      if text.isEmpty { text = number < 0 ? "-" : "" } else { text += number < 0 ? " - " : " + " }
      text += product.joined(separator: "*")
    }
    return text
  }
}

/// Sizes as numbers are: n + 1 of `concat(1, x)`, m·n of `flatten(X)`.
extension Dimension {
  private var terms: [[Dimension]: Int] {
    switch self {
    case .number(0): [:]
    case .number(let size): [[]: size]
    case .single: [[]: 1]
    case .name, .unknown: [[self]: 1]
    case .made(let sum): sum.terms
    }
  }

  private init(_ terms: [[Dimension]: Int]) {
    let terms = terms.filter { $0.value != 0 }
    if terms.isEmpty {
      self = .number(0)
    } else if terms.count == 1, let (factors, number) = terms.first, factors.isEmpty {
      self = .number(number)
    } else if terms.count == 1, let (factors, number) = terms.first, factors.count == 1, number == 1
    {
      self = factors[0]
    } else {
      self = .made(SizeSum(terms: terms))
    }
  }

  package static func + (a: Dimension, b: Dimension) -> Dimension {
    Dimension(a.terms.merging(b.terms) { $0.addingReportingOverflow($1).partialValue })
  }
  package static func - (a: Dimension, b: Dimension) -> Dimension { a + .number(-1) * b }
  package static func * (a: Dimension, b: Dimension) -> Dimension {
    var product: [[Dimension]: Int] = [:]
    for (p, x) in a.terms {
      for (q, y) in b.terms {
        let factors = (p + q).sorted { $0.key < $1.key }
        let number = x.multipliedReportingOverflow(by: y).partialValue
        product[factors] = (product[factors] ?? 0).addingReportingOverflow(number).partialValue
      }
    }
    return Dimension(product)
  }

  /// The names and unknown sizes that it is made of.
  package var atoms: Set<Dimension> { Set(terms.keys.joined()) }

  /// The same of other names.
  package func mapped(_ change: (Dimension) -> Dimension) -> Dimension {
    guard case .made(let sum) = self else { return change(self) }
    var result = Dimension.number(0)
    for (factors, number) in sum.terms {
      result = result + factors.reduce(.number(number)) { $0 * change($1) }
    }
    return result
  }

  /// The name or unknown size that two equal sizes determine, with what it is then: n = 2 where n + 1 is 3.
  static func solved(_ a: Dimension, _ b: Dimension) -> (atom: Dimension, size: Dimension)? {
    let difference = (a - b).terms
    for atom in a.atoms.union(b.atoms).sorted(by: { $0.isUnknown && !$1.isUnknown }) {
      guard let number = difference[[atom]], number.magnitude > 0,
        !difference.keys.contains(where: { $0.contains(atom) && $0 != [atom] })
      else { continue }
      var rest = difference
      rest[[atom]] = nil
      guard rest.values.allSatisfy({ $0.isMultiple(of: number) }) else { continue }
      let size = Dimension(rest.mapValues { -$0 / number })
      if case .number(let count) = size, count < 0 { continue }
      // Names are equal by being the same; a name may be what is made of others.
      let isMade = if case .made = size { true } else { false }
      if atom.isUnknown || size.isNumber || isMade && (a == atom || b == atom) {
        return (atom, size)
      }
    }
    return nil
  }

  /// A name that no other size has.
  var key: String {
    switch self {
    case .unknown(let id): "?\(id)"
    case .made(let sum): sum.text { $0.key }
    default: description
    }
  }

  var text: String {
    if case .made(let sum) = self { sum.text() } else { description }
  }

  /// As a formula.
  var expression: Expression {
    guard case .made(let sum) = self else { return .size(self) }
    let parts = sum.sorted.map { factors, number -> Expression in
      let names = factors.map { Expression(.size($0), .scalar) }
      let all = (number == 1 && !names.isEmpty ? [] : [Expression.number(number)]) + names
      return all.count == 1 ? all[0] : Expression(.multiply(all), .scalar)
    }
    return parts.count == 1 ? parts[0] : Expression(.add(parts), .scalar)
  }

  /// What a formula of sizes and whole numbers is as a size; nil for any other.
  package init?(_ formula: Expression) {
    switch formula.node {
    case .size(let size): self = size
    case .number(let number):
      guard let whole = number.integer else { return nil }
      self = .number(whole)
    case .add(let parts):
      guard let sizes = parts.mapAll({ Dimension($0) }) else { return nil }
      self = sizes.reduce(.number(0), +)
    case .multiply(let parts):
      guard let sizes = parts.mapAll({ Dimension($0) }) else { return nil }
      self = sizes.reduce(.number(1), *)
    case .named(_, let inner): self.init(inner)
    default: return nil
    }
  }
}
