import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `heatmap`: numbers as colours.
extension Interpreter {
  /// A matrix is one map; of an array of three or four dimensions every matrix is one.
  ///
  /// Throws: a ShapeError for arrays of more dimensions or where the names are too many or too few, a TypeError for what
  /// is no names.
  func heatmap(_ call: Call) throws(Diagnostic) -> Value {
    let span = call.span(of: "matrix")
    let written = call["matrix"]?.syntax.map { oneLine($0.span) } ?? ""
    let title = SymbolText.words(call.text("title") ?? written)
    let both = try names(call, "names")
    let rows = try names(call, "rows") ?? both
    let columns = try names(call, "columns") ?? both
    let array = call.value("matrix").tensor ?? .scalar(0)
    guard array.rank > 2 else {
      let matrix = array.rank < 2 ? Matrix.row(array.storage) : array
      let figure = try placed(span) { () throws(FigureError) in
        try HeatMap(
          matrix, title: title, rowTitle: rows == nil ? "row" : "",
          columnTitle: columns == nil ? "column" : "", rowLabels: rows, columnLabels: columns)
      }
      return .record(FigureRecord(figure: figure, description: "a heat map"))
    }
    guard let maps = MatricesOfArray(array) else {
      throw Diagnostic(
        .shape, "heatmap draws a matrix or arrays of matrices, not \(array.description)", at: span,
        help: "A[1, :, :, :, :] is the first part of it")
    }
    let figure = try placed(span) { () throws(FigureError) in
      try HeatMapGrid(
        maps.matrices, title: title, captions: maps.captions, perRow: maps.perRow, rowLabels: rows,
        columnLabels: columns)
    }
    return .record(FigureRecord(figure: figure, description: "heat maps"))
  }

  /// The names that an argument gives: texts, numbers, or the tokens of a text; nil where it is left out.
  private func names(_ call: Call, _ parameter: String) throws(Diagnostic) -> [SymbolText]? {
    guard let argument = call[parameter] else { return nil }
    switch argument.value {
    case .record(let record as TokensRecord):
      return record.sequence.names.map { .words(TokenSequence.shown($0)) }
    case .list(let list):
      let texts = list.elements.compactMap { $0.text ?? $0.number.map(Interpreter.plain) }
      if texts.count == list.elements.count {
        return texts.map { .words(TokenSequence.shown($0)) }
      }
    case .array(let array) where array.rank == 1:
      return array.storage.map { .words(Interpreter.plain($0)) }
    default: break
    }
    throw Diagnostic(
      .type, "\(parameter) is a list of texts, not \(argument.value.description)",
      at: argument.span, help: "\(parameter) = [\"a\", \"b\"], or what tokens(…) gave")
  }
}

/// The matrices of an array of three or four dimensions, with their indices.
struct MatricesOfArray {
  let matrices: [Matrix<Double>]
  let captions: [SymbolText]
  /// Of four dimensions how many matrices the second one has, each row of a picture one place of the first.
  let perRow: Int?

  /// nil for an array of other dimensions.
  init?(_ array: Tensor<Double>) {
    switch array.rank {
    case 3:
      matrices = (0..<array.sizes[0]).map { array.slice($0) }
      captions = matrices.indices.map { .words("\($0 + 1)") }
      perRow = nil
    case 4:
      let (outer, inner) = (array.sizes[0], array.sizes[1])
      matrices = (0..<outer).flatMap { place in
        let part = array.slice(place)
        return (0..<inner).map { part.slice($0) }
      }
      // A single channel needs no number.
      captions = matrices.indices.map {
        .words(inner == 1 ? "\($0 + 1)" : "\($0 / max(inner, 1) + 1),\($0 % max(inner, 1) + 1)")
      }
      perRow = inner == 1 ? nil : inner
    default: return nil
    }
  }
}
