import CLinux
import Glibc

/// What the process was started with, where there is no `/proc`, which Swift's `CommandLine` reads.
package enum ProcessArguments {
  /// The arguments behind the executable's name, as the system has put them on the first stack. To be asked before
  /// anything changes the environment.
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
