/// The words that mean something of their own where they can stand; elsewhere they are names.
package enum Keyword: String, Sendable, CaseIterable {
  case and, or, not
  case `if`, `else`, `for`, `in`, `while`
  case `true`, `false`
  case set, `try`, symbols, explain, audit, assume, exercise
  case network, perceptron, layer
  case input, loss, seed, precision, threshold, strict, outputs, residual
  case parameter, running

  /// Where a keyword can stand, so that completion offers it there.
  package enum Place: Sendable {
    case expression, statement, network, perceptron, layer, audit
  }

  /// The places where it is a keyword.
  package var places: [Place] {
    switch self {
    case .and, .or, .not, .in, .true, .false: [.expression]
    case .if, .for, .else: [.expression, .statement]
    case .while, .set, .try, .symbols, .explain, .audit, .exercise, .network, .perceptron, .layer:
      [.statement]
    case .assume: [.audit]
    case .input: [.network, .perceptron]
    case .loss, .seed, .precision, .residual: [.network]
    case .parameter, .running: [.layer]
    case .threshold, .strict, .outputs: [.perceptron]
    }
  }

  /// The form in which it is written, for completion and `name?`.
  package var usage: String {
    switch self {
    case .and: "a and b"
    case .or: "a or b"
    case .not: "not a"
    case .if: "if condition { … } else { … }"
    case .else: "if condition { … } else { … }"
    case .for: "for i in 1:5 { … }"
    case .in: "for i in 1:5 { … }"
    case .while: "while condition { … }"
    case .true: "true"
    case .false: "false"
    case .set: "set digits = 6"
    case .try: "try expression"
    case .symbols: "symbols x, w: vector(n), A: matrix(m, n)"
    case .explain: "explain expression, layer = 2"
    case .audit: "audit forward(net, x) { z₁^[1] = … }"
    case .assume: "assume ŷ in 0..1"
    case .exercise: "exercise forward(net, x), blanks = 6, seed = 3"
    case .network: "network Name { input 2; dense 3, relu; dense 1, sigmoid }"
    case .perceptron: "perceptron Name { input 2; threshold 0; W = [0.3, -0.1]; b = none }"
    case .layer: "layer Name(X: matrix(t, d), k) { parameter W: matrix(d, k); X @ W }"
    case .residual: "residual { dense 4, relu; dense 2 }"
    case .parameter: "parameter W: matrix(d, k), b: vector(k)"
    case .running: "running μ = 0, v = 1"
    case .input: "input 4"
    case .loss: "loss binary_cross_entropy"
    case .seed: "seed 7"
    case .precision: "precision float32"
    case .threshold: "threshold 0"
    case .strict: "strict"
    case .outputs: "outputs -1, 1"
    }
  }

  /// What it does, in a few words.
  package var summary: String {
    switch self {
    case .and: "whether both hold"
    case .or: "whether one holds"
    case .not: "the opposite"
    case .if, .else: "chooses between statements, or between values"
    case .for, .in:
      "repeats statements; inside brackets and calls it collects values, of several ranges and under a condition: "
        + "sum(x[i]*y[j] for i in 1:m, j in 1:n if i != j)"
    case .while: "repeats statements as long as a condition holds"
    case .true: "a condition that holds; counts as 1"
    case .false: "a condition that does not hold; counts as 0"
    case .set: "changes a setting: digits, view, bias, seed, carry"
    case .try: "shows a value, or the error as a normal output, and goes on"
    case .symbols: "declares names as symbols of the calculus, and takes their values away"
    case .explain:
      "the derivation behind a result, line by line: of a run, an update, a derivative, a function, any expression"
    case .audit:
      "judges a derivation, chains of equalities line by line, and finds the first that is wrong: of formulas, "
        + "of numbers, of the quantities of a call that explain tells"
    case .assume: "in an audit: an open interval in which the values of a name lie"
    case .exercise: "an explanation with gaps in the place of numbers, to be filled in"
    case .network: "defines a network, layer by layer"
    case .perceptron: "defines a perceptron: one unit with a step, weights 0 or W = …"
    case .layer:
      "defines a layer by its lines; what follows the first name is given where it is used"
    case .residual: "adds what goes into its layers to what comes out of them"
    case .parameter:
      "parameters of a layer: numbers, vectors, matrices or arrays, with what they begin with"
    case .running:
      "quantities of a layer whose average over the training stands for them in prediction"
    case .input:
      "how many inputs a network has, their names, or the sizes of an example: matrix(3, 4)"
    case .loss: "the loss of a network"
    case .seed: "the seed of a network's random weights"
    case .precision: "float64 or float32"
    case .threshold: "from which net input on a perceptron gives 1"
    case .strict: "a perceptron gives 1 above its threshold only"
    case .outputs: "what a perceptron gives below its threshold, and from it on"
    }
  }

  /// The keyword that a word of the text spells.
  static func spelled(by bytes: ArraySlice<UInt8>) -> Keyword? {
    guard let first = bytes.first, first >= letterA, first < letterA + 26, bytes.count <= 10 else {
      return nil
    }
    for candidate in byFirstLetter[Int(first - letterA)] where candidate.spelling == bytes {
      return candidate.keyword
    }
    return nil
  }

  private static let letterA = UInt8(ascii: "a")

  private static let byFirstLetter: [[(keyword: Keyword, spelling: ArraySlice<UInt8>)]] = {
    var table = Array(repeating: [(keyword: Keyword, spelling: ArraySlice<UInt8>)](), count: 26)
    for keyword in allCases {
      let spelling = Array(keyword.rawValue.utf8)[...]
      if let first = spelling.first { table[Int(first - letterA)].append((keyword, spelling)) }
    }
    return table
  }()
}
