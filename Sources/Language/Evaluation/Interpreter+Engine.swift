import MatrixEngine
import Syntax

/// Arrays of values worked on entry by entry, with a look at the interrupt flag.
extension Interpreter {
  /// The entries of a value mapped; nil for what has no numbers.
  @inline(__always)
  package func mapped(_ value: Value, _ span: SourceSpan, _ transform: (Double) -> Double)
    throws(Diagnostic) -> Value?
  {
    do {
      return try value.mapNumbers(interrupt, transform)
    } catch {
      throw Diagnostic(error, at: span)
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
      throw Diagnostic(error, at: span)
    }
  }
}
