import MatrixEngine

/// What this kernel uses of ONNX's messages, under their own names.
///
/// Source: github.com/onnx/onnx, onnx/onnx.proto3; docs/IR.md
struct ONNXModel {
  var graph = ONNXGraph()
  var operatorSet = 17
  /// `metadata_props`
  var metadata: [(key: String, value: String)] = []
}

struct ONNXGraph {
  var name = ""
  var nodes: [ONNXNode] = []
  var initializers: [ONNXTensor] = []
  var inputs: [ONNXValue] = []
  var outputs: [ONNXValue] = []
}

struct ONNXNode {
  var operation: String
  var domain = ""
  var inputs: [String]
  var outputs: [String]
  var attributes: [ONNXAttribute] = []

  /// An attribute's content by its name.
  subscript(name: String) -> ONNXAttribute.Content? {
    attributes.first { $0.name == name }?.content
  }

  func whole(_ name: String) -> Int? {
    if case .whole(let value)? = self[name] { value } else { nil }
  }
  func number(_ name: String) -> Float? {
    if case .number(let value)? = self[name] { value } else { nil }
  }
  func wholes(_ name: String) -> [Int]? {
    if case .wholes(let values)? = self[name] { values } else { nil }
  }
  func text(_ name: String) -> String? {
    if case .text(let text)? = self[name] { text } else { nil }
  }
}

struct ONNXAttribute {
  enum Content {
    case number(Float)
    case whole(Int)
    case text(String)
    case wholes([Int])
    case numbers([Float])
    case tensor(ONNXTensor)
    /// Of a kind that nothing here needs.
    case other
  }

  var name: String
  var content: Content
}

/// An input or output: its name, and its sizes behind the examples where they are said.
struct ONNXValue {
  var name: String
  var elementType = ONNXTensor.ElementCode.double
  var sizes: [Int] = []
}

struct ONNXTensor {
  /// `TensorProto.DataType`
  enum ElementCode: Int {
    case float = 1
    case uint8, int8, uint16, int16, int32, int64
    case boolean = 9
    case half, double, uint32, uint64

    var type: ElementType {
      switch self {
      case .float: ElementType(kind: .floating, size: 4, isBigEndian: false)
      case .double: .double
      case .half: ElementType(kind: .floating, size: 2, isBigEndian: false)
      case .uint8: ElementType(kind: .unsigned, size: 1, isBigEndian: false)
      case .int8: ElementType(kind: .signed, size: 1, isBigEndian: false)
      case .uint16: ElementType(kind: .unsigned, size: 2, isBigEndian: false)
      case .int16: ElementType(kind: .signed, size: 2, isBigEndian: false)
      case .int32: ElementType(kind: .signed, size: 4, isBigEndian: false)
      case .int64: ElementType(kind: .signed, size: 8, isBigEndian: false)
      case .uint32: ElementType(kind: .unsigned, size: 4, isBigEndian: false)
      case .uint64: ElementType(kind: .unsigned, size: 8, isBigEndian: false)
      case .boolean: ElementType(kind: .boolean, size: 1, isBigEndian: false)
      }
    }
  }

  var name = ""
  var sizes: [Int] = []
  var code = ElementCode.double
  var values: [Double] = []

  /// Whether its numbers have the precision of float64.
  var isDouble: Bool { code == .double }
}

// MARK: - Writing

extension ONNXModel {
  var bytes: [UInt8] {
    var writer = WireWriter()
    // The version that knows operator set 17.
    writer.append(1, 8)
    writer.append(2, "nabla")
    writer.message(7) { graph.write(to: &$0) }
    writer.message(8) { $0.append(2, operatorSet) }
    for (key, value) in metadata {
      writer.message(14) {
        $0.append(1, key)
        $0.append(2, value)
      }
    }
    return writer.bytes
  }
}

extension ONNXGraph {
  fileprivate func write(to writer: inout WireWriter) {
    for node in nodes { writer.message(1) { node.write(to: &$0) } }
    writer.append(2, name)
    for tensor in initializers { writer.message(5) { tensor.write(to: &$0) } }
    for value in inputs { writer.message(11) { value.write(to: &$0) } }
    for value in outputs { writer.message(12) { value.write(to: &$0) } }
  }
}

extension ONNXNode {
  fileprivate func write(to writer: inout WireWriter) {
    for input in inputs { writer.append(1, input) }
    for output in outputs { writer.append(2, output) }
    writer.append(4, operation)
    for attribute in attributes {
      writer.message(5) { writer in
        writer.append(1, attribute.name)
        switch attribute.content {
        case .whole(let value):
          writer.append(3, value)
          writer.append(20, 2)
        case .wholes(let values):
          for value in values { writer.append(8, value) }
          writer.append(20, 7)
        case .number(let value):
          writer.append(2, value)
          writer.append(20, 1)
        case .text(let text):
          writer.append(4, text)
          writer.append(20, 3)
        case .tensor, .numbers, .other: break
        }
      }
    }
  }
}

extension ONNXValue {
  /// The first dimension, the examples, is free.
  fileprivate func write(to writer: inout WireWriter) {
    writer.append(1, name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.append(1, elementType.rawValue)
        tensor.message(2) { shape in
          shape.message(1) { $0.append(2, "examples") }
          for size in sizes { shape.message(1) { $0.append(1, size) } }
        }
      }
    }
  }
}

extension ONNXTensor {
  fileprivate func write(to writer: inout WireWriter) {
    for size in sizes { writer.append(1, size) }
    writer.append(2, code.rawValue)
    writer.append(8, name)
    writer.append(9, rawBytes)
  }

  private var rawBytes: [UInt8] {
    switch code {
    case .float: LittleEndian.bytes(values.map { Float($0).bitPattern })
    case .int64: LittleEndian.bytes(values.map { UInt64(bitPattern: Int64($0)) })
    default: LittleEndian.bytes(values.map(\.bitPattern))
    }
  }
}

/// Numbers as bytes, the lowest first.
enum LittleEndian {
  static func bytes<Bits: FixedWidthInteger>(_ numbers: [Bits]) -> [UInt8] {
    let size = Bits.bitWidth / 8
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * size)
    for number in numbers {
      for byte in 0..<size { bytes.append(UInt8(truncatingIfNeeded: number >> Bits(8 * byte))) }
    }
    return bytes
  }
}
