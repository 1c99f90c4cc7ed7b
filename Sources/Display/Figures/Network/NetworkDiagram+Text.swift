import Notation

extension NetworkDiagram {
  package func text(numbers: NumberFormat) -> String {
    let name = title.isEmpty ? "Network" : title.text
    let sizes = layers.map { layer in
      layer.sizes?.map(String.init).joined(separator: "×") ?? "\(layer.nodes.count)"
    }
    var lines = ["\(name): " + sizes.joined(separator: " – ")]
    for (index, layer) in layers.enumerated() {
      let caption = layer.caption.isEmpty ? "" : ", \(layer.caption.text)"
      lines.append("  \(layer.title.text)\(caption)")
      if index > 0 { lines += summary(connections[index - 1], numbers).map { "    \($0)" } }
      if holdsArrays {
        if let values = values(of: layer, numbers) { lines.append("    \(values.text)") }
        continue
      }
      let places = Elision(count: layer.nodes.count).places
      for place in places {
        switch place {
        case .node(let node):
          let values = summary(layer.nodes[node], numbers)
          if !values.isEmpty { lines.append("    \(values)") }
        case .gap(let hidden): lines.append("    … \(hidden) more of \(layer.nodes.count)")
        }
      }
    }
    if let loss {
      let change = loss.newValue.map { " → \(numbers.text($0))" } ?? ""
      let note = loss.note.isEmpty ? "" : ", \(loss.note.text)"
      lines.append("  \(loss.name.text) = \(numbers.text(loss.value))\(change)\(note)")
    }
    return lines.joined(separator: "\n")
  }

  private func summary(_ connection: Connection, _ numbers: NumberFormat) -> [String] {
    guard holdsArrays else { return [summary(ofLines: connection, numbers)] }
    guard let shapes = connection.shapes, let count = connection.count, count > 0 else { return [] }
    let parameters = "\(shapes.map(\.text).joined(separator: ", ")): \(Self.counted(count))"
    return [parameters] + strengthLines(connection, numbers).map(\.text)
  }

  private func summary(ofLines connection: Connection, _ numbers: NumberFormat) -> String {
    let weights = connection.parameters.weights
    guard connection.hasValues else {
      return connection.isOneToOne ? "each from the one before it" : "each from all before it"
    }
    let positive = weights.storage.count { $0 > 0 }
    let negative = weights.storage.count { $0 < 0 }
    let largest = weights.storage.reduce(0) { max($0, abs($1)) }
    return "weights \(weights.shape): \(positive) positive, \(negative) negative, "
      + "magnitude at most \(numbers.text(largest))"
  }

  func summary(_ node: Node, _ numbers: NumberFormat) -> String {
    var values = node.values.map { value in
      let number = value.value.map { numbers.text($0) } ?? "—"
      return value.name.isEmpty || value.name == node.name
        ? number : "\(value.name.text) \(number)"
    }
    if let gradient = node.gradient {
      values.append("\(gradientNames.node.text) \(numbers.text(gradient))")
    }
    guard !values.isEmpty else { return "" }
    return "\(node.name.text): " + values.joined(separator: ", ")
  }
}
