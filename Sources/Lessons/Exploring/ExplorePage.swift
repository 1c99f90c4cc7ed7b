import Calculus
import Display
import JSONText
import Language
import Notation
import Syntax

/// What is stored of an exploration: its displays at the start, and a script that moves them without a kernel.
///
/// A browser that does not trust it shows the start.
struct ExplorePage {
  private let exploration: Exploration
  private let views: [ExploreView]
  private let name: String
  /// A program for every choice of what is no number.
  private var parts: [Part] = []

  private struct Part {
    let fixed: [(place: Int, setting: Double)]
    let views: [ExploreView]
    let samples: ExploreSamples
    var frames: [ExploreFrames?] = []
  }

  /// How many programs there may be, how long frames may take, and how large they may be.
  private static let mostParts = 8
  private static let patience = Duration.milliseconds(1200)
  private static let frameBytes = 90_000

  init(
    _ exploration: Exploration, _ views: [ExploreView], class name: String,
    in interpreter: Interpreter
  ) {
    (self.exploration, self.views, self.name) = (exploration, views, name)
    var combinations: [[(place: Int, setting: Double)]] = [[]]
    for (place, control) in exploration.controls.enumerated() {
      guard case .choices(let choices) = control.domain, control.numbers == nil,
        combinations.count * choices.count <= Self.mostParts
      else { continue }
      combinations = combinations.flatMap { before in
        choices.indices.map { before + [(place, Double($0))] }
      }
    }
    // What is stored as markup is the first.
    if let start = combinations.firstIndex(where: { combination in
      combination.allSatisfy { exploration.start[$0.place] == $0.setting }
    }) {
      combinations.swapAt(0, start)
    }
    let clock = ContinuousClock()
    let deadline = clock.now + Self.patience
    var trials = ExploreTrials(exploration)
    for fixed in combinations {
      var settings = exploration.start
      for (place, setting) in fixed { settings[place] = setting }
      guard let start = trials.views(at: settings, in: interpreter),
        let samples = try? ExploreSamples(
          exploration, at: settings, fixed: Set(fixed.map(\.place)), start, &trials,
          in: interpreter)
      else { continue }
      var part = Part(
        fixed: fixed, views: zip(samples.links, start).map { $0.stored($1) }, samples: samples)
      let needed = samples.links.indices.filter { !samples.links[$0].isComplete }
      part.frames = start.map { _ in nil }
      if !needed.isEmpty {
        part.frames = ExploreFrames.make(
          exploration, at: settings, fixed: Set(fixed.map(\.place)), part.views, samples.links,
          &trials,
          until: deadline, bytes: Self.frameBytes / combinations.count, in: interpreter)
      }
      parts.append(part)
    }
  }

  var bundle: MIMEBundle {
    let moving = exploration.controls.map { $0.text(at: $0.start) }.joined(separator: ", ")
    var bundle = MIMEBundle(
      plain: ([moving] + views.map(\.plain)).joined(separator: "\n\n"))
    bundle.data[MIMEType.html] = .string(html(moving))
    return bundle
  }

  // MARK: - Markup

  private func html(_ moving: String) -> String {
    var html = "<div class=\"nabla-explore \(name)\">"
    html +=
      "<div class=\"nabla-controls\" style=\"margin:0.3em 0\">\(HTMLText.escaped(moving))</div>"
    for (place, view) in (parts.first?.views ?? views).enumerated() {
      let links = parts.first?.samples.links[place]
      html += "<div class=\"nabla-view\" style=\"margin:0.5em 0;overflow-x:auto\">"
      html += view.stored(links?.slots ?? [], asImage: true)
      html += "</div>"
    }
    return html + "</div><script>\(script)</script>"
  }

  private var script: String {
    let programs = parts.map { part in
      "c=>{\(part.samples.program.script(part.samples.entries))}"
    }
    let hasLines = parts.contains { part in
      part.samples.links.contains { $0.slots.contains { $0.line != nil } }
    }
    let needsArrays = programs.contains(where: JavaScriptPrinter.needsRuntime)
    let lines = [
      "(()=>{", needsArrays ? JavaScriptPrinter.runtime : "",
      hasLines ? Self.compact(PackageResources.lines_js) : "",
      Self.compact(PackageResources.page_js),
      "explorePage(\"\(name)\",\(Self.embedded(.object(data))),[\(programs.joined(separator: ",\n"))]);",
      "})();",
    ]
    return lines.joined(separator: "\n")
  }

  private static func compact(_ script: [UInt8]) -> String {
    JavaScriptPrinter.compact(String(decoding: script, as: UTF8.self))
  }

  /// JSON that ends no script.
  private static func embedded(_ value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.write(value)
    return String(decoding: writer.finish(), as: UTF8.self)
      .replacing("</", with: "<\\/").replacing("<!--", with: "<\\!--")
  }

