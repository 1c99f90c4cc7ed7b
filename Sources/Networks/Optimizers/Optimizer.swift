import Calculus
import MatrixEngine

/// How gradients move the parameters, with all its facts: as PyTorch's.
///
/// Its lines alone say enough: what is kept between updates, the columns of an Update's table, its explanation and
/// its help follow from them. Kernels written by hand are an optimisation.
package struct Optimizer: Named {
  /// A line of the update of one parameter: what it gives, and how.
  ///
  /// Symbols: the parameter w, its gradient g, the learning rate η, the number t of the update, the coefficients, and
  /// what lines give. The symbol of a kept quantity is its value before the update in its own line, behind it the new
  /// one.
  package struct Line: Sendable {
    package enum Role: Sendable, Equatable {
      /// A quantity that is kept between updates, zero at first; it has a column.
      case kept(column: String)
      /// A quantity with a column.
      case shown(column: String)
      /// A quantity that only the explanation tells.
      case told
      /// The parameter itself, in a state on the way: "decayed", and at last "new".
      case parameter(state: String)
    }

    package let symbol: String
    package let formula: Expression
    package let role: Role

    package init(_ symbol: String, _ role: Role, _ formula: Expression) {
      self.symbol = symbol
      self.role = role
      self.formula = formula
    }

    /// The name of its column, where it has one.
    package var column: String? {
      switch role {
      case .kept(let column), .shown(let column): column
      case .told, .parameter: nil
      }
    }

    package var isKept: Bool { if case .kept = role { true } else { false } }
  }

  /// A number in the lines that can be chosen: β₁ of adam.
  package struct Coefficient: Named, Equatable {
    package let name: String
    package let aliases: [String]
    package fileprivate(set) var value: Double
    /// What it is where nobody chooses it.
    package let usual: Double
    /// What it may be.
    package let interval: Interval

    /// Its value as it is written: `1e-8`.
    package var text: String { Number(value).text.replacing("e-0", with: "e-") }

    package init(_ name: String, aliases: [String], _ usual: Double, in interval: Interval) {
      self.name = name
      self.aliases = aliases
      value = usual
      self.usual = usual
      self.interval = interval
    }
  }

  package let name: String
  /// In a few words.
  package let summary: String
  package let defaultLearningRate: Double
  package let coefficients: [Coefficient]
  /// In their order; the last gives the new parameter.
  package var lines: [Line] { writtenLines.value }
  private let writtenLines: Deferred<[Line]>
  private let makeKernels: (@Sendable ([Double]) -> UpdateKernels)?
  let kernels: UpdateKernels

  /// `kernels` is given the values of the coefficients; without it the lines compute.
  package init(
    _ name: String, summary: String, defaultLearningRate: Double,
    coefficients: [Coefficient] = [], lines: @autoclosure @escaping @Sendable () -> [Line],
    kernels: (@Sendable ([Double]) -> UpdateKernels)? = nil
  ) {
    self.init(
      name, summary: summary, defaultLearningRate: defaultLearningRate,
      coefficients: coefficients, lines: Deferred(lines), kernels: kernels)
  }

  private init(
    _ name: String, summary: String, defaultLearningRate: Double, coefficients: [Coefficient],
    lines: Deferred<[Line]>, kernels: (@Sendable ([Double]) -> UpdateKernels)?
  ) {
    self.name = name
    self.summary = summary
    self.defaultLearningRate = defaultLearningRate
    self.coefficients = coefficients
    writtenLines = lines
    makeKernels = kernels
    self.kernels =
      kernels?(coefficients.map(\.value))
      ?? UpdateKernels(FormulaUpdate(lines: lines.value, coefficients: coefficients))
  }

  /// The same optimizer with other values of its coefficients, in their order; those beyond stay.
  ///
  /// Throws: `NetworkError.option` for a value that makes no sense, or one too many.
  package func with(coefficients values: [Double?]) throws(NetworkError) -> Optimizer {
    var changed = coefficients
    for (place, value) in values.enumerated() {
      guard let value else { continue }
      guard coefficients.indices.contains(place) else {
        throw .option(
          name: "optimizer", value: "\(name)(…)",
          expected: coefficients.isEmpty ? "\(name), which takes no numbers" : notation)
      }
      guard !coefficients[place].interval.excludes(value), value.isFinite else {
        throw .option(
          name: "\(coefficients[place].name) of \(name)", value: Number(value).text,
          expected: "a number \(coefficients[place].interval.words)")
      }
      changed[place].value = value
    }
    return Optimizer(
      name, summary: summary, defaultLearningRate: defaultLearningRate, coefficients: changed,
      lines: writtenLines, kernels: makeKernels)
  }

  /// What a call's argument says of its coefficients: `adam(0.9, 0.999, 1e-08)`.
  package var notation: String {
    let numbers = coefficients.map(\.text)
    return numbers.isEmpty ? name : "\(name)(\(numbers.joined(separator: ", ")))"
  }

  /// As it is named in captions: with its numbers where they are not the usual ones.
  package var title: String { coefficients.allSatisfy { $0.value == $0.usual } ? name : notation }

  /// The update of one parameter w with gradient g, line by line: `v ← μ*v + g; w ← w - η*v`.
  package var formula: String {
    lines.map { line in
      line.isKept || line.symbol == Self.parameter.name
        ? "\(line.symbol) ← \(line.formula.text)" : "\(line.symbol) = \(line.formula.text)"
    }.joined(separator: "; ")
  }

  /// What is kept between updates, in its order in memory.
  var kept: [Line] { lines.filter(\.isKept) }

  /// Whether its lines count updates.
  package var countsUpdates: Bool {
    lines.contains { $0.formula.symbols.contains { $0.name == Self.count.name } }
  }
}

extension Optimizer: Equatable {
  package static func == (left: Optimizer, right: Optimizer) -> Bool {
    left.name == right.name && left.coefficients == right.coefficients
  }
}

/// The symbols of the lines.
extension Optimizer {
  package static let parameter = Symbol("w")
  package static let gradient = Symbol("g")
  package static let learningRate = Symbol("η")
  package static let count = Symbol("t")
}

extension Interval {
  /// [0, 1), for what is averaged over updates.
  package static let decays: Interval = {
    var interval = Interval.probabilities
    interval.isOpenAbove = true
    return interval
  }()
}
