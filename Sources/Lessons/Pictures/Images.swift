import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `image`: numbers as grey pixels.
extension Interpreter {
  /// A matrix is an image, an array of three or four dimensions several; with a height and a width a vector is one,
  /// and the rows of a matrix, or its columns, are several.
  ///
  /// Throws: a ShapeError where the numbers do not fill the images, a TypeError for what has no numbers.
  func image(_ call: Call) throws(Diagnostic) -> Value {
    guard let argument = call["v"] else { return .nothing }
    let images = try images(of: argument, call)
    var captions: [SymbolText]?
    if images.count > 1 {
      let indices = argument.value.tensor.flatMap(MatricesOfArray.init)?.captions
      captions =
        indices?.count == images.count ? indices : images.indices.map { .words("\($0 + 1)") }
      if case .dataset(let dataset) = argument.value, let labels = dataset.labels,
        labels.count == images.count
      {
        captions = labels.map { .words($0) }
      }
    }
    let written = argument.syntax.map { oneLine($0.span) } ?? ""
    let title = call.text("title") ?? written
    let (shown, names) = (images, captions)
    let figure = try placed(argument.span) { () throws(FigureError) in
      try ImageGrid(shown, title: .words(title), captions: names)
    }
    return .record(FigureRecord(figure: figure, description: "an image"))
  }

  private func images(of argument: Call.Argument, _ call: Call) throws(Diagnostic)
    -> [Matrix<Double>]
  {
    let numbers: Tensor<Double>
    switch argument.value {
    case .dataset(let dataset): numbers = dataset.x
    case .list(let list):
      var all: [Matrix<Double>] = []
      for element in list.elements {
        let part = Call.Argument(value: element, syntax: argument.syntax, span: argument.span)
        all += try images(of: part, call)
      }
      return all
    default:
      guard let array = argument.value.tensor, array.rank > 0 else {
        throw Diagnostic(
          .type, "image draws vectors and matrices, not \(argument.value.description)",
          at: argument.span, help: "image(d.X[1, :], 8, 8)")
      }
      numbers = array
    }
    guard call.has("height") || call.has("width") else {
      if numbers.rank == 2 { return [numbers] }
      if let matrices = MatricesOfArray(numbers)?.matrices { return matrices }
      throw Diagnostic(
        .type, "image needs the height and the width of \(argument.value.description)",
        at: argument.span, help: "image(\(argument.syntax.map { oneLine($0.span) } ?? "v"), 8, 8)")
    }
    guard call.has("height"), call.has("width") else {
      throw missing(
        call.has("height") ? "width" : "height", of: "image", call.builtIn.signature, call.span)
    }
    let (height, width) = (call.whole("height"), call.whole("width"))
    let size = height.multipliedReportingOverflow(by: width)
    guard !size.overflow, size.partialValue > 0 else {
      throw Diagnostic(.value, "an image has at least one pixel", at: call.span)
    }
    return try parts(numbers, of: size.partialValue, argument, "\(height)×\(width)").map {
      Matrix(rows: height, columns: width, storage: $0)
    }
  }

  /// The numbers of each image: all of a vector, else rows, or columns where only these have so many entries.
  private func parts(
    _ numbers: Tensor<Double>, of size: Int, _ argument: Call.Argument, _ shape: String
  ) throws(Diagnostic) -> [[Double]] {
    if numbers.rank < 2 || numbers.rows == 1, numbers.storage.count == size {
      return [numbers.storage]
    }
    if numbers.rank > 1, numbers.columns == size {
      return (0..<numbers.rows).map { numbers.row($0) }
    }
    if numbers.rank == 2, numbers.rows == size {
      return (0..<numbers.columns).map { numbers.column($0) }
    }
    throw Diagnostic(
      .shape,
      "an image of \(shape) has \(size.counted("pixel")), but this is \(argument.value.description)",
      at: argument.span,
      help: numbers.rank < 2
        ? "height times width has to be \(numbers.storage.count)"
        : "each row, or each column, has to be an image")
  }
}

extension Dataset {
  /// The class of every example in words; nil without named classes.
  fileprivate var labels: [String]? {
    guard let y, y.rank == 1, !classes.isEmpty else { return nil }
    return y.storage.map { value in
      let index = (Int(exactly: value) ?? 0) - 1
      return classes.indices.contains(index) ? classes[index] : Interpreter.plain(value)
    }
  }
}
