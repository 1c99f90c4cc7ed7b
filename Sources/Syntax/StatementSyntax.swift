/// A statement as it was written.
package struct StatementSyntax: Sendable {
  package var kind: Kind
  package var span: SourceSpan
  /// Ended by `;`: its value is not displayed.
  package var isSuppressed: Bool

  package init(_ kind: Kind, _ span: SourceSpan, isSuppressed: Bool = false) {
    self.kind = kind
    self.span = span
    self.isSuppressed = isSuppressed
  }

  package indirect enum Kind: Sendable {
    case expression(ExpressionSyntax)
    /// `x = 2`, `v[i] = e`, `net.W[2][1,3] = 0.5`: the target is a name, index or member node.
    case assignment(target: ExpressionSyntax, value: ExpressionSyntax)
    /// `f(x, A: matrix(m, n)) = …`
    case definition(FunctionSyntax)
    case network(NetworkSyntax)
    /// `layer RNN(X: matrix(T, n), k, h0 = 0) { … }`
    case layer(LayerSyntax)
    /// `parameter W: matrix(d, k), b: vector(k)`, in the lines of a layer
    case parameters([LayerParameterSyntax])
    /// `running μ = 0, v = 1`, behind the lines of these quantities
    case running([RunningSyntax])
    case perceptron(PerceptronSyntax)
    case forLoop(
      variable: String, variableSpan: SourceSpan, range: ExpressionSyntax, body: [StatementSyntax])
    /// `while c { … }`
    case whileLoop(condition: ExpressionSyntax, body: [StatementSyntax])
    /// `if c { … } else if d { … } else { … }`
    case conditional(
      condition: ExpressionSyntax, then: [StatementSyntax], otherwise: [StatementSyntax]?)
    /// `set digits = 6`; a bare word such as `set view = matrix` is a name node.
    case set(name: String, nameSpan: SourceSpan, value: ExpressionSyntax)
    /// `try EXPR`
    case attempt(ExpressionSyntax)
    /// `symbols w, x: vector(n)`
    case symbols([ParameterSyntax])
    /// `name?`
    case help(name: String, nameSpan: SourceSpan)
  }
}

/// What a function computes: an expression, or `{ q = x + y; q*z }`, where lines with names of its own come before
/// the value.
package struct BodySyntax: Sendable {
  /// What runs before the value: assignments to names of its own and their entries, in `for`, `while` and `if` too.
  package var lines: [StatementSyntax] = []
  package var result: ExpressionSyntax
  package var span: SourceSpan

  /// Visits its expressions, in the order of the text.
  package func forEachExpression(_ visit: (ExpressionSyntax) -> Void) {
    for line in lines { line.forEachExpression(visit) }
    visit(result)
  }

  /// A name of its own that a body gives a value.
  package struct Assignment: Sendable {
    package let name: String
    package let span: SourceSpan
    /// What is assigned, or run over.
    package let value: ExpressionSyntax
    /// Whether an entry is given the value, and not the whole.
    package let isEntry: Bool
  }

  /// What its lines give a value, wholly or in an entry, in their order.
  package var assignments: [Assignment] {
    var found: [Assignment] = []
    func visit(_ lines: [StatementSyntax]) {
      for line in lines {
        switch line.kind {
        case .assignment(let target, let value):
          var (target, isEntry) = (target, false)
          while case .index(let base, _) = target.kind { (target, isEntry) = (base, true) }
          if case .name(let name) = target.kind {
            found.append(
              Assignment(name: name, span: target.span, value: value, isEntry: isEntry))
          }
        case .forLoop(let variable, let span, let range, let body):
          found.append(Assignment(name: variable, span: span, value: range, isEntry: false))
          visit(body)
        case .whileLoop(_, let body): visit(body)
        case .conditional(_, let then, let otherwise): visit(then + (otherwise ?? []))
        default: break
        }
      }
    }
    visit(lines)
    return found
  }
}

/// `f(x: vector(n), b) = body`
package struct FunctionSyntax: Sendable {
  package var name: String
  package var nameSpan: SourceSpan
  package var parameters: [ParameterSyntax]
  package var body: BodySyntax

  package init(
    name: String, nameSpan: SourceSpan, parameters: [ParameterSyntax], body: BodySyntax
  ) {
    self.name = name
    self.nameSpan = nameSpan
    self.parameters = parameters
    self.body = body
  }
}

