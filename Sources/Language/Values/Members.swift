import Networks

/// What stands behind a dot: `net.W`, `run.a`, `data.X`.
package enum Members {
  package static let ofNetworks = ["W", "b", "layers", "updates", "name"]
  package static let ofDatasets = ["X", "Y", "names", "classes"]

  package static func names(of value: Value) -> [String] {
    switch value {
    case .network: ofNetworks
    case .dataset: ofDatasets
    case .record(let record):
      record.memberNames
        + record.columnNames.filter { !record.memberNames.contains($0) }
    default: []
    }
  }

  /// The member's value, or nil where there is none of that name.
  package static func member(_ name: String, of value: Value) -> Value? {
    switch value {
    case .network(let network): return member(name, of: network)
    case .dataset(let dataset): return DatasetRecord(dataset).member(name)
    case .record(let record):
      if let value = record.member(name) { return value }
      guard record.columnNames.contains(name) else { return nil }
      return record.tidy.column(name).map { Value($0.values) }
    default: return nil
    }
  }

  private static func member(_ name: String, of network: Network) -> Value? {
    switch name {
    case "W":
      return .list(
        ListValue(network.allWeights.map { .matrix($0) }, elementName: "layer"))
    case "b":
      return .list(
        ListValue(network.allBiases.map { .vector($0) }, elementName: "layer"))
    case "layers": return .scalar(Double(network.layers.count))
    case "updates": return .scalar(Double(network.updates))
    case "name": return .string(network.name)
    default: return nil
    }
  }
}
