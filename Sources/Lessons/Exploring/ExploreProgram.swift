import Calculus
import Language
import MatrixEngine
import Networks

/// What a page computes without a kernel: quantities, each a formula of those before it and of the controls.
///
/// It can be run here too, by the calculus: so it is known which of its numbers are those that are shown.
struct ExploreProgram {
  private enum Step {
    case constant(Tensor<Double>)
    /// A control's setting, or what it stands for.
    case control(Int, numbers: [Double]?)
    /// A quantity with one entry replaced.
    case replacing(Int, place: Int, by: Int)
    case reshaped(Int, [Int])
    /// Entries that follow each other, as an array of some sizes.
    case part(Int, Range<Int>, [Int])
    /// Quantities of one size, each as a row.
    case stacked([Int])
    case formula(Expression, [String: Int], sizes: [String: Int])
    /// The largest magnitude in some quantities.
    case largest([Int])
  }

  private struct Quantity {
    let name: String
    let step: Step
    let start: Tensor<Double>
    /// Whether it depends on a control.
    let moves: Bool
  }

  /// A function of one number, whose other symbols are quantities.
  private struct Function {
    /// The expression that draws it, by its place.
    let expression: Int
    let name: String
    let formula: Expression
    let variable: Symbol
    let symbols: [String: Int]
    let sizes: [String: Int]
  }

  /// What the program gives back.
  enum Entry: Equatable {
    case number(quantity: Int, place: Int)
    /// Of an array every so many entries, from one on.
    case numbers(quantity: Int, from: Int, by: Int)
    case function(Int)
  }

  private let settings: [Double]
  private var printer = JavaScriptPrinter()
  private var quantities: [Quantity] = []
  private var functionList: [Function] = []
  /// How many functions each expression draws, with those that have no form here.
  private var functionCounts: [Int: Int] = [:]

  /// `settings` are those at the start.
  init(at settings: [Double]) { self.settings = settings }

  /// Those that depend on a control.
  var moving: [Int] { quantities.indices.filter { quantities[$0].moves } }

  func start(of quantity: Int) -> Tensor<Double> { quantities[quantity].start }
  func moves(_ quantity: Int) -> Bool { quantities[quantity].moves }

  // MARK: - Making it

  mutating func constant(_ value: Tensor<Double>) -> Int {
    let entries = value.storage.map(\.script).joined(separator: ",")
    let text =
      value.rank == 0
      ? entries : "{s:[\(value.sizes.map(String.init).joined(separator: ","))],d:[\(entries)]}"
    return add(.constant(value), value, moves: false, printer.line(text))
  }

  /// `numbers` are what the positions of a menu stand for.
  mutating func control(_ place: Int, numbers: [Double]? = nil) -> Int {
    let list = numbers.map { $0.map(\.script).joined(separator: ",") }
    let text = list.map { "[\($0)][c[\(place)]]" } ?? "c[\(place)]"
    let step = Step.control(place, numbers: numbers)
    return add(step, .scalar(value(of: step, at: settings)), moves: true, printer.line(text))
  }

  mutating func replacing(_ quantity: Int, place: Int, by other: Int) -> Int {
    let (old, new) = (quantities[quantity], quantities[other])
    var value = old.start
    value.storage[place] = new.start.storage[0]
    let text =
      value.rank == 0
      ? new.name : "{s:\(old.name).s,d:\(old.name).d.map((x,i)=>i===\(place)?\(new.name):x)}"
    return add(
      .replacing(quantity, place: place, by: other), value, moves: true, printer.line(text))
  }

  mutating func reshaped(_ quantity: Int, _ sizes: [Int]) -> Int {
    let old = quantities[quantity]
    guard old.start.sizes != sizes else { return quantity }
    let list = sizes.map(String.init).joined(separator: ",")
    return add(
      .reshaped(quantity, sizes), Tensor(Shape(sizes), old.start.storage), moves: old.moves,
      printer.line("A.reshape([\(list)],\(old.name))"))
  }

