import JSONText
import Testing

@Suite("Parsing JSON")
struct ParsingTests {
  static let readings: [(String, JSONValue)] = [
    ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-7", -7),
    ("9223372036854775807", .integer(.max)), ("2.5e-3", .number(0.0025)), ("1E2", .number(100)),
    ("-0", .number(-0.0)), ("\"a\\nb\"", "a\nb"), ("[]", .array([])),
    ("[1, [2], {}]", .array([1, .array([2]), .object([:])])),
    ("{\"a\": 1, \"b\": [true]}", .object(["a": 1, "b": .array([true])])),
    ("\"\\u00e9\\ud83d\\ude00\"", "é😀"), ("\"∂L\"", "∂L"),
    ("\"\\/\\b\\f\\t\\r\\\"\\\\\"", "/\u{8}\u{c}\t\r\"\\"),
  ]

  @Test("every kind of value is read", arguments: readings)
  func kinds(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(text) == value)
  }

  @Test(
    "what is not JSON is refused with its reason",
    arguments: [
      ("", JSONError.Reason.unexpectedEnd), ("[1", .unexpectedEnd), ("\"a", .unexpectedEnd),
      ("\"a\\", .unexpectedEnd), ("nul", .unexpectedEnd), ("NaN", .unexpectedByte(78)),
      ("nulL", .unexpectedByte(110)), ("[1,]", .unexpectedByte(93)),
      ("{\"a\":1,}", .unexpectedByte(125)), ("{a:1}", .unexpectedByte(97)),
      ("{\"a\" 1}", .unexpectedByte(49)), ("01", .malformedNumber), ("1.", .malformedNumber),
      ("-", .malformedNumber), ("1e", .malformedNumber), ("+1", .unexpectedByte(43)),
      ("-Infinity", .malformedNumber), ("1e999", .numberTooLarge), ("\"\\x\"", .invalidEscape),
      ("\"\\u12g4\"", .invalidEscape), ("\"a\nb\"", .controlCharacter), ("1 2", .trailingText),
      ("'a'", .unexpectedByte(39)),
    ])
  func refusals(text: String, reason: JSONError.Reason) {
    #expect { try JSONParser.parse(text) } throws: { ($0 as? JSONError)?.reason == reason }
  }

  @Test("a whole number beyond Int is a double")
  func bigNumbers() throws {
    #expect(try JSONParser.parse("9223372036854775808") == .number(9_223_372_036_854_775_808))
    let digits = String(repeating: "9", count: 300)
    #expect(try JSONParser.parse(digits) == .number(1e300))
    #expect(try JSONParser.parse("5e-324") == .number(.leastNonzeroMagnitude))
  }

  @Test(
    "a lone surrogate becomes the replacement character",
    arguments: [
      ("\"a\\ud800b\"", "a\u{FFFD}b"), ("\"\\udc00\"", "\u{FFFD}"),
      ("\"\\ud800\\ud800\\udc00\"", "\u{FFFD}\u{10000}"), ("\"\\ud800\\n\"", "\u{FFFD}\n"),
      ("\"\\ud800\\u0041\"", "\u{FFFD}A"),
    ])
  func loneSurrogates(text: String, value: String) throws {
    #expect(try JSONParser.parse(text).stringValue == value)
  }

  @Test("invalid UTF-8 in a string is repaired, elsewhere refused")
  func invalidUTF8() throws {
    #expect(try JSONParser.parse([0x22, 0x61, 0xFF, 0x62, 0x22]).stringValue == "a\u{FFFD}b")
    #expect(throws: JSONError.self) { try JSONParser.parse([0xFF]) }
    #expect(throws: JSONError.self) { try JSONParser.parse([0xEF, 0xBB, 0xBF, 0x31]) }
  }

  @Test("of members with equal names the last stays", arguments: [1, 30])
  func duplicateMembers(others: Int) throws {
    let filler = (0..<others).map { ",\"k\($0)\":\($0)" }.joined()
    let value = try JSONParser.parse("{\"a\":1\(filler),\"a\":2}")
    #expect(value["a"] == 2)
    #expect(value.objectValue?.members.count == others + 1)
  }

  @Test("nesting is allowed to the limit and refused beyond it")
  func depth() throws {
    let limit = JSONParser.depthLimit
    let deep = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    #expect(try JSONParser.parse(deep).arrayValue?.count == 1)
    #expect { try JSONParser.parse("[\(deep)]") } throws: {
      ($0 as? JSONError) == JSONError(.tooDeep, at: limit)
    }
    #expect(throws: JSONError.self) { try JSONParser.parse(String(repeating: "[", count: 100_000)) }
    let objects = String(repeating: "{\"a\":", count: 100_000)
    #expect(throws: JSONError.self) { try JSONParser.parse(objects) }
  }

  @Test("an object of a hundred thousand members is read in linear time")
  func manyMembers() throws {
    let text = "{" + (0..<100_000).map { "\"m\($0)\":0" }.joined(separator: ",") + "}"
    #expect(try JSONParser.parse(text).objectValue?.members.count == 100_000)
  }

  @Test("no mutation of a message makes the parser do more than refuse")
  func mutations() {
    let message = Array("{\"code\":\"x\\u00e9\\ud83d\",\"n\":[1,-2.5e3,true,null],\"o\":{}}".utf8)
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var accepted = 0
    for _ in 0..<20_000 {
      var mutant = message
      for _ in 0...random(3) { mutant[random(mutant.count)] = UInt8(random(256)) }
      if let value = try? JSONParser.parse(mutant) {
        accepted += 1
        #expect((try? JSONParser.parse(value.encoded)) == value)
      }
    }
    #expect(accepted > 0)
  }
}
