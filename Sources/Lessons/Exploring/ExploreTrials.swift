import Language

/// How an exploration looks at settings that the page is made from; at each it is looked at once.
struct ExploreTrials {
  private let exploration: Exploration
  private var taken: [[Double]: [ExploreView]?] = [:]

  init(_ exploration: Exploration) { self.exploration = exploration }

  /// nil: there is nothing to be seen, since an expression throws.
  mutating func views(at settings: [Double], in interpreter: Interpreter) -> [ExploreView]? {
    if let known = taken[settings] { return known }
    let views = try? exploration.views(at: settings, in: interpreter)
    taken[settings] = .some(views)
    return views
  }
}
