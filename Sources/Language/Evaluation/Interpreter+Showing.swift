import Display
import Networks
import Notation
import Syntax

/// What a cell shows of its values.
extension Interpreter {
  /// With an identity it replaces what was shown under that one; what is asked for is seen, though it only confirms.
  package func show(
    _ value: Value, _ display: StatementDisplay, identity: String? = nil, label: String? = nil,
    isAskedFor: Bool = false
  ) {
    if case .nothing = value { return }
    guard display.isShown else { return }
    let output = display.output(render(value, label: label), identity)
    if value.isConfirmation, notes.isEmpty, !isAskedFor {
      confirmations?.append(output)
      return
    }
    notes = []
    emit(output)
  }

  /// What a statement shows, which is no confirmation.
  func emit(_ output: CellOutput) {
    confirmations = nil
    host?.emit(output)
  }

  /// Shows the confirmations of a cell that has shown nothing else. One that fails has no result: graders take a
  /// result for a success, whatever follows.
  package func showConfirmations(isWhole: Bool) {
    for output in confirmations ?? [] { host?.emit(isWhole ? output : output.withoutResult) }
    confirmations = nil
  }

  /// The value of an expression that a cell shows.
  func show(_ value: Value, of expression: ExpressionSyntax, _ display: StatementDisplay) {
    if display.isShown, case .string(let text) = value, givesSource(expression) {
      notes = []
      emit(display.output(Self.sourceBundle(text)))
    } else {
      show(value, display, label: label(of: expression))
    }
  }

  // MARK: - Labels

  /// Whether a statement shows a value that does not say itself what it is, so that a cell with several of them
  /// labels them.
  package func mayShowValue(_ statement: StatementSyntax) -> Bool {
    guard !statement.isSuppressed else { return false }
    switch statement.kind {
    case .expression(let expression), .attempt(let expression):
      switch expression.kind {
      case .explain, .audit: return false
      default: break
      }
      guard case .call(let callee, _) = expression.kind, case .name(let name) = callee.kind,
        memory[name] == nil, let builtIn = vocabulary.builtIn(named: name)
      else { return true }
      return builtIn.givesPlainValue
    default: return false
    }
  }

  /// Longer expressions are cut.
  private static let longestLabel = 60

  private func label(of expression: ExpressionSyntax) -> String? {
    guard labelsValues, !expression.isLiteral else { return nil }
    let text = oneLine(expression.span)
    guard text.count <= Self.longestLabel else { return "\(text.prefix(Self.longestLabel))…" }
    return expression.isOneSide ? text : "(\(text))"
  }

  // MARK: - Sources

  /// Whether an expression is the call of a function that gives a text to be copied, as `latex` does.
  private func givesSource(_ expression: ExpressionSyntax) -> Bool {
    guard case .call(let callee, _) = expression.kind, case .name(let name) = callee.kind,
      memory[name] == nil
    else { return false }
    return vocabulary.builtIn(named: name)?.givesSource ?? false
  }

  /// LaTeX as it stands, to be copied, and below it what it looks like where a page can set it.
  private static func sourceBundle(_ source: String) -> MIMEBundle {
    var bundle = MIMEBundle(plain: source)
    var html =
      "<pre style=\"white-space: pre-wrap; margin: 0\">\(HTMLText.escapedLines(source))</pre>"
    // Pages set formulas, not LaTeX's tables.
    if source.contains("$") { html += "<div>\(HTMLText.formulas(source))</div>" }
    bundle.data[MIMEType.html] = .string("<div class=\"nabla-source\">\(html)</div>")
    return bundle
  }
}

extension Interpreter.StatementDisplay {
  var isShown: Bool { if case .hidden = self { false } else { true } }

  fileprivate func output(_ bundle: MIMEBundle, _ identity: String? = nil) -> CellOutput {
    if case .result = self { .result(bundle) } else { .display(bundle, identity: identity) }
  }
}

extension Value {
  /// Whether it says no more than that what was said holds, as a check does.
  fileprivate var isConfirmation: Bool {
    if case .record(let record) = self { record.isConfirmation } else { false }
  }
}

extension ExpressionSyntax {
  /// Whether it says its value itself: a number, a text, brackets of these.
  fileprivate var isLiteral: Bool {
    switch kind {
    case .number, .boolean, .string: true
    case .negative(let inner), .parenthesized(let inner): inner.isLiteral
    case .brackets(let rows): rows.allSatisfy { $0.allSatisfy(\.isLiteral) }
    default: false
    }
  }

  /// Whether it can stand before an equals sign without parentheses.
  package var isOneSide: Bool {
    switch kind {
    case .comparison, .not, .and, .or, .conditional: false
    default: true
    }
  }
}

extension BuiltIn {
  /// Whether its value is numbers or a text, which do not say what they are.
  fileprivate var givesPlainValue: Bool {
    result.members.isEmpty && result.columns.isEmpty && !givesSource && group != .picture
      && !BuiltIn.showing.contains(name)
  }
}
