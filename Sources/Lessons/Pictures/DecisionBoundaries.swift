import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `boundary`: what a network of two inputs decides.
extension Interpreter {
  func boundary(_ call: Call) throws(Diagnostic) -> Value {
    let (examples, y) = try examplesAndTargets(call)
    let spans = (net: call.span(of: "net"), x: call.span(of: "X"))
    let plot = try boundary(
      of: examples.network, examples.x, y, classes: call.classes, spans)
    return .record(FigureRecord(figure: plot, description: "a decision boundary"))
  }

  /// What a network decides around examples.
  ///
  /// Throws: a ShapeError for a network of other than two inputs; for examples around which nothing can be drawn.
  func boundary(
    of network: Network, _ x: Matrix<Double>, _ y: Matrix<Double>, classes: [String]?,
    _ spans: (net: SourceSpan, x: SourceSpan)
  ) throws(Diagnostic) -> BoundaryPlot {
    guard network.inputs == 2 else {
      throw Diagnostic(
        .shape, "boundary draws a plane, but \(network.name) has \(network.inputs) inputs",
        at: spans.net, help: "a network of two inputs can be drawn")
    }
    let grid = try placed(spans.x) { () throws(FigureError) in
      try BoundaryGrid(aroundX: x.column(0), y: x.column(1))
    }
    var points: [Double] = []
    points.reserveCapacity(grid.columns * grid.rows * 2)
    for place in 0..<(grid.columns * grid.rows) {
      let (column, row) = (place % grid.columns, place / grid.columns)
      points.append(
        grid.x.lowerBound
          + (grid.x.upperBound - grid.x.lowerBound) * Double(column) / Double(grid.columns - 1))
      points.append(
        grid.y.lowerBound
          + (grid.y.upperBound - grid.y.lowerBound) * Double(row) / Double(grid.rows - 1))
    }
    let places = Matrix(rows: grid.columns * grid.rows, columns: 2, storage: points)
    let (run, own) = try placed(spans.net) { () throws(NetworkError) in
      (
        try network.forward(places, interrupt: interrupt),
        try network.predict(x, interrupt: interrupt)
      )
    }
    let outputs = run.output
    let (low, high) = network.twoTargets(among: y)
    let middle = (low + high) / 2
    let isProbability =
      network.layers.last?.activation?.meaning == .probabilities && middle == 0.5
    let field: BoundaryPlot.Field =
      outputs.columns > 1
      ? .scores(run.scores)
      : isProbability ? .probability(outputs.storage) : .score(outputs.storage, threshold: middle)
    let count = max(outputs.columns, 2)
    let names =
      classes.flatMap { $0.count == count ? $0 : nil }
      ?? (outputs.columns > 1
        ? (1...count).map { "class \($0)" } : [low, high].map { "y = \(plain($0))" })
    func classIndex(_ matrix: Matrix<Double>, _ row: Int) -> Int {
      guard matrix.columns > 1 else { return matrix[row, 0] >= middle ? 1 : 0 }
      return (0..<matrix.columns).max { matrix[row, $0] < matrix[row, $1] } ?? 0
    }
    let drawn = (0..<x.rows).map { row in
      BoundaryPlot.Example(
        x: x[row, 0], y: x[row, 1], classIndex: classIndex(y, row),
        isWrong: classIndex(own, row) != classIndex(y, row))
    }
    let outline = NetworkOutline(network)
    return try placed(spans.net) { () throws(FigureError) in
      try BoundaryPlot(
        title: .words("What \(network.name) decides"), x: outline.nodeName(0, 1),
        y: outline.nodeName(0, 2), grid: grid, field: field,
        classes: names.map { .words($0) }, examples: drawn, margin: run.margin(middle))
    }
  }
}

extension Call {
  /// The classes of its dataset in words; nil without one.
  var classes: [String]? {
    for name in ["Y", "X"] {
      if case .dataset(let dataset) = value(name) { return dataset.classes }
    }
    return nil
  }
}

extension Trace {
  /// What the last layer computes before its output, of the same shape: of a dense layer the net input.
  private var beforeOutput: Matrix<Double>? {
    guard let last = layers.last, last.count > 1 else { return nil }
    let values = last[last.count - 2].values
    return values.shape == output.shape && values.storage.allSatisfy(\.isFinite) ? values : nil
  }

  /// By how much what stands before a single output lies above the place where the output reaches a number, so that the
  /// border of a linear decision is a straight line; nil where no such place decides.
  fileprivate func margin(_ middle: Double) -> [Double]? {
    guard output.columns == 1, let z = beforeOutput?.storage else { return nil }
    var (below, above) = (-Double.infinity, Double.infinity)
    for (z, a) in zip(z, output.storage) {
      if a >= middle { above = min(above, z) } else { below = max(below, z) }
    }
    guard below < above, below.isFinite || above.isFinite else { return nil }
    let threshold = above.isFinite ? above : below.nextUp
    return z.map { $0 - threshold }
  }

  /// The numbers of which the largest decides: those before the outputs where these decide alike, for their borders are
  /// straight where the decision is linear.
  fileprivate var scores: Matrix<Double> {
    guard let before = beforeOutput else { return output }
    let decidesAlike = (0..<output.rows).allSatisfy { row in
      let last = (0..<output.columns).max { before[row, $0] < before[row, $1] } ?? 0
      return (0..<output.columns).allSatisfy { output[row, $0] <= output[row, last] }
    }
    return decidesAlike ? before : output
  }
}

extension Network {
  /// The two numbers between which one output decides: what it can give, else what its loss is for, else the two that
  /// its targets are, else 0 and 1.
  fileprivate func twoTargets(among y: Matrix<Double>) -> (low: Double, high: Double) {
    if case .decisions(let low, let high)? = layers.last?.activation?.meaning { return (low, high) }
    if loss.targets.isPair { return (loss.targets.lower, loss.targets.upper) }
    let values = Set(y.storage).sorted()
    return values.count == 2 ? (values[0], values[1]) : (0, 1)
  }
}
