import COpenBLAS
import Glibc

/// OpenBLAS, opened when the first large product needs it.
///
/// Start-up and idle memory do not pay for it, and its threads exist only in notebooks that use
/// them. Where the library is missing, products fall back to loops.
struct BLASLibrary: Sendable {
  let dgemm: nabla_dgemm
  let sgemm: nabla_sgemm

  /// More threads than this gain nothing at the sizes of a lecture, and each costs memory.
  static let mostThreads: Int32 = 8

  static let shared = BLASLibrary()

  private init?() {
    let names = ["libopenblas.so.0", "libopenblas.so"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
      let dgemm = dlsym(library, "cblas_dgemm"), let sgemm = dlsym(library, "cblas_sgemm")
    else { return nil }
    self.dgemm = nabla_as_dgemm(dgemm)
    self.sgemm = nabla_as_sgemm(sgemm)
    if let get = dlsym(library, "openblas_get_num_threads"),
      let set = dlsym(library, "openblas_set_num_threads"),
      nabla_as_get_threads(get)() > BLASLibrary.mostThreads
    {
      nabla_as_set_threads(set)(BLASLibrary.mostThreads)
    }
  }
}

extension ProductCall {
  /// BLAS counts in 32 bits; `Shape.largestCount` keeps every size below.
  fileprivate var leadingDimensions: (a: Int32, b: Int32, c: Int32) {
    (Int32(aStride), Int32(bStride), Int32(cStride))
  }

  fileprivate var flags: (a: CBLAS_TRANSPOSE, b: CBLAS_TRANSPOSE) {
    (isATransposed ? CblasTrans : CblasNoTrans, isBTransposed ? CblasTrans : CblasNoTrans)
  }
}

extension Double {
  @usableFromInline
  package static func blasProduct(_ call: ProductCall<Double>) -> Bool {
    guard let library = BLASLibrary.shared else { return false }
    let (lda, ldb, ldc) = call.leadingDimensions
    library.dgemm(
      CblasRowMajor, call.flags.a, call.flags.b, Int32(call.m), Int32(call.n), Int32(call.k), 1,
      call.a, lda, call.b, ldb, call.accumulates ? 1 : 0, call.c, ldc)
    return true
  }
}

extension Float {
  @usableFromInline
  package static func blasProduct(_ call: ProductCall<Float>) -> Bool {
    guard let library = BLASLibrary.shared else { return false }
    let (lda, ldb, ldc) = call.leadingDimensions
    library.sgemm(
      CblasRowMajor, call.flags.a, call.flags.b, Int32(call.m), Int32(call.n), Int32(call.k), 1,
      call.a, lda, call.b, ldb, call.accumulates ? 1 : 0, call.c, ldc)
    return true
  }
}
