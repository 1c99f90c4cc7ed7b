import JSONText

extension Chart {
  /// What a script needs to draw a series of the first panel anew where the axes stay: the box of the plot (left, top,
  /// width, height), its axes (lower end, upper end, whether logarithmic), and the elements of the series at 0, 0: its line,
  /// if there is one, its marker, and the full and the open dot where it leaps.
  package func redrawing(ofSeries position: Int) -> JSONObject {
    let placed = places.panels[0]
    let series = placed.panel.series[position]
    let look = look(at: position, of: placed.panel)
    let origin = Point(0, 0)
    func markup(_ draw: (inout SVGCanvas) -> Void) -> JSONValue {
      var canvas = SVGCanvas()
      draw(&canvas)
      return .string(canvas.shapes.markup.replacing("\n", with: ""))
    }
    func ends(_ scale: AxisScale) -> JSONValue {
      .array([
        .number(scale.lower), .number(scale.upper), .boolean(scale.kind == .logarithmic),
      ])
    }
    let box = placed.area.box
    var result: JSONObject = [
      "box": .array([box.left, box.top, box.width, box.height].map { .number($0) }),
      "x": ends(placed.area.x), "y": ends(placed.area.y),
      "marker": markup {
        look.marker.draw(
          on: &$0, at: origin, radius: Self.markerRadius(series.form), fill: look.color)
      },
      "limit": .integer(Self.markerLimit(placed.panel)),
    ]
    if series.form != .points {
      result["line"] = markup {
        $0.path(SVGPath(through: [origin]), stroke: look.stroke(Self.lineWidth))
      }
      result["dots"] = .array(
        [false, true].map { isOpen in
          markup { look.drawDot(at: origin, radius: Self.jumpRadius, isOpen: isOpen, on: &$0) }
        })
    }
    if series.form == .line {
      result["stagger"] = stagger(position, of: placed.panel).map { .number($0) } ?? .boolean(false)
    }
    return result
  }
}
