import Glibc

/// Does pieces of work at the same time, each on a thread of its own but the first, which the caller does; returns
/// when all are done. Where the system gives no thread, the caller does that piece too.
package func simultaneously(_ count: Int, _ work: @Sendable (Int) -> Void) {
  guard count > 1 else {
    if count == 1 { work(0) }
    return
  }
  withoutActuallyEscaping(work) { work in
    let threads = (1..<count).map { piece in JoinedThread { work(piece) } }
    work(0)
    for thread in threads { thread.join() }
  }
}

/// A thread that somebody waits for.
private struct JoinedThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private var thread = pthread_t()
  private let work: Work
  private let isStarted: Bool

  init(_ body: @escaping @Sendable () -> Void) {
    work = Work(body)
    let retained = Unmanaged.passRetained(work)
    isStarted =
      pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
          return nil
        }, retained.toOpaque()) == 0
    if !isStarted { retained.release() }
  }

  func join() {
    guard isStarted else { return work.body() }
    pthread_join(thread, nil)
  }
}

extension Tensor {
  /// A matrix whose rows are written by several pieces of work at the same time.
  ///
  /// Piece p may write up to `runs[p]` rows, from the front of the buffer that it is given, and says how many
  /// it wrote; afterwards the rows of all pieces stand together. Memory that nobody writes is never touched.
  /// Precondition: as many entries as an array may have, and every row that is counted was written wholly.
  package static func assembled(
    columns: Int, runs: [Int], _ write: @Sendable (Int, Buffer<Scalar>) -> Int
  ) -> Tensor {
    let starts = runs.indices.map { runs[..<$0].reduce(0, +) }
    var rows = 0
    let storage = [Scalar](unsafeUninitializedCapacity: runs.reduce(0, +) * columns) {
      target, filled in
      guard let base = target.baseAddress, columns > 0 else {
        return
      }
      nonisolated(unsafe) let first = base
      var written = [Int](repeating: 0, count: runs.count)
      written.withUnsafeMutableBufferPointer { counts in
        nonisolated(unsafe) let counts = counts
        simultaneously(runs.count) { piece in
          let part = Buffer(base: first + starts[piece] * columns, count: runs[piece] * columns)
          counts[piece] = write(piece, part)
        }
      }
      for piece in runs.indices {
        if starts[piece] > rows {
          (base + rows * columns).update(
            from: base + starts[piece] * columns, count: written[piece] * columns)
        }
        rows += written[piece]
      }
      filled = rows * columns
    }
    return Tensor(Shape(rows, columns), storage)
  }
}
