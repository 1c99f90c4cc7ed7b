import CKernels

/// The threads that share long work: one team a process.
package enum Team {
  private final class Work {
    let body: (Int) -> Void
    init(_ body: @escaping (Int) -> Void) { self.body = body }
  }

  /// Does pieces of work by all threads of the team, and returns when all are done; the caller's thread alone does them,
  /// one after the other, where the team is at work already. Pieces must not write what others read.
  package static func run(_ pieces: Int, _ work: (Int) -> Void) {
    guard pieces > 1 else {
      if pieces == 1 { work(0) }
      return
    }
    withoutActuallyEscaping(work) { work in
      let whole = Work(work)
      withExtendedLifetime(whole) {
        nabla_team_run(
          { context, piece in
            guard let context else { return }
            Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().body(piece)
          }, Unmanaged.passUnretained(whole).toOpaque(), pieces)
      }
    }
  }
}
