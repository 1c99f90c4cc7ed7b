import Glibc

/// Memory of one computation, allocated once, freed as a whole.
///
/// Training runs on buffers of an arena: nothing is allocated, counted or copied in its inner loop.
/// Small buffers share a block, so that a network of a few neurons costs a few calls of the system.
package final class Arena<Scalar: MatrixScalar> {
  private var blocks: [UnsafeMutableRawPointer] = []
  /// What is left of the block that small buffers share.
  private var shared: UnsafeMutableRawPointer?
  private var sharedBytes = 0

  package init() {}

  deinit { for block in blocks { free(block) } }

  /// Keeps the memory until here: in a `defer` of a function whose arena is a local constant,
  /// which could otherwise be freed after its last allocation.
  package func keepAlive() { withExtendedLifetime(self) {} }

  /// A buffer of zeros. It lives as long as the arena.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func allocate(_ count: Int) -> Buffer<Scalar> {
    let stride = MemoryLayout<Scalar>.stride
    let memory =
      count <= ArenaBlocks.shared / 4 / stride ? small(count * stride) : block(count, of: stride)
    return Buffer(base: memory.assumingMemoryBound(to: Scalar.self), count: count)
  }

  /// So many bytes of the shared block, at a place where a line of the cache begins.
  private func small(_ bytes: Int) -> UnsafeMutableRawPointer {
    let taken = (bytes + ArenaBlocks.line - 1) / ArenaBlocks.line * ArenaBlocks.line
    if taken > sharedBytes || shared == nil {
      let whole = sharedBlock()
      shared = whole.alignedUp(toMultipleOf: ArenaBlocks.line)
      sharedBytes = ArenaBlocks.shared
    }
    guard let place = shared else { preconditionFailure("a block was just made") }
    memset(place, 0, taken)
    shared = place + taken
    sharedBytes -= taken
    return place
  }

  /// A block for small buffers, with what is in it; each is zeroed by itself.
  private func sharedBlock() -> UnsafeMutableRawPointer {
    guard let memory = malloc(ArenaBlocks.shared + ArenaBlocks.line) else {
      preconditionFailure("the system has no memory for \(ArenaBlocks.shared) bytes")
    }
    blocks.append(memory)
    return memory
  }

  /// Memory of its own, from where a line of the cache begins.
  private func block(_ count: Int, of stride: Int) -> UnsafeMutableRawPointer {
    // calloc gets pages that the system has zeroed, one by one as they are first touched: a large
    // buffer costs no time here, where nobody looks at the interrupt flag.
    guard let memory = calloc(1, max(1, count) * stride + ArenaBlocks.line) else {
      preconditionFailure("the system has no memory for \(count) numbers")
    }
    blocks.append(memory)
    return memory.alignedUp(toMultipleOf: ArenaBlocks.line)
  }

  /// A buffer that holds `elements`, in this precision.
  package func allocate(_ elements: [Double]) -> Buffer<Scalar> {
    let buffer = allocate(elements.count)
    buffer.fill(from: elements)
    return buffer
  }
}

/// The sizes of an arena's memory, in bytes.
private enum ArenaBlocks {
  /// What small buffers share: with a line more it is a size that malloc keeps at hand.
  static let shared = 960
  static let line = 64
}

/// A run of scalars in the memory of an `Arena`; copies refer to the same memory.
///
/// Invariant: whoever holds a buffer holds its arena too. Every access is checked against `count`:
/// once a call in the loops over whole buffers, once an element in the subscript.
@usableFromInline package struct Buffer<Scalar: MatrixScalar> {
  @usableFromInline let base: UnsafeMutablePointer<Scalar>
  @usableFromInline package let count: Int

  @inlinable
  init(base: UnsafeMutablePointer<Scalar>, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable
  package subscript(index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count)
      base[index] = newValue
    }
  }

  /// The `count` elements from `start` on.
  @inlinable
  package func part(_ start: Int, _ count: Int) -> Buffer {
    precondition(start >= 0 && count >= 0 && start + count <= self.count)
    return Buffer(base: base + start, count: count)
  }

  @inlinable
  package func fill(_ value: Scalar) { base.update(repeating: value, count: count) }

  /// Copies `other` to the front of this buffer.
  @inlinable
  package func copy(from other: Buffer) {
    precondition(other.count <= count)
    base.update(from: other.base, count: other.count)
  }

  /// Copies elements to the front of this buffer.
  package func copy(from elements: [Scalar]) {
    precondition(elements.count <= count)
    elements.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { base.update(from: first, count: source.count) }
    }
  }

  /// The elements as they are.
  package var elements: [Scalar] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Rounds `elements` to this precision, to the front of this buffer; stops half way when the
  /// flag is raised.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func fill(from elements: [Double], interrupt: InterruptFlag? = nil) {
    precondition(elements.count <= count)
    var start = 0
    while start < elements.count, !(interrupt?.isRaised ?? false) {
      let end = Swift.min(elements.count, start + pollingStride)
      for i in start..<end { base[i] = Scalar(elements[i]) }
      start = end
    }
  }

  /// The elements in double precision.
  package var doubles: [Double] { copied() }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func copied() -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { target, filled in
      for i in 0..<count { target[i] = Double(base[i]) }
      filled = count
    }
  }

  @inlinable
  package var isFinite: Bool {
    // x − x is 0 for every finite x and NaN otherwise; counting has no order, so it vectorizes.
    var others = 0
    for i in 0..<count { others &+= base[i] - base[i] == 0 ? 0 : 1 }
    return others == 0
  }

  /// result[i] = f(self[i])
  @inlinable @inline(__always)
  package func map(into result: Buffer, _ function: (Scalar) -> Scalar) {
    precondition(result.count >= count)
    for i in 0..<count { result.base[i] = function(base[i]) }
  }

  /// result[i] = f(self[i], b[i])
  @inlinable @inline(__always)
  package func map(_ b: Buffer, into result: Buffer, _ function: (Scalar, Scalar) -> Scalar) {
    precondition(b.count >= count && result.count >= count)
    for i in 0..<count { result.base[i] = function(base[i], b.base[i]) }
  }

  /// result[i] = f(self[i], b[i], c[i])
  @inlinable @inline(__always)
  package func map(
    _ b: Buffer, _ c: Buffer, into result: Buffer,
    _ function: (Scalar, Scalar, Scalar) -> Scalar
  ) {
    precondition(b.count >= count && c.count >= count && result.count >= count)
    for i in 0..<count { result.base[i] = function(base[i], b.base[i], c.base[i]) }
  }

  /// Σ f(self[i], b[i]), in order.
  @inlinable @inline(__always)
  package func sum(_ b: Buffer, _ function: (Scalar, Scalar) -> Scalar) -> Scalar {
    precondition(b.count >= count)
    var total: Scalar = 0
    for i in 0..<count { total += function(base[i], b.base[i]) }
    return total
  }
}

/// Rows in a buffer that lie apart; at no distance one row that is seen several times. Shape: `[rows, columns]`.
package struct BufferRows<Scalar: MatrixScalar> {
  let base: UnsafeMutablePointer<Scalar>
  let rows: Int
  let columns: Int
  /// From the beginning of a row to that of the next.
  let distance: Int

  package init(_ buffer: Buffer<Scalar>, start: Int, rows: Int, columns: Int, distance: Int) {
    precondition(
      start >= 0 && rows >= 1 && columns >= 0 && (distance >= columns || distance == 0)
        && start + (rows - 1) * distance + columns <= buffer.count)
    base = buffer.base + start
    (self.rows, self.columns, self.distance) = (rows, columns, distance)
  }
}
