/// The room that the numbers of one column need on both sides of the decimal point.
struct NumberAlignment: Sendable, Equatable {
  /// Characters up to the units, sign included.
  private(set) var head = 1
  /// The longest fraction, without its point.
  private(set) var fraction = 0
  /// The longest tail in plain text, point and power of ten included.
  private(set) var tail = 0
  /// Characters of the longest power of ten, sign included; 0 if there is none.
  private(set) var exponent = 0
  /// Whether one of the longest heads begins with a minus.
  private(set) var hasNegative = false

  init() {}

  init(_ numbers: some Sequence<FormattedNumber>) {
    for number in numbers { include(number) }
  }

  mutating func include(_ number: FormattedNumber) {
    let width = number.head.utf8.count
    if width > head {
      hasNegative = number.isNegative
    } else if width == head, number.isNegative {
      hasNegative = true
    }
    head = max(head, width)
    fraction = max(fraction, number.fraction.utf8.count)
    guard !number.fraction.isEmpty || number.exponent != nil else { return }
    tail = max(tail, number.tail.utf8.count)
    if let power = number.exponent { exponent = max(exponent, String(power).utf8.count) }
  }
}

extension FormattedNumber {
  /// What stands left of the point in plain text, and all of `inf` and `nan`.
  var head: String { kind == .finite ? (isNegative ? "-" : "") + integer : text }
}
