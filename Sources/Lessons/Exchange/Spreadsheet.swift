import Display
import Networks

/// One sheet of cells as an .xlsx file: texts, numbers, and formulas with the number that they gave here.
///
/// Source: ECMA-376, Office Open XML, parts 1 and 2.
struct Spreadsheet {
  enum Content {
    case text(String)
    case heading(String)
    case number(Double)
    /// A formula without its equals sign, and its value.
    case formula(String, Double)
  }

  /// Row by row; nil is an empty cell.
  private(set) var rows: [[Content?]] = []

  mutating func append(_ cells: [Content?]) { rows.append(cells) }

  /// A place on a sheet, counted from 0.
  struct Cell: Hashable {
    var row: Int
    var column: Int

    /// `B3`
    var name: String { "\(Cell.letters(column))\(row + 1)" }

    static func letters(_ column: Int) -> String {
      var rest = column
      var letters = ""
      repeat {
        letters = String(UnicodeScalar(UInt8(65 + rest % 26))) + letters
        rest = rest / 26 - 1
      } while rest >= 0
      return letters
    }
  }

  /// The most columns that a sheet has.
  static let mostColumns = 16_384

  /// The files of the archive.
  var files: [(name: String, text: String)] {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    let package = "http://schemas.openxmlformats.org/package/2006"
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return [
      (
        "[Content_Types].xml",
        head + "<Types xmlns=\"\(package)/content-types\">"
          + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
          + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
          + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(kind).sheet.main+xml\"/>"
          + "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(kind).styles+xml\"/>"
          + "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"\(kind).worksheet+xml\"/></Types>"
      ),
      (
        "_rels/.rels",
        head + "<Relationships xmlns=\"\(package)/relationships\"><Relationship Id=\"rId1\" "
          + "Type=\"\(office)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
      ),
      (
        "xl/workbook.xml",
        head + "<workbook xmlns=\"\(main)\" xmlns:r=\"\(office)\"><sheets>"
          + "<sheet name=\"Nabla\" sheetId=\"1\" r:id=\"rId1\"/></sheets>"
          + "<calcPr fullCalcOnLoad=\"1\"/></workbook>"
      ),
      (
        "xl/_rels/workbook.xml.rels",
        head + "<Relationships xmlns=\"\(package)/relationships\">"
          + "<Relationship Id=\"rId1\" Type=\"\(office)/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
          + "<Relationship Id=\"rId2\" Type=\"\(office)/styles\" Target=\"styles.xml\"/></Relationships>"
      ),
      (
        "xl/styles.xml",
        head + "<styleSheet xmlns=\"\(main)\"><fonts count=\"2\">"
          + "<font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
          + "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
          + "<fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills>"
          + "<borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
          + "<cellXfs count=\"2\"><xf fontId=\"0\"/><xf fontId=\"1\" applyFont=\"1\"/></cellXfs>"
          + "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/>"
          + "</cellStyles></styleSheet>"
      ),
      ("xl/worksheets/sheet1.xml", head + sheet(main)),
    ]
  }

  private func sheet(_ main: String) -> String {
    var xml = "<worksheet xmlns=\"\(main)\"><cols>"
    for (column, width) in [24, 20, 48].enumerated() {
      xml +=
        "<col min=\"\(column + 1)\" max=\"\(column + 1)\" width=\"\(width)\" customWidth=\"1\"/>"
    }
    xml += "</cols><sheetData>"
    for (row, cells) in rows.enumerated() {
      xml += "<row r=\"\(row + 1)\">"
      for case (let column, let content?) in cells.enumerated().map({ ($0.offset, $0.element) }) {
        xml += Self.xml(content, Cell(row: row, column: column).name)
      }
      xml += "</row>"
    }
    return xml + "</sheetData></worksheet>"
  }

  private static func xml(_ content: Content, _ name: String) -> String {
    switch content {
    case .text(let text): inline(text, name, style: "")
    case .heading(let text): inline(text, name, style: " s=\"1\"")
    case .number(let value): "<c r=\"\(name)\"\(result(value))</c>"
    case .formula(let formula, let value):
      "<c r=\"\(name)\"\(result(value, "<f>\(escaped(formula))</f>"))</c>"
    }
  }

  private static func inline(_ text: String, _ name: String, style: String) -> String {
    "<c r=\"\(name)\"\(style) t=\"inlineStr\"><is>"
      + "<t xml:space=\"preserve\">\(escaped(text))</t></is></c>"
  }

  /// The end of a cell's tag, and the number; what is none there is an error.
  private static func result(_ value: Double, _ formula: String = "") -> String {
    value.isFinite ? ">\(formula)<v>\(value)</v>" : " t=\"e\">\(formula)<v>#NUM!</v>"
  }

  /// Text of XML, without the characters that it has no form of.
  private static func escaped(_ text: String) -> String {
    let allowed = text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" }
    return String(String.UnicodeScalarView(allowed)).replacing("&", with: "&amp;")
      .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
