import Calculus
import MatrixEngine
import Syntax

/// Functions of whole matrices.
package enum LinearAlgebra {
  package static let builtIns: [BuiltIn] = [
    function(
      .inverse, "the inverse of a square matrix: inv(M) @ M is the identity",
      gives: "a matrix of the same shape", "inv([2, 1; 1, 1])"
    ) { matrix, interrupt throws(MatrixError) in .array(try matrix.inverse(interrupt: interrupt)) },
    function(
      .determinant, "the determinant of a square matrix: 0 where it has no inverse",
      gives: "a number", "det([2, 1; 1, 1])"
    ) { matrix, interrupt throws(MatrixError) in
      .scalar(try matrix.determinant(interrupt: interrupt))
    },
    function(
      .trace, aliases: ["tr"], "the sum of the entries on the diagonal of a square matrix",
      formula: "Σ Mᵢᵢ", gives: "a number", "trace([2, 1; 1, 1])"
    ) { matrix, _ in .scalar(matrix.diagonalElements.reduce(0, +)) },
    function(
      .pseudoinverse,
      "the pseudoinverse: pinv(A) @ b is the shortest x that makes A @ x come nearest to b",
      gives: "a matrix of the shape of A'", "pinv([1, 0; 1, 1; 1, 2])"
    ) { matrix, interrupt throws(MatrixError) in
      .array(try matrix.pseudoinverse(interrupt: interrupt))
    },
    BuiltIn(
      "rank", .construction, [.init("M", .matrix)],
      summary: "how many columns of a matrix do not depend on each other",
      gives: .init("a whole number"), example: "rank([1, 2; 2, 4])"
    ) { (interpreter, call) throws(Diagnostic) in
      guard let matrix = call.value("M").matrix else { return .nothing }
      return .scalar(
        Double(
          try interpreter.placed(call.span(of: "M")) { () throws(MatrixError) in
            try matrix.rank(interrupt: interpreter.interrupt)
          }))
    },
    BuiltIn(
      "solve", .construction, [.init("A", .numbers), .init("b", .numbers)],
      summary: "the x with A @ x = b, for a square matrix A; for a matrix b column by column",
      formula: "inv(A) @ b", gives: .init("a vector or matrix in the shape of b"),
      example: "solve([2, 1; 1, 1], [3, 2])"
    ) { (interpreter, call) throws(Diagnostic) in
      let matrix = try square(call, "A")
      guard let right = call.value("b").tensor, (1...2).contains(right.rank),
        right.rows == matrix.rows
      else {
        throw Diagnostic(
          .shape,
          "solve needs a vector of \(matrix.rows) or a matrix of \(matrix.rows) rows, not "
            + call.value("b").description, at: call.span(of: "b"))
      }
      return .array(
        try interpreter.placed(call.span(of: "A")) { () throws(MatrixError) in
          try matrix.solved(for: right, interrupt: interpreter.interrupt)
        })
    }.inFormulas { call throws(CalculusError) in
      try .product(.matrixFunction(.inverse, call["A"]), call["b"])
    },
  ]

  /// A function of one matrix, which has a derivative.
  private static func function(
    _ function: MatrixFunction, aliases: [String] = [], _ summary: String, formula: String? = nil,
    gives result: String, _ example: String,
    _ value: @escaping @Sendable (Matrix<Double>, InterruptFlag) throws(MatrixError) -> Value
  ) -> BuiltIn {
    let parameter = function == .pseudoinverse ? "A" : "M"
    return BuiltIn(
      function.rawValue, aliases: aliases, .construction, [.init(parameter, .numbers)],
      summary: summary, formula: formula, gives: .init(result), example: example
    ) { (interpreter, call) throws(Diagnostic) in
      let matrix = try square(call, parameter, isNeeded: function != .pseudoinverse)
      return try interpreter.placed(call.span(of: parameter)) { () throws(MatrixError) in
        try value(matrix, interpreter.interrupt)
      }
    }.inFormulas { call throws(CalculusError) in try .matrixFunction(function, call[parameter]) }
  }

  /// An argument that is a matrix, and square where that is needed.
  private static func square(_ call: Call, _ name: String, isNeeded: Bool = true)
    throws(Diagnostic) -> Matrix<Double>
  {
    guard let matrix = call.value(name).matrix, !isNeeded || matrix.rows == matrix.columns else {
      let function = call.builtIn.name
      throw Diagnostic(
        .shape,
        "\(function) needs a \(isNeeded ? "square " : "")matrix, not \(call.value(name).description)",
        at: call.span(of: name),
        help: function == MatrixFunction.inverse.rawValue && call.value(name).number != nil
          ? "of a number, 1/x is the reciprocal"
          : function == "solve" && call.value(name).matrix != nil
            ? "pinv(A) @ b comes nearest" : nil)
    }
    return matrix
  }
}
