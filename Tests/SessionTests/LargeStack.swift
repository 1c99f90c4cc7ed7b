import Glibc
import Synchronization

/// Runs a closure on a thread with 1 GiB of stack, as the kernel's evaluation has, and waits for it.
func onLargeStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
  let box = Box<Result>()
  let work = Unmanaged.passRetained(Work { box.set(body()) })
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, 1 << 30)
  var thread = pthread_t()
  let status = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, work.toOpaque())
  guard status == 0 else {
    work.release()
    return nil
  }
  pthread_join(thread, nil)
  return box.value
}

/// What a thread does.
private final class Work: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// A value that one thread leaves for another.
final class Box<Value: Sendable>: Sendable {
  private let content = Mutex<Value?>(nil)
  func set(_ value: Value) { content.withLock { $0 = value } }
  var value: Value? { content.withLock { $0 } }
}
