import Display
import FoundationEssentials
import JSONText
import MatrixEngine
import Testing

@Suite("What values and tables look like")
struct SnapshotTests {
  /// Every snapshot: its name and what it shows.
  static let bundles: [(name: String, bundle: MIMEBundle)] =
    [
      ("table-forward", SampleTables.forward), ("table-update", SampleTables.update),
      ("table-history", SampleTables.history(epochs: 40)), ("table-checks", SampleTables.checks),
    ].map { name, sample in (name, sample.0.bundle(tidy: sample.1)) } + [
      ("table-matrix-view", SampleTables.matrixView.0.bundle()),
      ("table-long", SampleTables.history(epochs: 1000).0.bundle()),
      (
        "table-digits",
        SampleTables.update.0.bundle(numbers: NumberFormat(digits: 6))
      ),
      ("table-empty", Table(TidyTable([TidyColumn("loss", numbers: [])])).bundle()),
      ("value-number", DisplayValue.number(-0.22609507205584806).bundle()),
      ("value-string", DisplayValue.string("a \"b\" \\ $\n").bundle()),
      ("value-boolean", DisplayValue.boolean(true).bundle()),
      ("value-description", DisplayValue.description("f(x) = sin(x^2)").bundle()),
      ("value-vector", DisplayValue.array(.vector([0.3, -1.4, 2, 0.00263])).bundle()),
      ("value-vector-long", DisplayValue.array(.vector((1...150).map { 1 / Double($0) })).bundle()),
      (
        "value-matrix",
        DisplayValue.array(
          Matrix(rows: 2, columns: 3, storage: [0.2, -12.3, 0.1, 0.1, 2, .infinity])
        ).bundle()
      ),
      (
        "value-matrix-powers",
        DisplayValue.array(
          Matrix(rows: 2, columns: 2, storage: [1.5e-9, -0.25, 3, 1e20])
        ).bundle()
      ),
      ("value-matrix-large", DisplayValue.array(SampleTables.large).bundle()),
      (
        "value-matrix-empty",
        DisplayValue.array(Matrix(rows: 0, columns: 3, storage: [])).bundle()
      ),
      ("value-list-names", DisplayValue.list([.string("setosa"), .string("versicolor")]).bundle()),
      (
        "value-list-matrices",
        DisplayValue.list(
          [
            .array(.vector([2])), .array(Matrix(rows: 1, columns: 2, storage: [0.1, 0.1])),
            .list([.number(1), .boolean(false)]),
          ], firstIndex: 0
        ).bundle()
      ),
    ]

  @Test("snapshots are what is written", arguments: bundles.indices)
  func snapshots(index: Int) throws {
    try Snapshot.compare(Self.bundles[index].bundle, name: Self.bundles[index].name)
  }

  @Test("every file belongs to a snapshot")
  func unreferenced() throws {
    let figures = try SampleFigures.recorded().map {
      ($0.name, $0.figure.bundle(interactive: false))
    }
    let known = Set(
      (Self.bundles + figures).flatMap { Snapshot.files($0.1, name: $0.0).map(\.name) })
    let present = try FileManager.default.contentsOfDirectory(atPath: Snapshot.folder)
    #expect(Set(present).subtracting(known).isEmpty)
  }

  @Test("HTML is well-formed and holds no bare dollar sign", arguments: bundles.indices)
  func wellFormed(index: Int) throws {
    guard let html = Self.bundles[index].bundle.data[MIMEType.html]?.stringValue else { return }
    try Markup.parse(html)
    #expect(!html.replacing("<span>$</span>", with: "").contains("$"))
  }

  @Test("LaTeX balances", arguments: bundles.indices)
  func balanced(index: Int) throws {
    guard let latex = Self.bundles[index].bundle.data[MIMEType.latex]?.stringValue else { return }
    try LaTeXBalance.check(latex)
  }

  @Test("every value has plain text, without trailing spaces", arguments: bundles.indices)
  func plain(index: Int) throws {
    let text = try #require(Self.bundles[index].bundle.data[MIMEType.plain]?.stringValue)
    #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
  }
}
