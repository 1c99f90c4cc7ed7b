extension BoundaryPlot {
  private static let width = 720.0
  private static let height = 460.0
  private static let margin = 16.0
  private static let pointRadius = 6.0
  /// Borders may be drawn so far from where they are: less than the eye sees.
  private static let tolerance = 0.15

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let x = AxisScale(.linear, from: grid.x.lowerBound, to: grid.x.upperBound)
    let y = AxisScale(.linear, from: grid.y.lowerBound, to: grid.y.upperBound)
    let vertical = PlotArea.verticalTicks(y, height: Self.height)
    let left = PlotArea.leftMargin(vertical, label: yLabel)
    let right = Self.width - PlotArea.rightMargin(x)
    let horizontal = PlotArea.horizontalTicks(x, width: right - left)

    var top = Self.margin
    if !title.isEmpty {
      top += TextStyle.title.size
      canvas.text(
        TextStyle.title.fitted(title, width: right - left), at: Point(left, top), TextStyle.title)
      top += 14
    }
    let legend = Legend(legendEntries, width: right - left)
    let legendTop = top
    top += legend.height

    let area = PlotArea(box: Box(left, top, right - left, Self.height), x: x, y: y)
    drawRegions(area.box, on: &canvas)
    legend.draw(on: &canvas, at: Point(left, legendTop))
    area.drawAxes(
      on: &canvas, horizontal, vertical, xLabel: xLabel,
      yLabel: yLabel)
    drawExamples(area, on: &canvas)
    top += Self.height + PlotArea.bottomMargin(label: xLabel)
    canvas.notes(notes, at: left, below: &top, leading: 1.35, width: Self.width - left - 8)
    return canvas.document(
      width: Self.width, height: top + 14, title: title.isEmpty ? "Decision boundary" : title.text,
      description: text(numbers: numbers))
  }

  // MARK: - Regions

  /// The coloured regions with the lines between them.
  func drawRegions(_ box: Box, on canvas: inout SVGCanvas) {
    let regions = regions
    switch field {
    case .probability(let values):
      canvas.rectangle(box, fill: Self.shade(0.05))
      for tenth in 1...9 {
        let level = Double(tenth) / 10
        let region = ContourLines(values, columns: grid.columns, rows: grid.rows, level: level)
        fill(region, Self.shade(level + 0.05), box, on: &canvas)
      }
    case .score, .scores:
      canvas.rectangle(box, fill: Palette.background)
      // Where three regions meet a sliver belongs to none; a first coat with wide edges covers it.
      let edges = classes.count > 2 ? [box.width / Double(grid.columns - 1), nil] : [nil]
      for edge in edges {
        for (index, region) in regions.enumerated() {
          fill(region, Self.tint(index), box, edge: edge, on: &canvas)
        }
        // Takes off what the edges painted outside.
        guard let edge else { continue }
        var rim = SVGPath()
        rim.rectangle(box.expanded(by: edge))
        rim.rectangle(box)
        canvas.path(rim, fill: Palette.background)
      }
    }
    for region in regions.dropFirst(classes.count == 2 ? 1 : 0) {
      var path = SVGPath()
      for line in region.lines {
        let places = line.map { grid.place($0, in: box) }
        path.append(Decimation.thinned(places, tolerance: Self.tolerance))
      }
      canvas.path(path, stroke: Self.decisionStroke)
    }
  }

  /// Fills a region, perhaps with an edge of the same colour.
  private func fill(
    _ region: ContourLines, _ color: RGBColor, _ box: Box, edge: Double? = nil,
    on canvas: inout SVGCanvas
  ) {
    var path = SVGPath()
    for ring in region.rings {
      let places = ring.map { grid.place($0, in: box) }
      path.append(Decimation.thinned(places, tolerance: Self.tolerance), closed: true)
    }
    canvas.path(
      path, fill: color, stroke: edge.map { SVGCanvas.Stroke(color: color, width: $0) })
  }

  private static let decisionStroke = SVGCanvas.Stroke(color: Palette.ink, width: 2.4)

  /// The colour of a probability of the second class: nearly white at a half.
  static func shade(_ probability: Double) -> RGBColor {
    let certainty = abs(probability - 0.5) * 2
    return Palette.tint(Palette.classes(probability < 0.5 ? 0 : 1), 0.06 + 0.44 * certainty)
  }

  static func tint(_ classIndex: Int) -> RGBColor {
    // Classes beyond the colours come in a deeper tint.
    let round = classIndex / Palette.classes.count
    return Palette.tint(Palette.classes(classIndex), 0.24 + 0.16 * Double(round % 3))
  }

  // MARK: - Examples

  private func drawExamples(_ area: PlotArea, on canvas: inout SVGCanvas) {
    let radius = examples.count > 300 ? Self.pointRadius * 0.7 : Self.pointRadius
    for example in drawnExamples {
      guard let place = area.point(example.x, example.y),
        area.box.expanded(by: 0.5).contains(place)
      else { continue }
      Self.draw(
        example.classIndex, at: place, radius: radius, isWrong: example.isWrong, on: &canvas)
    }
  }

  private static func draw(
    _ classIndex: Int, at place: Point, radius: Double, isWrong: Bool,
    on canvas: inout SVGCanvas
  ) {
    Marker.series(classIndex).draw(
      on: &canvas, at: place, radius: radius, fill: Palette.classes(classIndex))
    if isWrong {
      canvas.circle(
        place, radius: radius + 4.5, fill: nil,
        stroke: SVGCanvas.Stroke(color: Palette.black, width: 2))
    }
  }

  private var legendEntries: [Legend.Entry] {
    var entries = classes.indices.map { index in
      Legend.Entry(name: classes[index], sampleWidth: 26) { box, canvas in
        canvas.rectangle(
          Box(center: box.center, width: 26, height: 20), fill: Self.tint(index), radius: 3)
        Self.draw(index, at: box.center, radius: Self.pointRadius, isWrong: false, on: &canvas)
      }
    }
    entries.append(
      Legend.Entry(name: "decision", sampleWidth: 30) { box, canvas in
        canvas.line(
          from: Point(box.left, box.center.y), to: Point(box.right, box.center.y),
          Self.decisionStroke)
      })
    if examples.contains(where: \.isWrong) {
      entries.append(
        Legend.Entry(name: "wrong", sampleWidth: 22) { box, canvas in
          canvas.circle(
            box.center, radius: Self.pointRadius + 4, fill: nil,
            stroke: SVGCanvas.Stroke(color: Palette.black, width: 2))
        })
    }
    return entries
  }
}
