/// What the kernels call for functions that are none of theirs, whatever the precision.
class GivenBody {
  func apply(_ z: UnsafeRawPointer?, _ a: UnsafeMutableRawPointer?, _ count: Int) {}

  func pullBack(
    _ z: UnsafeRawPointer?, _ a: UnsafeRawPointer?, _ gradient: UnsafeMutableRawPointer?,
    _ count: Int
  ) {}

  func loss(
    _ a: UnsafeRawPointer?, _ y: UnsafeRawPointer?, _ count: Int, _ scale: Double,
    _ result: UnsafeMutableRawPointer?
  ) -> Double { .nan }

  /// The body that a record of the kernels refers to.
  static func at(_ context: UnsafeRawPointer?) -> GivenBody? {
    context.map { Unmanaged<GivenBody>.fromOpaque($0).takeUnretainedValue() }
  }

  /// A run of the kernels' memory, which they do not write where it is given to be read.
  func buffer<Scalar>(_ memory: UnsafeRawPointer?, _ count: Int) -> Buffer<Scalar>? {
    memory.map {
      Buffer(
        base: UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: Scalar.self)), count: count)
    }
  }
}

/// An activation, entry by entry.
final class GivenFunction<Scalar: MatrixScalar>: GivenBody {
  private let function: (Buffer<Scalar>, Buffer<Scalar>) -> Void
  private let back: (Buffer<Scalar>, Buffer<Scalar>, Buffer<Scalar>) -> Void

  init(
    _ function: @escaping (Buffer<Scalar>, Buffer<Scalar>) -> Void,
    _ back: @escaping (Buffer<Scalar>, Buffer<Scalar>, Buffer<Scalar>) -> Void
  ) {
    (self.function, self.back) = (function, back)
  }

  override func apply(_ z: UnsafeRawPointer?, _ a: UnsafeMutableRawPointer?, _ count: Int) {
    guard let z: Buffer<Scalar> = buffer(z, count),
      let a: Buffer<Scalar> = buffer(a.map { UnsafeRawPointer($0) }, count)
    else { return }
    function(z, a)
  }

  override func pullBack(
    _ z: UnsafeRawPointer?, _ a: UnsafeRawPointer?, _ gradient: UnsafeMutableRawPointer?,
    _ count: Int
  ) {
    guard let z: Buffer<Scalar> = buffer(z, count), let a: Buffer<Scalar> = buffer(a, count),
      let gradient: Buffer<Scalar> = buffer(gradient.map { UnsafeRawPointer($0) }, count)
    else { return }
    back(z, a, gradient)
  }
}

/// A loss, entry by entry.
final class GivenLoss<Scalar: MatrixScalar>: GivenBody {
  private let value: (Buffer<Scalar>, Buffer<Scalar>) -> Scalar
  private let gradient: (Buffer<Scalar>, Buffer<Scalar>, Scalar, Buffer<Scalar>) -> Void

  init(
    _ value: @escaping (Buffer<Scalar>, Buffer<Scalar>) -> Scalar,
    _ gradient: @escaping (Buffer<Scalar>, Buffer<Scalar>, Scalar, Buffer<Scalar>) -> Void
  ) {
    (self.value, self.gradient) = (value, gradient)
  }

  override func loss(
    _ a: UnsafeRawPointer?, _ y: UnsafeRawPointer?, _ count: Int, _ scale: Double,
    _ result: UnsafeMutableRawPointer?
  ) -> Double {
    guard let a: Buffer<Scalar> = buffer(a, count), let y: Buffer<Scalar> = buffer(y, count),
      let result: Buffer<Scalar> = buffer(result.map { UnsafeRawPointer($0) }, count)
    else { return .nan }
    gradient(a, y, Scalar(scale), result)
    return Double(value(a, y))
  }
}
