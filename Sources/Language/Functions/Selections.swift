import MatrixEngine
import Syntax

/// Functions that look for entries.
package enum Selections {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "argmax", .reduction, [.init("x", .numbers)],
      summary: "the index of the largest entry, the first at ties; of a matrix, row by row",
      example: "argmax([0.1, 0.7, 0.2])"
    ) { (interpreter, call) throws(Diagnostic) in
      guard let matrix = call.value("x").tensor else { return .nothing }
      let positions = try interpreter.placed(call.span(of: "x")) { () throws(MatrixError) in
        try matrix.argmaxByRow()
      }
      let numbers = positions.map { Double($0 + 1) }
      return matrix.rank < 2
        ? .scalar(numbers[0]) : .array(Tensor(Shape(matrix.sizes.dropLast()), numbers))
    }
  ]
}
