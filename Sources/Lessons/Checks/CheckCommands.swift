import Display
import Glibc
import Language
import MatrixEngine
import Syntax

/// `check` and `compare`: computed numbers against expected ones.
package enum CheckCommands {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "check", .check,
      [
        .init("value", .any), .init("expected", .expression, default: .truth(true)),
        .init(
          "tolerance", .scalar,
          default: .described("half a unit of the last printed digit, else 1e-9 relative")
        ),
      ],
      summary:
        "✓ when a value is as expected, an error when it is not; of functions, when their formulas are equal",
      gives: .init(
        "a Check", members: ["holds"],
        columns: ["quantity", "computed", "expected", "verdict"]),
      example: "check(forward(Lecture, x).output, 0.7739)"
    ) { (interpreter, call) throws(Diagnostic) in try check(interpreter, call) },
    BuiltIn(
      "compare", .check,
      [
        .init("value", .any), .init("printed", .expression),
        .init(
          "units", .scalar, default: .described("1.5, of a typed number 0.5"), isKeywordOnly: true),
      ], isVariadic: true,
      summary:
        "✓ when a printed number is the computed one rounded, ≈ when it is close, ✗ when it is wrong; never an error",
      gives: .init(
        "a Comparison: one row a number", members: ["holds"],
        columns: [
          "quantity", "computed", "printed", "difference", "units_of_last_digit", "verdict",
        ]),
      example: "compare(forward(Lecture, x).output, 0.7862)"
    ) { (interpreter, call) throws(Diagnostic) in try compare(interpreter, call) },
  ]

  // MARK: - check

  private static func check(_ interpreter: Interpreter, _ call: Call) throws(Diagnostic) -> Value {
    guard let argument = call["value"] else { return .nothing }
    let expected = call["expected"]
    if case .function(let function) = argument.value, let syntax = expected?.syntax {
      return .record(try interpreter.checkEqual(function, argument.span, syntax, call))
    }
    let expectedValue =
      try (expected?.syntax).map { (syntax) throws(Diagnostic) in
        try interpreter.evaluate(syntax, call.scope)
      } ?? .boolean(true)
    let name = argument.syntax.map { interpreter.oneLine($0.span) } ?? "the value"
    let failure: String?
    switch (argument.value, expectedValue) {
    case (.string(let a), .string(let b)):
      failure = a == b ? nil : "it is \"\(a)\", expected \"\(b)\""
    default:
      guard let computed = argument.value.entriesOfAny, let wanted = expectedValue.entriesOfAny
      else {
        throw Diagnostic(
          .type,
          "check compares numbers or texts, not \(argument.value.description) with \(expectedValue.description)",
          at: call.span)
      }
      guard computed.count == wanted.count, shapesAgree(argument.value, expectedValue) else {
        throw Diagnostic(
          .shape, "\(name) is \(argument.value.description), expected \(expectedValue.description)",
          at: call.span, help: "both need the same shape")
      }
      let printed = PrintedNumber.read(expected?.syntax, values: wanted)
      let tolerance = call.has("tolerance") ? call.scalar("tolerance") : nil
      var wrong: (index: Int, pair: (Double, PrintedNumber))?
      for (index, pair) in zip(computed, printed).enumerated() {
        if index & 0xFFFF == 0 { try interpreter.checkInterrupt(call.span) }
        if !holds(pair.0, pair.1, tolerance) {
          wrong = (index, pair)
          break
        }
      }
      failure = wrong.map { index, pair in
        "\(argument.value.entryName(index))it is \(interpreter.plain(pair.0)), expected \(pair.1.text)"
      }
    }
    if let failure {
      throw Diagnostic(
        .value, "the check of \(name) does not hold: \(failure)", at: call.span, label: "✗")
    }
    let isOneSide = expected == nil || argument.syntax?.isOneSide ?? true
    return .record(
      CheckRecord(
        quantity: isOneSide ? name : "(\(name))",
        expectedText: expected?.syntax.map { interpreter.oneLine($0.span) },
        computed: argument.value, expected: expectedValue))
  }

  private static func shapesAgree(_ a: Value, _ b: Value) -> Bool {
    guard case .array(let left) = a, case .array(let right) = b else { return true }
    if left.rank == right.rank { return left.rank == 1 || left.shape == right.shape }
    let larger = left.rank > right.rank ? left : right
    return larger.rank == 2 && (larger.rows == 1 || larger.columns == 1)
  }

  private static func holds(_ computed: Double, _ printed: PrintedNumber, _ tolerance: Double?)
    -> Bool
  {
    if computed == printed.value || (computed.isNaN && printed.value.isNaN) { return true }
    let difference = abs(computed - printed.value)
    if let tolerance { return difference <= tolerance }
    if printed.agreesBeyondRounding(with: computed) { return true }
    if printed.isDecimal, let unit = printed.unit {
      return difference / unit <= Verdict.holdsWithin + Verdict.slack
    }
    return difference.isFinite && difference <= 1e-9 * max(abs(computed), abs(printed.value))
  }

  // MARK: - compare

  private static func compare(_ interpreter: Interpreter, _ call: Call) throws(Diagnostic) -> Value
  {
    var pairs = [call["value"], call["printed"]].compactMap { $0 } + call.rest
    guard pairs.count.isMultiple(of: 2) else {
      throw Diagnostic(
        .type, "compare takes pairs: a value and the printed number", at: call.span,
        label: "\(pairs.count) arguments", help: "compare(a, 0.5744, b, 0.5987)")
    }
    let units = call.has("units") ? call.scalar("units") : nil
    var rows: [ComparisonRecord.Row] = []
    while pairs.count >= 2 {
      var (value, printed) = (pairs.removeFirst(), pairs.removeFirst())
      // The arguments behind the first two are all of one kind: not evaluated yet.
      if case .nothing = value.value, let syntax = value.syntax {
        value.value = try interpreter.evaluate(syntax, call.scope)
      }
      if case .function(let function) = value.value, let syntax = printed.syntax {
        rows.append(try compare(interpreter, function, value, syntax, call))
        continue
      }
      if let syntax = printed.syntax {
        printed.value = try interpreter.evaluate(syntax, call.scope)
      }
      rows += try compare(interpreter, value, printed, units: units)
    }
    return .record(ComparisonRecord(rows: rows))
  }

  /// Of formulas there is a verdict alone.
  private static func compare(
    _ interpreter: Interpreter, _ function: FunctionValue, _ value: Call.Argument,
    _ printed: ExpressionSyntax, _ call: Call
  ) throws(Diagnostic) -> ComparisonRecord.Row {
    let name = value.syntax.map { interpreter.oneLine($0.span) } ?? function.name
    var verdict = Verdict.holds
    do throws(Diagnostic) {
      _ = try interpreter.checkEqual(function, value.span, printed, call)
    } catch {
      guard error.name == .value || error.name == .shape else { throw error }
      verdict = .fails
    }
    return ComparisonRecord.Row(
      quantity: "\(name) = \(interpreter.oneLine(printed.span))", computed: nil, printed: nil,
      verdict: verdict)
  }

  private static func compare(
    _ interpreter: Interpreter, _ value: Call.Argument, _ printed: Call.Argument, units: Double?
  ) throws(Diagnostic) -> [ComparisonRecord.Row] {
    let name = value.syntax.map { interpreter.oneLine($0.span) } ?? "value"
    guard let computed = value.value.entriesOfAny, let expected = printed.value.entriesOfAny else {
      throw Diagnostic(
        .type,
        "compare takes numbers, not \(value.value.description) and \(printed.value.description)",
        at: value.span)
    }
    guard computed.count == expected.count else {
      throw Diagnostic(
        .shape,
        "\(name) is \(value.value.description), but \(printed.value.description) is printed",
        at: printed.span, help: "give a printed number for each entry, or compare \(name)[1]")
    }
    let isLiteral = value.syntax.map(PrintedNumber.isLiteral) ?? false
    let numbers = PrintedNumber.read(printed.syntax, values: expected)
    return zip(computed, numbers).enumerated().map { index, pair in
      let place = value.value.indexText(index)
      return ComparisonRecord.Row(
        quantity: name + place, computed: pair.0, printed: pair.1,
        verdict: units == nil && pair.1.agreesBeyondRounding(with: pair.0)
          ? .holds
          : Verdict(
            computed: pair.0, printed: pair.1, closeWithin: units ?? (isLiteral ? 0.5 : 1.5)))
    }
  }
}

