import Calculus
import Display
import MatrixEngine
import Networks
import Syntax

/// An error of a target below the language. It gets its place in the source by `Interpreter.placed`, and its words here.
package protocol InnerError: Error {
  func diagnostic(at span: SourceSpan?) -> Diagnostic
}

extension Diagnostic {
  package init(_ error: some InnerError, at span: SourceSpan?) { self = error.diagnostic(at: span) }

  /// An array of these sizes has more entries than one may have.
  init(tooLarge sizes: [Int], at span: SourceSpan?) {
    self.init(
      .limit, "\(Shape(sizes).phrase) is more than this kernel holds", at: span,
      label: "the limit is \(Limits.entries) entries")
  }
}

extension Interpreter {
  /// Does something of a target below; its errors become diagnostics at a place in the source.
  package func placed<Result, Failure: InnerError>(
    _ span: SourceSpan, _ work: () throws(Failure) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try work()
    } catch {
      throw Diagnostic(error, at: span)
    }
  }

  /// The same where the error may be about one of a call's options.
  package func placed<Result>(
    _ call: Call, _ work: () throws(NetworkError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try work()
    } catch {
      throw Diagnostic(error, at: error.option.map { call.span(of: $0) } ?? call.span)
    }
  }
}

extension MatrixError: InnerError {
  package func diagnostic(at span: SourceSpan?) -> Diagnostic {
    switch self {
    case .shapeMismatch: Diagnostic(.shape, description, at: span)
    case .empty(let operation, _):
      Diagnostic(
        .value, "\(operation) needs at least one number", at: span, label: "this is empty")
    case .negativeSize: Diagnostic(.value, description, at: span)
    case .tooLarge(_, let shape):
      Diagnostic(tooLarge: shape.sizes, at: span)
    case .outOfMemory(_, let refusal): Diagnostic(refusal, at: span)
    case .tooManyDimensions: Diagnostic(.limit, description, at: span)
    case .singular(let operation):
      Diagnostic(
        .domain, description, at: span, label: "it has no inverse",
        help: "\(operation) needs a square matrix of independent columns")
    case .interrupted: Diagnostic.interrupted(at: span)
    }
  }
}

extension MemoryRefusal: InnerError {
  package func diagnostic(at span: SourceSpan?) -> Diagnostic {
    Diagnostic(
      .limit, description, at: span, label: "the limit is \(bound)",
      help: "work on a part at a time, or let the kernel have more")
  }
}

extension Interpreter {
  /// Asks for memory for work on a value that makes so many copies of it.
  func askMemory(for value: Value, copies: Int, _ span: SourceSpan) throws(Diagnostic) {
    try askMemory(value.storedBytes * copies, span)
  }

  func askMemory(_ bytes: Int, _ span: SourceSpan) throws(Diagnostic) {
    do {
      try MemoryBudget.ask(bytes)
    } catch { throw Diagnostic(error, at: span) }
  }
}

extension Value {
  /// The bytes of its numbers, where there may be many.
  fileprivate var storedBytes: Int {
    switch self {
    case .array(let array): array.storage.count * MemoryLayout<Double>.stride
    case .list(let list):
      list.elements.reduce(0) { $0 + MemoryLayout<Value>.stride + $1.storedBytes }
    case .dataset(let dataset):
      (dataset.x.storage.count + (dataset.y?.storage.count ?? 0)) * MemoryLayout<Double>.stride
    default: 0
    }
  }
}

extension NetworkError: InnerError {
  package func diagnostic(at span: SourceSpan?) -> Diagnostic {
    if case .interrupt = kind { return Diagnostic.interrupted(at: span) }
    return Diagnostic(
      Diagnostic.Name(rawValue: kind.rawValue) ?? .value, message, at: span,
      label: note ?? "", help: help)
  }
}

extension CalculusError: InnerError {
  package func diagnostic(at span: SourceSpan?) -> Diagnostic {
    switch self {
    case .interrupted: .interrupted(at: span)
    case .tooLarge(let sizes): Diagnostic(tooLarge: sizes, at: span)
    default:
      Diagnostic(Diagnostic.Name(rawValue: name) ?? .value, description, at: span, help: help)
    }
  }
}

extension FigureError: InnerError {
  package func diagnostic(at span: SourceSpan?) -> Diagnostic {
    Diagnostic(.value, "\(self)", at: span)
  }
}

extension DataError: InnerError {
  package func diagnostic(at span: SourceSpan?) -> Diagnostic {
    if case .interrupted = self { return Diagnostic.interrupted(at: span) }
    var help = help
    if case .file = self { help = "a path begins at the folder of the notebook, or with /" }
    return Diagnostic(Diagnostic.Name(rawValue: kind) ?? .file, message, at: span, help: help)
  }
}
