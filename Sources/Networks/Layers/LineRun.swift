import Calculus
import MatrixEngine

/// A program at work on some examples, instruction by instruction, in memory that it was given.
struct LineRun<Scalar: MatrixScalar> {
  typealias Operand = LineProgram.Operand

  /// How many numbers an example takes: those of the next one stand behind them.
  let count: Int
  let constants: Buffer<Scalar>
  let parameters: Buffer<Scalar>
  /// The numbers of the examples. Shape: `[examples, count]`.
  let values: Buffer<Scalar>
  /// ∂L by them, and by the parameters; empty on the way forward.
  let gradients: Buffer<Scalar>
  let parameterGradients: Buffer<Scalar>
  /// Room for the largest result.
  let spare: Buffer<Scalar>
  /// Where the numbers begin of the example that is computed.
  var offset = 0

  /// Moves on to an example, from 0.
  @inline(__always)
  mutating func move(to example: Int) { offset = example * count }

  @inline(__always)
  func buffer(_ operand: Operand) -> Buffer<Scalar> {
    switch operand.region {
    case .example: values.part(offset + operand.start, operand.count)
    case .parameters: parameters.part(operand.start, operand.count)
    case .constants: constants.part(operand.start, operand.count)
    }
  }

  @inline(__always)
  func gradient(_ operand: Operand) -> Buffer<Scalar> {
    operand.region == .parameters
      ? parameterGradients.part(operand.start, operand.count)
      : gradients.part(offset + operand.start, operand.count)
  }

  // MARK: - Forward

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  mutating func forward(_ program: LineProgram, examples: Int) {
    for instruction in program.instructions {
      for example in 0..<examples {
        move(to: example)
        forward(instruction.step, buffer(instruction.result))
      }
    }
    move(to: 0)
  }

  @inline(__always)
  private func join(
    _ pair: LineProgram.Pair, _ result: Buffer<Scalar>, _ function: (Scalar, Scalar) -> Scalar
  ) {
    buffer(pair.a).join(pair.first, buffer(pair.b), pair.second, into: result, function)
  }

  private func forward(_ step: LineProgram.Step, _ result: Buffer<Scalar>) {
    switch step {
    case .add(let pair): join(pair, result) { $0 + $1 }
    case .subtract(let pair): join(pair, result) { $0 - $1 }
    case .multiply(let pair): join(pair, result) { $0 * $1 }
    case .divide(let pair): join(pair, result) { $0 / $1 }
    case .power(let pair): join(pair, result) { Scalar.pow($0, $1) }
    case .extremum(.max, let pair, _): join(pair, result) { $0 >= $1 ? $0 : $1 }
    case .extremum(.min, let pair, _): join(pair, result) { $0 <= $1 ? $0 : $1 }
    case .compare(let comparison, let pair):
      join(pair, result) { comparison.holds(Double($0), Double($1)) ? 1 : 0 }
    case .choose(let condition, let own, let pair):
      let c = buffer(condition)
      let (a, b) = (buffer(pair.a), buffer(pair.b))
      for i in 0..<result.count {
        result[i] = c[own.at(i)] != 0 ? a[pair.first.at(i)] : b[pair.second.at(i)]
      }
    case .apply(_, let kernel?, let a): buffer(a).map(kernel, into: result)
    case .apply(let function, nil, let a):
      buffer(a).map(into: result) { Scalar(function.value(Double($0))) }
    case .product(let product):
      DenseKernels.product(
        buffer(product.a), isTransposed: product.isATransposed, buffer(product.b),
        isTransposed: product.isBTransposed, into: result, m: product.m, k: product.k,
        n: product.n, adds: false)
    case .copy(let a): result.copy(from: buffer(a))
    case .gather(let a, let places, let filling):
      buffer(a).gather(places, into: result, filling: Scalar(filling))
    case .reduce(let reduction): reduce(reduction, into: result)
    case .softmax(let a, let width): buffer(a).softmax(width: width, into: result)
    case .pick(let choice):
      guard let place = place(choice) else { return result.fill(.nan) }
      result.copy(from: buffer(choice.of).part(place, choice.width))
    case .formula(let step): step.run(into: result) { buffer($0) }
    }
  }

