import Calculus
import MatrixEngine

/// The numbers that are not shown: the gaps, and every place where their quantities stand again.
struct HiddenNumbers {
  /// By the place of a line: its entries that are gaps.
  private var signs: [Int: [Int: String]] = [:]
  /// By line: what the names in it stand for, where a part of that is a gap of a line before.
  private var hidden: [Int: [String: [Int: String]]] = [:]

  init(_ gaps: [ExerciseGap], in derivation: Derivation) {
    for gap in gaps { signs[gap.line, default: [:]][gap.entry] = gap.sign }
    var open: [String: (signs: [Int: String], value: Tensor<Double>)] = [:]
    for (place, line) in derivation.lines.enumerated() {
      for (name, value) in line.operands {
        // What has another value by now is another number: the w of the next presentation.
        guard let known = Self.source(of: name, in: open), known.value.storage == value.storage
        else { continue }
        hidden[place, default: [:]][name] = known.signs
      }
      // What is handed on as it is stays hidden.
      if signs[place] == nil, case .symbol(let symbol)? = line.lastFormula?.node,
        let handed = hidden[place]?[symbol.name]
      {
        signs[place] = handed
      }
      if let value = line.value, let own = signs[place] {
        open[line.name] = (own, value)
      } else {
        open[line.name] = nil
      }
    }
  }

  private static func source(
    of name: String, in open: [String: (signs: [Int: String], value: Tensor<Double>)]
  ) -> (signs: [Int: String], value: Tensor<Double>)? {
    open[name] ?? open["\(name)_new"]
  }

  /// The value of a line with its gaps as signs; nil where there are none.
  func value(of line: Derivation.Line, at place: Int) -> Expression? {
    guard let own = signs[place], let value = line.value else { return nil }
    return Self.literal(value, own)
  }

  /// The formula of a line with its numbers put in, without those that are not shown.
  func substituted(_ line: Derivation.Line, at place: Int) -> Expression? {
    guard let own = hidden[place], let formula = line.lastFormula else { return nil }
    let known = line.operands.filter { own[$0.key] == nil }
    guard let part = formula.puttingIn(known) else { return nil }
    return try? part.replacingParts { piece in
      guard case .symbol(let symbol) = piece.node, let signs = own[symbol.name],
        let value = line.operands[symbol.name]
      else { return nil }
      return Self.literal(value, signs)
    }
  }

  /// Numbers as they are written out, with signs in the place of some.
  private static func literal(_ value: Tensor<Double>, _ signs: [Int: String]) -> Expression? {
    func entry(_ place: Int) -> Expression {
      signs[place].map { .symbol(Symbol($0)) } ?? .number(value.storage[place])
    }
    switch value.sizes.count {
    case 0: return entry(0)
    case 1: return try? .list(value.storage.indices.map(entry))
    case 2:
      let columns = value.sizes[1]
      let rows = (0..<value.sizes[0]).compactMap { row in
        try? Expression.list((0..<columns).map { entry(row * columns + $0) })
      }
      return try? .list(rows)
    default: return nil
    }
  }
}
