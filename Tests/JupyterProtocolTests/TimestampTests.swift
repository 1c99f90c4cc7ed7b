import JupyterProtocol
import Testing

@Suite("Dates")
struct TimestampTests {
  static let dates: [(String, Int)] = [
    ("1970-01-01T00:00:00Z", 0),
    ("2000-02-29T12:00:00Z", 951_825_600_000_000),
    ("2026-01-31T08:15:30.123456Z", 1_769_847_330_123_456),
    ("2026-01-31T08:15:30.123Z", 1_769_847_330_123_000),
    ("2026-01-31T08:15:30.123456789+00:00", 1_769_847_330_123_456),
    ("2026-01-31T10:15:30+02:00", 1_769_847_330_000_000),
    ("2026-01-31T02:45:30-0530", 1_769_847_330_000_000),
    ("2026-01-31 08:15:30", 1_769_847_330_000_000),
    ("2100-03-01T00:00:00Z", 4_107_542_400_000_000),
  ]

  @Test("ISO 8601 dates are read", arguments: dates)
  func reading(text: String, microseconds: Int) {
    #expect(Timestamp(iso8601: text)?.microseconds == microseconds)
  }

  @Test("a date is written in UTC with its offset and microseconds")
  func writing() {
    #expect(Timestamp(microseconds: 1_769_847_330_000_456).iso8601 == "2026-01-31T08:15:30.000456Z")
    for microseconds in stride(from: 0, to: 4_000_000_000_000_000, by: 86_399_999_999_999) {
      let date = Timestamp(microseconds: microseconds)
      #expect(Timestamp(iso8601: date.iso8601) == date)
    }
  }

  @Test(
    "what is no date is refused",
    arguments: [
      "", "2026", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00X", "2026-01-01T00:00:00Z ",
      "yesterday", "2026-01-01T00:00", "2026-01-00T00:00:00Z", "２026-01-01T00:00:00Z",
    ])
  func refusals(text: String) {
    #expect(Timestamp(iso8601: text) == nil)
  }
}
