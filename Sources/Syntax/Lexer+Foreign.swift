import Notation

/// The signs of other languages: reported where they stand, and read as what was meant.
extension Lexer {
  mutating func read(_ foreign: ForeignNotation) {
    let length = foreign.text.utf8.count
    if foreign.text == "\\", let command = laTeXCommand { return readLaTeX(command) }
    if foreign.readsAs == .compoundAssignment {
      append(.compoundAssignment, length: length)
      return
    }
    // `n!` and the like: a prefix operator behind a value would only be reported again.
    let isMisplaced = foreign.keyword == .not && followsOperand
    report(
      foreign.message, at: SourceSpan(index, index + length),
      label: isMisplaced ? "nothing is written so behind a value" : foreign.label,
      help: isMisplaced
        ? "the factorial of n is `prod(1:n)`"
        : foreign.keepsOperands ? operandsHelp(foreign) : foreign.help)
    append(isMisplaced ? .invalid : foreign.readsAs, length: length, keyword: foreign.keyword)
  }

  /// The word behind a backslash, where LaTeX has it: `frac`, `partial`, `sigma`.
  private var laTeXCommand: String? {
    let word = bytes[(index + 1)...].prefix {
      CharacterClass.isASCIILetter($0) && $0 != UInt8(ascii: "_")
    }
    let command = String(decoding: word, as: UTF8.self)
    let isKnown =
      Self.laTeXLayout.contains(command) || UnicodeInput.all.contains { $0.name == command }
    return isKnown ? command : nil
  }

  private static let laTeXLayout: Set<String> = [
    "frac", "dfrac", "tfrac", "left", "right", "text", "mathrm", "mathbf", "mathcal", "boldsymbol",
    "begin", "end", "sum",
    "prod", "int", "lim", "log", "ln", "exp", "sin", "cos", "tanh", "max", "min", "sqrt", "cdots",
    "ldots", "quad", "prime",
    "top", "lVert", "rVert",
  ]

  /// A formula in LaTeX is one mistake, not one a command.
  private mutating func readLaTeX(_ command: String) {
    let sign = UnicodeInput.all.first { $0.name == command }
    let length = 1 + command.utf8.count
    if !diagnostics.contains(where: { $0.message == Self.laTeXMessage }) {
      let own =
        command.hasSuffix("frac")
        ? "a fraction is `(a + b)/(c + d)`, a derivative `∂L/∂z`"
        : sign.map { "`\\\(command)` and Tab write `\($0.text)`" }
          ?? "functions are `ln(x)`, sums `sum(x[i] for i in 1:n)`, brackets `(…)`"
      report(
        Self.laTeXMessage, at: SourceSpan(index, index + length), label: "a command of LaTeX",
        help: own)
    }
    append(.invalid, length: length)
  }

  private static let laTeXMessage = "formulas are not read as LaTeX"

  /// `2 ** 3`: with the operands that stand there.
  private func operandsHelp(_ foreign: ForeignNotation) -> String? {
    guard let left = tokens.last, followsOperand, left.kind == .number || left.kind == .word else {
      return foreign.help
    }
    let rest = source[SourceSpan(index + foreign.text.utf8.count, bytes.count)].drop { $0 == " " }
    let right = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" }
    guard !right.isEmpty, right.count <= 20 else { return foreign.help }
    return "write `\(source[left.span])\(foreign.meant)\(right)`"
  }

  /// `%`, `//` and `/* */`: comments elsewhere, and operators in Python.
  mutating func readForeignComment() {
    let start = index
    let isLineStart = tokens.isEmpty || newlineBefore
    let isBlock = byte(1) == UInt8(ascii: "*")
    let isPercent = byte() == UInt8(ascii: "%")
    let follows = followsOperand
    index += isPercent ? 1 : 2
    let marker = SourceSpan(start, index)
    if isBlock {
      let ending = Array("*/".utf8)
      while index < bytes.count, !bytes[index...].starts(with: ending) { index += 1 }
      index = min(index + 2, bytes.count)
    } else {
      let isMagic =
        isPercent && isLineStart
        && (CharacterClass.isASCIILetter(byte()) || byte() == UInt8(ascii: "%"))
      skipLine()
      if isMagic {
        report(
          "there are no % commands here", at: SourceSpan(start, index),
          label: "a command of IPython",
          help: "a cell holds Nabla only; comments begin with `#`")
        return
      }
    }
    let operation =
      isPercent ? "the remainder is `mod(a, b)`" : "division without remainder is `floor(a/b)`"
    report(
      "a comment begins with `#`", at: marker, label: "write `#`",
      help: follows && !isBlock ? operation : nil)
  }

  /// `!x` for `not x`, and the shell commands of IPython.
  mutating func readExclamation() {
    let isLineStart = tokens.isEmpty || newlineBefore
    if isLineStart, CharacterClass.isASCIILetter(byte(1)) {
      let start = index
      skipLine()
      report(
        "there are no shell commands here", at: SourceSpan(start, index),
        label: "`!` runs nothing", help: "write `not x` for the opposite of a condition")
      return
    }
    if let foreign = ForeignNotation.found(in: bytes, at: index) { read(foreign) }
  }

  /// A mark in a name that nobody sees, so that the name is another one than it seems.
  mutating func reportInvisible(_ scalar: Unicode.Scalar, at span: SourceSpan) {
    let name = scalar.properties.name.map { ", \($0.lowercased())" } ?? ""
    report(
      "an invisible character stands in this name", at: span,
      label: "U+\(scalar.code)\(name)", help: "delete it, or type the name anew")
  }

  mutating func readUnknown(_ scalar: Unicode.Scalar, length: Int) {
    let span = SourceSpan(index, index + length)
    if CharacterClass.isSuperscriptLetter(scalar) {
      report(
        "a raised letter is no part of a name", at: span,
        label: "only `ᵀ`, `ⁿ` and digits are read",
        help: "write a power as `x^b`")
    } else if (0xFF01...0xFF5E).contains(scalar.value),
      let plain = Unicode.Scalar(scalar.value - 0xFEE0)
    {
      report(
        "`\(scalar)` is a full-width character", at: span, label: "write `\(plain)`")
    } else if (0x2080...0x208E).contains(scalar.value) {
      report("a name can't begin with a subscript", at: span, label: "a letter must come first")
    } else {
      let properties = scalar.properties
      let isVisible =
        switch properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark, .surrogate, .unassigned,
          .lineSeparator, .paragraphSeparator:
          false
        default: true
        }
      let code = "U+" + scalar.code
      report(
        isVisible ? "`\(scalar)` can't stand here" : "the character \(code) can't stand here",
        at: span, label: isVisible ? "not a part of the language" : "it shows nothing; remove it")
    }
    append(.invalid, length: length)
  }
}

extension Unicode.Scalar {
  /// Its number as it is written behind `U+`.
  fileprivate var code: String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