  /// Where the part begins that is chosen; nil where there is none.
  private func place(_ choice: LineProgram.Choice) -> Int? {
    guard let index = Int(exactly: Double(buffer(choice.index)[0])), index >= 1,
      index <= choice.count
    else { return nil }
    return (index - 1) * choice.width
  }

  private func reduce(_ reduction: LineProgram.Reduction, into result: Buffer<Scalar>) {
    let (x, count, inner) = (buffer(reduction.of), reduction.count, reduction.inner)
    for outer in 0..<reduction.outer {
      for offset in 0..<inner {
        let start = outer * count * inner + offset
        func entry(_ i: Int) -> Scalar { x[start + i * inner] }
        var total: Scalar = 0
        switch reduction.kind {
        case .sum: for i in 0..<count { total += entry(i) }
        case .mean:
          for i in 0..<count { total += entry(i) }
          total /= Scalar(count)
        case .prod:
          total = 1
          for i in 0..<count { total *= entry(i) }
        case .norm:
          for i in 0..<count { total += entry(i) * entry(i) }
          total = total.squareRoot()
        case .variance, .deviation:
          total = variance(count, entry)
          if reduction.kind == .deviation { total = total.squareRoot() }
        case .max, .min: total = entry(best(reduction, entry))
        }
        result[outer * inner + offset] = total
      }
    }
  }

  @inline(__always)
  private func variance(_ count: Int, _ entry: (Int) -> Scalar) -> Scalar {
    var (mean, total): (Scalar, Scalar) = (0, 0)
    for i in 0..<count { mean += entry(i) }
    mean /= Scalar(count)
    for i in 0..<count { total += (entry(i) - mean) * (entry(i) - mean) }
    return total / Scalar(count)
  }

  /// The place of the first largest or smallest entry.
  @inline(__always)
  private func best(_ reduction: LineProgram.Reduction, _ entry: (Int) -> Scalar) -> Int {
    var (best, sign): (Int, Scalar) = (0, 1)
    if case .min = reduction.kind { sign = -1 }
    var found = sign * entry(0)
    for i in stride(from: 1, to: reduction.count, by: 1) {
      let next = sign * entry(i)
      if next > found { (best, found) = (i, next) }
    }
    return best
  }

  // MARK: - Back

