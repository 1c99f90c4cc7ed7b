/// A sign of another language, with what it reads as here, so that the parser can go on behind it.
struct ForeignNotation: Sendable {
  var text: String
  /// The token that stands in for it; `invalid` where nothing does.
  var readsAs: TokenKind
  var keyword: Keyword?
  var message: String
  /// What to write instead, beside the caret.
  var label: String
  var help: String?
  /// The operator that stands between the same operands here, or "".
  var meant = ""

  var keepsOperands: Bool { !meant.isEmpty }

  init(
    _ text: String, _ readsAs: TokenKind, _ keyword: Keyword? = nil, message: String? = nil,
    label: String, help: String? = nil, meant: String = ""
  ) {
    self.meant = meant
    self.text = text
    self.readsAs = readsAs
    self.keyword = keyword
    self.message = message ?? "`\(text)` is not an operator here"
    self.label = label
    self.help = help
  }

  /// The notation that stands at an offset; longer ones are tried first.
  static func found(in bytes: [UInt8], at index: Int) -> ForeignNotation? {
    guard let candidates = byFirstByte[bytes[index]] else { return nil }
    return candidates.first { bytes[index...].starts(with: $0.text.utf8) }
  }

  private static let byFirstByte: [UInt8: [ForeignNotation]] = {
    var groups: [UInt8: [ForeignNotation]] = [:]
    for notation in table {
      if let first = notation.text.utf8.first { groups[first, default: []].append(notation) }
    }
    return groups.mapValues { $0.sorted { $0.text.utf8.count > $1.text.utf8.count } }
  }()

  private static let elementwise = "operators work element by element already, but for `@` and `·`"
  static let logic = "conditions are joined by the words `and`, `or`, `not`"
  private static let arrows = "a function is defined by `f(x) = …`"

  static let table: [ForeignNotation] = [
    // Python
    .init("**", .caret, label: "power is `^`", help: "write `x^2`", meant: "^"),
    .init(
      "&", .word, .and, label: "write `and`",
      help: logic),
    .init("~", .word, .not, label: "write `not`", help: logic),
    // MATLAB and Julia
    .init(".*", .star, label: "`*` does this", help: elementwise),
    .init("./", .slash, label: "`/` does this", help: elementwise),
    .init(".^", .caret, label: "`^` does this", help: elementwise),
    .init(".+", .plus, label: "`+` does this", help: elementwise),
    .init(".-", .minus, label: "`-` does this", help: elementwise),
    .init(".'", .prime, label: "`'` does this", help: "`A'` is the transpose"),
    .init("~=", .notEqual, label: "unequal is `!=`", help: "write `a != b`, or `a ≠ b`"),
    .init(
      "\\", .slash, label: "there is no left division",
      help: "`solve(A, b)` is the x with A @ x = b; in completion, `\\sigma` and Tab write σ"),
    .init("∈", .word, .in, label: "write `in`", help: "write `for i in 1:5`"),
    .init("÷", .slash, label: "division is `/`"),
    // C and JavaScript
    .init("&&", .word, .and, label: "write `and`", help: logic),
    .init("!", .word, .not, label: "write `not`", help: logic),
    .init("===", .equalEqual, label: "equality is `==`"),
    .init("!==", .notEqual, label: "unequal is `!=`"),
    .init("<>", .notEqual, label: "unequal is `!=`"),
    .init("=<", .lessEqual, label: "write `<=`, or `≤`"),
    .init("=>", .invalid, label: "write `>=` to compare", help: arrows),
    .init("->", .invalid, label: "there are no arrows", help: arrows),
    .init(":=", .equal, label: "write `=`", help: "`x = 2` gives x a value"),
    .init("$", .invalid, message: "`$` means nothing here", label: "not a part of a name"),
    .init("`", .invalid, message: "a back quote means nothing here", label: "remove it"),
    .init("+=", .compoundAssignment, label: ""),
    .init("-=", .compoundAssignment, label: ""),
    .init("*=", .compoundAssignment, label: ""),
    .init("/=", .compoundAssignment, label: ""),
    .init("^=", .compoundAssignment, label: ""),
    .init("@=", .compoundAssignment, label: ""),
    // the blackboard
    .init("–", .minus, message: "`–` is a dash", label: "minus is `-`, or `−`"),
    .init("—", .minus, message: "`—` is a dash", label: "minus is `-`, or `−`"),
    .init("‐", .minus, message: "`‐` is a hyphen", label: "minus is `-`, or `−`"),
    .init("‑", .minus, message: "`‑` is a hyphen", label: "minus is `-`, or `−`"),
    .init("∗", .star, label: "write `*`"),
    .init("∙", .dot, label: "write `·`"),
    .init("•", .dot, label: "write `·`"),
    .init("∕", .slash, label: "write `/`"),
    .init("⁄", .slash, label: "write `/`"),
    .init("⨂", .otimes, label: "write `⊗`"),
    .init("⨀", .odot, label: "write `⊙`"),
    .init("⩽", .lessEqual, label: "write `≤`"),
    .init("⩾", .greaterEqual, label: "write `≥`"),
    .init("∧", .word, .and, label: "write `and`", help: logic),
    .init("∨", .word, .or, label: "write `or`", help: logic),
    .init("¬", .word, .not, label: "write `not`", help: logic),
    .init("←", .equal, label: "write `=`", help: "`w = w + 1` gives w a new value"),
    .init("→", .invalid, label: "there are no arrows", help: arrows),
    .init("⇒", .invalid, label: "there are no arrows", help: arrows),
    .init("≡", .equalEqual, label: "equality is `==`"),
    .init("√", .invalid, label: "write `sqrt(…)`", help: "the root of x is `sqrt(x)`"),
    .init("∑", .invalid, label: "write `sum(…)`", help: "write `sum(w[i]*x[i] for i in 1:n)`"),
    .init("∏", .invalid, label: "write `prod(…)`", help: "write `prod(x[i] for i in 1:n)`"),
    .init("∫", .invalid, label: "there are no integrals"),
    .init("∞", .invalid, message: "`∞` is not read", label: "write `inf`"),
    .init("±", .invalid, label: "write the two values"),
    .init("∘", .invalid, label: "write `f(g(x))`", help: "functions are nested by calls"),
    .init("½", .invalid, message: "`½` is not read", label: "write `1/2`"),
    .init("⅓", .invalid, message: "`⅓` is not read", label: "write `1/3`"),
    .init("¼", .invalid, message: "`¼` is not read", label: "write `1/4`"),
    .init("…", .invalid, message: "`…` is not read", label: "write everything out"),
  ]
}
