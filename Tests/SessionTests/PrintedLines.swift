import Testing

/// The lines of an explanation as it is printed, to be calculated again from the numbers in it.
struct PrintedLines {
  struct Line {
    let name: String
    /// What stands behind the equals signs, the value last.
    let sides: [String]
  }

  let lines: [Line]

  init(_ text: String) {
    var statements: [String] = []
    for line in text.split(separator: "\n") {
      let content = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
      let indent = content.prefix { $0 == " " }.count
      let words = content.drop { $0 == " " }
      guard !words.isEmpty else { continue }
      if indent <= 3, words.first != "=" {
        statements.append(String(words))
      } else if let last = statements.popLast() {
        statements.append(last + " " + words)
      }
    }
    lines = statements.map { statement in
      let sides = Self.sides(statement)
      return Line(name: sides[0], sides: Array(sides.dropFirst()))
    }
  }

  /// Parts between equals signs that stand in no brackets.
  private static func sides(_ text: String) -> [String] {
    var sides = [""]
    var depth = 0
    let characters = Array(text)
    for (place, character) in characters.enumerated() {
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      let neighbours = [place - 1, place + 1].compactMap { index in
        characters.indices.contains(index) ? characters[index] : nil
      }
      if character == "=", depth == 0, !neighbours.contains(where: "=<>!".contains) {
        sides.append("")
      } else {
        sides[sides.count - 1].append(character)
      }
    }
    return sides.map { $0.split(separator: " ").joined(separator: " ") }
  }

  /// Calculates every formula anew in `notebook`, where the quantities that lines have printed go by new names;
  /// `known` are those that no line prints, by what they are in the session. Returns how many formulas were compared.
  ///
  /// Throws: where a formula does not give the value that is printed behind it.
  func recalculate(
    in notebook: Notebook, known: [(name: String, expression: String)],
    tolerance: Double = 1e-9, _ about: String
  ) throws -> Int {
    var names: [(name: String, variable: String)] = []
    var defined = 0
    func define(_ name: String, _ expression: String) {
      // A name that is printed again gets another variable.
      let variable = "printed_\(defined)"
      defined += 1
      notebook.run("\(variable) = \(expression)")
      names.removeAll { $0.name == name }
      names.append((name, variable))
      names.sort { $0.name.count > $1.name.count }
    }
    func translated(_ formula: String) -> String {
      names.reduce(formula) { $0.replacing($1.name, with: $1.variable) }
    }
    for (name, expression) in known { define(name, expression) }
    var count = 0
    for line in lines {
      guard let value = line.sides.last else { continue }
      // Of larger arrays the value is not written out: their first formula stands for it.
      let words = value.replacing("inf", with: "").replacing("nan", with: "")
      let isNumbers = !words.contains { $0.isLetter && $0 != "e" }
      let formulas = isNumbers ? Array(line.sides.dropLast()) : line.sides
      let numbers = isNumbers ? try notebook.numbers(value) : nil
      var first: [Double]?
      for formula in formulas {
        let own = translated(withActivation(formula, in: line))
        // An h′ whose function is not printed; that of tanh′ is.
        let hasSlope = own.contains(#/(?:^|[^a-z_])h'/#)
        guard !own.contains("^["), !own.contains("∂"), !hasSlope else {
          throw Unknown(text: "\(about): \(line.name) = \(formula) has a name that is not printed")
        }
        let found = try notebook.numbers(own)
        let expected = numbers ?? first ?? found
        let scale = expected.map(abs).max() ?? 1
        guard found.count == expected.count,
          zip(found, expected).allSatisfy({ abs($0 - $1) <= tolerance * max(1, scale) || $0 == $1 })
        else {
          throw Unknown(text: "\(about): \(line.name) = \(formula) gives \(found), not \(expected)")
        }
        first = first ?? found
        count += numbers == nil && first == nil ? 0 : 1
      }
      if let formula = formulas.first ?? numbers.map({ _ in value }),
        !line.name.hasSuffix("]") || line.name.hasSuffix("]^") || isLayered(line.name)
      {
        define(line.name, isNumbers && numbers?.isEmpty == false ? value : translated(formula))
      }
    }
    return count
  }

  /// h′ is the slope of the function that the line of the layer's A has printed: of `A^[3] = tanh(Z^[3])` tanh′.
  private func withActivation(_ formula: String, in line: Line) -> String {
    guard formula.contains("h'("), let mark = line.name.firstRange(of: "Z^[") else {
      return formula
    }
    let z = String(line.name[mark.lowerBound...])
    let own = lines.first { $0.name == z.replacing("Z", with: "A") }?.sides.first
    guard let function = own?.split(separator: "(").first, own?.hasSuffix("(\(z))") == true else {
      return formula
    }
    return formula.replacing("h'(", with: "\(function)'(")
  }

  /// Whether a name ends with its layer, not with the place of an entry.
  private func isLayered(_ name: String) -> Bool {
    name.contains("^[") && name.split(separator: "^[").last?.filter { $0 == "]" }.count == 1
  }

  struct Unknown: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}
