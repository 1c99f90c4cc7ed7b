import Display
import Glibc
import MatrixEngine

/// The figures whose snapshots are kept, by name.
enum SampleFigures {
  static func all() throws -> [(name: String, figure: any Figure)] {
    try charts() + heatMaps() + networks() + boundaries() + graphs()
  }
}