  private var data: JSONObject {
    let format = exploration.environment.settings.numberFormat
    return [
      "digits": .integer(format.digits), "significant": .integer(format.significantDigits),
      "controls": .array(exploration.controls.map { .object($0.page) }),
      "forms": .array(views.map { .string($0.form.rawValue) }),
      "lines": NetworkDiagram.lineLooks, "shade": NetworkDiagram.shadeLook,
      "variants": .array(
        parts.map { part in
          .array(part.fixed.map { .array([.integer($0.place), .number($0.setting)]) })
        }),
      "parts": .array(
        parts.enumerated().map { number, part in
          .array(part.views.indices.map { view(part, $0, isFirst: number == 0) })
        }),
    ]
  }

  private func view(_ part: Part, _ place: Int, isFirst: Bool) -> JSONValue {
    let link = part.samples.links[place]
    let view = part.views[place]
    var result: JSONObject = [
      "slots": .array(
        link.slots.map { slot in
          let number = view.page.numbers[slot.number]
          let look = slot.line.flatMap { line in view.chart.map { redrawing(line, $0) } }
          return .array(
            [
              .integer(slot.entry ?? (slot.isFixed ? -1 : -2)), .integer(number.style),
              .integer(number.decimals), .integer(number.room), .number(number.value),
            ] + (look.map { [.object($0)] } ?? []))
        })
    ]
    if !isFirst { result["html"] = .string(view.stored(link.slots, asImage: false)) }
    if let frames = part.frames[place] { result["frames"] = .object(frames.page) }
    return .object(result)
  }
}

extension ExplorePage {
  /// What the page's script has to know of a line, and of where it lies across.
  private func redrawing(_ line: ExploreSamples.Line, _ chart: Chart) -> JSONObject {
    var look = chart.redrawing(ofSeries: line.series)
    switch line.x {
    case .function(let from, let to):
      look["even"] = [.number(from), .number(to), .integer(Interpreter.functionPlaces)]
    case .fixed(let x):
      if let ends = Self.ends(ofEven: x) {
        look["spaced"] = [.number(ends.lowerBound), .number(ends.upperBound), .integer(x.count)]
      } else {
        look["at"] = .array(x.map { .number($0) })
      }
    case .entry(let entry): look["entry"] = .integer(entry)
    }
    return look
  }

  /// The ends of numbers that are evenly spaced but for rounding; nil for others.
  private static func ends(ofEven x: [Double]) -> ClosedRange<Double>? {
    guard x.count > 2, let from = x.first, let to = x.last, from < to else { return nil }
    let isEven = x.indices.allSatisfy { place in
      let even = from + (to - from) * Double(place) / Double(x.count - 1)
      return abs(x[place] - even) <= 1e-12 * (to - from)
    }
    return isEven ? from...to : nil
  }
}

extension ExploreControl {
  /// What the page's script has to know of it.
  fileprivate var page: JSONObject {
    var page: JSONObject = ["label": .string(label), "start": .number(start)]
    switch domain {
    case .range(let range):
      page["kind"] = "range"
      page["from"] = .number(range.from)
      page["to"] = .number(range.isStepped ? range[range.count - 1] : range.to)
      page["step"] = .number(range.step)
      page["stepped"] = .boolean(range.isStepped)
      page["whole"] = .boolean(range.isWhole)
    case .choices(let choices):
      page["kind"] = "menu"
      page["labels"] = .array(choices.map { .string($0.label) })
    case .truth: page["kind"] = "tick"
    }
    return page
  }
}

extension ExploreView {
  /// The view with the numbers that move in elements of their own; a picture, where it is to be seen without scripts,
  /// as the address of an image.
  func stored(_ slots: [ExploreSamples.Slot], asImage: Bool) -> String {
    let moving = Set(slots.map(\.number))
    let element = form == .picture ? "tspan" : "span"
    let text = page.text { place, number in
      guard moving.contains(place) else { return number.text }
      return switch number.shape {
      case nil: "<\(element) class=\"nb-n\">\(number.text)</\(element)>"
      case .redrawn: "<g class=\"nb-n\">\(number.text)</g>"
      case .line, .filling: "\(number.text) class=\"nb-n\""
      }
    }
    switch form {
    case .table: return text
    case .text: return "<pre style=\"margin:0.3em 0;font-family:monospace\">\(text)</pre>"
    case .formula:
      return
        "<pre style=\"margin:0.3em 0;font-family:monospace;white-space:pre-wrap\">\(text)</pre>"
    case .picture:
      guard asImage else { return text }
      return
        "<img alt=\"\(HTMLText.escaped(caption))\" style=\"max-width:100%\" src=\"data:image/svg+xml,\(Self.address(text))\">"
    }
  }

  /// Markup as it may stand in an address, with the quotes that take less room there.
  private static func address(_ text: String) -> String {
    var result = ""
    let quote = text.contains("'") ? "%22" : "'"
    for character in text.unicodeScalars {
      switch character {
      case "%": result += "%25"
      case "#": result += "%23"
      case "\"": result += quote
      case "<": result += "%3C"
      case ">": result += "%3E"
      case "&": result += "%26"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