  mutating func part(of quantity: Int, _ range: Range<Int>, _ sizes: [Int]) -> Int {
    let old = quantities[quantity]
    let list = sizes.map(String.init).joined(separator: ",")
    let text =
      "{s:[\(range.count)],d:A.data(\(old.name)).slice(\(range.lowerBound),\(range.upperBound))}"
    return add(
      .part(quantity, range, sizes), Tensor(Shape(sizes), Array(old.start.storage[range])),
      moves: old.moves, printer.line("A.reshape([\(list)],\(text))"))
  }

  mutating func stacked(_ parts: [Int]) -> Int {
    let values = parts.map { quantities[$0].start.storage }
    let sizes = [parts.count, values.first?.count ?? 0]
    let names = parts.map { quantities[$0].name }.joined(separator: ",")
    return add(
      .stacked(parts), Tensor(Shape(sizes), values.flatMap { $0 }),
      moves: parts.contains { quantities[$0].moves },
      printer.line("{s:[\(sizes[0]),\(sizes[1])],d:[\(names)].flatMap(A.data)}"))
  }

  mutating func largest(_ parts: [Int]) -> Int {
    let names = parts.map { "...A.data(\(quantities[$0].name)).map(Math.abs)" }
    let value = parts.flatMap { quantities[$0].start.storage }.reduce(0) { max($0, abs($1)) }
    return add(
      .largest(parts), .scalar(value), moves: parts.contains { quantities[$0].moves },
      printer.line("Math.max(0,\(names.joined(separator: ",")))"))
  }

  /// A formula whose symbols are quantities.
  ///
  /// Throws: `CalculusError` for what has no value, or no form in JavaScript.
  mutating func formula(_ formula: Expression, _ symbols: [String: Int]) throws(CalculusError)
    -> Int
  {
    var known = symbols
    for symbol in formula.symbols where symbol.shape == .scalar {
      // One number for all units stands in memory like a vector.
      guard let place = known[symbol.name], quantities[place].start.rank > 0,
        quantities[place].start.storage.count == 1
      else { continue }
      known[symbol.name] = reshaped(place, [])
    }
    let used = formula.symbols.compactMap { known[$0.name] }
    var values: [String: Tensor<Double>] = [:]
    for (name, place) in known { values[name] = quantities[place].start }
    let sizes = formula.symbols.sizes(in: values)
    let value = try formula.value(at: values, sizes: sizes)
    guard used.contains(where: { quantities[$0].moves }) else { return constant(value) }
    let name = try printer.print(
      formula, symbols: known.mapValues { quantities[$0].name }, sizes: sizes)
    return add(.formula(formula, known, sizes: sizes), value, moves: true, name)
  }

  /// Notes that an expression draws a function.
  mutating func countFunction(of expression: Int) {
    functionCounts[expression, default: 0] += 1
  }

  /// A formula as a function of one of its symbols, a number: one of those that an expression draws.
  ///
  /// Throws: `CalculusError` for what has no form in JavaScript.
  mutating func function(
    _ formula: Expression, of variable: Symbol, _ symbols: [String: Int], drawnBy expression: Int
  ) throws(CalculusError) {
    let used = formula.symbols.filter { $0 != variable }
    var values: [String: Tensor<Double>] = [:]
    for symbol in used { values[symbol.name] = symbols[symbol.name].map { quantities[$0].start } }
    let sizes = formula.symbols.sizes(in: values)
    let name = try printer.printFunction(
      formula, of: variable, symbols: symbols.mapValues { quantities[$0].name }, sizes: sizes)
    functionList.append(
      Function(
        expression: expression, name: name, formula: formula, variable: variable, symbols: symbols,
        sizes: sizes))
  }

  /// The functions that an expression draws, in their order, if all of them have a form here.
  func functions(of expression: Int) -> [Int] {
    let found = functionList.indices.filter { functionList[$0].expression == expression }
    return found.count == functionCounts[expression] ? found : []
  }

