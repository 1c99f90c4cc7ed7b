import JSONText
import Language

/// How a display that the page cannot compute looks at some settings: at all that there are, where these are few; else at
/// some of every control, the others as at the start.
struct ExploreFrames {
  /// By control: the settings, and what is shown there.
  private var frames: [(control: Int, settings: [Double], shown: [[Int]])] = []
  /// Several controls, all settings of each, and what is shown at every combination; those of the last run fastest.
  private var grid: (controls: [Int], settings: [[Double]], shown: [[Int]])?
  /// What is shown, cut at its tags: much of it is the same in many frames.
  private var pieces: [String] = []
  private var places: [String: Int] = [:]
  /// What is left to be shown where the display is the same but for its numbers.
  private let slots: [ExploreSamples.Slot]?
  private var start: [String] = []

  private init(_ slots: [ExploreSamples.Slot]?) { self.slots = slots }

  /// The frames of the displays that need some, as many as time and room allow.
  static func make(
    _ exploration: Exploration, at settings: [Double], fixed: Set<Int>, _ start: [ExploreView],
    _ links: [ExploreSamples.Link], _ trials: inout ExploreTrials,
    until deadline: ContinuousClock.Instant, bytes: Int, in interpreter: Interpreter
  ) -> [ExploreFrames?] {
    let clock = ContinuousClock()
    let empty = zip(links, start).map { link, view -> ExploreFrames? in
      if link.isComplete { return nil }
      var frames = ExploreFrames(link.isStable ? link.slots.filter(\.isUnknown) : nil)
      frames.start = frames.slots?.map { view.page.numbers[$0.number].text } ?? []
      return frames
    }
    if let grid = Self.grid(
      exploration, at: settings, fixed: fixed, &trials, until: deadline, in: interpreter)
    {
      var result = empty
      for view in result.indices {
        guard var frames = result[view] else { continue }
        let shown = grid.views.map { frames.places(of: links[view].stored($0[view])) }
        frames.grid = (grid.controls, grid.settings, shown)
        result[view] = frames
      }
      if result.reduce(0, { $0 + ($1?.size ?? 0) }) <= bytes { return result }
    }
    for most in [33, 17, 9, 5] {
      var result = empty
      for (place, control) in exploration.controls.enumerated() where !fixed.contains(place) {
        let wanted = control.frames(most: most)
        var taken: [(setting: Double, views: [ExploreView])] = []
        for setting in wanted {
          if clock.now > deadline, most > 5 { break }
          var all = settings
          all[place] = setting
          if let views = trials.views(at: all, in: interpreter) {
            taken.append((setting, views))
          }
        }
        for view in result.indices where result[view] != nil {
          result[view]?.add(place, taken.map { ($0.setting, links[view].stored($0.views[view])) })
        }
      }
      let isLate = clock.now > deadline
      let size = result.reduce(0) { $0 + ($1?.size ?? 0) }
      if size <= (most > 9 ? bytes : 4 * bytes), !isLate || most == 5 { return result }
      if most == 5 { return links.map { _ in nil } }
    }
    return links.map { _ in nil }
  }

  /// Every combination of the settings of several controls, where there are few; nil: not so, or some show nothing.
  private static func grid(
    _ exploration: Exploration, at settings: [Double], fixed: Set<Int>,
    _ trials: inout ExploreTrials,
    until deadline: ContinuousClock.Instant, in interpreter: Interpreter
  ) -> (controls: [Int], settings: [[Double]], views: [[ExploreView]])? {
    let free = exploration.controls.indices.filter { !fixed.contains($0) }
    guard free.count > 1 else { return nil }
    var all: [[Double]] = []
    var combinations = [settings]
    for place in free {
      guard
        let own = exploration.controls[place].settings(most: mostCombinations / combinations.count)
      else { return nil }
      all.append(own)
      combinations = combinations.flatMap { before in
        own.map { setting in
          var combination = before
          combination[place] = setting
          return combination
        }
      }
    }
    var views: [[ExploreView]] = []
    for combination in combinations {
      guard ContinuousClock.now < deadline,
        let shown = trials.views(at: combination, in: interpreter)
      else { return nil }
      views.append(shown)
    }
    return (free, all, views)
  }

  private static let mostCombinations = 66

  private mutating func add(_ control: Int, _ views: [(setting: Double, view: ExploreView)]) {
    guard !views.isEmpty else { return }
    frames.append(
      (
        control, views.map(\.setting),
        views.map { places(of: $0.view) }
      ))
  }

  /// What a frame consists of.
  private mutating func places(of view: ExploreView) -> [Int] {
    if let slots {
      let numbers = view.page.numbers
      return slots.map { place(of: $0.number < numbers.count ? numbers[$0.number].text : "") }
    }
    return Self.cut(view.stored([], asImage: false)).map { place(of: $0) }
  }

  private mutating func place(of piece: String) -> Int {
    if let known = places[piece] { return known }
    places[piece] = pieces.count
    pieces.append(piece)
    return pieces.count - 1
  }

  /// Markup cut before every tag. Attributes have the quotes that are one character in a string of a notebook's file.
  private static func cut(_ markup: String) -> [String] {
    var parts: [String] = []
    var rest = markup[...]
    while !rest.isEmpty {
      let end = rest.dropFirst().firstIndex(of: "<") ?? rest.endIndex
      let piece = rest[..<end]
      let close = piece.firstIndex(of: ">") ?? piece.startIndex
      let tag = String(piece[..<close])
      parts.append(
        (tag.contains("'") ? tag : tag.replacing("\"", with: "'")) + piece[close...])
      rest = rest[end...]
    }
    return parts
  }

  private var size: Int {
    pieces.reduce(0) { $0 + $1.utf8.count + 6 }
      + (frames.flatMap(\.shown) + (grid?.shown ?? [])).reduce(0) { $0 + 5 * $1.count }
  }

  /// For the page's script.
  var page: JSONObject {
    func written(_ shown: [[Int]]) -> JSONValue {
      .array(
        shown.map { frame in
          .array(frame.map { slots == nil ? .integer($0) : .string(pieces[$0]) })
        })
    }
    var by = JSONObject()
    for (control, settings, shown) in frames {
      by["\(control)"] = [
        "at": .array(settings.map { .number($0) }), "frames": written(shown),
      ]
    }
    var page: JSONObject = ["by": .object(by)]
    if let grid {
      page["grid"] = [
        "controls": .array(grid.controls.map { .integer($0) }),
        "at": .array(grid.settings.map { .array($0.map { .number($0) }) }),
        "frames": written(grid.shown),
      ]
    }
    if slots == nil {
      page["pieces"] = .array(pieces.map { .string($0) })
    } else {
      page["start"] = .array(start.map { .string($0) })
    }
    return page
  }
}
