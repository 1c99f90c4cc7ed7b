import Calculus

/// What a file of another program has no place for, as texts under keys: names, the loss, how functions are written.
///
/// ONNX and safetensors both carry such texts. Whoever reads a file without them takes what usually is meant.
struct NetworkCard {
  private(set) var entries: [(key: String, value: String)] = []

  private enum Key {
    static let network = "nabla.network"
    static let inputs = "nabla.inputs"
    static let loss = "nabla.loss"
    static let layers = "nabla.layers"
    static func layer(_ number: Int, _ what: String) -> String { "nabla.layer\(number).\(what)" }
  }

  init(_ entries: [(key: String, value: String)]) {
    self.entries = entries.filter { $0.key.hasPrefix("nabla.") }
  }

  init(_ network: NetworkState) {
    func note(_ key: String, _ value: String) { entries.append((key, value)) }
    note(Key.network, network.name)
    note(Key.inputs, (network.definition.inputNames ?? []).joined(separator: ","))
    note(Key.loss, network.loss.notation)
    note(Key.layers, "\(network.layers.count)")
    for (place, layer) in network.layers.enumerated() {
      let number = place + 1
      note(Key.layer(number, "kind"), layer.kind)
      if let activation = layer.activation {
        note(Key.layer(number, "activation"), activation.notation)
        note(Key.layer(number, "formula"), activation.definition.text)
      }
      if let name = layer.name { note(Key.layer(number, "name"), name) }
      let frozen = layer.parameters.filter(\.isFrozen).map(\.name)
      if !frozen.isEmpty { note(Key.layer(number, "frozen"), frozen.joined(separator: ",")) }
    }
  }

  private subscript(key: String) -> String? { entries.last { $0.key == key }?.value }

  /// The network's name; where the file says none, that of the file. Letters, digits and `_`, as a cell writes names.
  func name(otherwise file: String) -> String {
    let name = self[Key.network] ?? file
    let plain = String(name.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" }.prefix(60))
    return plain.first?.isLetter == true ? plain : "N_\(plain)"
  }

  var layerCount: Int? { self[Key.layers].flatMap { Int($0) } }
  func kind(_ layer: Int) -> String? { self[Key.layer(layer, "kind")] }
  func activation(_ layer: Int) -> String? { self[Key.layer(layer, "activation")] }
  func formula(_ layer: Int) -> String? { self[Key.layer(layer, "formula")] }
  func layerName(_ layer: Int) -> String? { self[Key.layer(layer, "name")] }
  func frozen(_ layer: Int) -> Set<String> {
    Set(self[Key.layer(layer, "frozen")]?.split(separator: ",").map(String.init) ?? [])
  }

  /// The names of the inputs, where there are so many different ones.
  func inputNames(_ count: Int) -> [String]? {
    let names = self[Key.inputs]?.split(separator: ",").map(String.init) ?? []
    let areNames = names.allSatisfy { name in
      name.first?.isLetter == true && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
    return names.count == count && Set(names).count == count && areNames ? names : nil
  }

  /// The loss, and what is said where the file names one that is not known here.
  func loss(_ catalog: NetworkCatalog) -> (loss: Loss?, remark: String?) {
    guard let notation = self[Key.loss] else { return (nil, nil) }
    if let loss = catalog.loss(written: notation) { return (loss, nil) }
    return (nil, "its loss \(notation) is not known here, the usual one is taken")
  }
}
