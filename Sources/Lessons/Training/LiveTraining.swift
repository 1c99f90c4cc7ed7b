import Display
import Language
import MatrixEngine
import Networks
import Syntax

/// Shows how far a training is, as long as it runs: progress, time left, loss and accuracy, and the pictures that were
/// asked for.
final class LiveTraining: TrainingObserver {
  private let interpreter: Interpreter
  private let host: any CellHost
  private let pictures: [WatchedPicture]
  private let pace: Duration?
  /// Every so many epochs a state is worth a pause.
  private let every: Int
  /// How many there are in an epoch.
  private let examples: Int
  /// Whether a step sees only some of them.
  private let isBatched: Bool
  private let began = ContinuousClock.now
  private(set) var interval: Duration

  /// A training that is over sooner shows nothing but its result.
  private static let patience = Duration.milliseconds(500)
  /// No eye needs more, and no front end likes it.
  private static let shortest = Duration.milliseconds(50)

  /// `examples` is how many an epoch has; `pace` waits so long at every state that is shown.
  init(
    _ interpreter: Interpreter, _ host: any CellHost, _ options: TrainingOptions, examples: Int,
    pictures: [WatchedPicture], pace: Duration?
  ) {
    self.interpreter = interpreter
    self.host = host
    self.pictures = pictures
    self.pace = pace
    every = options.every
    self.examples = examples
    isBatched = (options.batchSize ?? examples) < examples
    interval = pace == nil ? Self.patience : .zero
  }

  func observe(_ progress: TrainingProgress, of network: Network) -> TrainingWish {
    if pace != nil, !isWhole(progress) || !progress.epoch.isMultiple(of: every) { return .goOn }
    let start = ContinuousClock.now
    let isShown = host.showMeanwhile(bundle(progress, network, at: start))
    let end = ContinuousClock.now
    guard isShown else {
      interval = .seconds(3_600)
      return .goOn
    }
    if let pace {
      _ = interpreter.interrupt.wait(until: end + pace)
    } else {
      // Training gets most of the time, also where a picture is dear.
      interval = max(Self.shortest, (end - start) * (pictures.isEmpty ? 60 : 3))
    }
    return .goOn
  }

  private func bundle(
    _ progress: TrainingProgress, _ network: Network, at now: ContinuousClock.Instant
  ) -> MIMEBundle {
    let share = Double(progress.examples) / (Double(progress.epochs) * Double(examples))
    let view = ProgressView(
      title: "Training \(network.name): epoch \(progress.epoch) of \(progress.epochs)",
      share: share, facts: facts(progress, share: share, now - began))
    let numbers = interpreter.settings.numberFormat
    // What can be drawn at the start may be impossible later: a weight that is not finite.
    let figures = pictures.flatMap { (try? $0.draw(network)) ?? [] }
    return view.bundle(figures.map { ($0.svg(numbers: numbers), $0.text(numbers: numbers)) })
  }

  /// Loss and accuracy: those of the last row, where a step sees only some of the examples.
  private func facts(_ progress: TrainingProgress, share: Double, _ elapsed: Duration) -> [String] {
    let format = interpreter.settings.numberFormat
    let rows = progress.history
    let hasRows = isBatched && !rows.epochs.isEmpty
    var facts = ["loss \(format.text(hasRows ? rows.loss.last ?? progress.loss : progress.loss))"]
    if let accuracy = hasRows ? rows.accuracy.last ?? nil : progress.accuracy {
      facts.append("accuracy \(format.text(accuracy))")
    }
    if let validation = rows.validationLoss.last {
      facts.append("validation loss \(format.text(validation))")
    }
    if share > 0 { facts.append("\(Self.text(elapsed * ((1 - share) / share))) left") }
    return facts
  }

  /// Whether all examples of an epoch have been presented.
  private func isWhole(_ progress: TrainingProgress) -> Bool {
    progress.examples == progress.epoch * examples
  }

  /// 0.4 s, 12 s, 3 min 20 s, 2 h 5 min.
  static func text(_ duration: Duration) -> String {
    let seconds =
      max(Double(duration.components.seconds), 0)
      + Double(max(duration.components.attoseconds, 0)) / 1e18
    switch seconds {
    case ..<9.95: return "\((seconds * 10).rounded() / 10) s"
    case ..<99.5: return "\(Int(seconds.rounded())) s"
    case ..<5_970: return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    case ..<1e9: return "\(Int(seconds) / 3_600) h \(Int(seconds) % 3_600 / 60) min"
    default: return "long"
    }
  }
}

extension Interpreter {
  /// Who shows how far a training is; nil where nobody would see it.
  ///
  /// Throws: a ValueError for a pace that is none; a ShapeError or TypeError for pictures that cannot be drawn.
  func liveTraining(
    _ call: Call, _ options: TrainingOptions, examples: Int, pictures: [WatchedPicture]
  ) throws(Diagnostic) -> LiveTraining? {
    var pace: Duration?
    if call.has("pace") {
      let seconds = call.scalar("pace")
      guard seconds >= 0, seconds <= 3_600 else {
        throw Diagnostic(
          .value, "pace = \(Interpreter.plain(seconds)) is no time to wait",
          at: call.span(of: "pace"), help: "seconds for every epoch, such as pace = 0.2")
      }
      pace = .seconds(seconds)
    }
    guard let host else { return nil }
    return LiveTraining(
      self, host, options, examples: examples, pictures: pictures, pace: pace)
  }

  /// The pictures that `watch` asks for, each drawn once to see that it can be.
  func watchedPictures(
    _ call: Call, _ network: Network, _ x: Matrix<Double>, _ y: Matrix<Double>
  ) throws(Diagnostic) -> [WatchedPicture] {
    guard case .list(let words) = call.value("watch") else { return [] }
    return try words.elements.compactMap(\.text).compactMap(WatchedPicture.Subject.init)
      .map2 { (subject) throws(Diagnostic) in
        let picture = WatchedPicture(
          subject, in: self, x, y, classes: call.classes, at: call.span(of: "watch"))
        _ = try picture.draw(network)
        return picture
      }
  }
}
