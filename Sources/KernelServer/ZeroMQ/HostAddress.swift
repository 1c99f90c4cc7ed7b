import Glibc

/// Names of hosts, where ZeroMQ binds to numbers alone.
enum HostAddress {
  /// The first address of a named host, one of IPv4 where it has one; what is a number already, `*`, or a name that
  /// nobody knows stays as it is.
  static func numeric(_ host: String) -> String {
    guard host != "*", !isNumeric(host) else { return host }
    return first(of: host, family: AF_INET) ?? first(of: host, family: AF_INET6) ?? host
  }

  private static func isNumeric(_ host: String) -> Bool {
    var bytes = in6_addr()
    return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, host, &bytes) == 1
  }

  private static func first(of host: String, family: Int32) -> String? {
    var hints = addrinfo()
    hints.ai_family = family
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &found) == 0, let found else { return nil }
    defer { freeaddrinfo(found) }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard
      getnameinfo(
        found.pointee.ai_addr, found.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
        NI_NUMERICHOST) == 0
    else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
