import JSONText
import Language

/// How a display that the page cannot compute looks at some settings of every control, the others as at the start.
struct ExploreFrames {
  /// By control: the settings, and what is shown there.
  private var frames: [(control: Int, settings: [Double], shown: [[Int]])] = []
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
    for most in [33, 17, 9, 5] {
      var result = links.map { link -> ExploreFrames? in
        if link.isComplete { return nil }
        return ExploreFrames(link.isStable ? link.slots.filter(\.isUnknown) : nil)
      }
      for place in result.indices {
        guard let slots = result[place]?.slots else { continue }
        result[place]?.start = slots.map { start[place].page.numbers[$0.number].text }
      }
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

  private mutating func add(_ control: Int, _ views: [(setting: Double, view: ExploreView)]) {
    guard !views.isEmpty else { return }
    frames.append(
      (
        control, views.map(\.setting),
        views.map { shown in
          if let slots {
            return slots.map { slot in
              let numbers = shown.view.page.numbers
              return place(of: slot.number < numbers.count ? numbers[slot.number].text : "")
            }
          }
          return Self.cut(shown.view.stored([], asImage: false)).map { place(of: $0) }
        }
      ))
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
      + frames.reduce(0) { $0 + $1.shown.reduce(0) { $0 + 5 * $1.count } }
  }

  /// For the page's script.
  var page: JSONObject {
    var by = JSONObject()
    for (control, settings, shown) in frames {
      by["\(control)"] = [
        "at": .array(settings.map { .number($0) }),
        "frames": .array(
          shown.map { frame in
            .array(frame.map { slots == nil ? .integer($0) : .string(pieces[$0]) })
          }),
      ]
    }
    var page: JSONObject = ["by": .object(by)]
    if slots == nil {
      page["pieces"] = .array(pieces.map { .string($0) })
    } else {
      page["start"] = .array(start.map { .string($0) })
    }
    return page
  }
}
