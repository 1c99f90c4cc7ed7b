import Networks
import Notation

/// What stands behind a dot: `net.W`, `run.a`, `data.X`.
package enum Members {
  private static let ofAllNetworks = ["layers", "updates", "name"]
  /// Of a network of dense layers.
  package static let ofNetworks = ["W", "b"] + ofAllNetworks
  /// What a dense layer has: its parameters, and its quantities.
  package static let ofDense = ["W", "b", "z", "a"]
  package static let ofDatasets = ["X", "Y", "names", "classes"]

  package static func names(of value: Value) -> [String] {
    switch value {
    case .network(let network): names(of: network.layers)
    case .dataset: ofDatasets
    case .record(let record):
      record.memberNames
        + record.columnNames.filter { !record.memberNames.contains($0) }
    default: []
    }
  }

  /// The parameters of the layers, then what every network has.
  package static func names(of layers: [any Layer]) -> [String] {
    layers.parameterNames + ofAllNetworks
  }

  /// The member's value, or nil where there is none of that name.
  package static func member(_ name: String, of value: Value) -> Value? {
    switch value {
    case .network(let network): return member(name, of: network)
    case .dataset(let dataset): return DatasetRecord(dataset).member(name)
    case .record(let record):
      if let value = record.member(name) { return value }
      let twin = GreekLetters.twin(of: name, among: record.memberNames)
      if twin != name { return record.member(twin) }
      guard record.columnNames.contains(name) else { return nil }
      return record.tidy.column(name).map { Value($0.values) }
    default: return nil
    }
  }

  private static func member(_ name: String, of network: Network) -> Value? {
    if let name = network.layers.parameter(named: name)?.name {
      return .list(ListValue(parameters: network.parameterValues, named: name))
    }
    switch name {
    case "layers": return .scalar(Double(network.layers.count))
    case "updates": return .scalar(Double(network.updates))
    case "name": return .string(network.name)
    default: return nil
    }
  }
}

extension ListValue {
  /// A parameter of every layer, by the layer; nothing where a layer has none of the name.
  package init(parameters: [[ParameterValue]], named name: String) {
    self.init(
      parameters.map { values in
        values.first { $0.parameter == name }.map { Value($0.value) } ?? .nothing
      }, elementName: "layer")
  }
}
