import Calculus
import Display
import Language
import MatrixEngine
import Syntax

/// How the numbers that are shown hang together with what the page computes: found by looking at both at many settings.
///
/// A number of a display is an entry of a quantity where the two agree at every one of them.
struct ExploreSamples {
  /// A number of a display that moves.
  struct Slot {
    /// Its place among the numbers of the display.
    let number: Int
    /// The entry that it is, by its place in `entries`; nil: none.
    let entry: Int?
    /// Whether it is a shape that is redrawn beside others that move, and stands itself for the same number.
    let isFixed: Bool
    /// Of the line of a plot: which one it is, and where it lies across.
    var line: Line?
    /// Whether the page does not know what it becomes.
    var isUnknown: Bool { entry == nil && !isFixed }
  }

  /// A display: whether it is the same but for its numbers, and which of them move.
  struct Link {
    let isStable: Bool
    let slots: [Slot]
    /// Whether the remarks below its tables are left out.
    let dropsNotes: Bool

    /// A view of it as it is stored.
    func stored(_ view: ExploreView) -> ExploreView { dropsNotes ? view.withoutNotes : view }

    /// Whether the page computes all of it.
    var isComplete: Bool { isStable && !slots.contains(where: \.isUnknown) }
  }

  let program: ExploreProgram
  private(set) var links: [Link] = []
  private(set) var entries: [ExploreProgram.Entry] = []

  /// `settings` are those at which the program was made; the controls in `fixed` stay there.
  init(
    _ exploration: Exploration, at settings: [Double], fixed: Set<Int>, _ start: [ExploreView],
    _ trials: inout ExploreTrials, in interpreter: Interpreter
  ) throws(Diagnostic) {
    program = try exploration.evaluating(settings, in: interpreter) { () throws(Diagnostic) in
      var reader = ExploreReader(exploration, at: settings, in: interpreter)
      for (place, expression) in exploration.expressions.enumerated() {
        reader.read(expression, at: place)
      }
      return reader.program
    }
    var views = [start]
    var values = [try? program.values(at: settings)]
    // What looks different in every way by then will not be computed by the page.
    let patience = 4
    let deadline = ContinuousClock.now + Self.patience
    var isSeen = true
    for sample in exploration.samples(around: settings, fixed: fixed) {
      isSeen = ContinuousClock.now < deadline
      guard isSeen else { break }
      if views.count == patience,
        !start.indices.contains(where: { place in
          Self.isStable(views.map { $0[place].withoutNotes })
        })
      {
        break
      }
      guard let shown = trials.views(at: sample, in: interpreter) else { continue }
      views.append(shown)
      values.append(try? program.values(at: sample))
    }
    // From one or two nobody knows how the rest goes.
    isSeen = isSeen && views.count > 2
    for place in start.indices {
      if isSeen {
        add(views.map { $0[place] }, values, of: place)
      } else {
        links.append(Link(isStable: false, slots: [], dropsNotes: false))
      }
    }
  }

  /// How long displays may be looked at.
  private static let patience = Duration.seconds(4)

  /// The link of a display by how it looks at the samples.
  private mutating func add(
    _ shown: [ExploreView], _ values: [[Tensor<Double>]?], of expression: Int
  ) {
    let before = entries
    let whole = link(shown, values, of: expression)
    if !whole.isComplete {
      // Remarks come and go with the numbers: without them the page may know everything.
      let all = entries
      entries = before
      let rest = link(shown.map(\.withoutNotes), values, of: expression, dropsNotes: true)
      if rest.isComplete || rest.isStable && !whole.isStable { return links.append(rest) }
      entries = all
    }
    links.append(whole)
  }

  /// Whether only numbers differ.
  private static func isStable(_ shown: [ExploreView]) -> Bool {
    shown.allSatisfy {
      $0.form == shown[0].form && $0.page.literals == shown[0].page.literals
    }
  }

