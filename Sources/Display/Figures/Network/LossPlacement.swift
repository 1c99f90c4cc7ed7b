import Notation

/// The box of the loss: right of the outputs, or below them where the page is too narrow.
struct LossPlacement {
  enum Side: CaseIterable {
    case right
    /// Below the last output.
    case below
    /// Below everything, where lines run below the last output.
    case bottom
  }

  var box: Box
  var outputs: [Point]
  var radius: Double
  var side: Side

  static let style = TextStyle(size: 16)
  /// What the line takes that leads from the outputs down to the box.
  static let bracketWidth = 20.0
  private static let leading = 23.0

  static func width(_ lines: [SymbolText]) -> Double {
    (lines.map { style.width(of: $0) }.max() ?? 0) + 22
  }

  static func height(_ lines: [SymbolText]) -> Double { Double(lines.count) * leading + 14 }

  mutating func shift(by step: Point) {
    box.left += step.x
    outputs = outputs.map { $0 + step }
  }

  func draw(_ lines: [SymbolText], isBackward: Bool, on canvas: inout SVGCanvas) {
    let stroke = SVGCanvas.Stroke(
      color: isBackward ? Palette.gradient : Palette.mutedInk, width: 1.8)
    if side == .right {
      let pitch = min(14, (box.height - 12) / Double(max(outputs.count - 1, 1)))
      for (index, center) in outputs.enumerated() {
        let end = Point(
          box.left, box.center.y + (Double(index) - Double(outputs.count - 1) / 2) * pitch)
        let start = center.toward(end, radius / (end - center).length)
        canvas.arrow(from: isBackward ? end : start, to: isBackward ? start : end, stroke)
      }
    } else if let first = outputs.first {
      let x = first.x + radius + 12
      for center in outputs {
        let start = Point(center.x + radius, center.y)
        if isBackward {
          canvas.arrow(from: Point(x, center.y), to: start, stroke)
        } else {
          canvas.line(from: start, to: Point(x, center.y), stroke)
        }
      }
      let end = Point(x, box.top)
      if isBackward {
        canvas.line(from: Point(x, first.y), to: end, stroke)
      } else {
        canvas.arrow(from: Point(x, first.y), to: end, stroke)
      }
    }
    canvas.rectangle(
      box, fill: Palette.background, stroke: SVGCanvas.Stroke(color: Palette.ink, width: 1.6),
      radius: 8)
    for (index, line) in lines.enumerated() {
      let middle = box.top + 7 + (Double(index) + 0.5) * Self.leading
      canvas.text(
        line, at: Point(box.center.x, middle + Self.style.middleShift), Self.style, .middle)
    }
  }
}

extension NetworkDiagram.Loss {
  func lines(_ numbers: NumberFormat) -> [SymbolText] {
    var lines = [name + .sign(.equals) + numbers.symbol(value)]
    if let newValue { lines.append("→ " + numbers.symbol(newValue)) }
    if !note.isEmpty { lines.append(note) }
    return lines.map { LossPlacement.style.fitted($0, width: 220) }
  }
}
