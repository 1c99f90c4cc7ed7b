import MatrixEngine
import Networks

/// A value as other sessions may see it: everything but networks is the value itself, and a network is its
/// identity, for each session has a replica of its own.
package enum SharedValue: Sendable {
  case nothing
  case scalar(Double)
  case boolean(Bool)
  case string(String)
  case array(Tensor<Double>)
  indirect case list([SharedValue], firstIndex: Int, elementName: String)
  case function(FunctionValue)
  case network(NetworkIdentity)
  case dataset(Dataset)
  case record(any Record)

  /// `network` is called with every network in the value.
  package init(_ value: Value, _ network: (Network) -> Void) {
    switch value {
    case .nothing, .expression: self = .nothing
    case .scalar(let number): self = .scalar(number)
    case .boolean(let flag): self = .boolean(flag)
    case .string(let text): self = .string(text)
    case .array(let array): self = .array(array)
    case .list(let list):
      self = .list(
        list.elements.map { SharedValue($0, network) }, firstIndex: list.firstIndex,
        elementName: list.elementName)
    case .function(let function): self = .function(function)
    case .network(let found):
      network(found)
      self = .network(found.identity)
    case .dataset(let dataset): self = .dataset(dataset)
    case .record(let record): self = .record(record)
    }
  }

  /// The value for a session; `replica` gives its network of an identity.
  package func value(_ replica: (NetworkIdentity) -> Network?) -> Value {
    switch self {
    case .nothing: .nothing
    case .scalar(let number): .scalar(number)
    case .boolean(let flag): .boolean(flag)
    case .string(let text): .string(text)
    case .array(let array): .array(array)
    case .list(let elements, let firstIndex, let elementName):
      .list(
        ListValue(
          elements.map { $0.value(replica) }, firstIndex: firstIndex, elementName: elementName))
    case .function(let function): .function(function)
    case .network(let identity): replica(identity).map(Value.network) ?? .nothing
    case .dataset(let dataset): .dataset(dataset)
    case .record(let record): .record(record)
    }
  }

  /// The networks in the value.
  func collectNetworks(into identities: inout Set<NetworkIdentity>) {
    switch self {
    case .network(let identity): identities.insert(identity)
    case .list(let elements, _, _):
      for element in elements { element.collectNetworks(into: &identities) }
    default: break
    }
  }
}
