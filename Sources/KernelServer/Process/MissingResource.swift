/// What a kernel cannot begin without and the system does not give: said before ZeroMQ, which would abort, finds out.
package struct MissingResource: Error, CustomStringConvertible {
  package let description: String

  /// Files, sockets and events of an idle kernel with one client, and some for a second one and a history.
  private static let descriptors = 64

  static func check() throws(MissingResource) {
    guard WakeSignal.areAvailable(count: descriptors) else {
      throw MissingResource(
        description: """
          fewer than \(descriptors) more files may be open at once, and a kernel needs as many \
          (ulimit -n says how many a process may open)
          """)
    }
  }
}
