/// The numbers by which front ends ask for what is in a value. Equal places keep their number, so that one that
/// was given some cells ago still leads to the value of today.
struct VariableReferences {
  /// Where to look a name up.
  enum Root: Hashable {
    /// The names of all shells, as they are now; in a stopped cell, as they are there.
    case globals
    case locals(frame: Int)
  }

  struct Place: Hashable {
    var root: Root
    /// nil for all names there.
    var name: String?
  }

  private var places: [Place] = []
  private var numbers: [Place: Int] = [:]

  /// More places than a person can open.
  private static let most = 100_000

  mutating func number(of place: Place) -> Int {
    if let number = numbers[place] { return number }
    if places.count >= Self.most { self = VariableReferences() }
    places.append(place)
    numbers[place] = places.count
    return places.count
  }

  subscript(number: Int) -> Place? {
    places.indices.contains(number - 1) ? places[number - 1] : nil
  }
}
