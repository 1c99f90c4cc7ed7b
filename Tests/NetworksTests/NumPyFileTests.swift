import MatrixEngine
import Networks
import Testing

/// Bytes as numpy.save and numpy.savez of NumPy 2.4 write them.
@Suite("NumPy files")
struct NumPyFileTests {
  static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0]
    bytes += Array(header.utf8)
    bytes += Array(repeating: 0x20, count: 117 - header.utf8.count)
    return bytes + [0x0A] + data
  }

  static func load(_ bytes: [UInt8], _ ending: String = "npy") throws -> DataFile.Content {
    try withFile(ending, bytes) { try DataFile.load($0).content }
  }

  @Test("types, byte orders and memory orders")
  func types() throws {
    let cases: [(String, [UInt8], Tensor<Double>)] = [
      (
        "{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }", [1, 0, 0xFE, 0xFF, 3, 0],
        .vector([1, -2, 3])
      ),
      (
        "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }",
        [
          0x3F, 0x80, 0, 0, 0x40, 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0xA0, 0, 0, 0x40, 0x40, 0, 0,
          0x40, 0xC0, 0, 0,
        ], Matrix(rows: 2, columns: 3, storage: [1, 2, 3, 4, 5, 6])
      ),
      (
        "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }",
        [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11],
        Tensor(Shape([2, 3, 2]), (0..<12).map(Double.init))
      ),
      ("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", [1, 0], .vector([1, 0])),
      ("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", [200], .scalar(200)),
      (
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }",
        [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], Matrix(rows: 1, columns: 1, storage: [1.5])
      ),
    ]
    for (header, data, value) in cases {
      #expect(try NumPyFileTests.load(NumPyFileTests.file(header, data)) == .value(value))
    }
  }

  @Test(
    "what is no such file is refused",
    arguments: [
      "{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (9,), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (9000000000, 9000000000), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9000000000, 9000000000), }",
      "{'descr': '<f8', 'fortran_order': False, }", "",
    ])
  func malformed(_ header: String) {
    let bytes = NumPyFileTests.file(header, [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(throws: DataError.self) { try NumPyFileTests.load(bytes) }
  }

  @Test("no cut file traps", arguments: ["npy", "npz"])
  func cut(_ ending: String) throws {
    let value = Matrix<Double>(rows: 2, columns: 2, storage: [1, 2, 3, 4])
    let bytes = try withFile(ending, []) { path in
      try DataFile.save(.value(value), to: path)
      return try FileAccess.read(path)
    }
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: DataError.self) { try NumPyFileTests.load(Array(bytes[..<length]), ending) }
    }
  }

  @Test(
    "values come back",
    arguments: [
      Tensor<Double>.scalar(0.1), .vector([1, .infinity, -5e-324]), .vector([]),
      Matrix(rows: 2, columns: 3, storage: [1, 2, 3, 4, 5, 6]),
    ])
  func roundTrip(_ value: Tensor<Double>) throws {
    try withFile("npy", []) { path in
      try DataFile.save(.value(value), to: path)
      #expect(try DataFile.load(path).content == .value(value))
      #expect(try FileAccess.read(path).count % 64 == (value.storage.count * 8) % 64)
    }
  }

  /// numpy.savez(file, X=[[1., 2.], [3., 4.]], Y=[0., 1.])
  static let savez =
    "504b03042d00000000000000210021358b69ffffffffffffffff05001400582e6e707901001000a000000000"
    + "000000a000000000000000934e554d5059010076007b276465736372273a20273c6638272c2027666f727472"
    + "616e5f6f72646572273a2046616c73652c20277368617065273a2028322c2032292c207d2020202020202020"
    + "2020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    + "2020202020200a000000000000f03f000000000000004000000000000008400000000000001040504b03042d"
    + "000000000000002100ee55688affffffffffffffff05001400592e6e70790100100090000000000000009000"
    + "000000000000934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72"
    + "646572273a2046616c73652c20277368617065273a2028322c292c207d202020202020202020202020202020"
    + "2020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    + "200a0000000000000000000000000000f03f504b01022d032d00000000000000210021358b69a0000000a000"
    + "0000050000000000000000000000800100000000582e6e7079504b01022d032d000000000000002100ee5568"
    + "8a90000000900000000500000000000000000000008001d7000000592e6e7079504b05060000000002000200"
    + "660000009e0100000000"

  @Test("an archive of numpy.savez")
  func archives() throws {
    let digits = NumPyFileTests.savez.compactMap(\.hexDigitValue)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
    guard case .dataset(let data) = try NumPyFileTests.load(bytes, "npz") else {
      Issue.record("no dataset")
      return
    }
    #expect(data.x == Matrix(rows: 2, columns: 2, storage: [1, 2, 3, 4]))
    #expect(data.y == .vector([0, 1]))
    #expect(data.names == ["x1", "x2"])
    // A number of the second array's data, and the checksum no longer holds.
    var damaged = bytes
    damaged[0x18E] = 1
    let error = #expect(throws: DataError.self) { try NumPyFileTests.load(damaged, "npz") }
    #expect(error?.message.contains("array Y is damaged") == true, "\(error?.message ?? "")")
  }

  @Test("several arrays come back by name; a table has no place")
  func arrays() throws {
    let arrays = [
      DataFile.NamedArray(name: "alpha", value: .vector([1, 2])),
      DataFile.NamedArray(name: "beta", value: Matrix(rows: 1, columns: 1, storage: [3])),
    ]
    try withFile("npz", []) { path in
      try DataFile.save(.arrays(arrays), to: path)
      #expect(try DataFile.load(path).content == .arrays(arrays))
      let data = DatasetGenerator.xor.dataset()
      try DataFile.save(.dataset(data), to: path)
      guard case .dataset(let read) = try DataFile.load(path).content else { return }
      #expect(read.x == data.x && read.y == data.y && read.names == data.names)
      #expect(throws: DataError.self) { try DataFile.save(.columns([]), to: path) }
    }
    #expect(throws: DataError.self) { try DataFile.save(.arrays(arrays), to: "/tmp/a.npy") }
  }
}

@Suite("Datasets in .npz files")
struct NumPyDatasetTests {
  @Test("targets that are not one an example are refused")
  func lengths() throws {
    try withFile("npz", []) { path in
      try DataFile.save(
        .arrays([
          .init(name: "X", value: Matrix(rows: 3, columns: 2, repeating: 0)),
          .init(name: "Y", value: .vector([1, 0])),
        ]), to: path)
      #expect(throws: DataError.self) { try DataFile.load(path).content }
    }
  }
}
