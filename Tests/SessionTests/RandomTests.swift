import Testing

@Suite("Random numbers")
struct RandomTests {
  @Test("a session starts at seed 0, and set seed repeats")
  func seeds() throws {
    let a = Notebook("x = rand(5)")
    let b = Notebook("set seed = 0\nx = rand(5)")
    #expect(try a.numbers("x") == b.numbers("x"))
    a.run("set seed = 7\ny = rand(5)\nset seed = 7\nz = rand(5)\nw = rand(5)")
    #expect(try a.numbers("y") == a.numbers("z"))
    #expect(try a.numbers("y") != a.numbers("w"))
    #expect(try a.error("set seed = -1").name == "ValueError")
    #expect(try a.error("set seed = 1.5").name == "ValueError")
  }

  @Test("the generator is xoshiro256++ seeded by SplitMix64, uniform from the top 53 bits")
  func generator() throws {
    let notebook = Notebook("set seed = 42\nx = rand(3)")
    var state = splitMix(42)
    #expect(try notebook.numbers("x") == (0..<3).map { _ in Double(next(&state) >> 11) * 0x1p-53 })
  }

  @Test("rand is uniform in [0, 1), randn normal; shapes as asked for")
  func distributions() throws {
    let notebook = Notebook("u = rand(20000); z = randn(20000)")
    #expect(try notebook.number("min(u)") >= 0)
    #expect(try notebook.number("max(u)") < 1)
    #expect(abs(try notebook.number("mean(u)") - 0.5) < 0.01)
    #expect(abs(try notebook.number("mean(z)")) < 0.03)
    #expect(abs(try notebook.number("mean(z^2)") - 1) < 0.05)
    #expect(try notebook.shape("rand(2, 3)") == [2, 3])
    #expect(try notebook.shape("randn(4)") == [4])
    #expect(try notebook.shape("rand()") == [])
    #expect(try notebook.error("rand(-1)").name == "ValueError")
    #expect(try notebook.error("rand(1e10)").name == "LimitError")
    #expect(try notebook.error("zeros(1000000, 1000000)").name == "LimitError")
    #expect(try notebook.error("ones(1e300)").name == "ValueError")
  }

  @Test("networks and datasets have random numbers of their own")
  func independence() throws {
    let notebook = Notebook(
      "network N { input 2; dense 2, tanh; dense 1, sigmoid }\nset seed = 3\na = rand()")
    notebook.run(
      "set seed = 3\ntrain(N, dataset(xor), epochs = 2, batch_size = 1); dataset(moons); split(dataset(iris)); b = rand()"
    )
    #expect(try notebook.number("a") == notebook.number("b"))
  }

  private func splitMix(_ seed: UInt64) -> [UInt64] {
    var s = seed
    return (0..<4).map { _ in
      s &+= 0x9E37_79B9_7F4A_7C15
      var z = s
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func next(_ s: inout [UInt64]) -> UInt64 {
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(s[0] &+ s[3], 23) &+ s[0]
    let t = s[1] << 17
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotated(s[3], 45)
    return result
  }
}
