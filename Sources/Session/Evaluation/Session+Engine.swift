import MatrixEngine
import Syntax

/// The bridge to the matrix engine: its errors become diagnostics with a place in the source.
extension Session {
  func engine<Result>(
    _ span: SourceSpan, _ compute: () throws(MatrixError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try compute()
    } catch {
      throw diagnostic(error, at: span)
    }
  }

  func diagnostic(_ error: MatrixError, at span: SourceSpan?) -> Diagnostic {
    switch error {
    case .shapeMismatch: Diagnostic(.shape, error.description, at: span)
    case .empty(let operation, _):
      Diagnostic(
        .value, "\(operation) needs at least one number", at: span, label: "this is empty")
    case .outOfRange, .negativeSize: Diagnostic(.value, error.description, at: span)
    case .tooLarge: Diagnostic(.limit, error.description, at: span)
    case .interrupted: Diagnostic.interrupted(at: span)
    }
  }

  /// Two matrices joined element by element with broadcasting; nil when their shapes do not fit.
  func broadcast(
    _ a: Matrix<Double>, _ b: Matrix<Double>, _ span: SourceSpan,
    _ function: (Double, Double) -> Double
  ) throws(Diagnostic) -> Matrix<Double>? {
    do {
      return try a.combined(with: b, operation: "join", interrupt: interrupt, function)
    } catch {
      if case .shapeMismatch = error { return nil }
      throw diagnostic(error, at: span)
    }
  }
}
