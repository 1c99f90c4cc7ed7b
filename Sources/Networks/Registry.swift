/// Something that the language knows by a name, and by twins of it.
package protocol Named: Sendable {
  var name: String { get }
  /// Other spellings: `bce`, `σ`.
  var aliases: [String] { get }
}

extension Named {
  package var aliases: [String] { [] }
  /// The name, then its twins.
  package var names: [String] { [name] + aliases }
}

/// Entries in the order of the language reference, found by any of their names.
///
/// A value: `adding` gives another registry, so what knows one is never changed behind its back.
package struct Registry<Entry: Named>: Sendable, RandomAccessCollection {
  private let entries: [Entry]
  private let places: [String: Int]

  /// Of two entries that share a name, the first has it.
  package init(_ entries: [Entry]) {
    self.entries = entries
    places = Dictionary(
      entries.enumerated().flatMap { place, entry in entry.names.map { ($0, place) } },
      uniquingKeysWith: { first, _ in first })
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { entries.count }
  package subscript(place: Int) -> Entry { entries[place] }

  /// The entry with this name or twin.
  package subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// All names and twins, in order.
  package var names: [String] { entries.flatMap(\.names) }

  /// The registry with further entries at its end; one of a name that is taken stands in that one's place.
  package func adding(_ more: [Entry]) -> Registry {
    var all = entries
    for entry in more {
      if let place = all.firstIndex(where: { $0.name == entry.name }) {
        all[place] = entry
      } else {
        all.append(entry)
      }
    }
    return Registry(all)
  }
}
