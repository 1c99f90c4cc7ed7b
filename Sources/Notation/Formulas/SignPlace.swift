/// Where in a formula a number stands, which says how its sign is written.
package enum SignPlace: Int, Sendable {
  /// By itself, or first: −2.
  case alone
  /// As an operand that a sign would take apart: (−2), but 2.
  case operand
  /// In a sum, behind others, with the sign that joins it to them: − 2 or + 2.
  case term
  /// First in an operand that its sign would take apart: (−2 of (−2/x), but 2.
  case opening
  /// The end of that operand: the bracket alone, where there is one.
  case closing
}
