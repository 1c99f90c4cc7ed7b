import MatrixEngine
import Networks
import Testing

@Suite("Compressed files")
struct CompressedFileTests {
  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
  }

  /// numpy.savez_compressed(file, b=[True, False, True], big=arange(400, dtype="<i2").reshape(20, 20) % 7,
  /// words=["ab", "cé"])
  static let archive =
    "504b03042d00000008000000210016938cbbffffffffffffffff05001400622e6e7079010010008300000000"
    + "00000047000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8aea3a09e965f5452"
    + "9498179f5f94920a12774bcc294e058a17672416a402f91ac63a9a3a0ab50a14002e46064600504b03042d00"
    + "0000080000002100cd62a1baffffffffffffffff070014006269672e6e707901001000a0030000000000005e"
    + "000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a4aea3a09e965f54529498179f"
    + "5f94920a12774bcc294e058a17672416a402f91a46063a0a46069a3a0ab50a64022e06064606260666061606"
    + "5606368651de286f9487cc0300504b03042d00000008000000210026e34a1cffffffffffffffff0900140077"
    + "6f7264732e6e707901001000900000000000000050000000000000009bec17ea1b10c9c850c650ad9e925a9c"
    + "5ca46ea5a06e136aa4aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a463a9a"
    + "3a0ab50a1400ae4406068624204e06e297400c00504b01022d032d00000008000000210016938cbb47000000"
    + "83000000050000000000000000000000800100000000622e6e7079504b01022d032d000000080000002100cd"
    + "62a1ba5e000000a003000007000000000000000000000080017e0000006269672e6e7079504b01022d032d00"
    + "000008000000210026e34a1c5000000090000000090000000000000000000000800115010000776f7264732e"
    + "6e7079504b050600000000030003009f000000a00100000000"

  /// gzip.compress of an IDX file of 9 × 8 bytes, 0 to 23 thrice.
  static let images =
    "1f8b08000000000002036360e060626060e004620e06462666165636760e4e2e6e1e5e3e7e01412161115131"
    + "7152c5017750f97e54000000"

  @Test("an archive of numpy.savez_compressed, texts among its arrays")
  func archives() throws {
    let read = try NumPyFileTests.load(
      CompressedFileTests.bytes(CompressedFileTests.archive), "npz")
    #expect(
      read
        == .arrays([
          .init(name: "b", value: .vector([1, 0, 1])),
          .init(
            name: "big",
            value: Matrix(rows: 20, columns: 20, storage: (0..<400).map { Double($0 % 7) })),
          .init(name: "words", content: .texts(["ab", "cé"])),
        ]))
  }

  @Test("MNIST's format, plain and by gzip; two members are one file")
  func images() throws {
    let packed = CompressedFileTests.bytes(CompressedFileTests.images)
    let expected = Matrix<Double>(rows: 9, columns: 8, storage: (0..<72).map { Double($0 % 24) })
    #expect(try NumPyFileTests.load(packed, "idx.gz") == .value(expected))
    let plain: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 255]
    let value = Matrix<Double>(rows: 1, columns: 2, storage: [7, 255])
    #expect(try NumPyFileTests.load(plain, "idx2-ubyte") == .value(value))
    #expect(throws: DataError.self) { try NumPyFileTests.load(Array(plain.dropLast()), "idx") }
    let endless: [UInt8] = [0, 0, 8, 3] + Array(repeating: 0xFF, count: 12)
    #expect(throws: DataError.self) { try NumPyFileTests.load(endless, "idx") }
  }

  @Test("no damaged byte ends the kernel, and none is read as something else")
  func damage() throws {
    for (bytes, ending) in [
      (CompressedFileTests.bytes(CompressedFileTests.archive), "npz"),
      (CompressedFileTests.bytes(CompressedFileTests.images), "idx.gz"),
    ] {
      let whole = try NumPyFileTests.load(bytes, ending)
      for place in bytes.indices {
        var damaged = bytes
        damaged[place] ^= 0x5A
        // Names, dates and flags are in no checksum.
        let read = try? NumPyFileTests.load(damaged, ending)
        if ending == "idx.gz", let read { #expect(read == whole) }
      }
      for length in stride(from: 0, to: bytes.count - 8, by: 5) {
        #expect(throws: DataError.self) { try NumPyFileTests.load(Array(bytes[..<length]), ending) }
      }
    }
  }
}
