import MatrixEngine

/// How much one cell may ask for.
package enum Limits {
  /// Entries of one vector or matrix: 2²⁶, 512 MB.
  package static let entries = Shape.largestCount
  /// Elements of a list, those of the lists in it included.
  static let listElements = 1_000_000
  /// Lists inside one another.
  static let listDepth = 100
  /// Calls of user functions inside one another.
  static let callDepth = 4_000
  /// Calls inside one another that a debugger is shown.
  static let debuggedFrames = 200
}

/// The constants of the language.
package enum Constants {
  package static let all: [(name: String, value: Double, summary: String)] = [
    ("pi", .pi, "the ratio of a circle's circumference to its diameter"),
    ("π", .pi, "pi"),
    ("e", 2.718281828459045, "Euler's number, exp(1)"),
    ("inf", .infinity, "infinity"),
    ("nan", .nan, "not a number"),
  ]

  package static func value(named name: String) -> Double? { byName[name] }

  private static let byName = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0.value) })
}
