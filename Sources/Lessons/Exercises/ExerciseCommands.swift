import Calculus
import Language
import MatrixEngine
import Networks
import Syntax

/// `exercise`, `mark`, `practice`: explanations with gaps, answers that are judged, networks with short numbers.
package enum ExerciseCommands {
  package static let builtIns: [BuiltIn] = [exercise, mark, PracticeCommand.builtIn]

  private static let exercise = BuiltIn(
    "exercise", .check,
    [
      .init("call", .expression), .init("blanks", .whole(atLeast: 1), default: .whole(6)),
      .init("seed", .any, default: .whole(0)).written(as: "seed = 3, or seed = \"name\""),
    ], furtherNames: .keywords(.expression),
    summary:
      "the explanation of a call with gaps ①, ②, … in the place of computed numbers; further options are explain's",
    gives: .init(
      "an Exercise, which mark judges answers to; .key is what belongs into the gaps",
      members: ExerciseRecord.members, columns: ExerciseRecord.columnNames),
    example: "exercise backward(Lecture, x, y), blanks = 6, seed = 3"
  ) { (interpreter, call) throws(Diagnostic) in
    guard let subject = call["call"]?.syntax else { return .nothing }
    let options = call.named.compactMap { option in
      option.argument.syntax.map {
        ArgumentSyntax.keyword(name: option.name, nameSpan: option.argument.span, value: $0)
      }
    }
    guard case .record(let record) = try interpreter.explain(subject, options, call.scope),
      let explanation = record as? DerivationRecord
    else { return .nothing }
    let settings = call.named.compactMap { option in
      option.argument.syntax.map { (name: option.name, value: $0) }
    }
    var random = RandomSource(seed: try interpreter.seed(call))
    let wanted = call.whole("blanks")
    let count = explanation.derivation.computedNumbers.count
    let written = interpreter.written(subject.span)
    guard count > 0 else {
      throw Diagnostic(
        .value, "\(written) computes no numbers that could be left out", at: subject.span,
        help: "numbers are put in by x = 2, or by a call of values")
    }
    guard wanted <= min(count, ExerciseGap.most) else {
      throw Diagnostic(
        .value, "\(written) has no \(wanted) numbers to leave out", at: call.span(of: "blanks"),
        label: "at most \(min(count, ExerciseGap.most))")
    }
    return .record(
      ExerciseRecord(
        explanation: explanation,
        gaps: explanation.derivation.gaps(wanted, random: &random),
        source: interpreter.source(
          ofExercise: subject, settings, blanks: wanted, seed: call.value("seed"), call.scope)))
  }

  private static let mark = BuiltIn(
    "mark", .check, [.init("exercise", .any), .init("answers", .expression)],
    summary:
      "judges the answers to an exercise in the order of its gaps by compare's rule, with four decimals or three digits at least; nan is no answer, and what follows from a wrong answer earns its point",
    gives: .init(
      "a Mark: one row a gap", members: MarkRecord.members, columns: MarkRecord.columnNames),
    example: "mark(sheet, [-0.2261, nan, 0.5744])",
    behind: "sheet = exercise backward(Lecture, x, y), blanks = 3"
  ) { (interpreter, call) throws(Diagnostic) in
    guard case .record(let record) = call.value("exercise"),
      let exercise = record as? ExerciseRecord
    else {
      throw Diagnostic(
        .type, "mark takes an exercise, not \(call.value("exercise").description)",
        at: call.span(of: "exercise"), help: "e = exercise forward(net, x); mark(e, [0.5744, …])")
    }
    guard let syntax = call["answers"]?.syntax else { return .nothing }
    let value = try interpreter.evaluate(syntax, call.scope)
    guard let entries = value.entriesOfAny else {
      throw Diagnostic(
        .type, "answers are numbers, not \(value.description)", at: syntax.span,
        help: "nan stands where there is none")
    }
    guard entries.count == exercise.gaps.count else {
      throw Diagnostic(
        .shape,
        "the exercise has \(exercise.gaps.count.counted("gap")), and \(entries.count.counted("answer")) came",
        at: syntax.span, help: "give one for each gap, nan where there is none")
    }
    let answers = PrintedNumber.read(syntax, values: entries).map { answer in
      // What comes out of a variable has the digits that it needs.
      answer.literal == nil && answer.value.isFinite
        ? PrintedNumber(answer.value, literal: Interpreter.plain(abs(answer.value))) : answer
    }
    return .record(exercise.marked(answers))
  }
}

extension Interpreter {
  /// A seed as a whole number; a text is as good, so that every student has their own.
  func seed(_ call: Call) throws(Diagnostic) -> Int {
    switch call.value("seed") {
    case .nothing: return 0
    case .string(let text):
      // Every bit of the text has its share: FNV-1a.
      let hash = text.utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
        ($0 ^ UInt64($1)) &* 1_099_511_628_211
      }
      return Int(bitPattern: UInt(hash))
    case let value:
      guard let number = value.number, let whole = Int(exactly: number) else {
        throw Diagnostic(
          .type, "a seed is a whole number or a text, not \(value.description)",
          at: call.span(of: "seed"), help: "seed = 3, or seed = \"name\"")
      }
      return whole
    }
  }
}
