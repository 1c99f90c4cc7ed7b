import CLinux
import Glibc

/// What the process was started with, where Swift's `CommandLine` does not find it: without `/proc`, or behind a library
/// that is loaded before others (`LD_PRELOAD`) and changes the environment.
package enum ProcessArguments {
  /// The arguments behind the executable's name, as the system has put them on the first stack.
  package static var onStack: [String] {
    var count: Int32 = 0
    guard let first = nabla_process_arguments(&count) else { return [] }
    return (0..<Int(count)).dropFirst().compactMap { first[$0].map { String(cString: $0) } }
  }

  /// The name that the executable was started by.
  package static var executable: String? {
    UnsafePointer<CChar>(bitPattern: getauxval(UInt(AT_EXECFN))).map { String(cString: $0) }
  }
}