  /// Adds to what the loss changes by with the operands, from what it changes by with the results.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  mutating func backward(_ program: LineProgram, examples: Int) {
    for instruction in program.instructions.reversed() where instruction.result.moves {
      for example in 0..<examples {
        move(to: example)
        backward(instruction.step, instruction.result)
      }
    }
    move(to: 0)
  }

  @inline(__always)
  private func pull(
    _ pair: LineProgram.Pair, _ g: Buffer<Scalar>, _ first: (Scalar, Scalar, Scalar) -> Scalar,
    _ second: (Scalar, Scalar, Scalar) -> Scalar
  ) {
    let (a, b) = (buffer(pair.a), buffer(pair.b))
    if pair.a.moves {
      a.pull(pair.first, b, pair.second, g, into: gradient(pair.a), as: pair.first, first)
    }
    if pair.b.moves {
      a.pull(pair.first, b, pair.second, g, into: gradient(pair.b), as: pair.second, second)
    }
  }

  private func backward(_ step: LineProgram.Step, _ result: Operand) {
    let g = gradient(result)
    switch step {
    case .add(let pair): pull(pair, g, { g, _, _ in g }, { g, _, _ in g })
    case .subtract(let pair): pull(pair, g, { g, _, _ in g }, { g, _, _ in -g })
    case .multiply(let pair): pull(pair, g, { g, _, b in g * b }, { g, a, _ in g * a })
    case .divide(let pair): pull(pair, g, { g, _, b in g / b }, { g, a, b in -g * a / (b * b) })
    case .power(let pair):
      pull(
        pair, g, { g, a, b in b == 0 ? 0 : g * b * Scalar.pow(a, b - 1) },
        { g, a, b in g * Scalar.pow(a, b) * Scalar.log(a) })
    case .extremum(let kind, let pair, let isFlat):
      let sign: Scalar = kind == .max ? 1 : -1
      pull(
        pair, g, { g, a, b in a == b ? (isFlat ? 0 : g) : sign * a > sign * b ? g : 0 },
        { g, a, b in a == b ? 0 : sign * a > sign * b ? 0 : g })
    case .compare: break
    case .choose(let condition, let own, let pair):
      let c = buffer(condition)
      for i in 0..<g.count {
        let isFirst = c[own.at(i)] != 0
        if isFirst, pair.a.moves { gradient(pair.a)[pair.first.at(i)] += g[i] }
        if !isFirst, pair.b.moves { gradient(pair.b)[pair.second.at(i)] += g[i] }
      }
    case .apply(_, let kernel?, let a):
      let spare = spare.part(0, g.count)
      g.pullBack(kernel, z: buffer(a), a: buffer(result), into: spare)
      gradient(a).add(spare)
    case .apply(let function, nil, let a):
      let (x, target) = (buffer(a), gradient(a))
      for i in 0..<g.count { target[i] += g[i] * Scalar(function.slope(Double(x[i])) ?? .nan) }
    case .product(let product): pull(product, g)
    case .copy(let a): if a.moves { gradient(a).add(g) }
    case .gather(let a, let places, _): g.scatter(places, into: gradient(a))
    case .reduce(let reduction): pull(reduction, g, buffer(result))
    case .softmax(let a, let width):
      buffer(result).pullSoftmax(width: width, g, into: gradient(a))
    case .pick(let choice):
      guard let place = place(choice) else { return }
      gradient(choice.of).part(place, choice.width).add(g)
    case .formula(let step):
      step.pull(g, { buffer($0) }, into: { gradient($0) })
    }
  }

  /// ∂L/∂A = ∂L/∂C · Bᵀ and ∂L/∂B = Aᵀ · ∂L/∂C, each as its operand is stored.
  private func pull(_ product: LineProgram.Product, _ g: Buffer<Scalar>) {
    let (m, k, n) = (product.m, product.k, product.n)
    let (a, b) = (buffer(product.a), buffer(product.b))
    let (isATurned, isBTurned) = (product.isATransposed, product.isBTransposed)
    if product.a.moves {
      let target = gradient(product.a)
      if isATurned {
        DenseKernels.product(
          b, isTransposed: isBTurned, g, isTransposed: true, into: target, m: k, k: n, n: m,
          adds: true)
      } else {
        DenseKernels.product(
          g, isTransposed: false, b, isTransposed: !isBTurned, into: target, m: m, k: n, n: k,
          adds: true)
      }
    }
    if product.b.moves {
      let target = gradient(product.b)
      if isBTurned {
        DenseKernels.product(
          g, isTransposed: true, a, isTransposed: isATurned, into: target, m: n, k: m, n: k,
          adds: true)
      } else {
        DenseKernels.product(
          a, isTransposed: !isATurned, g, into: target, m: k, k: m, n: n, adds: true)
      }
    }
  }

  private func pull(
    _ reduction: LineProgram.Reduction, _ g: Buffer<Scalar>, _ result: Buffer<Scalar>
  ) {
    let (x, target) = (buffer(reduction.of), gradient(reduction.of))
    let (count, inner) = (reduction.count, reduction.inner)
    for outer in 0..<reduction.outer {
      for offset in 0..<inner {
        let start = outer * count * inner + offset
        let (slope, value) = (g[outer * inner + offset], result[outer * inner + offset])
        func entry(_ i: Int) -> Scalar { x[start + i * inner] }
        switch reduction.kind {
        case .sum: for i in 0..<count { target[start + i * inner] += slope }
        case .mean:
          let share = slope / Scalar(count)
          for i in 0..<count { target[start + i * inner] += share }
        case .norm: for i in 0..<count { target[start + i * inner] += slope * entry(i) / value }
        case .max, .min: target[start + best(reduction, entry) * inner] += slope
        case .prod:
          for i in 0..<count {
            var others: Scalar = 1
            for j in 0..<count where j != i { others *= entry(j) }
            target[start + i * inner] += slope * others
          }
        case .variance, .deviation:
          var mean: Scalar = 0
          for i in 0..<count { mean += entry(i) }
          mean /= Scalar(count)
          let factor =
            slope / Scalar(count) * (reduction.kind == .variance ? 2 : 1 / value)
          for i in 0..<count { target[start + i * inner] += factor * (entry(i) - mean) }
        }
      }
    }
  }
}
