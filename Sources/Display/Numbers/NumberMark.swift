import Notation

/// Numbers in a rendering that keep beside their digits what they are, so that others can be put in their place.
///
/// A mark stands between private characters that nothing measures: the bits of the number, how it is written, the
/// decimals for which its column has room.
enum NumberMark {
  private static let begin: Unicode.Scalar = "\u{E0F0}"
  private static let text: Unicode.Scalar = "\u{E0F1}"
  private static let end: Unicode.Scalar = "\u{E0F2}"
  private static let digits: UInt32 = 0xE100

  /// Whether a character is one of a mark's.
  static func isPart(_ scalar: Unicode.Scalar) -> Bool { (0xE0F0...0xE1FF).contains(scalar.value) }

  static func append(
    _ value: Double, style: NumberStyle, room: Int, to output: inout String,
    _ write: (inout String) -> Void
  ) {
    append(value, code: style.code, room: room, to: &output, write)
  }

  /// A value that does not stand as digits: what is written are attributes of the shape that shows it.
  static func append(
    _ value: Double, as shape: MarkedText.Shape, look: Int, to output: inout String,
    _ write: (inout String) -> Void
  ) {
    append(value, code: (shape.rawValue, look), room: 0, to: &output, write)
  }

  /// A number in a formula.
  static func append(
    _ value: Double, at place: SignPlace, to output: inout String,
    _ write: (inout String) -> Void
  ) {
    append(value, code: (4, place.rawValue), room: 0, to: &output, write)
  }

  private static func append(
    _ value: Double, code: (form: Int, decimals: Int), room: Int, to output: inout String,
    _ write: (inout String) -> Void
  ) {
    output.unicodeScalars.append(begin)
    for shift in stride(from: 60, through: 0, by: -4) {
      append(UInt32(truncatingIfNeeded: value.bitPattern >> UInt64(shift)) & 15, to: &output)
    }
    for number in [code.form, code.decimals, room] {
      append(UInt32(min(max(number, 0), 255)), to: &output)
    }
    output.unicodeScalars.append(text)
    write(&output)
    output.unicodeScalars.append(end)
  }

  private static func append(_ number: UInt32, to output: inout String) {
    if let scalar = Unicode.Scalar(digits + number) { output.unicodeScalars.append(scalar) }
  }

  /// The parts of a rendering: what stands before, between and behind its numbers, and these.
  static func parse(_ rendering: String) -> MarkedText {
    var (literals, numbers) = ([String](), [MarkedText.Number]())
    var code: [UInt32] = []
    var isInside = false
    var (literal, written) = (String.UnicodeScalarView(), String.UnicodeScalarView())
    for scalar in rendering.unicodeScalars {
      switch scalar {
      case begin: (code, written) = ([], .init())
      case text: isInside = true
      case end:
        isInside = false
        guard code.count == 19 else { continue }
        let bits = code[..<16].reduce(UInt64(0)) { $0 << 4 | UInt64($1) }
        numbers.append(
          .init(
            value: Double(bitPattern: bits), text: String(written), style: Int(code[16]),
            decimals: Int(code[17]), room: Int(code[18])))
        literals.append(String(literal))
        literal = .init()
      case _ where isPart(scalar): code.append(scalar.value - min(digits, scalar.value))
      case _ where isInside: written.append(scalar)
      default: literal.append(scalar)
      }
    }
    return MarkedText(literals: literals + [String(literal)], numbers: numbers)
  }
}

/// A rendering with its numbers apart.
package struct MarkedText: Sendable, Equatable {
  /// What shows a number that does not stand as digits.
  package enum Shape: Int, Sendable {
    /// A line: the wider, the larger.
    case line = 8
    /// The inside of a circle: the stronger its colour, the larger.
    case filling = 9
    /// Shapes together, such as the line of a plot with its points; what is written is all of them.
    case redrawn = 10
  }

  package struct Number: Sendable, Equatable {
    package let value: Double
    package let text: String
    /// How it is written: 0 by the rule of the session, 1 with so many decimals, 2 with a power of ten, 3 as its
    /// column asks, 4 in a formula, else as a `Shape`.
    package let style: Int
    /// The decimals; in a formula, its `SignPlace`; of a shape, which look it has.
    package let decimals: Int
    /// The decimals for which its column has room.
    package let room: Int

    /// The shape whose attributes are written; nil: digits.
    package var shape: Shape? { Shape(rawValue: style) }
  }

  /// One more than there are numbers.
  package let literals: [String]
  package let numbers: [Number]

  init(literals: [String], numbers: [Number]) {
    (self.literals, self.numbers) = (literals, numbers)
  }

  /// Takes a rendering apart that was made in a `NumberFormat` that marks.
  package init(_ rendering: String) { self = NumberMark.parse(rendering) }

  /// The rendering as it is shown, each number as something makes it.
  package func text(_ number: (Int, Number) -> String = { $1.text }) -> String {
    var result = literals[0]
    for (place, literal) in literals.dropFirst().enumerated() {
      result += number(place, numbers[place])
      result += literal
    }
    return result
  }
}

extension NumberStyle {
  fileprivate var code: (form: Int, decimals: Int) {
    switch self {
    case .standard: (0, 0)
    case .decimals(let decimals): (1, decimals)
    case .scientific(let decimals): (2, decimals)
    case .equalDecimals: (3, 0)
    }
  }
}
