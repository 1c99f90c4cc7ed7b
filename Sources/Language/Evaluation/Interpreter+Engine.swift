import MatrixEngine
import Networks
import Syntax

/// The bridge to the matrix engine: its errors become diagnostics with a place in the source.
extension Interpreter {
  package func engine<Result>(
    _ span: SourceSpan, _ compute: () throws(MatrixError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try compute()
    } catch {
      throw diagnostic(error, at: span)
    }
  }

  package func diagnostic(_ error: MatrixError, at span: SourceSpan?) -> Diagnostic {
    switch error {
    case .shapeMismatch: Diagnostic(.shape, error.description, at: span)
    case .empty(let operation, _):
      Diagnostic(
        .value, "\(operation) needs at least one number", at: span, label: "this is empty")
    case .negativeSize: Diagnostic(.value, error.description, at: span)
    case .tooLarge(_, let shape):
      Diagnostic(
        .limit, "a \(shape) \(shape.rank > 2 ? "array" : "matrix") is more than this kernel holds",
        at: span,
        label: "the limit is \(Limits.entries) entries")
    case .singular(let operation):
      Diagnostic(
        .domain, error.description, at: span, label: "it has no inverse",
        help: "\(operation) needs a square matrix of independent columns")
    case .interrupted: Diagnostic.interrupted(at: span)
    }
  }

  /// The entries of a value mapped; nil for what has no numbers.
  @inline(__always)
  package func mapped(_ value: Value, _ span: SourceSpan, _ transform: (Double) -> Double)
    throws(Diagnostic) -> Value?
  {
    do {
      return try value.mapNumbers(interrupt, transform)
    } catch {
      throw diagnostic(error, at: span)
    }
  }

  /// The first position whose entry is of some kind, looking at the interrupt flag on the way.
  @inline(__always)
  func firstPosition(
    in entries: [Double], _ span: SourceSpan, where isWanted: (Double) -> Bool
  ) throws(Diagnostic) -> Int? {
    var start = 0
    while start < entries.count {
      try checkInterrupt(span)
      let end = min(entries.count, start + 0xFFFF)
      for index in start..<end where isWanted(entries[index]) { return index }
      start = end
    }
    return nil
  }

  /// Two arrays joined element by element with broadcasting; nil when their shapes do not fit.
  @inline(__always)
  package func broadcast(
    _ a: Tensor<Double>, _ b: Tensor<Double>, _ span: SourceSpan,
    _ function: (Double, Double) -> Double
  ) throws(Diagnostic) -> Tensor<Double>? {
    do {
      return try a.combined(with: b, operation: "join", interrupt: interrupt, function)
    } catch {
      if case .shapeMismatch = error { return nil }
      throw diagnostic(error, at: span)
    }
  }
}

extension Interpreter {
  /// The bridge to the networks: their errors become diagnostics with a place in the source.
  package func networks<Result>(
    _ span: SourceSpan, _ compute: () throws(NetworkError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try compute()
    } catch {
      throw diagnostic(error, at: span)
    }
  }
}

extension Interpreter {
  /// The same bridge where the error may be about one of the call's options.
  package func networks<Result>(
    _ call: Call, _ compute: () throws(NetworkError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try compute()
    } catch {
      var span = call.span
      if case .option(let name, _, _) = error { span = call.span(of: name) }
      throw diagnostic(error, at: span)
    }
  }
}
