import Glibc
import Synchronization

/// Runs a closure on a thread with 1 GiB of stack, as the kernel's evaluation has, and waits for it.
func onLargeStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
  let box = Box<Result>()
  guard let thread = start(stackSize: 1 << 30, { box.set(body()) }) else { return nil }
  pthread_join(thread, nil)
  return box.value
}

/// Runs a closure on another thread and does not wait for it.
func inBackground(_ body: @escaping @Sendable () -> Void) {
  if let thread = start(stackSize: 1 << 20, body) { pthread_detach(thread) }
}

private func start(stackSize: Int, _ body: @escaping @Sendable () -> Void) -> pthread_t? {
  let work = Unmanaged.passRetained(Work(body))
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, stackSize)
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
  return thread
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
