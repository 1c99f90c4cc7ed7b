import JSONText
import Notation

/// The colour of a circle that has a value: the stronger, the larger that is among those of its layer.
struct NodeShade {
  let color: RGBColor
  /// The colour of what stands in it.
  let ink: RGBColor
  /// Where another value may take the place: the value, and the layer.
  var amount: Drawing.Amount?

  /// How strong the largest value of a layer is.
  private static let strength = 0.85
  /// The same where values move: dark letters can be read on all of these colours, so that they stay as they are.
  private static let movingStrength = 0.45

  /// The colours of values above and below 0 at their strongest and of 0, for those who draw such circles elsewhere.
  fileprivate static var description: JSONObject {
    [
      "colors": .array([1, -1, 0].map { .string(color($0, movingStrength).hexadecimal) }),
      "none": .string(Palette.surface.hexadecimal),
    ]
  }

  private static func color(_ part: Double, _ strength: Double) -> RGBColor {
    Palette.diverging(strength * part)
  }

  /// nil: no colour, since there is no value or nothing to compare it with.
  fileprivate init?(_ value: Double, most: Double, column: Int, moves: Bool) {
    let isShown = value.isFinite && most > 0
    guard isShown || moves else { return nil }
    color =
      isShown
      ? Self.color(value / most, moves ? Self.movingStrength : Self.strength) : Palette.surface
    ink = moves ? Palette.black : Palette.text(on: color)
    if moves { amount = .init(value: value, look: column) }
  }
}

extension NetworkDiagram.Layer {
  /// Whether its circles have values.
  var hasValues: Bool { nodes.contains { $0.values.last?.value != nil } }

  /// The colour of a circle; `moves`: where other values may take the place of those that are drawn.
  func shade(of node: Int, column: Int, moves: Bool) -> NodeShade? {
    guard let value = nodes[node].values.last?.value else { return nil }
    let most = nodes.reduce(0) { most, node in
      let value = abs(node.values.last?.value ?? 0)
      return value.isFinite ? max(most, value) : most
    }
    return NodeShade(value, most: most, column: column, moves: moves)
  }
}

extension NetworkDiagram {
  /// How circles look whose values may be replaced.
  package static var shadeLook: JSONValue { .object(NodeShade.description) }
}
