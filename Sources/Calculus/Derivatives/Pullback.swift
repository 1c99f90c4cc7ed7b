/// The way back through a formula as a worksheet goes it: operation by operation, in matrix notation.
///
/// `derivative(by:)` finds the shortest formula, in index notation; this one keeps the operations of the formula that it
/// goes back through, arrays of three and more indices among them. What a function of several quantities is taken of
/// gets a line of its own.
package struct Pullback {
  /// ∂L by what a function is taken of, under a name.
  package typealias Step = (symbol: Symbol, formula: Expression)

  /// ∂L by the symbols, from every place where they stand.
  package private(set) var shares: [Symbol: [GradientShare]] = [:]
  /// In the order of the way back.
  package private(set) var steps: [Step] = []
  private let moving: Set<Symbol>
  private let whole: Expression
  /// Parts that have a name: the whole, and what it lists.
  private var names: [Fingerprint: Expression]
  private let name: (Int, ExpressionShape) -> Symbol?

  /// Goes back through `formula`, which is called `value`, from ∂L by it, to the symbols in `moving`; `name` says what
  /// the ∂L on the way are called, counted from 1, or nil: they stay in the formulas.
  ///
  /// Throws: `CalculusError` where there is no derivative.
  package init(
    _ formula: Expression, value: Expression, gradient: Expression, by moving: Set<Symbol>,
    name: @escaping (Int, ExpressionShape) -> Symbol? = { _, _ in nil }
  ) throws(CalculusError) {
    whole = formula.withoutNames
    names = [whole.fingerprint: value]
    self.moving = moving
    self.name = name
    try pull(whole, gradient)
  }

  private func moves(_ part: Expression) -> Bool { !moving.isDisjoint(with: part.symbols) }

  /// What a part is called, or itself.
  private func named(_ part: Expression) -> Expression { names[part.fingerprint] ?? part }

  // MARK: - Operations

  /// `g` is ∂L by the part, or is stretched to it.
  private mutating func pull(_ part: Expression, _ g: Expression) throws(CalculusError) {
    guard moves(part) else { return }
    switch part.node {
    case .symbol(let symbol):
      shares[symbol, default: []].append(GradientShare(try g.stretched(to: part.shape)))
    case .named(_, let a), .steps(_, let a): try pull(a, g)
    case .add(let parts):
      for a in parts where moves(a) { try pull(a, g.gathered(from: part.shape, to: a.shape)) }
    case .multiply(let parts):
      for (place, a) in parts.enumerated() where moves(a) {
        let others = parts.removing(at: place)
        try pull(a, Expression.times([g] + others).gathered(from: part.shape, to: a.shape))
      }
    case .divide(let a, let b):
      if moves(a) { try pull(a, Expression.divide(g, b).gathered(from: part.shape, to: a.shape)) }
      guard moves(b) else { return }
      let shrinking =
        if let own = names[part.fingerprint] {
          try Expression.divide(.times([g, own]), b)
        } else {
          try Expression.divide(.times([g, a]), .power(b, 2))
        }
      try pull(b, Expression.negate(shrinking).gathered(from: part.shape, to: b.shape))
    case .power(let a, let b):
      guard let exponent = b.number, !moves(b) else { return try pullAsWhole(part, g) }
      // ‖u‖² is a sum of squares, which has a derivative at 0 too.
      if exponent == Number(2), case .reduce(.norm, let u, let axis) = a.node {
        return try pull(u, .times([2, g.spread(along: axis, over: u.shape), u]))
      }
      let inner = try exponent == Number(2) ? a : .power(a, .number(exponent - .one))
      try pull(a, Expression.times([g, b, inner]).gathered(from: part.shape, to: a.shape))
    case .function(let function, let a):
      let slope = try slope(function, a, of: part)
      if case .divide(let one, let divisor) = slope.node, one.number == .one {
        try pull(a, step(a, .divide(g, divisor)))
      } else {
        try pull(a, step(a, .times([g, slope])))
      }
    case .softmax(let a):
      try pull(a, step(a, throughSoftmax(named(part), g.stretched(to: part.shape))))
    case .extremum(let kind, let a, let b): try pullExtremum(kind, a, b, g, part.shape)
    case .choose(let condition, let a, let b):
      try pull(a, Expression.times([g, condition]).gathered(from: part.shape, to: a.shape))
      try pull(
        b, Expression.times([g, condition.opposite]).gathered(from: part.shape, to: b.shape))
    case .product(let a, let b): try pullProduct(a, b, g.stretched(to: part.shape))
    case .transpose(let a):
      let all = try g.stretched(to: part.shape)
      if case .transpose(let vector) = a.node, vector.shape.isVector {
        try pull(vector, all.asEntries(vector.shape))
      } else {
        try pull(a, a.shape.isVector ? all.asEntries(a.shape) : all.turned())
      }
    case .reduce(let kind, let a, let axis): try pullReduction(kind, a, axis, g, part)
    case .diagonal(let a): try pull(a, .diagonal(g.stretched(to: part.shape)))
    case .compare, .position: return
    default: try pullPlaces(part, g)
    }
  }

  /// Operations that move entries.
  private mutating func pullPlaces(_ part: Expression, _ g: Expression) throws(CalculusError) {
    switch part.node {
    case .list(let parts):
      let all = try g.stretched(to: part.shape)
      let name = names[part.fingerprint]
      for (place, a) in parts.enumerated() where moves(a) {
        if let name { names[a.fingerprint] = try name.slice(place + 1) }
        try pull(a, all.slice(place + 1))
      }
    case .entry(let a, let indices): try pullEntry(a, indices, g.stretched(to: part.shape))
    case .array(let index, let size, let body):
      let all = try g.stretched(to: part.shape)
      let name = names[part.fingerprint]
      for place in 0..<(try count(size, part)) {
        let a = try body.replacing(index: index, by: place + 1)
        if let name { names[a.fingerprint] = try name.slice(place + 1) }
        try pull(a, all.slice(place + 1))
      }
    case .indexSum(let index, let from, let to, let body):
      for place in stride(from: from, through: try count(to, part), by: 1) {
        try pull(body.replacing(index: index, by: place), g)
      }
    case .arranged(let kind, let parts):
      try pullArranged(kind, parts, g.stretched(to: part.shape), part)
    default: try pullAsWhole(part, g)
    }
  }

  private static let mostTurns = 64

  private func count(_ size: Dimension, _ part: Expression) throws(CalculusError) -> Int {
    guard let count = size.count, count <= Self.mostTurns else {
      throw .unsupported("\(part.text) is too long to be written out")
    }
    return count
  }

  /// By the index calculus, where an operation has no rule here.
  private mutating func pullAsWhole(_ part: Expression, _ g: Expression) throws(CalculusError) {
    let gradient = Symbol("∂", part.shape)
    let given = try g.stretched(to: part.shape)
    for symbol in part.symbols where moving.contains(symbol) {
      let slope = try part.indexedPullback(by: symbol, gradient: .symbol(gradient))
      shares[symbol, default: []].append(
        GradientShare(try slope.substituting([gradient: given])))
    }
  }

  /// ∂L by what a function is taken of, under a name where several things go on from there.
  private mutating func step(_ argument: Expression, _ g: Expression) throws(CalculusError)
    -> Expression
  {
    let leaves = argument.parts.filter {
      if case .symbol(let symbol) = $0.node { moving.contains(symbol) } else { false }
    }
    guard leaves.count > 1, let symbol = name(steps.count + 1, argument.shape) else { return g }
    steps.append((symbol, try g.stretched(to: argument.shape)))
    return .symbol(symbol)
  }

  /// f′ of the argument, by the value of f where that says it.
  private func slope(_ function: ElementFunction, _ a: Expression, of part: Expression)
    throws(CalculusError) -> Expression
  {
    if let refusal = function.refusal { throw refusal }
    let u = function.argument
    let own = Expression.function(function, .symbol(u))
    let found: Expression
    if let stated = function.slope {
      found = stated
    } else {
      found = try own.derivative(by: u).expression
    }
    let result = Symbol("f(\(u.name))")
    let byValue = try found.replacingParts { $0 == own ? .symbol(result) : nil }
    return try byValue.mappedByCases([u: a, result: named(part)])
  }

  /// s ⊙ (g − Σ g ⊙ s), the sum along the last index.
  private func throughSoftmax(_ s: Expression, _ g: Expression) throws(CalculusError)
    -> Expression
  {
    let weighted = try Expression.times([g, s])
    let sizes = s.shape.dimensions
    let sum: Expression
    switch sizes.count {
    case 1: sum = try .dot(g, s)
    case 2: sum = try .column(.reduce(.sum, weighted, axis: 2))
    default:
      sum = try .arranged(
        .reshape(ExpressionShape(sizes.dropLast() + [.number(1)])),
        [.reduce(.sum, weighted, axis: sizes.count)])
    }
    return try .times([s, .subtract(g, sum)])
  }

  /// At a tie nothing moves where one of the two is constant, else the first.
  private mutating func pullExtremum(
    _ kind: Extremum, _ a: Expression, _ b: Expression, _ g: Expression, _ shape: ExpressionShape
  ) throws(CalculusError) {
    let isFlat =
      a.symbols.allSatisfy { $0.isOuter || !moving.contains($0) }
      || b.symbols.allSatisfy { $0.isOuter || !moving.contains($0) }
    let first: Comparison = kind == .max ? .greater : .less
    let wins = try Expression.compare(isFlat ? first : first.negated.mirrored, a, b)
    let loses = try Expression.compare(first, b, a)
    try pull(a, Expression.times([g, wins]).gathered(from: shape, to: a.shape))
    try pull(b, Expression.times([g, loses]).gathered(from: shape, to: b.shape))
  }

  private mutating func pullProduct(_ a: Expression, _ b: Expression, _ g: Expression)
    throws(CalculusError)
  {
    let (byA, byB): (Expression, Expression)
    switch (a.shape, b.shape) {
    case (.vector, .vector): (byA, byB) = (try .times([g, b]), try .times([g, a]))
    case (.vector, .matrix(let m, _)) where m.isOne:
      (byA, byB) = (try .product(g, b.asVector()), try .transpose(.product(a, g)))
    case (.vector, _): (byA, byB) = (try .product(b, g), try .product(a, .transpose(g)))
    case (.matrix(let m, _), .vector) where m.isOne && g.shape == .scalar:
      (byA, byB) = (try .times([g, .transpose(b)]), try .times([g, a.asVector()]))
    case (_, .vector):
      (byA, byB) = (try .product(g, .transpose(b)), try .product(a.turned(), g))
    default: (byA, byB) = (try .product(g, b.turned()), try .product(a.turned(), g))
    }
    try pull(a, byA)
    try pull(b, byB)
  }

  private mutating func pullReduction(
    _ kind: ExpressionReduction, _ a: Expression, _ axis: Int?, _ g: Expression, _ part: Expression
  ) throws(CalculusError) {
    let back = try g.spread(along: axis, over: a.shape)
    let sizes = axis.map { [a.shape.dimensions[$0 - 1]] } ?? a.shape.dimensions
    let count = sizes.reduce(.number(1), *)
    func distance() throws(CalculusError) -> Expression {
      try .subtract(a, Expression.reduce(.mean, a, axis: axis).spread(along: axis, over: a.shape))
    }
    switch kind {
    case .sum: try pull(a, back)
    case .mean: try pull(a, .divide(back, .size(count)))
    case .variance: try pull(a, .divide(.times([2, back, distance()]), .size(count)))
    case .deviation:
      let deviation = try named(part).spread(along: axis, over: a.shape)
      try pull(a, .divide(.times([back, distance()]), .times([.size(count), deviation])))
    case .norm:
      try pull(a, .divide(.times([back, a]), named(part).spread(along: axis, over: a.shape)))
    case .max, .min: try pull(a, a.best(kind == .max ? .max : .min, axis, taking: g))
    case .prod: try pullAsWhole(part, g)
    }
  }

  private mutating func pullEntry(_ a: Expression, _ indices: [EntryIndex], _ g: Expression)
    throws(CalculusError)
  {
    var places: [GradientShare.Place] = []
    for (axis, index) in indices.enumerated() {
      switch index {
      case .all: places.append(.all)
      case .range(let first, let last):
        guard let from = first.expression.wholeNumber, let to = last.expression.wholeNumber else {
          return try pullAsWhole(.entry(a, indices), g)
        }
        places.append(.from(from, to))
      case .value(let position):
        if let number = position.wholeNumber {
          places.append(.one(number))
          continue
        }
        // A row that a number chooses.
        let rest = indices.dropFirst()
        guard axis == 0, rest.allSatisfy({ if case .all = $0 { true } else { false } }),
          rest.count < 2
        else { return try pullAsWhole(.entry(a, indices), g) }
        let chosen = try Expression.entry(
          .identity(a.shape.dimensions[0]), [.value(position), .all])
        return try pull(
          a, rest.isEmpty ? .times([g, chosen]) : .product(chosen, .transpose(g)))
      }
    }
    let share = GradientShare(g, at: places)
    if case .symbol(let symbol) = a.node {
      shares[symbol, default: []].append(share)
    } else {
      try pull(a, GradientShare.sum([share], a.shape))
    }
  }

  private mutating func pullArranged(
    _ kind: Arrangement, _ parts: [Expression], _ g: Expression, _ whole: Expression
  ) throws(CalculusError) {
    switch kind {
    case .reshape: try pull(parts[0], g.reshaped(to: parts[0].shape))
    case .windows(let windows):
      try pull(
        parts[0],
        .arranged(
          .overlap(
            Windows(sizes: windows.sizes, strides: windows.strides, padding: windows.padding),
            parts[0].shape), [g]))
    case .overlap(let windows, _): try pull(parts[0], .arranged(.windows(windows), [g]))
    case .concat, .vstack, .hstack:
      var start = Dimension.number(1)
      let axis = kind == .hstack ? 1 : 0
      for part in parts {
        let size = part.shape.dimensions.isEmpty ? .number(1) : part.shape.dimensions[axis]
        var indices = g.shape.dimensions.map { _ in EntryIndex.all }
        indices[axis] =
          part.shape == .scalar
          ? .value(start.expression) : .range(start, start + size - .number(1))
        try pull(part, .entry(g, indices))
        start = start + size
      }
    case .kron, .cross, .cumsum: try pullAsWhole(whole, g)
    }
  }
}

extension Expression {
  /// ∂L by a symbol of this formula, where `gradient` is ∂L by the formula itself.
  ///
  /// Shape: the symbol's. Throws: `CalculusError` where there is no derivative.
  package func pulledBack(by symbol: Symbol, gradient: Expression) throws(CalculusError)
    -> Expression
  {
    do {
      return try indexedPullback(by: symbol, gradient: gradient)
    } catch {
      // Arrays of more indices than index notation has a form for.
      guard case .unsupported = error,
        let back = try? Pullback(self, value: self, gradient: gradient, by: [symbol])
      else { throw error }
      return try GradientShare.sum(back.shares[symbol] ?? [], symbol.shape)
    }
  }

  /// The same by the index calculus alone.
  fileprivate func indexedPullback(by symbol: Symbol, gradient: Expression) throws(CalculusError)
    -> Expression
  {
    let slope = try Expression.reduce(.sum, .multiply([gradient, self])).derivative(by: symbol)
      .expression
    guard case .vector = symbol.shape, case .matrix = slope.shape else { return slope }
    if case .transpose(let inner) = slope.node { return inner }
    return try slope.asVector().simplified()
  }
}
