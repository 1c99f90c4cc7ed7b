import CZeroMQ
import Glibc

/// A ZeroMQ socket. Its frames are arrays of bytes; every call is repeated when a signal breaks it off.
///
/// Unchecked `Sendable` because it is made and bound on one thread and then handed to its owner, the only
/// one to use it from there on (ZeroMQ asks for a full memory barrier, which starting a thread is).
package final class ZeroMQSocket: @unchecked Sendable {
  package enum Kind: Sendable {
    case router, dealer, extendedPublisher, subscriber, pair

    var constant: Int32 {
      switch self {
      case .router: ZMQ_ROUTER
      case .dealer: ZMQ_DEALER
      case .extendedPublisher: ZMQ_XPUB
      case .subscriber: ZMQ_SUB
      case .pair: ZMQ_PAIR
      }
    }
  }

  private let handle: UnsafeMutableRawPointer
  /// What to poll. It reports changes, not a level, and sending and receiving use its reports up.
  let descriptor: Int32
  /// Whether nothing has happened since `receive` found the queue empty, so that the next change is reported.
  private var isDrained = false

  /// A socket without high-water marks: it queues rather than drops.
  package init(_ kind: Kind, in context: ZeroMQContext) throws(ZeroMQError) {
    guard let handle = zmq_socket(context.handle, kind.constant) else {
      throw ZeroMQError("make a socket")
    }
    self.handle = handle
    var descriptor: Int32 = -1
    var size = MemoryLayout<Int32>.size
    guard zmq_getsockopt(handle, ZMQ_FD, &descriptor, &size) == 0 else {
      throw ZeroMQError("poll a socket")
    }
    self.descriptor = descriptor
    try set(ZMQ_SNDHWM, 0)
    try set(ZMQ_RCVHWM, 0)
    try set(ZMQ_LINGER, 1_000)
  }

  package func set(_ option: Int32, _ value: Int32) throws(ZeroMQError) {
    var value = value
    guard zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size) == 0 else {
      throw ZeroMQError("set socket option \(option)")
    }
  }

  package func set(_ option: Int32, _ bytes: [UInt8]) throws(ZeroMQError) {
    guard zmq_setsockopt(handle, option, bytes, bytes.count) == 0 else {
      throw ZeroMQError("set socket option \(option)")
    }
  }

  package func set(_ option: Int32, _ text: String) throws(ZeroMQError) {
    try set(option, Array(text.utf8))
  }

  package func bind(_ endpoint: String) throws(ZeroMQError) {
    guard zmq_bind(handle, endpoint) == 0 else { throw ZeroMQError("bind \(endpoint)") }
  }

  /// The port that a tcp socket is bound to; 0 for another transport.
  package var boundPort: Int {
    get throws(ZeroMQError) {
      var text = [CChar](repeating: 0, count: 256)
      var size = text.count
      guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &text, &size) == 0 else {
        throw ZeroMQError("find the port of a socket")
      }
      let endpoint = String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      return endpoint.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }
  }

  package func connect(_ endpoint: String) throws(ZeroMQError) {
    guard zmq_connect(handle, endpoint) == 0 else { throw ZeroMQError("connect to \(endpoint)") }
  }

  /// A socket on which events of this one are told.
  package func monitor(_ events: Int32, in context: ZeroMQContext) throws(ZeroMQError)
    -> ZeroMQSocket
  {
    let endpoint = "inproc://monitor-\(UInt.random(in: 0 ... .max))"
    guard zmq_socket_monitor(handle, endpoint, events) == 0 else {
      throw ZeroMQError("monitor a socket")
    }
    let monitor = try ZeroMQSocket(.pair, in: context)
    try monitor.connect(endpoint)
    return monitor
  }

  /// Sends a multipart message.
  ///
  /// Throws: `ZeroMQError`, with code `EHOSTUNREACH` when a mandatory ROUTER does not know the peer.
  package func send(_ frames: [[UInt8]]) throws(ZeroMQError) { _ = try send(frames, 0) }

  /// The same where a queue that is full is to hold up nobody; false when one is.
  package func trySend(_ frames: [[UInt8]]) throws(ZeroMQError) -> Bool {
    try send(frames, ZMQ_DONTWAIT)
  }

  private func send(_ frames: [[UInt8]], _ flags: Int32) throws(ZeroMQError) -> Bool {
    isDrained = false
    for (index, frame) in frames.enumerated() {
      let more = index < frames.count - 1 ? ZMQ_SNDMORE : 0
      while zmq_send(handle, frame, frame.count, flags | more) < 0 {
        switch zmq_errno() {
        case EINTR: continue
        case EAGAIN: return false
        default: throw ZeroMQError("send")
        }
      }
    }
    return true
  }

  /// The number of the connection that the last message came by; −1 when it is not known.
  package private(set) var lastConnection: Int32 = -1

  /// The next message, if one is there; never waits.
  ///
  /// Throws: `ZeroMQError` when the socket is broken, never for an empty queue.
  package func receive() throws(ZeroMQError) -> [[UInt8]]? {
    var frames: [[UInt8]] = []
    var message = zmq_msg_t()
    isDrained = false
    lastConnection = -1
    repeat {
      zmq_msg_init(&message)
      defer { zmq_msg_close(&message) }
      while zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) < 0 {
        switch zmq_errno() {
        case EINTR: continue
        case EAGAIN:
          isDrained = true
          return nil
        default: throw ZeroMQError("receive")
        }
      }
      // Not every frame knows it: the identity that a ROUTER puts in front may not.
      if lastConnection < 0 { lastConnection = zmq_msg_get(&message, ZMQ_SRCFD) }
      let size = zmq_msg_size(&message)
      let bytes = UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: size)
      frames.append([UInt8](bytes))
      guard zmq_msg_more(&message) != 0 else { return frames }
    } while true
  }

  /// Waits until a message is there, one of the descriptors can be read, or the time is over.
  ///
  /// zmq_poll does the same with six system calls for one. Returns whether a descriptor can be read.
  @discardableResult
  package func wait(
    or descriptors: [Int32] = [], until deadline: ContinuousClock.Instant? = nil
  ) -> Bool {
    if !isDrained, hasMessage { return false }
    return Polling.wait(for: [descriptor] + descriptors, until: deadline).contains {
      $0 != descriptor
    }
  }

  /// Whether a message can be received now, asked as a level.
  var hasMessage: Bool {
    var events: Int32 = 0
    var size = MemoryLayout<Int32>.size
    return zmq_getsockopt(handle, ZMQ_EVENTS, &events, &size) == 0 && events & ZMQ_POLLIN != 0
  }

  /// Closes the socket; what it has sent still leaves within a second.
  package func close() { zmq_close(handle) }
}
