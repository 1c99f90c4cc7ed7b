import MatrixEngine
import Notation

extension NetworkDiagram {
  /// What the lines show.
  enum Pass: Sendable {
    /// The weights of a network, or of a run through it.
    case weights
    /// The gradients of the way back.
    case gradients
    /// What an update changes.
    case changes
  }

  /// A parameter: the connection that it belongs to, the input that it comes from (nil: a bias), its neuron.
  struct Place: Hashable {
    var connection: Int
    var input: Int?
    var neuron: Int
  }

  var pass: Pass {
    if connections.contains(where: { $0.new != nil || $0.largestChange != nil }) { return .changes }
    let hasGradients = connections.contains { $0.gradients != nil || !$0.gradientNorms.isEmpty }
    return hasGradients ? .gradients : .weights
  }

  /// The largest number that lines or biases show, and where it is; nil where there is none but 0.
  var largest: (place: Place, amount: Double)? { largest(withBiases: true) }

  func largest(withBiases: Bool) -> (place: Place, amount: Double)? {
    var result: (place: Place, amount: Double)?
    for (index, connection) in connections.enumerated() where connection.hasValues {
      let (rows, columns) = (
        connection.parameters.weights.rows, connection.parameters.weights.columns
      )
      let hasBias = withBiases && connection.parameters.bias != nil
      for row in 0..<(rows + (hasBias ? 1 : 0)) {
        let input = row < rows ? row : nil
        for neuron in 0..<columns where connection.joins(input, neuron) {
          guard let amount = connection.amount(from: input, to: neuron, pass),
            abs(amount) > abs(result?.amount ?? 0)
          else { continue }
          result = (Place(connection: index, input: input, neuron: neuron), amount)
        }
      }
    }
    return result
  }

  /// Which signs the numbers have that lines show.
  var signs: Set<Int> {
    let pass = pass
    return connections.filter(\.hasValues).reduce(into: []) { signs, connection in
      let weights = connection.parameters.weights
      for input in 0..<weights.rows {
        for neuron in 0..<weights.columns where connection.joins(input, neuron) {
          connection.amount(from: input, to: neuron, pass).map { _ = signs.insert($0.signum) }
        }
      }
    }
  }

  /// The name of a parameter: w₁₃^[2], b₁^[2], or what the connection calls it.
  func name(of place: Place) -> SymbolText {
    connections[place.connection].name(from: place.input, to: place.neuron)
      ?? .quantity(
        .parameter(
          from: place.input.map { $0 + 1 } ?? 0, to: place.neuron + 1, layer: place.connection + 1,
          biasIsWeight: false))
  }

  /// A parameter with its numbers, for whoever points at its line.
  func saying(_ place: Place, _ numbers: NumberFormat) -> String {
    let connection = connections[place.connection]
    guard connection.hasValues,
      let value = connection.parameters.value(from: place.input, to: place.neuron)
    else { return "" }
    var text = "\(name(of: place).text) = \(numbers.text(value))"
    if let new = connection.new?.value(from: place.input, to: place.neuron) {
      text += " → \(numbers.text(new))"
    }
    if let gradient = connection.gradients?.value(from: place.input, to: place.neuron) {
      text += ", ∂L/∂\(name(of: place).text) = \(numbers.text(gradient))"
    }
    return text
  }
}

extension NetworkDiagram.Connection {
  /// What decides how wide and dark a line is: its weight, its gradient, or what an update adds to it.
  func amount(from input: Int?, to neuron: Int, _ pass: NetworkDiagram.Pass) -> Double? {
    guard let value = parameters.value(from: input, to: neuron) else { return nil }
    return switch pass {
    case .weights: value
    case .gradients: gradients?.value(from: input, to: neuron) ?? 0
    case .changes: (new?.value(from: input, to: neuron) ?? value) - value
    }
  }
}

extension Double {
  /// −1, 0 or 1.
  var signum: Int { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
