import Calculus
import Networks
import Syntax

/// The lines of a layer while they are evaluated: each assignment is one, known by its name to those behind it.
final class LayerReading {
  /// Which layer of its network it is, from 1.
  let number: Int
  let name: String
  let isTraining: Bool
  /// What the network gives for parameters, and how they are drawn or kept otherwise.
  let given: LayerGifts
  private(set) var lines: [LayerLine] = []
  private(set) var parameters: [LayerParameter] = []
  /// How often each name has been assigned.
  private var assignments: [String: Int] = [:]
  /// The names that have members with an index each.
  private(set) var families: Set<String> = []
  /// The names of which the lines give members only.
  var announced: Set<String> = []
  /// What is drawn for each pass in training.
  var masks: [LayerMask] = []
  /// The line that is evaluated.
  var current: SourceSpan?
  /// Whether what is computed differs in training.
  var mindsTraining = false

  /// More lines than these are not written out.
  static let mostLines = 20_000

  /// What the lines call what comes in, which counts as given once.
  private let input: String

  init(number: Int, name: String, input: String, isTraining: Bool, given: LayerGifts) {
    (self.number, self.name, self.isTraining, self.given) = (number, name, isTraining, given)
    self.input = input
    assignments[input] = 1
  }

  /// How a scope knows a member of a family.
  static func key(_ family: String, _ index: Int) -> String { "\(family)[\(index)]" }

  func isFamily(_ name: String) -> Bool { families.contains(name) }

  /// A line is over: what its quantity is to those behind it.
  func add(_ name: String, _ formula: Expression, member: FamilyMember? = nil) -> Expression {
    if let member { families.insert(member.family) }
    var own = member.map { "\($0.family)\(Self.lowered($0.index))" } ?? name
    // A name that is assigned again is another quantity, until all are known.
    let count = (assignments[own] ?? 0) + 1
    assignments[own] = count
    if count > 1 { own = "\(own) \(count)" }
    lines.append(LayerLine(own, formula, member: member))
    return .symbol(own, Self.shape(of: formula))
  }

  /// A list that happens to have one row is as one of several, `[h[t] for t in 1:T]`: a vector joins it.
  private static func shape(of formula: Expression) -> ExpressionShape {
    let dimensions = formula.shape.dimensions
    guard case .list = formula.node, dimensions.count > 1, dimensions[0] == .number(1) else {
      return formula.shape
    }
    return ExpressionShape([.single] + dimensions.dropFirst())
  }

  private static func lowered(_ index: Int) -> String {
    String("\(index)".map { Self.digits[$0] ?? $0 })
  }

  private static let digits: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
    "9": "₉", "-": "₋",
  ]

  func add(_ parameter: LayerParameter) { parameters.append(parameter) }

  /// The last line of a quantity, which from now on is given by the average that training has moved.
  func lineOf(_ name: String) -> LayerLine? {
    lines.last { $0.quantity == name || $0.quantity.hasPrefix("\(name) ") }
  }

  func replace(_ line: LayerLine, by formula: Expression) {
    guard let place = lines.firstIndex(where: { $0.quantity == line.quantity }) else { return }
    lines[place] = LayerLine(line.quantity, formula, member: line.member)
  }

  /// The lines with what comes out last: of a name that was assigned several times the last has the name, those
  /// before a number; what comes in keeps its own, so that others of its name have numbers from 2.
  func finished(_ output: Expression) throws(CalculusError) -> [LayerLine] {
    _ = add(LayerLine.output, output)
    var versions: [String: [String]] = [:]
    for line in lines where line.member == nil {
      let base = String(line.quantity.prefix { $0 != " " })
      versions[base, default: []].append(line.quantity)
    }
    var names: [String: String] = [:]
    for (base, found) in versions where found.count > 1 || base == input {
      for (place, name) in found.enumerated() {
        let isLast = place == found.count - 1 && base != input
        names[name] = isLast ? base : "\(base)\(Self.lowered(place + (base == input ? 2 : 1)))"
      }
    }
    guard !names.isEmpty else { return lines }
    return try lines.map2 { (line) throws(CalculusError) in
      let formula = try line.formula.replacingParts { part in
        guard case .symbol(let symbol) = part.node, let name = names[symbol.name] else {
          return nil
        }
        return .symbol(name, symbol.shape)
      }
      return LayerLine(names[line.quantity] ?? line.quantity, formula, member: line.member)
    }
  }
}

/// What a network's line gives a layer besides its options.
struct LayerGifts {
  /// The numbers that parameters begin with.
  var starts: [String: (value: Value, span: SourceSpan)] = [:]
  var initializer: Initializer?
  /// What updates leave as it is.
  var frozen: Set<String> = []
  var name: String?
}
