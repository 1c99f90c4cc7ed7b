/// A place where an expression mentions a name that is no variable of a generator around it.
package struct NameMention: Sendable {
  package enum Role: Sendable {
    /// `x`
    case value
    /// `f` of `f(2)`
    case function
    /// `f` of `f'(2)`
    case derivative
    /// `x` of `∂f/∂x`
    case variable
  }

  package let name: String
  package let span: SourceSpan
  package let role: Role
  /// The variables of the generators around it.
  package let bound: Set<String>
  /// Whether it is not looked up where it stands: under `∂`, in what `explain` and its like read for themselves.
  package let isDeferred: Bool
  /// Whether its value is changed: `v` of `v[i] = 2`, the network of `train`.
  package let isChanged: Bool
}

/// What is known of functions beyond how calls of them are written.
package protocol CallConventions {
  /// What a function makes of an argument.
  func use(of argument: ArgumentSyntax, at position: Int, in function: String) -> ArgumentUse
}

/// What becomes of an argument.
package enum ArgumentUse: Sendable {
  case evaluated
  /// Its value is evaluated, and changed.
  case changed
  /// The function reads the expression for itself.
  case deferred
  /// It is a word, such as `adam`, and no name.
  case word
  /// Likewise, and what stands behind it in parentheses is evaluated: `momentum(m)`.
  case wordWithNumbers
}

/// That of functions of which nothing is known: all arguments are evaluated.
package struct PlainCalls: CallConventions {
  package init() {}

  package func use(of argument: ArgumentSyntax, at position: Int, in function: String)
    -> ArgumentUse
  { .evaluated }
}

extension ExpressionSyntax {
  /// Visits the names that the expression mentions, in the order of evaluation.
  package func forEachName(
    knowing calls: some CallConventions = PlainCalls(), _ visit: (NameMention) -> Void
  ) {
    withoutActuallyEscaping(visit) { NameWalk(calls: calls, visit: $0).walk(self) }
  }

  /// The same where its value is changed: the target of an assignment.
  func forEachNameChanged(knowing calls: some CallConventions, _ visit: (NameMention) -> Void) {
    withoutActuallyEscaping(visit) { visit in
      var walk = NameWalk(calls: calls, visit: visit)
      walk.isChanged = true
      walk.walk(self)
    }
  }
}

/// Goes through an expression, with what holds at the place where it is.
private struct NameWalk<Calls: CallConventions> {
  let calls: Calls
  let visit: (NameMention) -> Void
  var bound: Set<String> = []
  var isDeferred = false
  var isChanged = false

  func mention(_ name: String, _ span: SourceSpan, _ role: NameMention.Role) {
    guard !bound.contains(name) else { return }
    visit(
      NameMention(
        name: name, span: span, role: role, bound: bound, isDeferred: isDeferred,
        isChanged: isChanged))
  }

  func walk(_ expression: ExpressionSyntax) {
    switch expression.kind {
    case .name(let name): mention(name, expression.span, .value)
    case .parenthesized(let inner), .member(let inner, _, _): walk(inner)
    case .index(let base, let indices):
      walk(base)
      for index in indices { index.forEachChild(reading.walk) }
    case .comprehension(let generator): reading.walk(generator)
    case .call(let callee, let arguments): reading.walk(callee, arguments)
    case .partial(let partial):
      deferred.walk(partial.numerator)
      for variable in partial.variables {
        deferred.mention(variable.name, variable.span, .variable)
        for index in variable.indices { index.forEachChild(deferred.walk) }
      }
    case .nabla, .explain, .audit: expression.kind.forEachChild(deferred.walk)
    default: expression.kind.forEachChild(reading.walk)
    }
  }

  private func walk(_ generator: ExpressionSyntax.Generator) {
    var inner = self
    for range in generator.ranges {
      inner.walk(range.values)
      inner.bound.insert(range.variable)
    }
    generator.condition.map(inner.walk)
    inner.walk(generator.element)
  }

  private func walk(_ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax]) {
    var (function, role) = (callee, NameMention.Role.function)
    while case .prime(let inner) = function.kind { (function, role) = (inner, .derivative) }
    guard case .name(let name) = function.kind else {
      walk(callee)
      for argument in arguments { walk(argument) }
      return
    }
    mention(name, function.span, role)
    for (position, argument) in arguments.enumerated() {
      switch calls.use(of: argument, at: position, in: name) {
      case .evaluated: walk(argument)
      case .changed:
        var changing = self
        changing.isChanged = true
        changing.walk(argument)
      case .deferred: deferred.walk(argument)
      case .word: break
      case .wordWithNumbers:
        guard let value = argument.value, case .call(_, let numbers) = value.kind else { break }
        for number in numbers { walk(number) }
      }
    }
  }

  private func walk(_ argument: ArgumentSyntax) {
    switch argument {
    case .positional(let value), .keyword(_, _, let value): walk(value)
    case .path(let path, let value):
      // Its name is one of the network's: `W[2][i, j] = 0.9`.
      deferred.walkIndices(of: path)
      walk(value)
    case .generator(let generator, _): walk(generator)
    }
  }

  private func walkIndices(of path: ExpressionSyntax) {
    if case .name = path.kind { return }
    switch path.kind {
    case .index(let base, let indices):
      walkIndices(of: base)
      for index in indices { index.forEachChild(walk) }
    case .member(let base, _, _): walkIndices(of: base)
    default: walk(path)
    }
  }

  /// Inside of what is changed, values are only read.
  private var reading: Self {
    var walk = self
    walk.isChanged = false
    return walk
  }

  private var deferred: Self {
    var walk = reading
    walk.isDeferred = true
    return walk
  }
}
