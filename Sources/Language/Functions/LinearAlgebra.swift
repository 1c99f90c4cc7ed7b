import MatrixEngine
import Syntax

/// Functions of square matrices.
package enum LinearAlgebra {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "inv", .construction, [.init("M", .numbers)],
      summary: "the inverse of a square matrix: inv(M) @ M is the identity",
      gives: .init("a matrix of the same shape"), example: "inv([2, 1; 1, 1])"
    ) { (interpreter, call) throws(Diagnostic) in
      let span = call.span(of: "M")
      guard let matrix = call.value("M").matrix, matrix.rows == matrix.columns else {
        throw Diagnostic(
          .shape, "inv needs a square matrix, not \(call.value("M").description)", at: span,
          help: call.value("M").number == nil ? nil : "of a number, 1/x is the reciprocal")
      }
      return .array(
        try interpreter.placed(span) { () throws(MatrixError) in
          try matrix.inverse(interrupt: interpreter.interrupt)
        })
    }
  ]
}
