import Display
import Testing

@Suite("Numbers as people see them")
struct NumberFormatTests {
  static let readings: [(Double, String)] = [
    (0, "0"), (-0.0, "0"), (2, "2"), (-3, "-3"), (1e14, "100000000000000"), (1e15, "1e15"),
    (0.3, "0.3000"), (0.5744425168116591, "0.5744"), (0.77390492794, "0.7739"),
    (-1.29214838139933, "-1.2921"), (-0.22609507205584806, "-0.2261"),
    (-0.0026340944436539, "-0.00263"), (-0.0052681888873078, "-0.00527"),
    (0.00026340944436539, "0.000263"), (0.0000263, "2.63e-5"), (0.0099996, "0.0100"),
    (0.00999, "0.00999"), (0.200651, "0.2007"), (0.20065, "0.2007"), (2.675, "2.6750"),
    (0.43705, "0.4371"), (0.00005, "5e-5"), (1e-5, "1e-5"), (1.00001e-7, "1.0000e-7"),
    (1.23456789e-7, "1.2346e-7"), (9.99999e-8, "1.0000e-7"), (1.00000001, "1.0000"),
    (123456.789, "123456.7890"), (12345678.9, "1.2346e7"), (1.5e300, "1.5e300"),
    (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7977e308"),
    (.infinity, "inf"),
    (-.infinity, "-inf"), (.nan, "nan"),
  ]

  @Test(
    "four decimals, at least three significant digits, none for whole numbers", arguments: readings)
  func standard(value: Double, text: String) {
    #expect(NumberFormat.standard.text(value) == text)
  }

  @Test(
    "set digits changes the decimals",
    arguments: [
      (0, 0.7739, "0.774"), (0, 12.34, "12.3"), (0, 1234.5, "1235"), (2, 0.7739, "0.774"),
      (2, 3.14159, "3.14"), (2, 0.00263409, "0.00263"), (6, 0.7739049279, "0.773905"),
      (6, 1.0 / 3, "0.333333"), (15, 0.1, "0.100000000000000"), (40, 0.5, "0.500000000000000"),
      (-3, 2.55, "2.55"),
    ])
  func digits(digits: Int, value: Double, text: String) {
    #expect(NumberFormat(digits: digits).text(value) == text)
  }

  @Test(
    "a tie as a person writes it goes away from zero",
    arguments: [
      (0.00005, 4, "0.0001"), (2.675, 2, "2.68"), (1.005, 2, "1.01"), (-0.125, 2, "-0.13"),
      (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-2.5, 0, "-3"), (0.285, 2, "0.29"),
      (0.05, 1, "0.1"), (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (0.0004, 2, "0.00"), (3, 2, "3.00"),
    ])
  func ties(value: Double, decimals: Int, text: String) {
    #expect(NumberFormat.standard.format(value, style: .decimals(decimals)).text == text)
  }

  @Test("rounding agrees with exact decimal arithmetic")
  func exactness() {
    var random = SeededGenerator(state: 1)
    for round in 0..<6_000 {
      let scale = [1.0, 1e-3, 10, 1e3, 1e6, 1e-9][round % 6]
      var value = Double.random(in: -1...1, using: &random) * scale
      // Every third number is one that a person would write, often a tie.
      if round % 3 == 0 { value = ((value * 1e5).rounded() * 10 + 5) / 1e6 }
      let decimals = Int.random(in: 0...9, using: &random)
      let shown = NumberFormat.standard.format(value, style: .decimals(decimals))
      let expected = ExactDecimal(value).rounded(
        decimals: decimals, tie: ExactDecimal.isShortestTie(value, decimals: decimals))
      let magnitude = shown.fraction.isEmpty ? shown.integer : shown.integer + "." + shown.fraction
      #expect(magnitude == expected, "\(value) to \(decimals) decimals")
    }
  }

  @Test("the text of a whole number below 10^15 reads back as the same number")
  func wholeNumbers() {
    var random = SeededGenerator(state: 2)
    for _ in 0..<2_000 {
      let value = Double(
        Int.random(in: -999_999_999_999_999...999_999_999_999_999, using: &random))
      #expect(Double(NumberFormat.standard.text(value)) == value)
    }
  }

  @Test("what is shown is within half a unit of the last shown digit", arguments: [1, 4, 7])
  func accuracy(digits: Int) throws {
    let format = NumberFormat(digits: digits)
    var random = SeededGenerator(state: 3)
    for _ in 0..<5_000 {
      let value =
        Double.random(in: 1..<10, using: &random) * (Bool.random(using: &random) ? 1 : -1)
        * Double(sign: .plus, exponent: Int.random(in: -300...300, using: &random), significand: 1)
      let shown = format.format(value)
      let read = try #require(Double(shown.text))
      // The unit of the last digit as text, so that it carries no rounding error of its own.
      let power = (shown.exponent ?? 0) - shown.fraction.utf8.count
      let unit = try #require(Double("1e\(power)"))
      #expect(abs(read - value) <= unit * 0.5000001 + abs(value) * 2e-16, "\(value)")
      #expect(shown.integer.first != "0" || shown.integer == "0")
    }
  }

  @Test("equal decimals follow the most demanding number of a column")
  func equalDecimals() {
    let texts = NumberFormat.standard.format(
      column: [-0.2261, 2, 0.00263409, .nan, 1e-9], style: .equalDecimals
    ).map(\.text)
    #expect(texts == ["-0.22610", "2", "0.00263", "nan", "1e-9"])
  }

  @Test("a scientific column has one number of decimals; 0 needs no power of ten")
  func scientific() {
    let texts = [0, 1.5e-10, -12345, 9.9996e-4].map {
      NumberFormat.standard.format($0, style: .scientific(decimals: 2)).text
    }
    #expect(texts == ["0", "1.50e-10", "-1.23e4", "1.00e-3"])
  }
}
