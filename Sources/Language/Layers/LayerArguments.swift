import MatrixEngine
import Notation
import Syntax

/// What the arguments of the layers that ship have to be: their lines would refuse others too, but in words about what
/// the lines do with them.
extension NamedLayers {
  /// What is wrong with the arguments of a layer where examples of some sizes come in; nil: nothing.
  static func refusal(
    of layer: UserLayer, _ arguments: [String: Value], sizes: [Int]
  ) -> (argument: String, message: String)? {
    guard layer.cell == ofNoCell else { return nil }
    for (argument, demand) in demands {
      guard let value = arguments[argument] else { continue }
      let numbers = value.tensor?.storage ?? []
      func given() -> String { value.literal ?? value.description }
      guard !numbers.isEmpty, numbers.count <= demand.most, numbers.allSatisfy(demand.isMet)
      else {
        return (argument, "\(argument) of \(layer.name) is \(demand.words), not \(given())")
      }
      guard numbers.allSatisfy({ $0 <= Double(Shape.largestCount) }) else {
        return (
          argument, "\(argument) of \(layer.name) is at most \(Shape.largestCount), not \(given())"
        )
      }
    }
    func numbers(_ name: String) -> [Double] { arguments[name]?.tensor?.storage ?? [] }
    switch layer.name {
    case "attention":
      guard let k = numbers("k").first, let heads = numbers("heads").first,
        k.truncatingRemainder(dividingBy: heads) != 0
      else { return nil }
      return (
        "heads",
        "the \(Int(heads)) heads of attention share \(Int(k).counted("column")) of Q, K and V, which do not divide by \(Int(heads))"
      )
    case "max_pool", "average_pool":
      let height = numbers("height").first ?? 1
      let window = [height, numbers("width").first ?? height]
      let padding = numbers("padding")
      guard
        zip(padding.count == 1 ? padding + padding : padding, window).contains(where: {
          2 * $0 > $1
        })
      else { return nil }
      return (
        "padding",
        "the padding of \(layer.name) is at most half of its \(Int(window[0]))×\(Int(window[1])) window: beyond that a window would see padding alone"
      )
    case "reshape":
      let wanted = ["rows", "columns", "third", "fourth"].compactMap { numbers($0).first }
      // Products of sizes may be beyond any whole number.
      guard wanted.reduce(1, *) != sizes.reduce(1, { $0 * Double($1) }) else { return nil }
      let shape = wanted.map { "\(Int($0))" }.joined(separator: "×")
      return (
        "rows",
        "\(Shape(sizes).phrase) cannot become \(shape): it has another number of entries"
      )
    default: return nil
    }
  }

  /// A demand on each number of an argument.
  private struct Demand: Sendable {
    let words: String
    /// How many numbers it may have.
    var most = 1
    let isMet: @Sendable (Double) -> Bool

    static let count = Demand(words: "a whole number of at least 1") {
      $0 >= 1 && $0 == $0.rounded()
    }
  }

  private static let demands: [(argument: String, demand: Demand)] =
    ["filters", "height", "width", "k", "count", "rows", "columns", "third", "fourth", "heads"]
    .map { ($0, .count) } + [
      (
        "stride",
        Demand(words: "a whole number of at least 1, or 2 such", most: 2, isMet: Demand.count.isMet)
      ),
      (
        "padding",
        Demand(words: "a whole number of at least 0, or 2 such", most: 2) {
          $0 == 0 || Demand.count.isMet($0)
        }
      ),
      ("p", Demand(words: "a number from 0 up to 1, without 1") { $0 >= 0 && $0 < 1 }),
    ]
}

extension NetworkSyntax.Layer {
  /// Where an argument of a layer with these options stands; nil where it is not given.
  func span(of argument: String, among options: [LayerSyntax.Option]) -> SourceSpan? {
    for case .keyword(let name, _, let value) in self.options where name == argument {
      return value.span
    }
    guard let place = options.firstIndex(where: { $0.name == argument }), place < values.count
    else { return nil }
    return values[place].span
  }
}
