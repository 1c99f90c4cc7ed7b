import Display
import JSONText
import Networks
import Notation
import Syntax

/// Values and errors as MIME bundles.
extension Interpreter {
  /// The bundle of a value, behind its label if it has one, with the notes of the running statement below it.
  package func render(_ value: Value, label: String? = nil) -> MIMEBundle {
    var bundle = value.bundle(settings, label: label)
    bundle.append(notes: notes)
    return bundle
  }

  /// The text of a value for `print`: a text as it is, everything else as `text/plain`.
  package func plainText(_ value: Value) -> String {
    if case .string(let text) = value { return text }
    return value.bundle(settings).data[MIMEType.plain]?.stringValue ?? ""
  }

  /// The text at a place on one line, as the name of a column or a quantity.
  package func oneLine(_ span: SourceSpan) -> String { source.oneLine(span) }

  /// The text at a place as a message can hold it: on one line, and not too long.
  package func written(_ span: SourceSpan) -> String {
    let text = source.oneLine(span)
    return text.count <= 40 ? text : "\(text.prefix(38))…"
  }

  /// An error as a normal output, for `try`.
  package func render(_ diagnostic: Diagnostic) -> MIMEBundle {
    MIMEBundle(plain: DiagnosticRenderer.plainText([diagnostic], in: source))
  }

  /// The content of an `error` message for the mistakes of a cell, the first of which gives it its name.
  package func report(_ diagnostics: [Diagnostic]) -> ErrorReport {
    guard let first = diagnostics.first else {
      return ErrorReport(name: "SyntaxError", message: "the cell has a mistake", traceback: [])
    }
    let more = diagnostics.count - 1
    let message =
      more == 0
      ? first.message : "\(first.message) (and \(more.counted("more mistake")))"
    return ErrorReport(
      name: first.name.rawValue, message: message,
      traceback: DiagnosticRenderer.traceback(diagnostics, in: source))
  }
}

extension Value {
  /// How the value is shown; a label is for numbers, texts, arrays and lists, others say what they are.
  package func bundle(_ settings: Settings, label: String? = nil) -> MIMEBundle {
    switch self {
    case .record(let record): record.render(settings)
    case .dataset(let dataset): DatasetRecord(dataset).render(settings)
    case .network(let network): SummaryRecord(network).render(settings)
    case .function(.formula(let formula)): formula.bundle
    case .scalar, .boolean, .string, .array, .list:
      displayValue.bundle(numbers: settings.numberFormat, label: label)
    default: displayValue.bundle(numbers: settings.numberFormat)
    }
  }

  /// How many bytes of a text are shown as a value, in each of two formats; `print` shows more.
  private static let shownBytes = 400_000

  private static func shown(_ text: String) -> String {
    guard text.utf8.count > shownBytes else { return text }
    let head = String(decoding: text.utf8.prefix(shownBytes), as: UTF8.self)
    return "\(head)… (\(text.utf8.count) bytes; print shows more)"
  }

  private var displayValue: DisplayValue {
    switch self {
    case .nothing: .description("")
    case .scalar(let number): .number(number)
    case .boolean(let flag): .boolean(flag)
    case .string(let text): .string(Self.shown(text))
    case .array(let array): .array(array)
    case .list(let list):
      // Among others a formula is told without what is said about it.
      .list(
        list.elements.map { element in
          element.formula.map { .description($0.expression.text) } ?? element.displayValue
        }, firstIndex: list.firstIndex)
    case .function(.user(let function)): .description(function.text)
    case .function(.builtIn(let builtIn)): .description("\(builtIn.signature): \(builtIn.summary)")
    case .function(.formula(let formula)): .description(formula.text)
    case .function(.unknown(let name)): .description("\(name): an unknown function")
    case .network, .dataset, .record, .expression: .description(description)
    }
  }
}

extension SourceText {
  /// A part of the text with its white space, line breaks too, as single spaces.
  package func oneLine(_ span: SourceSpan) -> String {
    let text = self[span]
    guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension Settings {
  package var numberFormat: NumberFormat {
    var format = NumberFormat(digits: digits)
    format.marks = marksNumbers
    return format
  }
}

extension MIMEBundle {
  /// Adds remarks to every text representation.
  package mutating func append(notes: [String]) {
    guard !notes.isEmpty else { return }
    if let plain = data[MIMEType.plain]?.stringValue {
      data[MIMEType.plain] = .string(
        plain + notes.map { "\nnote: \($0)" }.joined())
    }
    if let html = data[MIMEType.html]?.stringValue {
      let remarks = notes.map { note in
        "<div style=\"font-size: 90%; opacity: 0.8\">note: \(HTMLText.escaped(note))</div>"
      }
      data[MIMEType.html] = .string(html + remarks.joined())
    } else if let latex = data[MIMEType.latex]?.stringValue {
      // JupyterLab prefers the LaTeX of a formula to its text, so the remarks go there as well.
      let remarks = notes.map { note in "\n\n\\small note: \(LaTeXText.escaped(note))" }
      data[MIMEType.latex] = .string(latex + remarks.joined())
    }
  }
}
