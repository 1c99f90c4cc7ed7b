import Calculus
import MatrixEngine
import Networks
import Notation

/// A number that an exercise leaves out: the value of a line, or one entry of it.
struct ExerciseGap: Sendable {
  /// The place of the line among those of the derivation.
  let line: Int
  /// The entry of a vector or matrix; 0 of a number.
  let entry: Int
  /// From 1, in the order of the lines.
  let number: Int

  /// More gaps have no sign.
  static let most = 50

  /// ①, ②, …, ㉑, …, ㊿
  static func sign(_ number: Int) -> String {
    let code: UInt32 =
      switch number {
      case 1...20: 0x2460 + UInt32(number - 1)
      case 21...35: 0x3251 + UInt32(number - 21)
      default: 0x32B1 + UInt32(max(number - 36, 0))
      }
    return Unicode.Scalar(code).map { String(Character($0)) } ?? "○"
  }

  var sign: String { Self.sign(number) }

  /// The signs as boxes with their numbers, which every typesetter has.
  static func boxed(_ part: Written) -> Written {
    guard part.text.unicodeScalars.contains(where: { $0.value >= 0x2460 && $0.value <= 0x32BF })
    else {
      return part
    }
    var latex = part.latex
    for number in 1...most { latex = latex.replacing(sign(number), with: "\\boxed{\(number)}") }
    return Written(text: part.text, latex: latex)
  }
}

extension Derivation {
  /// The numbers that can be left out: those that a line computes, not those that it hands on from another.
  var computedNumbers: [(line: Int, entry: Int)] {
    var found: [(line: Int, entry: Int)] = []
    for (place, line) in lines.enumerated() {
      guard let value = line.value, let formula = line.lastFormula, !formula.isCopy,
        !formula.symbols.isEmpty || line.substituted != nil,
        value.storage.count <= Self.mostEntries, value.sizes.count <= 2
      else { continue }
      for (entry, number) in value.storage.enumerated() where number.isFinite {
        found.append((place, entry))
      }
    }
    return found
  }

  /// Larger arrays are shown whole.
  private static let mostEntries = 36

  /// Gaps drawn by a seed, in the order of the lines.
  func gaps(_ count: Int, random: inout RandomSource) -> [ExerciseGap] {
    var places = computedNumbers
    for index in places.indices.dropLast() {
      let other = index + Int(random.uniform() * Double(places.count - index))
      places.swapAt(index, min(other, places.count - 1))
    }
    return places.prefix(count).sorted { ($0.line, $0.entry) < ($1.line, $1.entry) }
      .enumerated().map { ExerciseGap(line: $1.line, entry: $1.entry, number: $0 + 1) }
  }
}

extension Derivation.Line {
  /// The last formula that its quantity equals.
  var lastFormula: Expression? {
    if case .formula(let formula)? = equals.last { formula } else { nil }
  }

  var name: String { quantity.written.text }
}

extension Expression {
  /// Whether it is another quantity as it stands, or a number.
  fileprivate var isCopy: Bool {
    switch node {
    case .symbol, .number: true
    default: false
    }
  }
}
