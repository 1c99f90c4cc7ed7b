import MatrixEngine

/// Where a training stood between two epochs.
struct TrainingPlace: Sendable, Equatable {
  let epoch: Int
  let updates: Int
  let parameters: [Double]
  /// What the optimizer keeps.
  let kept: [Double]
  let random: RandomSource
  /// In which the examples came, empty where that never changes.
  let order: [Int]
}

/// Chooses the epochs whose states are kept: the first ones, where much happens, and then so many as there is room
/// for, all equally far from each other; when there are too many, every other one goes.
struct TrainingPlaces: Sendable {
  private(set) var kept: [TrainingPlace] = []
  /// The next epoch to be kept.
  private(set) var next: Int
  private var distance: Int
  private let isFixed: Bool
  private let most: Int
  private let first: Int

  /// How many numbers may be kept where nobody says how often.
  private static let room = 1 << 22
  /// And where somebody does.
  static let largestRoom = 1 << 25

  /// `size` is how many numbers a state has; `every` is as often as somebody wants one.
  init(size: Int, every: Int?) {
    most = min(Self.room / max(size, 1), 96)
    first = min(32, most / 3)
    isFixed = every != nil
    distance = every ?? 1
    next = isFixed || most >= 4 ? distance : .max
  }

  /// Keeps none.
  static let none = TrainingPlaces(size: .max, every: nil)

  mutating func keep(_ place: TrainingPlace) {
    kept.append(place)
    if !isFixed, kept.count > most {
      distance *= 2
      kept.removeAll { $0.epoch > first && !$0.epoch.isMultiple(of: distance) }
    }
    next = (place.epoch / distance + 1) * distance
  }
}
