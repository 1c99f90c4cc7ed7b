import MatrixEngine
import Syntax

/// Random numbers; they follow `set seed = n`.
package enum RandomFunctions {
  package static let builtIns: [BuiltIn] = [
    random("rand", "numbers uniform in [0, 1)") { $0.uniform() },
    random("randn", "numbers from the standard normal distribution") { $0.normal() },
  ]

  private static func random(
    _ name: String, _ summary: String,
    _ next: @escaping @Sendable (inout RandomSource) -> Double
  ) -> BuiltIn {
    BuiltIn(
      name, .construction,
      [
        .init("rows", .whole(atLeast: 0), default: .described("one number")),
        .init("columns", .whole(atLeast: 0), default: .described("a vector")),
      ], isVariadic: true,
      summary: "\(summary); repeats after set seed = n", example: "\(name)(2, 3)"
    ) { (interpreter, call) throws(Diagnostic) in
      guard call.has("rows") else {
        guard !call.has("columns") else {
          throw interpreter.missing("rows", of: name, call.builtIn.signature, call.span)
        }
        return .scalar(next(&interpreter.memory.random))
      }
      return try interpreter.filled(call) { _ in next(&interpreter.memory.random) }
    }.having(effect: .drawsAnew)
  }
}
