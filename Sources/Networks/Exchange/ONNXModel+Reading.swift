import MatrixEngine

/// From the bytes of a file to a model: what nothing here needs is passed over.
struct ONNXFile {
  let source: ByteSource
  private var path: String { source.path }

  init(_ source: ByteSource) { self.source = source }

  /// Throws: `DataError.malformed` for what is no model, or a tensor that is not whole; `.tooMany`, `.tooLarge`.
  func model() throws(DataError) -> ONNXModel {
    var model = ONNXModel()
    var hasGraph = false
    try fields(WireReader(try source.bytes())) { field, content throws(DataError) in
      switch (field, content) {
      case (7, .counted(let inner)):
        model.graph = try graph(inner)
        hasGraph = true
      case (8, .counted(let inner)):
        let (domain, version) = try operatorSet(inner)
        if domain.isEmpty || domain == "ai.onnx" { model.operatorSet = version }
      case (14, .counted(let inner)): model.metadata.append(try entry(inner))
      default: break
      }
    }
    guard hasGraph else { throw malformed("this is no .onnx file") }
    return model
  }

  private func malformed(_ reason: String) -> DataError { ArrayBuilder.malformed(path, reason) }

  private func fields(
    _ reader: WireReader, _ take: (Int, WireReader.Content) throws(DataError) -> Void
  ) throws(DataError) {
    var reader = reader
    while true {
      if source.interrupt?.isRaised == true { throw .interrupted }
      let next: (field: Int, content: WireReader.Content)?
      do throws(WireReader.Fault) { next = try reader.next() } catch {
        throw malformed("the file is damaged, or no .onnx file")
      }
      guard let (field, content) = next else { return }
      try take(field, content)
    }
  }

  private func operatorSet(_ reader: WireReader) throws(DataError) -> (String, Int) {
    var (domain, version) = ("", 0)
    try fields(reader) { field, content throws(DataError) in
      switch (field, content) {
      case (1, .counted(let text)): domain = text.text
      case (2, .number(let bits)): version = Int(truncatingIfNeeded: bits)
      default: break
      }
    }
    return (domain, version)
  }

  private func entry(_ reader: WireReader) throws(DataError) -> (key: String, value: String) {
    var (key, value) = ("", "")
    try fields(reader) { field, content throws(DataError) in
      switch (field, content) {
      case (1, .counted(let text)): key = text.text
      case (2, .counted(let text)): value = text.text
      default: break
      }
    }
    return (key, value)
  }

  private func graph(_ reader: WireReader) throws(DataError) -> ONNXGraph {
    var graph = ONNXGraph()
    try fields(reader) { field, content throws(DataError) in
      guard case .counted(let inner) = content else { return }
      switch field {
      case 1: graph.nodes.append(try node(inner))
      case 2: graph.name = inner.text
      case 5: graph.initializers.append(try tensor(inner))
      case 11: graph.inputs.append(try value(inner))
      case 12: graph.outputs.append(try value(inner))
      default: break
      }
    }
    return graph
  }

  private func node(_ reader: WireReader) throws(DataError) -> ONNXNode {
    var node = ONNXNode(operation: "", inputs: [], outputs: [])
    try fields(reader) { field, content throws(DataError) in
      guard case .counted(let inner) = content else { return }
      switch field {
      case 1: node.inputs.append(inner.text)
      case 2: node.outputs.append(inner.text)
      case 4: node.operation = inner.text
      case 5: node.attributes.append(try attribute(inner))
      case 7: node.domain = inner.text
      default: break
      }
    }
    return node
  }

  private func attribute(_ reader: WireReader) throws(DataError) -> ONNXAttribute {
    var attribute = ONNXAttribute(name: "", content: .other)
    var wholes: [Int] = []
    var numbers: [Float] = []
    try fields(reader) { field, content throws(DataError) in
      switch (field, content) {
      case (1, .counted(let text)): attribute.name = text.text
      case (2, .four(let bits)): attribute.content = .number(Float(bitPattern: bits))
      case (3, .number(let bits)): attribute.content = .whole(Int(truncatingIfNeeded: bits))
      case (4, .counted(let text)): attribute.content = .text(text.text)
      case (5, .counted(let inner)): attribute.content = .tensor(try tensor(inner))
      case (7, .four(let bits)): numbers.append(Float(bitPattern: bits))
      case (7, .counted(let inner)):
        var packed: [Double] = []
        ONNXTensor.ElementCode.float.type.append(whole(inner, 4), to: &packed)
        numbers += packed.map { Float($0) }
      case (8, _): wholes += try packed(content).map { Int(truncatingIfNeeded: $0) }
      default: break
      }
    }
    if !wholes.isEmpty { attribute.content = .wholes(wholes) }
    if !numbers.isEmpty { attribute.content = .numbers(numbers) }
    return attribute
  }

  /// The numbers of a repeated field, of which one content holds one or, one behind the other, several.
  private func packed(_ content: WireReader.Content) throws(DataError) -> [UInt64] {
    switch content {
    case .number(let bits): return [bits]
    case .four(let bits): return [UInt64(bits)]
    case .counted(var reader):
      var numbers: [UInt64] = []
      do throws(WireReader.Fault) {
        while let number = try reader.nextNumber() { numbers.append(number) }
      } catch { throw malformed("the file is damaged") }
      return numbers
    }
  }

