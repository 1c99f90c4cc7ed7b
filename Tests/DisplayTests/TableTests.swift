import Display
import JSONText
import MatrixEngine
import Testing

@Suite("Tables")
struct TableTests {
  private func lines(_ table: Table) -> [String] {
    table.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("decimal points stand below each other in plain text")
  func alignment() {
    let table = Table(columns: [
      TableColumn("x", numbers: [0.5, -12.25, 3, 0.00263, .nan, 1.5e-9])
    ])
    let cells = lines(table).filter { $0.contains(where: \.isNumber) }
    let points = cells.compactMap { line in
      line.firstIndex(of: ".").map { line.distance(from: line.startIndex, to: $0) }
    }
    #expect(points.count == 4)
    #expect(Set(points).count == 1)
    #expect(lines(table)[5].hasSuffix("3"))
  }

  @Test("in HTML, cells of a column have one width of digits behind the point")
  func alignmentInHTML() throws {
    let table = Table(columns: [TableColumn("x", numbers: [0.5, 3, 0.00263])])
    let html = try #require(table.bundle().data[MIMEType.html]?.stringValue)
    #expect(html.contains(">0.5000\u{2007}<"))
    #expect(html.contains(">3\u{2008}\u{2007}\u{2007}\u{2007}\u{2007}\u{2007}<"))
    #expect(html.contains(">0.00263<"))
  }

  @Test("the cells of a wide table stand close, then are small, then texts are broken")
  func density() throws {
    func html(columns: Int, _ text: String) throws -> String {
      let table = Table(
        columns: [TableColumn("name", cells: [.text(text)])]
          + (0..<columns).map { TableColumn(.words("x\($0)"), numbers: [-0.1234]) })
      return try #require(table.bundle().data[MIMEType.html]?.stringValue)
    }
    let usual = try html(columns: 4, "a")
    #expect(usual.contains("padding:0.25em 0.8em") && !usual.contains("padding:0.25em 0.4em"))
    let close = try html(columns: 8, "a")
    #expect(close.contains("padding:0.25em 0.4em") && !close.contains("font-size:85%"))
    let closest = try html(columns: 10, "a")
    #expect(closest.contains("font-size:85%") && !closest.contains("white-space:normal"))
    let wrapping = try html(
      columns: 4, "0.5226 + 0.4139*0.6147 + 0.2135*0.5973 + 0.6137*0.6089 + 1")
    #expect(wrapping.contains("font-size:85%") && wrapping.contains("white-space:normal"))
  }

  @Test("a missing value is a dash in every format, never 0")
  func missing() throws {
    let table = Table(columns: [
      TableColumn("x", cells: [.number(nil), .integer(nil), .number(1.5)])
    ])
    let bundle = table.bundle()
    let text = try #require(bundle.data[MIMEType.plain]?.stringValue)
    let html = try #require(bundle.data[MIMEType.html]?.stringValue)
    let latex = try #require(bundle.data[MIMEType.latex]?.stringValue)
    #expect(text.filter { $0 == "—" }.count == 2)
    #expect(html.filter { $0 == "—" }.count == 2)
    #expect(latex.split(separator: "---").count == 3)
    #expect(!text.split(whereSeparator: \.isWhitespace).contains("0"))
  }

  @Test(
    "beyond the visible rows the first and the last are shown, and the count said",
    arguments: [(20, 0), (21, 3), (1000, 982)])
  func folding(rows: Int, hidden: Int) throws {
    let table = Table(columns: [TableColumn("n", integers: Array(1...rows))])
    let text = table.text()
    #expect(text.contains("more of \(rows) rows") == (hidden > 0))
    if hidden > 0 { #expect(text.contains("⋮ \(hidden) more of \(rows) rows")) }
    #expect(lines(table).contains("\(rows)"))
    let html = try #require(table.bundle().data[MIMEType.html]?.stringValue)
    #expect(html.contains("<details") == (hidden > 0 && rows <= 200))
  }

  @Test("a caller can show more rows")
  func visibleRows() {
    let table = Table(
      columns: [TableColumn("n", integers: Array(1...29))], visibleRows: 40)
    #expect(!table.text().contains("more of"))
  }

  @Test("a group's title is repeated by none and lost by none when rows are left out")
  func groupsAcrossTheGap() {
    let table = Table(
      columns: [TableColumn("n", integers: Array(1...50))],
      groups: [
        RowGroup("first", rowCount: 5), RowGroup("second", rowCount: 20),
        RowGroup("third", rowCount: 24),
      ])
    let text = lines(table)
    for title in ["first", "second", "third"] {
      #expect(text.filter { $0 == title }.count == 1)
    }
  }

  @Test("wide characters and combining marks are measured")
  func widths() {
    let table = Table(columns: [
      TableColumn("n", texts: ["名前", "y\u{302}", "abcd"]), TableColumn("v", integers: [1, 2, 3]),
    ])
    let rows = lines(table)
    #expect(rows[3] == "名前  1")
    #expect(rows[4] == "y\u{302}     2")
    #expect(rows[5] == "abcd  3")
  }

  @Test("a row that begins with a bracket is no argument of LaTeX's line end")
  func bracketInLaTeX() throws {
    let table = Table(columns: [TableColumn("q", texts: ["[1] first", "*"])])
    let latex = try #require(table.bundle().data[MIMEType.latex]?.stringValue)
    #expect(latex.contains("\n{}[1] first"))
    #expect(latex.contains("\n{}*"))
  }

  @Test("figures that a user wrote into names reach no markup")
  func escaping() throws {
    let text = "<script>alert(1)</script>\\input{x}$a$"
    let bundle = Table(
      caption: .words(text), columns: [TableColumn(.words(text), texts: [text])],
      notes: [TableNote(.words(text))]
    ).bundle()
    let html = try #require(bundle.data[MIMEType.html]?.stringValue)
    let latex = try #require(bundle.data[MIMEType.latex]?.stringValue)
    #expect(!html.contains("<script"))
    #expect(!latex.contains("\\input"))
    try Markup.parse(html)
    try LaTeXBalance.check(latex)
  }
}

@Suite("Tidy data")
struct TidyTableTests {
  static let sample = TidyTable([
    TidyColumn("n", integers: [1, 2, 3]), TidyColumn("x", numbers: [0.1 + 0.2, .nan, -.infinity]),
    TidyColumn("s", .optionalStrings(["b", nil, "a"])),
    TidyColumn("t", booleans: [true, false, true]),
  ])

  @Test("a data resource has a schema and rows at full precision")
  func resource() {
    let expected: JSONValue = [
      "schema": [
        "fields": [
          ["name": "n", "type": "integer"], ["name": "x", "type": "number"],
          ["name": "s", "type": "string"], ["name": "t", "type": "boolean"],
        ]
      ],
      "data": [
        ["n": 1, "x": .number(0.1 + 0.2), "s": "b", "t": true],
        ["n": 2, "x": "NaN", "s": .null, "t": false],
        ["n": 3, "x": "-INF", "s": "a", "t": true],
      ],
    ]
    #expect(Self.sample.dataResource == expected)
  }

  @Test("no data above 20,000 rows", arguments: [(20_000, true), (20_001, false)])
  func limit(rows: Int, isSent: Bool) {
    let tidy = TidyTable([TidyColumn("n", integers: Array(1...rows))])
    #expect((tidy.dataResource != nil) == isSent)
    let bundle = Table(tidy).bundle(tidy: tidy)
    #expect((bundle.data[MIMEType.dataResource] != nil) == isSent)
    #expect((DisplayValue.array(.vector(Array(repeating: 1, count: rows))).tidy != nil) == isSent)
  }

  @Test("sorting keeps the order of equals and puts missing values last")
  func sorting() throws {
    let byText = try #require(Self.sample.sorted(by: "s"))
    #expect(byText.column("n")?.values == .integers([3, 1, 2]))
    let byNumber = try #require(Self.sample.sorted(by: "x"))
    #expect(byNumber.column("n")?.values == .integers([3, 1, 2]))
    let byFlag = try #require(Self.sample.sorted(by: "t"))
    #expect(byFlag.column("n")?.values == .integers([2, 1, 3]))
    #expect(Self.sample.sorted(by: "none") == nil)
  }

  @Test("a matrix counts its rows and columns from 1")
  func matrix() {
    let tidy = DisplayValue.array(Matrix(rows: 2, columns: 2, storage: [1, 2, 3, 4])).tidy
    #expect(tidy?.column("row")?.values == .integers([1, 1, 2, 2]))
    #expect(tidy?.column("column")?.values == .integers([1, 2, 1, 2]))
    #expect(tidy?.column("value")?.values == .numbers([1, 2, 3, 4]))
  }
}
