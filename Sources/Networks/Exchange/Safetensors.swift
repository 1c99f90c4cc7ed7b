import JSONText
import MatrixEngine

/// Named arrays behind a header in JSON, as PyTorch's and JAX's libraries keep weights.
///
/// Source: github.com/huggingface/safetensors, README "Format"
enum Safetensors {
  /// An array of a file.
  struct Entry {
    var name: String
    var value: Tensor<Double>
    var type: ElementType
  }

  /// The types that have a sign here. Source: safetensors/src/tensor.rs, Dtype.
  private static let types: [(name: String, type: ElementType)] = [
    ("F64", .double), ("F32", ElementType(kind: .floating, size: 4, isBigEndian: false)),
    ("F16", ElementType(kind: .floating, size: 2, isBigEndian: false)),
    ("I64", ElementType(kind: .signed, size: 8, isBigEndian: false)),
    ("I32", ElementType(kind: .signed, size: 4, isBigEndian: false)),
    ("I16", ElementType(kind: .signed, size: 2, isBigEndian: false)),
    ("I8", ElementType(kind: .signed, size: 1, isBigEndian: false)),
    ("U64", ElementType(kind: .unsigned, size: 8, isBigEndian: false)),
    ("U32", ElementType(kind: .unsigned, size: 4, isBigEndian: false)),
    ("U16", ElementType(kind: .unsigned, size: 2, isBigEndian: false)),
    ("U8", ElementType(kind: .unsigned, size: 1, isBigEndian: false)),
    ("BOOL", ElementType(kind: .boolean, size: 1, isBigEndian: false)),
  ]
  /// The longest header. One of a thousand arrays has a hundred thousand bytes.
  private static let longestHeader = 1 << 22

  static func bytes(_ entries: [Entry], _ metadata: [(key: String, value: String)]) -> [UInt8] {
    var header = JSONObject()
    if !metadata.isEmpty {
      header["__metadata__"] = .object(
        JSONObject(metadata.map { (name: $0.key, value: .string($0.value)) }))
    }
    var data: [UInt8] = []
    for entry in entries {
      let start = data.count
      data +=
        entry.type == .double
        ? LittleEndian.bytes(entry.value.storage.map(\.bitPattern))
        : LittleEndian.bytes(entry.value.storage.map { Float($0).bitPattern })
      header[entry.name] = [
        "dtype": .string(types.first { $0.type == entry.type }?.name ?? ""),
        "shape": .array(entry.value.sizes.map { .integer($0) }),
        "data_offsets": .array([.integer(start), .integer(data.count)]),
      ]
    }
    var writer = JSONWriter()
    writer.write(header)
    var text = writer.finish()
    // The data begins at a multiple of eight.
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return LittleEndian.bytes([UInt64(text.count)]) + text + data
  }

  /// Throws: `DataError.malformed` for no such file, or an array that is not whole.
  static func read(_ source: ByteSource) throws(DataError) -> (
    entries: [Entry], metadata: [(key: String, value: String)]
  ) {
    func malformed(_ reason: String) -> DataError { ArrayBuilder.malformed(source.path, reason) }
    let start = try source.bytes(from: 0, atMost: 8)
    let length = start.enumerated().reduce(UInt64(0)) {
      $0 | UInt64($1.element) << UInt64(8 * $1.offset)
    }
    guard start.count == 8, length >= 2, length <= UInt64(longestHeader),
      length <= UInt64(max(0, source.count - 8))
    else { throw malformed("this is no .safetensors file") }
    let header: JSONObject
    let bytes = try source.bytes(from: 8, atMost: Int(length))
    guard let parsed = try? JSONParser.parse(bytes), let object = parsed.objectValue else {
      throw malformed("the header is damaged")
    }
    header = object
    var entries: [Entry] = []
    var metadata: [(key: String, value: String)] = []
    // Arrays lie one behind the other, so that all of them are no larger than the file.
    var left = source.count
    for (name, content) in header.members {
      if name == "__metadata__" {
        for (key, value) in content.objectValue?.members ?? [] {
          metadata.append((key, value.stringValue ?? ""))
        }
        continue
      }
      if source.interrupt?.isRaised == true { throw .interrupted }
      let next = try entry(name, content, source, dataAt: 8 + Int(length))
      left -= next.value.storage.count * next.type.size
      guard left >= 0 else { throw malformed("its arrays overlap") }
      entries.append(next)
    }
    return (entries, metadata)
  }

  private static func entry(
    _ name: String, _ content: JSONValue, _ source: ByteSource, dataAt start: Int
  ) throws(DataError) -> Entry {
    func malformed(_ reason: String) -> DataError {
      ArrayBuilder.malformed(source.path, "array \(name) \(reason)")
    }
    guard let dtype = content["dtype"]?.stringValue,
      let type = types.first(where: { $0.name == dtype })?.type
    else { throw malformed("is of a type that is not known here") }
    let sizes = content["shape"]?.arrayValue?.compactMap(\.integerValue) ?? [-1]
    let places = content["data_offsets"]?.arrayValue?.compactMap(\.integerValue) ?? []
    guard sizes.allSatisfy({ $0 >= 0 }), places.count == 2, places[0] >= 0, places[0] <= places[1],
      places[1] <= source.count - start
    else { throw malformed("is not where the header says") }
    var builder = try ArrayBuilder(
      type, sizes, bytes: places[1] - places[0], subject: "array \(name)", path: source.path)
    let bytes = try source.bytes(from: start + places[0], atMost: places[1] - places[0])
    builder.append(bytes, 0..<bytes.count)
    return Entry(name: name, value: try builder.finish(), type: type)
  }
}