  private func value(_ reader: WireReader) throws(DataError) -> ONNXValue {
    var value = ONNXValue(name: "")
    try fields(reader) { field, content throws(DataError) in
      switch (field, content) {
      case (1, .counted(let text)): value.name = text.text
      case (2, .counted(let type)):
        try fields(type) { field, content throws(DataError) in
          guard case (1, .counted(let tensor)) = (field, content) else { return }
          try fields(tensor) { field, content throws(DataError) in
            switch (field, content) {
            case (1, .number(let bits)):
              value.elementType = .init(rawValue: Int(truncatingIfNeeded: bits)) ?? .float
            case (2, .counted(let shape)): value.sizes = try lastSize(shape).map { [$0] } ?? []
            default: break
            }
          }
        }
      default: break
      }
    }
    return value
  }

  /// The last of a shape's dimensions, where it is a number.
  private func lastSize(_ shape: WireReader) throws(DataError) -> Int? {
    var size: Int?
    try fields(shape) { field, content throws(DataError) in
      guard case (1, .counted(let dimension)) = (field, content) else { return }
      size = nil
      try fields(dimension) { field, content throws(DataError) in
        if case (1, .number(let bits)) = (field, content) { size = Int(truncatingIfNeeded: bits) }
      }
    }
    return size
  }
}

// MARK: - Tensors

extension ONNXFile {
  /// Where a tensor's numbers lie.
  private struct Storage {
    var name = ""
    var sizes: [Int] = []
    var code = 0
    var raw: WireReader?
    var numbers: [Double] = []
    var bits: [UInt64] = []
    var external: [(key: String, value: String)] = []
    var isExternal = false
  }

  fileprivate func tensor(_ reader: WireReader) throws(DataError) -> ONNXTensor {
    var storage = Storage()
    try fields(reader) { field, content throws(DataError) in
      switch (field, content) {
      case (1, _): storage.sizes += try packed(content).map { Int(truncatingIfNeeded: $0) }
      case (2, .number(let bits)): storage.code = Int(truncatingIfNeeded: bits)
      case (4, .four(let bits)): storage.numbers.append(Double(Float(bitPattern: bits)))
      case (4, .counted(let inner)):
        ONNXTensor.ElementCode.float.type.append(whole(inner, 4), to: &storage.numbers)
      case (5, _), (7, _), (11, _): storage.bits += try packed(content)
      case (8, .counted(let text)): storage.name = text.text
      case (9, .counted(let inner)): storage.raw = inner
      case (10, .number(let bits)): storage.numbers.append(Double(bitPattern: bits))
      case (10, .counted(let inner)):
        ElementType.double.append(whole(inner, 8), to: &storage.numbers)
      case (13, .counted(let inner)): storage.external.append(try entry(inner))
      case (14, .number(let bits)): storage.isExternal = bits == 1
      default: break
      }
    }
    return try tensor(storage)
  }

  /// The bytes of a packed field of numbers of one size.
  fileprivate func whole(_ reader: WireReader, _ size: Int) -> [UInt8] {
    Array(reader.bytes[reader.rest].prefix(reader.rest.count / size * size))
  }

  private func tensor(_ storage: Storage) throws(DataError) -> ONNXTensor {
    let subject = "tensor \(storage.name)"
    guard let code = ONNXTensor.ElementCode(rawValue: storage.code) else {
      throw malformed("\(subject) is not of numbers that are known here")
    }
    guard storage.sizes.allSatisfy({ $0 >= 0 }) else {
      throw malformed("\(subject) has a negative size")
    }
    let type = code.type
    var bytes: [UInt8] = []
    if storage.isExternal {
      bytes = try externalBytes(storage.external, subject)
    } else if let raw = storage.raw {
      bytes = Array(raw.bytes[raw.rest])
    } else {
      let numbers = storage.bits.map { number($0, code) }
      let kept = storage.numbers.isEmpty ? numbers : storage.numbers
      let builder = try ArrayBuilder(
        type, storage.sizes, bytes: kept.count * type.size, subject: subject, path: path)
      return ONNXTensor(
        name: storage.name, sizes: builder.shape, code: code,
        values: Array(kept.prefix(Shape(builder.shape).count)))
    }
    var builder = try ArrayBuilder(
      type, storage.sizes, bytes: bytes.count, subject: subject, path: path)
    builder.append(bytes, 0..<bytes.count)
    return ONNXTensor(
      name: storage.name, sizes: storage.sizes, code: code, values: try builder.finish().storage)
  }

  /// A number that a field of whole numbers holds: float16 as its bits.
  private func number(_ bits: UInt64, _ code: ONNXTensor.ElementCode) -> Double {
    guard code == .half else {
      return code == .uint64 ? Double(bits) : Double(Int64(bitPattern: bits))
    }
    var numbers: [Double] = []
    code.type.append([UInt8(bits & 0xFF), UInt8(bits >> 8 & 0xFF)], to: &numbers)
    return numbers.first ?? 0
  }

  /// The bytes of a tensor that lies in a file beside this one.
  ///
  /// Source: docs/ExternalData.md. A place outside the folder is refused.
  private func externalBytes(_ entries: [(key: String, value: String)], _ subject: String)
    throws(DataError) -> [UInt8]
  {
    func value(_ key: String) -> String? { entries.last { $0.key == key }?.value }
    guard let name = value("location"), !name.isEmpty, !name.contains("/"), !name.hasPrefix("..")
    else {
      throw malformed("\(subject) lies outside the file's folder")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let beside = try ByteSource(path: folder + name, interrupt: source.interrupt)
    let offset = value("offset").flatMap { Int($0) } ?? 0
    let length = value("length").flatMap { Int($0) } ?? beside.count
    guard offset >= 0, length >= 0, offset <= beside.count else {
      throw malformed("\(subject) is not where the file says")
    }
    return try beside.bytes(from: offset, atMost: length)
  }
}

extension ElementType {
  /// Adds the numbers that lie one behind the other. Precondition: they are whole.
  func append(_ bytes: [UInt8], to numbers: inout [Double]) { append(bytes.span, to: &numbers) }
}
