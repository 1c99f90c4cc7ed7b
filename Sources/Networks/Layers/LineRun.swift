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

  /// Does something for each example, with its numbers. An instruction is looked at once for all of them.
  @inline(__always)
  private func forEach(_ examples: Int, _ body: (LineRun) -> Void) {
    var run = self
    for example in 0..<examples {
      run.offset = example * count
      body(run)
    }
  }

  // MARK: - Forward

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func forward(_ program: LineProgram, examples: Int) {
    for index in program.instructions.indices {
      forward(program.instructions[index].step, program.instructions[index].result, examples)
    }
  }

  /// By the kernel of the operation, all examples at once; where there is none, by the function.
  private func join(
    _ pair: LineProgram.Pair, _ operation: JoinOperation?, _ result: Operand, _ examples: Int,
    _ function: (Scalar, Scalar) -> Scalar
  ) {
    if let operation,
      rows(result, examples).join(
        operation, joined(pair.a, pair.first, examples), joined(pair.b, pair.second, examples))
    {
      return
    }
    forEach(examples) { run in
      run.buffer(pair.a).join(
        pair.first, run.buffer(pair.b), pair.second, into: run.buffer(result), function)
    }
  }

  private func forward(_ step: LineProgram.Step, _ result: Operand, _ examples: Int) {
    switch step {
    case .add(let pair): join(pair, .add, result, examples) { $0 + $1 }
    case .subtract(let pair): join(pair, .subtract, result, examples) { $0 - $1 }
    case .multiply(let pair): join(pair, .multiply, result, examples) { $0 * $1 }
    case .divide(let pair): join(pair, .divide, result, examples) { $0 / $1 }
    case .power(let pair): join(pair, nil, result, examples) { Scalar.pow($0, $1) }
    case .extremum(.max, let pair, _):
      join(pair, .largest, result, examples) { $0 >= $1 ? $0 : $1 }
    case .extremum(.min, let pair, _):
      join(pair, .smallest, result, examples) { $0 <= $1 ? $0 : $1 }
    case .compare(let comparison, let pair):
      join(pair, nil, result, examples) { comparison.holds(Double($0), Double($1)) ? 1 : 0 }
    case .choose(let condition, let own, let pair):
      forEach(examples) { run in
        let (c, result) = (run.buffer(condition), run.buffer(result))
        let (a, b) = (run.buffer(pair.a), run.buffer(pair.b))
        for i in 0..<result.count {
          result[i] = c[own.at(i)] != 0 ? a[pair.first.at(i)] : b[pair.second.at(i)]
        }
      }
    case .apply(_, let kernel?, let a):
      forEach(examples) { $0.buffer(a).map(kernel, into: $0.buffer(result)) }
    case .apply(let function, nil, let a):
      forEach(examples) { run in
        run.buffer(a).map(into: run.buffer(result)) { Scalar(function.value(Double($0))) }
      }
    case .product(let product): multiply(product, result, examples)
    case .copy(let a): forEach(examples) { $0.buffer(result).copy(from: $0.buffer(a)) }
    case .gather(let a, let places, let filling):
      let filling = Scalar(filling)
      forEach(examples) {
        $0.buffer(a).gather(places, into: $0.buffer(result), filling: filling)
      }
    case .reduce(let reduction):
      forEach(examples) { $0.reduce(reduction, into: $0.buffer(result)) }
    case .softmax(let a, let width):
      forEach(examples) { $0.buffer(a).softmax(width: width, into: $0.buffer(result)) }
    case .pick(let choice):
      forEach(examples) { run in
        let result = run.buffer(result)
        guard let place = run.place(choice) else { return result.fill(.nan) }
        result.copy(from: run.buffer(choice.of).part(place, choice.width))
      }
    case .formula(let step):
      forEach(examples) { run in step.run(into: run.buffer(result)) { run.buffer($0) } }
    }
  }

  /// Rows of the examples, one each, times what is the same for all of them, are one product.
  private func multiply(_ product: LineProgram.Product, _ result: Operand, _ examples: Int) {
    let (m, k, n) = (product.m, product.k, product.n)
    guard product.isOfRows, examples > 1 else {
      return forEach(examples) { run in
        DenseKernels.product(
          run.buffer(product.a), isTransposed: product.isATransposed, run.buffer(product.b),
          isTransposed: product.isBTransposed, into: run.buffer(result), m: m, k: k, n: n,
          adds: false)
      }
    }
    DenseKernels.product(
      rows(product.a, examples), buffer(product.b), isTransposed: product.isBTransposed,
      into: rows(result, examples), adds: false)
  }

  /// A row for each example, of its numbers or of their derivatives; what is the same for all is one row.
  private func rows(_ operand: Operand, _ examples: Int, isGradient: Bool = false)
    -> BufferRows<Scalar>
  {
    let (memory, distance) =
      switch operand.region {
      case .example: (isGradient ? gradients : values, count)
      case .parameters: (isGradient ? parameterGradients : parameters, 0)
      case .constants: (constants, 0)
      }
    return BufferRows(
      memory, start: operand.start, rows: examples, columns: operand.count, distance: distance)
  }

  private func joined(
    _ operand: Operand, _ alignment: Alignment, _ examples: Int, isGradient: Bool = false
  ) -> JoinedOperand<Scalar> {
    JoinedOperand(rows(operand, examples, isGradient: isGradient), alignment)
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
    if reduction.kind == .max || reduction.kind == .min {
      return x.extremes(
        largest: reduction.kind == .max, outer: reduction.outer, count: count, inner: inner,
        into: result)
    }
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
        case .max, .min: break
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

  // MARK: - Back

  /// Adds to what the loss changes by with the operands, from what it changes by with the results.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backward(_ program: LineProgram, examples: Int) {
    for index in program.instructions.indices.reversed()
    where program.instructions[index].result.moves {
      backward(program.instructions[index].step, program.instructions[index].result, examples)
    }
  }

  /// As `join`.
  private func pull(
    _ pair: LineProgram.Pair, _ operation: JoinOperation?, _ result: Operand, _ examples: Int,
    _ first: (Scalar, Scalar, Scalar) -> Scalar, _ second: (Scalar, Scalar, Scalar) -> Scalar
  ) {
    if let operation, pull(pair, operation, result, examples) { return }
    forEach(examples) { run in
      let (a, b, g) = (run.buffer(pair.a), run.buffer(pair.b), run.gradient(result))
      if pair.a.moves {
        a.pull(pair.first, b, pair.second, g, into: run.gradient(pair.a), as: pair.first, first)
      }
      if pair.b.moves {
        a.pull(pair.first, b, pair.second, g, into: run.gradient(pair.b), as: pair.second, second)
      }
    }
  }

  /// By the kernel; false where the operands lie too irregularly, and nothing is done.
  private func pull(
    _ pair: LineProgram.Pair, _ operation: JoinOperation, _ result: Operand, _ examples: Int
  ) -> Bool {
    let g = rows(result, examples, isGradient: true)
    let a = joined(pair.a, pair.first, examples)
    let b = joined(pair.b, pair.second, examples)
    for (operand, alignment, isSecond) in [
      (pair.a, pair.first, false), (pair.b, pair.second, true),
    ] where operand.moves {
      guard
        g.pull(
          operation, bySecond: isSecond, a, b,
          into: joined(operand, alignment, examples, isGradient: true))
      else { return false }
    }
    return true
  }

  private func backward(_ step: LineProgram.Step, _ result: Operand, _ examples: Int) {
    switch step {
    case .add(let pair): pull(pair, .add, result, examples, { g, _, _ in g }, { g, _, _ in g })
    case .subtract(let pair):
      pull(pair, .subtract, result, examples, { g, _, _ in g }, { g, _, _ in -g })
    case .multiply(let pair):
      pull(pair, .multiply, result, examples, { g, _, b in g * b }, { g, a, _ in g * a })
    case .divide(let pair):
      pull(
        pair, .divide, result, examples, { g, _, b in g / b }, { g, a, b in -g * a / (b * b) })
    case .power(let pair):
      pull(
        pair, nil, result, examples, { g, a, b in b == 0 ? 0 : g * b * Scalar.pow(a, b - 1) },
        { g, a, b in g * Scalar.pow(a, b) * Scalar.log(a) })
    case .extremum(let kind, let pair, let isFlat):
      let sign: Scalar = kind == .max ? 1 : -1
      pull(
        pair, nil, result, examples,
        { g, a, b in a == b ? (isFlat ? 0 : g) : sign * a > sign * b ? g : 0 },
        { g, a, b in a == b ? 0 : sign * a > sign * b ? 0 : g })
    case .compare: break
    case .choose(let condition, let own, let pair):
      forEach(examples) { run in
        let (c, g) = (run.buffer(condition), run.gradient(result))
        for i in 0..<g.count {
          let isFirst = c[own.at(i)] != 0
          if isFirst, pair.a.moves { run.gradient(pair.a)[pair.first.at(i)] += g[i] }
          if !isFirst, pair.b.moves { run.gradient(pair.b)[pair.second.at(i)] += g[i] }
        }
      }
    case .apply(_, let kernel?, let a):
      forEach(examples) { run in
        let g = run.gradient(result)
        let spare = run.spare.part(0, g.count)
        g.pullBack(kernel, z: run.buffer(a), a: run.buffer(result), into: spare)
        run.gradient(a).add(spare)
      }
    case .apply(let function, nil, let a):
      forEach(examples) { run in
        let (x, target, g) = (run.buffer(a), run.gradient(a), run.gradient(result))
        for i in 0..<g.count { target[i] += g[i] * Scalar(function.slope(Double(x[i])) ?? .nan) }
      }
    case .product(let product): pull(product, result, examples)
    case .copy(let a): if a.moves { forEach(examples) { $0.gradient(a).add($0.gradient(result)) } }
    case .gather(let a, let places, _):
      forEach(examples) { $0.gradient(result).scatter(places, into: $0.gradient(a)) }
    case .reduce(let reduction):
      forEach(examples) { $0.pull(reduction, $0.gradient(result), $0.buffer(result)) }
    case .softmax(let a, let width):
      forEach(examples) {
        $0.buffer(result).pullSoftmax(width: width, $0.gradient(result), into: $0.gradient(a))
      }
    case .pick(let choice):
      forEach(examples) { run in
        guard let place = run.place(choice) else { return }
        run.gradient(choice.of).part(place, choice.width).add(run.gradient(result))
      }
    case .formula(let step):
      forEach(examples) { run in
        step.pull(run.gradient(result), { run.buffer($0) }, into: { run.gradient($0) })
      }
    }
  }

  /// ∂L/∂A = ∂L/∂C · Bᵀ and ∂L/∂B = Aᵀ · ∂L/∂C of all examples at once, where there is a row of each.
  private func pull(_ product: LineProgram.Product, _ result: Operand, _ examples: Int) {
    guard product.isOfRows, examples > 1 else {
      return forEach(examples) { $0.pull(product, $0.gradient(result)) }
    }
    let g = rows(result, examples, isGradient: true)
    if product.a.moves {
      DenseKernels.product(
        g, buffer(product.b), isTransposed: !product.isBTransposed,
        into: rows(product.a, examples, isGradient: true), adds: true)
    }
    if product.b.moves {
      let a = rows(product.a, examples)
      DenseKernels.product(
        transposed: product.isBTransposed ? g : a, product.isBTransposed ? a : g,
        into: gradient(product.b), adds: true)
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
    if reduction.kind == .max || reduction.kind == .min {
      return x.pullExtremes(
        largest: reduction.kind == .max, outer: reduction.outer, count: reduction.count,
        inner: reduction.inner, g, into: target)
    }
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
        case .norm:
          // At 0, where there is none, the gradient is 0, as that of relu at its kink.
          guard value != 0 else { continue }
          for i in 0..<count { target[start + i * inner] += slope * entry(i) / value }
        case .max, .min: break
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

extension LineProgram.Product {
  /// Whether it is a row of an example's own times what is the same for all of them.
  fileprivate var isOfRows: Bool {
    m == 1 && a.region == .example && b.region != .example
  }
}
