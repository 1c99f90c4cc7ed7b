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

  /// The decimals of most numbers.
  private static let usualDecimals = 6

  init() {}

  init(_ numbers: some Sequence<FormattedNumber>) {
    for number in numbers { include(number) }
  }

  mutating func include(_ number: FormattedNumber) {
    let width = number.headWidth
    if width > head {
      hasNegative = number.isNegative
    } else if width == head, number.isNegative {
      hasNegative = true
    }
    head = max(head, width)
    fraction = max(fraction, number.fraction.utf8.count)
    if number.mark != nil {
      // What may become another number has room for its digits, and its power of ten stands beside them.
      if !number.fraction.isEmpty { fraction = max(fraction, Self.usualDecimals) }
      if !number.fraction.isEmpty { tail = max(tail, number.tailWidth) }
      return
    }
    guard !number.fraction.isEmpty || number.exponent != nil else { return }
    tail = max(tail, number.tailWidth)
    if let power = number.exponent { exponent = max(exponent, String(power).utf8.count) }
  }
}

extension FormattedNumber {
  /// Characters left of the point in plain text, and all of `inf` and `nan`.
  var headWidth: Int {
    (isNegative ? 1 : 0) + (kind == .finite ? integer.utf8.count : 3)
  }

  /// Characters from the point on in plain text.
  var tailWidth: Int {
    let point = fraction.isEmpty ? 0 : 1 + fraction.utf8.count
    guard let exponent else { return point }
    return point + 1 + String(exponent).utf8.count
  }
}
