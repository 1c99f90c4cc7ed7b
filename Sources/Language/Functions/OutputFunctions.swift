import Display
import Syntax

/// Functions that write to the notebook, and the one that reads from it.
package enum OutputFunctions {
  package static let builtIns: [BuiltIn] = [
    stream("print", .stdout, "writes values side by side to the output"),
    stream("warn", .stderr, "writes values side by side to the error stream"),
    BuiltIn(
      "display", .text,
      [
        .init("value", .any),
        BuiltIn.Parameter(
          "id", .text, default: .described("a display of its own"), isKeywordOnly: true
        ).written(as: "id = \"a\", which replaces what was shown under that name"),
      ], isVariadic: true,
      summary:
        "shows values as a cell does, also inside a block; with an id it replaces the display of that id, also in another cell",
      example: "display(W, id = \"weights\")"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.display(call) },
    BuiltIn(
      "sleep", .text, [.init("seconds", .scalar, aliases: ["s"])],
      summary: "waits; what was shown before it is seen meanwhile, and an interrupt ends it",
      gives: .init("nothing"),
      example: "sleep(0.1)"
    ) { (interpreter, call) throws(Diagnostic) in
      let seconds = call.scalar("seconds")
      guard seconds >= 0, seconds <= Self.longestSleep else {
        throw Diagnostic(
          .value, "sleep cannot wait for \(Interpreter.plain(seconds)) seconds",
          at: call.span(of: "seconds"), help: "a number from 0 on, at most a day: sleep(0.5)")
      }
      _ = interpreter.interrupt.wait(until: ContinuousClock.now + .seconds(seconds))
      try interpreter.checkInterrupt(call.span)
      return .nothing
    },
    BuiltIn(
      "latex", .text, [.init("value", .any)],
      summary:
        "the LaTeX source of what a value shows: a formula, an explanation, a matrix, a table",
      gives: .init("a text, which a cell shows as it can be copied"), example: "latex(W)"
    ) { (interpreter, call) throws(Diagnostic) in
      let value = call.value("value")
      let bundle = value.bundle(interpreter.settings)
      if let source = bundle.data[MIMEType.latex]?.stringValue { return .string(source) }
      if let number = value.number {
        return .string(interpreter.settings.numberFormat.text(number))
      }
      throw Diagnostic(
        .type, "\(value.description) has no LaTeX", at: call.span(of: "value"))
    }
    .givingSource(),
    BuiltIn(
      "clear_output", .text, [.init("wait", .boolean, default: .truth(false))],
      summary: "removes what the cell has shown so far; wait = true waits for the next output",
      example: "clear_output(wait = true)"
    ) { (interpreter, call) throws(Diagnostic) in
      interpreter.host?.emit(.clear(wait: call.boolean("wait")))
      return .nothing
    },
    BuiltIn(
      "input", .text, [.init("prompt", .text, default: .text(""))],
      summary: "asks the user for a line; number(…) reads it as a number",
      gives: .init("a text"),
      example: "input(\"your name? \")"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.readLine(call) }
    .having(effect: .asksTheUser),
    BuiltIn(
      "number", .text, [.init("text", .text)], summary: "the number that a text spells",
      gives: .init("a number"),
      example: "number(\"0.5\")"
    ) { (_, call) throws(Diagnostic) in
      let text = call.text("text") ?? ""
      guard let number = Double(String(text.filter { !$0.isWhitespace })) else {
        throw Diagnostic(
          .value, "\"\(text)\" is not a number", at: call.span(of: "text"))
      }
      return .scalar(number)
    },
    BuiltIn(
      "help", .text, [.init("name", .expression, default: .described("everything"))],
      summary:
        "shows what a name means, with an example; name? shows it in the pager; help() lists all names",
      example: "help(train)"
    ) { (interpreter, call) throws(Diagnostic) in
      guard let argument = call["name"] else {
        try interpreter.showHelp(nil, call.span, inPager: false)
        return .nothing
      }
      let name: String
      switch argument.syntax?.kind {
      case .name(let word), .string(let word): name = word
      default:
        throw Diagnostic(
          .type, "help takes a name, or a sign in quotes", at: call.span(of: "name"),
          help: "help(forward) or help(\"⊗\")")
      }
      try interpreter.showHelp(name, call.span(of: "name"), inPager: false)
      return .nothing
    },
  ]

  /// The most seconds that a cell may wait at once: a day.
  private static let longestSleep = 86_400.0

  private static func stream(_ name: String, _ stream: StreamName, _ summary: String) -> BuiltIn {
    BuiltIn(
      name, .text, [.init("a", .any, default: .described(""))], isVariadic: true, summary: summary,
      example: "\(name)(\"loss\", 0.25)"
    ) { (interpreter, call) throws(Diagnostic) in
      let text = call.values.map(interpreter.plainText).joined(separator: " ")
      interpreter.emit(.stream(stream, text + "\n"))
      return .nothing
    }
  }
}

extension Interpreter {
  fileprivate func display(_ call: Call) throws(Diagnostic) -> Value {
    let identity = call.text("id")
    let values = ([call["value"]].compactMap { $0 } + call.rest).map(\.value)
    guard let identity else {
      for value in values { show(value, .display, isAskedFor: true) }
      return .nothing
    }
    guard values.count == 1 else {
      throw Diagnostic(
        .type, "display(…, id = \"\(identity)\") shows one value, and here are \(values.count)",
        at: call.span, help: "show the others under ids of their own")
    }
    show(values[0], .display, identity: identity, isAskedFor: true)
    return .nothing
  }

  fileprivate func readLine(_ call: Call) throws(Diagnostic) -> Value {
    guard let host else {
      throw Diagnostic(.value, "input needs a running cell", at: call.span)
    }
    let line: String?
    do {
      line = try host.readLine(prompt: call.text("prompt") ?? "")
    } catch {
      throw Diagnostic(
        .value, "this front end does not allow input", at: call.span,
        help: "give the value in the cell instead")
    }
    guard let line else { throw Diagnostic.interrupted(at: call.span) }
    return .string(line)
  }
}

extension Interpreter {
  /// Shows what a name, word or sign means, or which there are: in the front end's pager, or in the cell.
  ///
  /// Throws: a NameError for what nothing is known of.
  func showHelp(_ name: String?, _ span: SourceSpan, inPager: Bool) throws(Diagnostic) {
    guard let bundle = vocabulary.help?(name, snapshot) else {
      throw unknownName(name ?? "help", span, .global)
    }
    emit(inPager ? .page(bundle) : .display(bundle, identity: nil))
  }
}
