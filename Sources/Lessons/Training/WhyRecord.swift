import Calculus
import Display
import Language
import Networks
import Notation
import Syntax

/// What `why` returns: what moved one weight in one epoch, example by example, and the optimizer's lines.
package struct WhyRecord: Record {
  /// One update of the epoch, as the weight saw it.
  package struct Part: Sendable {
    package let update: UpdateResult
    package let change: ParameterChange
    /// What each example adds to the gradient, 1/m included; with its number among all examples.
    package let shares: [(example: Int, gradient: Double)]

    /// What gradient descent alone would make of a gradient here.
    func push(_ gradient: Double) -> Double {
      -update.learningRate(layer: change.place.layer) * update.clipFactor * gradient
    }

    /// What is in the gradient besides the examples' shares: a penalty's part, and what examples do together.
    var rest: Double {
      change.gradient / update.clipFactor - shares.reduce(0) { $0 + $1.gradient }
    }
  }

  package let outline: NetworkOutline
  package let epoch: Int
  package let parts: [Part]
  package let place: ParameterPlace
  package let old: Double
  package let new: Double

  package var kindName: String { "Why" }
  package var description: String { "what moved a weight of \(outline.name)" }
  package static let members = [
    "old", "new", "change", "gradient", "examples", "gradients", "pushes",
  ]
  package static let columns = ["update", "example", "gradient", "push"]
  package var memberNames: [String] { Self.members }

  private struct Row {
    let update: Int
    let example: Int
    let gradient: Double
    let push: Double
  }

  /// The examples, those that pushed most first.
  private var rows: [Row] {
    parts.enumerated().flatMap { index, part in
      part.shares.map {
        Row(
          update: index + 1, example: $0.example, gradient: $0.gradient,
          push: part.push($0.gradient))
      }
    }.sorted { ($0.push.magnitude, -$0.example) > ($1.push.magnitude, -$1.example) }
  }

  package func member(_ name: String) -> Value? {
    switch name {
    case "old": .scalar(old)
    case "new": .scalar(new)
    case "change": .scalar(new - old)
    case "gradient": .scalar(parts.reduce(0) { $0 + $1.change.gradient })
    case "examples": .vector(rows.map { Double($0.example) })
    case "gradients": .vector(rows.map(\.gradient))
    case "pushes": .vector(rows.map(\.push))
    default: nil
    }
  }

  package var columnNames: [String] { Self.columns }
  package var rowCount: Int { parts.reduce(0) { $0 + $1.shares.count } }

  package var tidy: TidyTable {
    let rows = rows
    return TidyTable([
      TidyColumn("update", integers: rows.map(\.update)),
      TidyColumn("example", integers: rows.map(\.example)),
      TidyColumn("gradient", numbers: rows.map(\.gradient)),
      TidyColumn("push", numbers: rows.map(\.push)),
    ])
  }

  /// How many examples are shown one by one.
  private static let most = 8

  package func render(_ settings: Settings) -> MIMEBundle {
    let format = settings.numberFormat
    let rows = rows
    var cells: [(name: TableCell, gradient: Double, push: Double)] = []
    for row in rows.prefix(rows.count > Self.most + 1 ? Self.most : rows.count) {
      cells.append((.integer(row.example), row.gradient, row.push))
    }
    let others = rows.dropFirst(cells.count)
    if !others.isEmpty {
      cells.append(
        (
          .text(others.count.counted("other")),
          others.reduce(0) { $0 + $1.gradient }, others.reduce(0) { $0 + $1.push }
        ))
    }
    let rest = parts.reduce((gradient: 0.0, push: 0.0)) {
      ($0.gradient + $1.rest, $0.push + $1.push($1.rest))
    }
    let all = rows.reduce((gradient: 0.0, push: 0.0)) {
      ($0.gradient + $1.gradient, $0.push + $1.push)
    }
    let scale = rows.reduce(0) { max($0, $1.gradient.magnitude) }
    if rest.gradient.magnitude > 1e-9 * scale {
      let isPenalty = parts.contains { !$0.update.gradients.penalty.isNone }
      cells.append(
        (.text(isPenalty ? "the penalty" : "together"), rest.gradient, rest.push))
    }
    cells.append(
      (.text("all"), all.gradient + rest.gradient, all.push + rest.push))
    let name = NetworkSymbol.parameter(place, settings)
    let slope = SymbolText.quantity(
      place.quantity(biasIsWeight: settings.bias == .w0).derivative(of: Quantity("L", index: "i")))
    let several = parts.count > 1
    let columns = [
      TableColumn("example", cells: cells.map(\.name)),
      TableColumn(.words("1/m ") + slope, numbers: cells.map(\.gradient)),
      TableColumn(.words("−η/m ") + slope, numbers: cells.map(\.push)),
    ]
    return Table(
      caption: .words("Why ") + name
        + .words(
          " of \(outline.name) moved in epoch \(epoch): \(format.text(old)) → \(format.text(new)), by \(format.text(new - old))\(several ? " in \(parts.count) updates" : "")"
        ),
      columns: columns,
      groups: [RowGroup("the examples that pushed most", rowCount: cells.count - 1)],
      notes: terms(settings)
    ).bundle(tidy: tidy, numbers: format)
  }

  /// The optimizer's lines with their values, update by update.
  private func terms(_ settings: Settings) -> [TableNote] {
    let format = settings.numberFormat
    return parts.prefix(3).enumerated().map { index, part in
      let optimizer = part.update.optimizer
      var words =
        "\(optimizer.title), update \(part.update.number): gradient = \(format.text(part.change.gradient))"
      for (line, value) in zip(optimizer.lines, part.change.lines) {
        words += ", \(line.symbol) = \(format.text(value))"
      }
      return TableNote(.words(words))
    }
  }
}

extension WhyRecord: Explainable {
  package var explained: (network: NetworkState, examples: Int) { (parts[0].update.old, 1) }

  /// The optimizer's lines for the weight, update by update.
  package func lines(_ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String])
  {
    var lines: [Derivation.Line] = []
    for part in parts {
      var derivation = UpdateDerivation(
        part.update, choice, usesW0: interpreter.settings.bias == .w0,
        round: interpreter.carrying, only: part.change)
      do throws(CalculusError) {
        try derivation.add()
      } catch {
        throw Diagnostic(error, at: span)
      }
      lines += derivation.lines
    }
    return (lines, [])
  }
}
