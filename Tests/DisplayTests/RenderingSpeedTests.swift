import Display
import Testing

/// Upper bounds with room for slow machines; they are tight in release mode only.
@Suite("Rendering is fast", .serialized)
struct RenderingSpeedTests {
  private func best(of rounds: Int, _ body: () -> Void) -> Duration {
    let clock = ContinuousClock()
    return (0..<rounds).map { _ in clock.measure(body) }.min() ?? .zero
  }

  @Test("a table of 17 rows in every format")
  func smallTable() {
    let (table, tidy) = SampleTables.update
    let time = best(of: 300) { _ = table.bundle(tidy: tidy) }
    print("17 rows: \(time)")
    #expect(time < .milliseconds(4))
  }

  @Test("20,000 rows")
  func largeTable() {
    let rows = 20_000
    let tidy = TidyTable([
      TidyColumn("layer", integers: Array(1...rows)),
      TidyColumn("neuron", integers: Array(1...rows)),
      TidyColumn("parameter", strings: Array(repeating: "W", count: rows)),
      TidyColumn("z", numbers: (1...rows).map { 1 / Double($0) }),
      TidyColumn("a", numbers: (1...rows).map { 1 / Double($0) }),
    ])
    let time = best(of: 10) { _ = Table(tidy).bundle(tidy: tidy) }
    print("20,000 rows: \(time)")
    #expect(time < .milliseconds(400))
  }
}
