extension Int {
  /// The number with its noun, in the plural but for 1: "1 entry", "3 entries", "0 classes".
  package func counted(_ noun: String) -> String { "\(self) \(self == 1 ? noun : noun.plural)" }
}

extension String {
  /// Several of what a noun names: "layers", "entries", "classes".
  package var plural: String {
    switch last {
    case "y": "\(dropLast())ies"
    case "s", "x": "\(self)es"
    default: "\(self)s"
    }
  }
}
