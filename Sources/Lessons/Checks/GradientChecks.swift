import Calculus
import Language
import MatrixEngine
import Networks
import Syntax

/// `gradcheck`: derivatives against central differences, of a network's loss or of a function at a point.
package enum GradientChecks {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "gradcheck", .check,
      [
        .init("net", .networkOrFunction, aliases: ["f"]),
        .init("X", .examples, default: .described("")), .y, .l2, .l1,
      ],
      furtherNames: .keywords(.numbers),
      summary:
        "analytic gradients against central differences, with the worst error: of a network's loss, or of a function at a point x = …",
      formula: "|a − n| / max(|a|, |n|, 1e-3)",
      gives: .init(
        "a GradientCheck: one row a derivative", members: ["worst", "holds"],
        columns: [
          "layer", "parameter", "input", "neuron", "analytic", "numeric", "relative_error",
        ]), example: "gradcheck(Lecture, x, y)"
    ) { (interpreter, call) throws(Diagnostic) in
      if case .function(let function) = call.value("net") {
        return .record(try interpreter.derivativeCheck(of: function, call))
      }
      guard call.named.isEmpty else {
        throw Diagnostic(
          .name, "gradcheck of a network has no keyword \(call.named[0].name)",
          at: call.named[0].argument.span, help: "gradcheck(net, X, Y)")
      }
      guard call.has("X") else {
        throw interpreter.missing("X", of: "gradcheck", call.builtIn.signature, call.span)
      }
      let (examples, y) = try interpreter.examplesAndTargets(call)
      let check = try interpreter.placed(call.span) { () throws(NetworkError) in
        try examples.network.gradientCheck(
          examples.x, y, penalty: call.penalty, interrupt: interpreter.interrupt)
      }
      return .record(
        GradientCheckRecord(outline: NetworkOutline(examples.network), check: check))
    }
  ]
}

extension Interpreter {
  /// Of a function at a point; parameters that are numbers map over vectors and matrices.
  fileprivate func derivativeCheck(of function: FunctionValue, _ call: Call) throws(Diagnostic)
    -> DerivativeCheckRecord
  {
    if let user = try withoutFormula(function, call.span(of: "net")) {
      let name = user.syntax.name
      let point = try point(for: name, user.syntax.parameters.map(\.name), [], call)
      return DerivativeCheckRecord(
        function: name, check: try derivativeCheck(of: user, at: point, call.span))
    }
    let found = try subject(function, call.span(of: "net"))
    let expression = found.subject.expression
    let point = try point(
      for: found.text, found.parameters.map(\.name), expression.symbols.map(\.name), call)
    return DerivativeCheckRecord(
      function: found.text,
      check: try check(expression, by: found.differentiable, at: point, call.span))
  }

  /// The values of a function's parameters as they are given, and of the other names in it, by the session.
  private func point(for text: String, _ names: [String], _ others: [String], _ call: Call)
    throws(Diagnostic) -> [String: Tensor<Double>]
  {
    var given = call.named.map { (name: $0.name, value: $0.argument.value, span: $0.argument.span) }
    for (position, name) in ["X", "Y"].enumerated() {
      guard let argument = call[name] else { continue }
      // By position, unless the function has a parameter of that name.
      let isNamed = names.contains(name) || position >= names.count
      given.append((isNamed ? name : names[position], argument.value, argument.span))
    }
    var point: [String: Tensor<Double>] = [:]
    for (name, value, span) in given {
      guard names.contains(name) else {
        throw Diagnostic(
          .name, "\(text) has no parameter \(name)", at: span,
          label: Spelling.question(name, in: names),
          help: "its parameters are \(names.joined(separator: ", "))")
      }
      point[name] = value.tensor
    }
    for name in others + names where point[name] == nil {
      guard !names.contains(name), let value = memory[name]?.tensor else {
        let example = names.map { "\($0) = …" }.joined(separator: ", ")
        throw Diagnostic(
          .type, "gradcheck of a function needs a point: \(name) is missing", at: call.span,
          help: "gradcheck(\(text), \(example))")
      }
      point[name] = value
    }
    return point
  }

  private func check(
    _ expression: Expression, by symbols: [Symbol], at point: [String: Tensor<Double>],
    _ span: SourceSpan
  ) throws(Diagnostic) -> DerivativeCheck {
    let mapped = symbols.filter { $0.shape == .scalar && point[$0.name]?.sizes.isEmpty == false }
    guard let sizes = mapped.first.flatMap({ point[$0.name]?.sizes }) else {
      try checkInterrupt(span)
      do throws(CalculusError) {
        if let violation = try expression.domainViolation(
          at: point, sizes: symbols.sizes(in: point), by: Set(symbols))
        {
          throw .outsideDomain(violation)
        }
        return try expression.derivativeCheck(by: symbols, at: point)
      } catch {
        throw Diagnostic(error, at: span)
      }
    }
    guard mapped.allSatisfy({ point[$0.name]?.sizes == sizes }) else {
      throw Diagnostic(
        .shape, "arguments that are mapped over need one shape", at: span,
        help: "\(mapped.map(\.name).joined(separator: " and ")) differ")
    }
    var entries: [DerivativeCheck.Entry] = []
    for index in 0..<sizes.reduce(1, *) {
      var single = point
      for symbol in mapped {
        single[symbol.name] = point[symbol.name].map { .scalar($0.storage[index]) }
      }
      let place = Expression.position(index, in: sizes)
      for entry in try check(expression, by: symbols, at: single, span).entries {
        entries.append(
          .init(
            output: place + entry.output, variable: entry.variable,
            entry: mapped.contains { $0.name == entry.variable } ? place : entry.entry,
            analytic: entry.analytic, numeric: entry.numeric, isAtKink: entry.isAtKink))
      }
    }
    return DerivativeCheck(entries)
  }
}