/// How a printed number compares with the computed one.
package enum Verdict {
  case holds, close, fails

  /// A correctly rounded number is within half a unit of its last digit.
  static let holdsWithin = 0.5
  /// Decimal fractions are not exact in binary: half a unit may come out a little more.
  static let slack = 1e-7

  /// `coarsest`: the unit of a number that was printed with fewer digits than were asked for.
  package init(
    computed: Double, printed: PrintedNumber, closeWithin: Double, coarsest: Double = .infinity
  ) {
    if computed == printed.value || (computed.isNaN && printed.value.isNaN) {
      self = .holds
      return
    }
    let difference = abs(computed - printed.value)
    guard let unit = printed.unit else {
      let isNear = difference <= 1e-9 * max(abs(computed), abs(printed.value))
      self = difference.isFinite && isNear ? .holds : .fails
      return
    }
    let units = difference / min(unit, coarsest)
    self =
      units <= min(Self.holdsWithin, closeWithin) + Self.slack
      ? .holds : units <= closeWithin + Self.slack ? .close : .fails
  }

  package var mark: VerdictMark {
    switch self {
    case .holds: .holds
    case .close: .close
    case .fails: .fails
    }
  }
}

extension Value {
  /// All numbers of a value, also of a list, in order; nil when it holds anything else.
  var entriesOfAny: [Double]? {
    guard case .list(let list) = self else { return entries }
    var all: [Double] = []
    for element in list.elements {
      guard let entries = element.entriesOfAny else { return nil }
      all += entries
    }
    return all
  }

  /// `[2]`, `[1,3]`: the index of an entry by its position row by row; empty for a number.
  func indexText(_ position: Int) -> String {
    switch self {
    case .array(let array) where array.rank == 1 && array.rows == 1: ""
    case .array(let array): "[\(array.shape.index(at: position, separator: ","))]"
    case .list: "[\(position + 1)]"
    default: ""
    }
  }
}
