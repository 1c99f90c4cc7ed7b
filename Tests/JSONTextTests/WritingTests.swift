import JSONText
import Testing

@Suite("Writing JSON")
struct WritingTests {
  static let writings: [(JSONValue, String)] = [
    (.null, "null"), (true, "true"), (0, "0"), (10, "10"), (-3, "-3"),
    (.integer(.min), "-9223372036854775808"), (.number(0.1), "0.1"), (.number(3), "3.0"),
    (.number(1e-7), "1e-07"), (.array([]), "[]"), (.array([1, .array([]), "a"]), "[1,[],\"a\"]"),
    (.object([:]), "{}"),
    (.object(["a": 1, "b": .object(["c": false])]), "{\"a\":1,\"b\":{\"c\":false}}"),
    ("q\"\\\n\r\t\u{8}\u{c}\u{1}\u{1f}", #""q\"\\\n\r\t\b\f\u0001\u001f""#),
    ("∂σ😀", "\"∂σ😀\""),
  ]

  @Test("every kind of value is written", arguments: writings)
  func kinds(value: JSONValue, text: String) {
    #expect(value.text == text)
  }

  @Test("a non-finite number is never written as one")
  func nonFinite() {
    let value: JSONValue = [.number(.nan), .number(.infinity), .number(-.infinity)]
    #expect(value.text == #"["NaN","INF","-INF"]"#)
  }

  @Test("what is written reads back equal")
  func roundTrip() throws {
    let value: JSONValue = [
      "a": [
        .number(0.1), .number(.leastNonzeroMagnitude), .number(1.7976931348623157e308),
        .integer(.max),
      ],
      "é\u{0}\"": ["nested": [[:], [], .null]], "": "",
    ]
    #expect(try JSONParser.parse(value.encoded) == value)
  }

  @Test("members and elements are separated, whatever their order")
  func members() {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("s", "x")
      writer.member("i", 1)
      writer.object("o") { _ in }
      writer.array("a") { writer in
        writer.write(1)
        writer.object { $0.member("b", true) }
        writer.array { _ in }
      }
      writer.member("l", ["p", "q"])
      writer.name("dynamic\"")
      writer.write(2.5)
      writer.member("j", json: Array("[null]".utf8))
      writer.member("v", JSONValue.null)
    }
    #expect(
      String(decoding: writer.finish(), as: UTF8.self)
        == #"{"s":"x","i":1,"o":{},"a":[1,{"b":true},[]],"l":["p","q"],"dynamic\"":2.5,"j":[null],"v":null}"#
    )
  }
}