/// `A: matrix(m, n)`: a parameter, or a declared symbol, with its kind.
package struct ParameterSyntax: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case scalar, vector, matrix, symmetric, diagonal, triangular
    case oneHot = "one_hot"
    /// A whole number that chooses entries.
    case index
    case function

    /// How many sizes may be written behind it.
    package var sizeCounts: ClosedRange<Int> {
      switch self {
      case .scalar, .index, .function: 0...0
      case .vector, .symmetric, .diagonal, .triangular: 1...1
      case .oneHot: 1...2
      case .matrix: 2...2
      }
    }

    /// What it is, in a few words.
    package var summary: String {
      switch self {
      case .scalar: "a number; what has no kind is one"
      case .vector: "a vector; its size is a name or a number"
      case .matrix: "a matrix; its sizes are names or numbers"
      case .symmetric: "a square matrix that is its own transpose, which derivatives use"
      case .diagonal: "a square matrix that is 0 off its diagonal, which derivatives use"
      case .triangular: "a square matrix that is 0 on one side of its diagonal"
      case .oneHot: "a vector, or rows of a matrix, whose entries sum to 1, which derivatives use"
      case .index: "a whole number that chooses entries; nothing is differentiated by it"
      case .function: "a function; as a symbol one of which nothing is known"
      }
    }

    /// With its article: "a vector".
    package var described: String { self == .index ? "an index" : "a \(rawValue)" }
  }
  /// `n`, `3`
  package enum Size: Sendable, Equatable {
    case name(String)
    case number(Int)
  }

  package var name: String
  package var kind: Kind
  package var sizes: [Size]
  /// Whether the kind was written at this name.
  package var hasKind: Bool
  package var span: SourceSpan

  /// How many indices its entries have.
  package var rank: Int {
    switch kind {
    case .scalar, .index, .function: 0
    case .vector: 1
    case .oneHot where sizes.count == 1: 1
    case .oneHot, .matrix, .symmetric, .diagonal, .triangular: 2
    }
  }

  /// The size along one of its indices; nil where none was written. A square matrix has one for both.
  package func size(along axis: Int) -> Size? {
    sizes.count < rank ? sizes.first : sizes[axis]
  }

  package init(name: String, kind: Kind, sizes: [Size], hasKind: Bool, span: SourceSpan) {
    self.name = name
    self.kind = kind
    self.sizes = sizes
    self.hasKind = hasKind
    self.span = span
  }
}

/// A `network` block. Keywords' values are expressions; what they mean is checked later.
package struct NetworkSyntax: Sendable {
  /// `dense 8, relu, name = "hidden"`: a word, values by position, then options by name.
  package struct Layer: Sendable {
    package var word: String
    package var wordSpan: SourceSpan
    package var values: [ExpressionSyntax]
    /// Only `.keyword` arguments.
    package var options: [ArgumentSyntax]
    /// The lines of `residual { … }`; nil of a line that is a layer.
    package var inner: [Layer]?
    package var span: SourceSpan

    package init(
      word: String, wordSpan: SourceSpan, values: [ExpressionSyntax], options: [ArgumentSyntax],
      inner: [Layer]? = nil, span: SourceSpan
    ) {
      self.word = word
      self.wordSpan = wordSpan
      self.values = values
      self.options = options
      self.inner = inner
      self.span = span
    }

    /// The layers that it stands for: itself, or those of its lines.
    package var flattened: [Layer] { inner.map { $0.flatMap(\.flattened) } ?? [self] }
  }

  /// `input 4` or `input x1, x2, x3, x4`
  package enum Input: Sendable {
    case size(ExpressionSyntax, SourceSpan)
    case names([String], SourceSpan)
  }

  package var name: String
  package var nameSpan: SourceSpan
  package var input: Input
  package var layers: [Layer]
  /// The layers one after the other, those of a `residual` too.
  package var flatLayers: [Layer] { layers.flatMap(\.flattened) }
  /// The layers of each `residual`, from 1, inner ones first.
  package var residuals: [ClosedRange<Int>] {
    var found: [ClosedRange<Int>] = []
    var count = 0
    func visit(_ layers: [Layer]) {
      for layer in layers {
        guard let inner = layer.inner else {
          count += 1
          continue
        }
        let start = count + 1
        visit(inner)
        if start <= count { found.append(start...count) }
      }
    }
    visit(layers)
    return found
  }
  /// `loss mse`, `seed 7`, `precision float32`, each at most once (checked by the parser).
  package var loss: ExpressionSyntax?
  package var seed: ExpressionSyntax?
  package var precision: ExpressionSyntax?
  package var span: SourceSpan

  package init(
    name: String, nameSpan: SourceSpan, input: Input, layers: [Layer], loss: ExpressionSyntax?,
    seed: ExpressionSyntax?, precision: ExpressionSyntax?, span: SourceSpan
  ) {
    self.name = name
    self.nameSpan = nameSpan
    self.input = input
    self.layers = layers
    self.loss = loss
    self.seed = seed
    self.precision = precision
    self.span = span
  }
}

/// `perceptron P { input 2; threshold 0.2; W = [0.3, -0.1]; b = none; strict; outputs -1, 1 }`
package struct PerceptronSyntax: Sendable {
  package var name: String
  package var nameSpan: SourceSpan
  package var input: NetworkSyntax.Input
  package var threshold: ExpressionSyntax?
  package var isStrict: Bool
  /// Both numbers.
  package var outputs: [ExpressionSyntax]
  /// What is given by name: `W = …`.
  package var options: [ArgumentSyntax]
  package var span: SourceSpan

  package init(
    name: String, nameSpan: SourceSpan, input: NetworkSyntax.Input, threshold: ExpressionSyntax?,
    isStrict: Bool, outputs: [ExpressionSyntax], options: [ArgumentSyntax], span: SourceSpan
  ) {
    self.name = name
    self.nameSpan = nameSpan
    self.input = input
    self.threshold = threshold
    self.isStrict = isStrict
    self.outputs = outputs
    self.options = options
    self.span = span
  }
}
