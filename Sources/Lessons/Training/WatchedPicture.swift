import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// A picture of a network that `watch` shows while it is trained.
struct WatchedPicture {
  /// The words of `watch`.
  enum Subject: String, CaseIterable {
    case boundary, diagram, weights, image
  }

  /// Throws: as the command that draws it.
  let draw: (Network) throws(Diagnostic) -> [any Figure]

  /// `classes` are the names of the classes in the targets y.
  init(
    _ subject: Subject, in interpreter: Interpreter, _ x: Matrix<Double>, _ y: Matrix<Double>,
    classes: [String]?, at span: SourceSpan
  ) {
    switch subject {
    case .boundary:
      draw = { (network) throws(Diagnostic) in
        [try interpreter.boundary(of: network, x, y, classes: classes, (span, span))]
      }
    case .diagram:
      draw = { (network) throws(Diagnostic) in
        [try network.diagram(in: interpreter, at: span)]
      }
    case .weights:
      draw = { (network) throws(Diagnostic) in
        try interpreter.weights(of: network, at: span)
      }
    case .image:
      draw = { (network) throws(Diagnostic) in
        [try interpreter.weightImages(of: network, at: span)]
      }
    }
  }
}

extension Interpreter {
  /// Every matrix of a network's parameters as colours.
  fileprivate func weights(of network: Network, at span: SourceSpan) throws(Diagnostic)
    -> [any Figure]
  {
    var figures: [any Figure] = []
    for (index, parameters) in network.parameterValues.enumerated() {
      for parameter in parameters where parameter.isMatrix {
        figures.append(
          try placed(span) { () throws(FigureError) in
            try HeatMap(
              parameter.matrix,
              title: NetworkSymbol.parameter(parameter.parameter, isMatrix: true, index + 1),
              rowTitle: "row", columnTitle: "column")
          })
      }
    }
    return figures
  }

  /// The first layer's weights as grey pixels: where its inputs make a square, an image a unit.
  ///
  /// Throws: a TypeError for a network without weights.
  fileprivate func weightImages(of network: Network, at span: SourceSpan) throws(Diagnostic)
    -> any Figure
  {
    let all = network.parameterValues.enumerated().flatMap { index, parameters in
      parameters.map { (layer: index + 1, parameter: $0) }
    }
    guard let (layer, parameter) = all.first(where: { $0.parameter.value.rank > 1 }) else {
      throw Diagnostic(
        .type, "\(network.name) has no weights to draw", at: span,
        help: "watch = diagram draws any network")
    }
    let images = parameter.value.images
    return try placed(span) { () throws(FigureError) in
      try ImageGrid(
        images,
        title: NetworkSymbol.parameter(parameter.parameter, isMatrix: true, layer),
        captions: images.count > 1 ? images.indices.map { .words("\($0 + 1)") } : nil)
    }
  }
}

extension Tensor<Double> {
  /// Of a matrix with a square number of rows each column as a square, of any other itself; of more dimensions the
  /// matrices in it.
  fileprivate var images: [Matrix<Double>] {
    guard rank == 2 else {
      let (height, width) = (sizes[rank - 2], sizes[rank - 1])
      return stride(from: 0, to: storage.count, by: max(height * width, 1)).map {
        Matrix(rows: height, columns: width, storage: Array(storage[$0..<($0 + height * width)]))
      }
    }
    let side = Int(Double(rows).squareRoot().rounded())
    guard side > 2, side * side == rows else { return [self] }
    return (0..<columns).map { Matrix(rows: side, columns: side, storage: column($0)) }
  }
}
