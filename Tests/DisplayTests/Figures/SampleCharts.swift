import Display
import Glibc
import Notation

extension SampleFigures {
  static func charts() throws -> [Sample] {
    [
      ("chart-functions", try functions()), ("chart-pole", try pole()),
      ("chart-history", try history()), ("chart-log", try logarithmic()),
      ("chart-many", try many()), ("chart-points", try points()),
    ]
  }

  private static func sampled(
    _ name: SymbolText, from start: Double, to end: Double, count: Int = 401,
    _ function: (Double) -> Double
  ) -> Chart.Series {
    let x = (0..<count).map { start + (end - start) * Double($0) / Double(count - 1) }
    return Chart.Series(name, x: x, y: x.map(function))
  }

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// plot(sigmoid, sigmoid', from = -6, to = 6)
  private static func functions() throws -> Chart {
    let sigma = SymbolText.variable("σ")
    let argument = SymbolText.enclosed(.variable("x"), .round)
    return try Chart(
      x: FigureAxis(.variable("x")), y: FigureAxis("", span: .trimmed),
      series: [
        sampled(sigma + argument, from: -6, to: 6, sigmoid),
        sampled(.primed(sigma, count: 1) + argument, from: -6, to: 6) {
          sigmoid($0) * (1 - sigmoid($0))
        },
      ])
  }

  private static func pole() throws -> Chart {
    let f = SymbolText.variable("f") + .enclosed(.variable("x"), .round)
    return try Chart(
      title: f + .sign(.equals) + .fraction("1", over: .variable("x")),
      x: FigureAxis(.variable("x")), y: FigureAxis("", span: .trimmed),
      series: [sampled(f, from: -4, to: 4) { 1 / $0 }])
  }

  private static func loss(_ rate: Double) -> (Double) -> Double {
    { epoch in 0.69 * exp(-epoch * rate) + 0.02 + 0.004 * sin(epoch * 1.7) }
  }

  private static func history() throws -> Chart {
    try Chart(
      title: "Training of Net", x: FigureAxis("epoch"),
      panels: [
        Chart.Panel(
          y: FigureAxis("loss"),
          series: [
            sampled("η = 0.1", from: 0, to: 100, count: 101, loss(0.03)),
            sampled("η = 1", from: 0, to: 100, count: 101, loss(0.1)),
            sampled("adam", from: 0, to: 100, count: 101, loss(0.3)),
          ]),
        Chart.Panel(
          y: FigureAxis("accuracy", unit: "%", span: .fixed(0...100)),
          series: [
            sampled("η = 0.1", from: 0, to: 100, count: 101) { 50 + 45 * (1 - exp(-$0 / 40)) },
            sampled("η = 1", from: 0, to: 100, count: 101) { 50 + 47 * (1 - exp(-$0 / 15)) },
            sampled("adam", from: 0, to: 100, count: 101) { 50 + 48 * (1 - exp(-$0 / 5)) },
          ]),
      ])
  }

  private static func logarithmic() throws -> Chart {
    try Chart(
      title: "Loss of Lecture", x: FigureAxis("epoch"), y: FigureAxis("loss", scale: .logarithmic),
      series: [
        sampled("sgd", from: 0, to: 2000, count: 2001) { exp(-$0 / 150) + 1e-5 },
        Chart.Series(
          "diverging", x: (0..<20).map { Double($0) * 100 },
          y: (0..<20).map { $0 < 12 ? 0.001 * pow(2.5, Double($0)) : .nan }),
      ])
  }

  private static func many() throws -> Chart {
    try Chart(
      title: "Seven rates, <b>&\"quoted\"</b> and $x$ $y$", x: FigureAxis("epoch"),
      y: FigureAxis("loss", unit: "nat"),
      series: (1...7).map { index in
        sampled(
          .scripted(.variable("η"), subscript: .words("\(index)"), superscript: nil)
            + .words(" = \(Double(index) / 100)"), from: 0, to: 50, count: 51,
          loss(Double(index) / 100))
      })
  }

  private static func points() throws -> Chart {
    let x = (0..<24).map { Double($0) * 1e-6 }
    return try Chart(
      x: FigureAxis("time", unit: "s"), y: FigureAxis("voltage", unit: "µV"),
      series: [
        Chart.Series(
          "measured", x: x, y: x.map { 120_000 * sin($0 * 3e5) + 500_000 }, form: .points)
      ], notes: ["Each point is one measurement."])
  }
}
