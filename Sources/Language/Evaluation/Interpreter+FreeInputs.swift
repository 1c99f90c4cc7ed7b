import MatrixEngine
import Networks
import Syntax

/// Networks whose examples have a size of their own: `input matrix(T, 4)`.
extension Interpreter {
  /// The sizes that a network begins with, and its layers for these: of a size that comes with the examples the first for
  /// which every layer has something to do.
  func layersOfInput(_ syntax: NetworkSyntax, _ given: [Int?]) throws(Diagnostic)
    -> (sizes: [Int], layers: [any LayerDefinition])
  {
    guard given.contains(nil) else {
      let sizes = given.compactMap { $0 }
      return (sizes, try layers(syntax, sizes))
    }
    for length in Self.firstLengths {
      if let found = try? layers(syntax, given.map { _ in length }, where: given) { return found }
    }
    return try layers(syntax, given.map { _ in Self.firstLengths[0] }, where: given)
  }

  private static let firstLengths = [3, 4, 6, 8, 12, 16, 24, 32, 64]

  /// The layers for examples whose free sizes are these.
  func layers(_ syntax: NetworkSyntax, _ sizes: [Int], where given: [Int?])
    throws(Diagnostic) -> (sizes: [Int], layers: [any LayerDefinition])
  {
    let sizes = zip(given, sizes).map { $0 ?? $1 }
    return (sizes, try layers(syntax, sizes))
  }

  /// Lays a network whose examples have a free size out for those that come now.
  package func fit(_ network: Network, to array: [Int], _ span: SourceSpan) throws(Diagnostic) {
    guard let input = network.definition.freeInput, let origin = input.origin as? NetworkOrigin,
      let sizes = input.sizes(ofExamples: array), sizes != network.inputSizes,
      sizes.allSatisfy({ $0 > 0 })
    else { return }
    let outer = (source: source, cell: cell)
    (source, cell) = (origin.source, origin.cell)
    defer { (source, cell) = outer }
    do throws(Diagnostic) {
      let made = try layers(origin.syntax, sizes)
      do { try network.resize(to: sizes, made) } catch { throw Diagnostic(error, at: nil) }
    } catch {
      var error = error
      error.message += ", where an example is \(Shape(sizes).phrase)"
      error.span = span
      throw error
    }
  }
}

/// What a network with a free size was made of.
struct NetworkOrigin: Sendable {
  let syntax: NetworkSyntax
  let source: SourceText
  let cell: Int
}