  /// A function's values at some places, where the quantities have some values; nan where it has none.
  func values(ofFunction place: Int, at x: [Double], _ values: [Tensor<Double>]) -> [Double] {
    let function = functionList[place]
    var known = function.symbols.mapValues { values[$0] }
    return x.map { x in
      known[function.variable.name] = .scalar(x)
      return (try? function.formula.value(at: known, sizes: function.sizes))?.storage[0] ?? .nan
    }
  }

  /// The sum of quantities of one shape.
  mutating func sum(_ parts: [Int]) throws(CalculusError) -> Int {
    guard parts.count > 1 else { return parts.first ?? constant(.scalar(0)) }
    let shape = ExpressionShape(start(of: parts[0]).sizes.map { .number($0) })
    let names = parts.indices.map { "part\($0)" }
    return try formula(
      .add(names.map { .symbol($0, shape) }),
      Dictionary(uniqueKeysWithValues: zip(names, parts)))
  }

  private mutating func add(_ step: Step, _ start: Tensor<Double>, moves: Bool, _ name: String)
    -> Int
  {
    quantities.append(Quantity(name: name, step: step, start: start, moves: moves))
    return quantities.count - 1
  }

  private func value(of step: Step, at settings: [Double]) -> Double {
    guard case .control(let place, let numbers) = step else { return .nan }
    return numbers.map { $0[Int(settings[place])] } ?? settings[place]
  }

  // MARK: - Running it

  /// All quantities at a setting of the controls.
  ///
  /// Throws: as the formulas' values.
  func values(at settings: [Double]) throws(CalculusError) -> [Tensor<Double>] {
    var values: [Tensor<Double>] = []
    for quantity in quantities {
      guard quantity.moves else {
        values.append(quantity.start)
        continue
      }
      switch quantity.step {
      case .constant(let value): values.append(value)
      case .control: values.append(.scalar(value(of: quantity.step, at: settings)))
      case .replacing(let old, let place, let other):
        var value = values[old]
        value.storage[place] = values[other].storage[0]
        values.append(value)
      case .reshaped(let old, let sizes):
        values.append(Tensor(Shape(sizes), values[old].storage))
      case .part(let old, let range, let sizes):
        values.append(Tensor(Shape(sizes), Array(values[old].storage[range])))
      case .stacked(let parts):
        values.append(
          Tensor(
            quantities[values.count].start.shape, parts.flatMap { values[$0].storage }))
      case .largest(let parts):
        values.append(
          .scalar(parts.flatMap { values[$0].storage }.reduce(0) { max($0, abs($1)) }))
      case .formula(let formula, let symbols, let sizes):
        values.append(
          try formula.value(at: symbols.mapValues { values[$0] }, sizes: sizes))
      }
    }
    return values
  }

  /// The body of a function in JavaScript of the settings `c`, which returns some entries.
  func script(_ entries: [Entry]) -> String {
    var needed: Set<Substring> = []
    var last: [String] = []
    for quantity in Set(entries.compactMap(\.quantity)).sorted() {
      last.append("const d\(quantity)=A.data(\(quantities[quantity].name));")
      needed.insert(quantities[quantity].name[...])
    }
    let texts = entries.map { entry in
      switch entry {
      case .number(let quantity, let place): return "d\(quantity)[\(place)]"
      case .numbers(let quantity, _, 1): return "d\(quantity)"
      case .numbers(let quantity, let from, let by):
        return "d\(quantity).filter((_,i)=>i%\(by)===\(from))"
      case .function(let place):
        needed.insert(functionList[place].name[...])
        return functionList[place].name
      }
    }
    // Only what the entries need.
    var lines: [String] = []
    for line in printer.lines.reversed() {
      let words = line.split { !$0.isLetter && !$0.isNumber }
      guard words.count > 1, needed.contains(words[1]) else { continue }
      needed.formUnion(words.dropFirst(2))
      lines.append(line)
    }
    let list = texts.joined(separator: ",")
    return (lines.reversed() + last).joined(separator: "\n") + "\nreturn [\(list)];"
  }
}

extension ExploreProgram.Entry {
  fileprivate var quantity: Int? {
    switch self {
    case .number(let quantity, _), .numbers(let quantity, _, _): quantity
    case .function: nil
    }
  }
}