  private mutating func link(
    _ shown: [ExploreView], _ values: [[Tensor<Double>]?], of expression: Int,
    dropsNotes: Bool = false
  ) -> Link {
    guard Self.isStable(shown) else { return Link(isStable: false, slots: [], dropsNotes: false) }
    var slots: [Slot] = []
    for number in shown[0].page.numbers.indices {
      let numbers = shown.map { $0.page.numbers[number] }
      let isSame = numbers.allSatisfy { $0.text == numbers[0].text }
      if numbers[0].shape == .redrawn {
        if !isSame { slots.append(line(number, shown, values, of: expression)) }
        continue
      }
      if isSame, numbers[0].shape == nil { continue }
      let isFixed = numbers.allSatisfy { $0.value == numbers[0].value }
      if isFixed, numbers[0].shape == nil { continue }
      let found = isFixed ? nil : match(numbers.map(\.value), values)
      slots.append(Slot(number: number, entry: found.map { entry(of: $0) }, isFixed: isFixed))
    }
    // Shapes look as the largest of their kind says: where one is not known, none is.
    let shape = { (slot: Slot) in
      let shape = shown[0].page.numbers[slot.number].shape
      return shape == .redrawn ? nil : shape
    }
    let unknown = Set(slots.filter(\.isUnknown).compactMap(shape))
    slots = slots.map { slot in
      shape(slot).map(unknown.contains) == true
        ? Slot(number: slot.number, entry: nil, isFixed: false) : slot
    }
    return Link(isStable: true, slots: slots, dropsNotes: dropsNotes)
  }

  /// The place of an entry among all that the page computes.
  mutating func entry(of found: ExploreProgram.Entry) -> Int {
    if let known = entries.firstIndex(where: { $0 == found }) { return known }
    entries.append(found)
    return entries.count - 1
  }

  /// The entry that is everywhere what is shown.
  private func match(_ shown: [Double], _ values: [[Tensor<Double>]?]) -> ExploreProgram.Entry? {
    for quantity in program.moving {
      for place in program.start(of: quantity).storage.indices {
        var isEqual = true
        for (number, value) in zip(shown, values) {
          guard let value, Self.agrees(value[quantity].storage[place], number) else {
            isEqual = false
            break
          }
        }
        if isEqual { return .number(quantity: quantity, place: place) }
      }
    }
    return nil
  }

  /// Whether two numbers are one but for rounding.
  static func agrees(_ a: Double, _ b: Double) -> Bool {
    a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-11 * max(abs(a), abs(b)) + 1e-16
  }
}

extension Exploration {
  /// Settings that are spread over all that there are: each control alone, and all together.
  func samples(around settings: [Double], fixed: Set<Int>) -> [[Double]] {
    var samples: [[Double]] = []
    for (place, control) in controls.enumerated() where !fixed.contains(place) {
      for part in [0, 0.27, 0.63, 1] {
        var sample = settings
        sample[place] = control.setting(at: part)
        samples.append(sample)
      }
    }
    for number in 1...10 {
      var sample = settings
      for (place, control) in controls.enumerated() where !fixed.contains(place) {
        // Multiples of irrational numbers leave no gaps.
        let part = Double(number) * Double(2 + 3 * place).squareRoot()
        sample[place] = control.setting(at: part - part.rounded(.down))
      }
      samples.append(sample)
    }
    return samples
  }
}

extension ExploreControl {
  /// The setting at a part of the way from the first to the last.
  func setting(at part: Double) -> Double {
    switch domain {
    case .range(let range): range.nearest(to: range.from + part * (range.to - range.from))
    case .choices(let choices): nearest(to: part * Double(choices.count - 1))
    case .truth: part < 0.5 ? 0 : 1
    }
  }

  /// All settings that there are; nil: more than so many.
  func settings(most: Int) -> [Double]? {
    switch domain {
    case .range(let range):
      (range.isStepped || range.isWhole) && range.count <= most
        ? (0..<range.count).map { range[$0] } : nil
    case .choices(let choices):
      choices.count <= most ? choices.indices.map { Double($0) } : nil
    case .truth: most >= 2 ? [0, 1] : nil
    }
  }

  /// Settings for frames: all where there are few, else spread evenly.
  func frames(most: Int) -> [Double] {
    let count: Int =
      switch domain {
      case .range(let range): range.isStepped || range.isWhole ? min(range.count, most) : most
      case .choices(let choices): min(choices.count, most)
      case .truth: 2
      }
    guard count > 1 else { return [start] }
    var settings: [Double] = []
    for place in 0..<count {
      let setting = setting(at: Double(place) / Double(count - 1))
      if settings.last != setting { settings.append(setting) }
    }
    return settings
  }
}
