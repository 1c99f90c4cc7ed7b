import Calculus
import MatrixEngine

/// The passes of a layer that is known by its lines: its program, at work on a few examples after the other, or on all
/// at once where the lines are of all.
final class LinePasses<Scalar: MatrixScalar> {
  private let layer: any Layer
  private let memory: PassMemory<Scalar>
  private let quantities: [PassQuantity<Scalar>]
  private let parameterCount: Int
  /// The averages, and where each lies among the parameters.
  private let averages: [(quantity: String, start: Int, count: Int)]

  /// What the last pass ran, and of how many examples.
  private var state: State?
  private var rows = 0
  private var states: [StateKey: State] = [:]

  private struct StateKey: Hashable {
    let rows: Int
    let isTraining: Bool
  }

  /// How many examples of so many numbers go through an instruction together: so few that their numbers stay near the
  /// processor, and so many that looking at the instruction costs little.
  private static func together(_ count: Int) -> Int { min(max(8, 200_000 / max(count, 1)), 64) }

  /// A program with its memory.
  private struct State {
    let program: LineProgram
    let isTraining: Bool
    let constants: Buffer<Scalar>
    let values: Buffer<Scalar>
    let gradients: Buffer<Scalar>
    let spare: Buffer<Scalar>
    /// In how many parts the examples of a pass are worked on, each with memory of its own, by the threads of the team.
    let slots: Int
    /// How many examples a slot has memory for on the way back.
    let few: Int
    /// ∂L by the parameters from the slots but the first.
    let shares: Buffer<Scalar>
  }

  init(_ layer: any Layer, in memory: PassMemory<Scalar>) {
    self.layer = layer
    self.memory = memory
    parameterCount = layer.parameterCount
    var averages: [(quantity: String, start: Int, count: Int)] = []
    var start = 0
    for parameter in layer.parameters {
      if parameter.isAverage { averages.append((parameter.name, start, parameter.count)) }
      start += parameter.count
    }
    self.averages = averages
    // Lines that have no form give NaN, which is seen; a definition has tried them before.
    let program = layer.program(rows: 2, isTraining: false)
    // What grows with the batch has a part of every example.
    let larger = layer.seesWholeBatch ? layer.program(rows: 3, isTraining: false) : nil
    quantities =
      program.map { program in
        program.quantities.indices.map { place in
          let quantity = program.quantities[place]
          var sizes = quantity.sizes
          var isShared = false
          if layer.seesWholeBatch {
            isShared = larger?.quantities[place].sizes == sizes
            if !isShared { sizes.removeFirst() }
          }
          return memory.quantity(
            quantity.line.quantity, columns: sizes.reduce(1, *), sizes: sizes,
            member: quantity.line.member, isShared: isShared)
        }
      } ?? [memory.quantity(LayerLine.output, columns: layer.outputs, sizes: layer.outputSizes)]
  }

  var passes: LayerPasses<Scalar> {
    LayerPasses(
      quantities: quantities, endsEarly: memory.interrupt != nil,
      forward: { self.forward($0) }, backward: { self.backward($0) },
      moveAverages: averages.isEmpty ? nil : { self.moveAverages(in: $0) })
  }

  /// The program for a pass, in memory that is allocated with the first of its kind.
  private func state(rows: Int, isTraining: Bool) -> State? {
    let isTraining = isTraining && layer.linesInTraining != nil
    let key = StateKey(rows: layer.seesWholeBatch ? rows : 1, isTraining: isTraining)
    if let known = states[key] { return known }
    guard let program = layer.program(rows: key.rows, isTraining: isTraining),
      program.quantities.count == quantities.count
    else { return nil }
    let arena = memory.arena
    let few = min(memory.capacity, Self.together(program.count))
    let slots = slots(program)
    let runs = layer.seesWholeBatch ? 1 : memory.needsGradients ? memory.capacity : slots * few
    let runsBack = layer.seesWholeBatch ? 1 : slots * few
    let largest = program.instructions.map(\.result.count).max() ?? 0
    let state = State(
      program: program, isTraining: isTraining, constants: arena.allocate(program.constants),
      values: arena.allocate(runs * program.count),
      gradients: arena.allocate(memory.needsGradients ? runsBack * program.count : 0),
      spare: arena.allocate(slots * largest), slots: slots, few: few,
      shares: arena.allocate(memory.needsGradients ? (slots - 1) * parameterCount : 0))
    states[key] = state
    return state
  }

  /// From how many numbers of all examples on a second thread is worth its call.
  private static var fewestShared: Int { 60_000 }

  /// By the sizes alone, so that results do not depend on threads; what the calculus computes stays on one.
  private func slots(_ program: LineProgram) -> Int {
    let isLarge = memory.capacity >= 16 && memory.capacity * program.count >= Self.fewestShared
    guard !layer.seesWholeBatch, isLarge, !program.hasFormulas else { return 1 }
    return 2
  }

  /// The examples of each slot.
  private func parts(_ rows: Int, _ state: State) -> [Range<Int>] {
    let most = (rows + state.slots - 1) / state.slots
    return (0..<state.slots).map { min(rows, $0 * most)..<min(rows, ($0 + 1) * most) }
      .filter { !$0.isEmpty }
  }

  /// At work on some examples from one on, of which so many are known.
  private func run(
    _ state: State, slot: Int, from first: Int, _ examples: Int, parameters: Buffer<Scalar>,
    gradients: Buffer<Scalar>
  ) -> LineRun<Scalar> {
    let count = state.program.count
    let place = memory.needsGradients ? first : slot * state.few
    let spare = state.spare.count / state.slots
    let own = state.gradients.count / state.slots
    return LineRun(
      count: count, constants: state.constants, parameters: parameters,
      values: state.values.part(place * count, examples * count),
      gradients: state.gradients.part(slot * own, own), parameterGradients: gradients,
      spare: state.spare.part(slot * spare, spare))
  }

  /// The quantities that somebody looks at: in training the output alone.
  private var kept: Range<Int> {
    (memory.keepsQuantities || !averages.isEmpty ? 0 : quantities.count - 1)..<quantities.count
  }

  // MARK: - Forward

  private func forward(_ call: ForwardCall<Scalar>) {
    rows = call.rows
    state = state(rows: call.rows, isTraining: call.isTraining)
    guard let state else { return quantities[0].values.fill(.nan) }
    if layer.seesWholeBatch {
      let parameters = call.parameters
      let run = run(state, slot: 0, from: 0, 1, parameters: parameters, gradients: parameters)
      run.buffer(state.program.input).copy(from: call.x.part(0, call.rows * layer.inputs))
      run.forward(state.program, examples: 1)
      for place in kept {
        quantities[place].values.copy(from: run.buffer(state.program.quantities[place].operand))
      }
      return
    }
    let parts = parts(call.rows, state)
    Team.run(parts.count) { forward(call, state, slot: $0, parts[$0]) }
  }

  private func forward(
    _ call: ForwardCall<Scalar>, _ state: State, slot: Int, _ part: Range<Int>
  ) {
    let (inputs, parameters, masks) = (layer.inputs, call.parameters, layer.masks)
    for first in stride(from: part.lowerBound, to: part.upperBound, by: state.few) {
      if memory.interrupt?.isRaised ?? false { return }
      let examples = min(state.few, part.upperBound - first)
      var run = run(
        state, slot: slot, from: first, examples, parameters: parameters, gradients: parameters)
      for example in 0..<examples {
        let index = first + example
        run.move(to: example)
        run.buffer(state.program.input).copy(from: call.x.part(index * inputs, inputs))
        for (mask, place) in zip(masks, state.program.masks) {
          mask.fill(run.buffer(place), example: index, draw: memory.draws.number)
        }
      }
      run.forward(state.program, examples: examples)
      for place in kept {
        let (quantity, operand) = (quantities[place], state.program.quantities[place].operand)
        for example in 0..<examples {
          run.move(to: example)
          quantity.values.part((first + example) * quantity.columns, quantity.columns)
            .copy(from: run.buffer(operand))
        }
      }
    }
  }

  // MARK: - Back

  private func backward(_ call: BackwardCall<Scalar>) {
    if !call.adds { call.gradients.fill(0) }
    guard let state else { return }
    guard !layer.seesWholeBatch else {
      return backward(call, state, slot: 0, 0..<1, rows: call.rows, into: call.gradients)
    }
    let parts = parts(call.rows, state)
    let count = parameterCount
    let shares = state.shares.part(0, max(0, parts.count - 1) * count)
    shares.fill(0)
    Team.run(parts.count) { slot in
      backward(
        call, state, slot: slot, parts[slot], rows: 1,
        into: slot == 0 ? call.gradients : shares.part((slot - 1) * count, count))
    }
    for slot in parts.indices.dropFirst() where count > 0 {
      call.gradients.part(0, count).add(shares.part((slot - 1) * count, count))
    }
  }

  private func backward(
    _ call: BackwardCall<Scalar>, _ state: State, slot: Int, _ part: Range<Int>, rows: Int,
    into parameterGradients: Buffer<Scalar>
  ) {
    for first in stride(from: part.lowerBound, to: part.upperBound, by: state.few) {
      if memory.interrupt?.isRaised ?? false { return }
      let examples = min(state.few, part.upperBound - first)
      var run = run(
        state, slot: slot, from: first, examples, parameters: call.parameters,
        gradients: parameterGradients)
      run.gradients.part(0, examples * state.program.count).fill(0)
      for example in 0..<examples {
        run.move(to: example)
        let output = quantities[quantities.count - 1]
        let given = output.gradients.part(
          (first + example) * output.columns, rows * output.columns)
        if state.program.output.operand.moves, state.program.output.operand.region != .constants {
          run.gradient(state.program.output.operand).add(given)
        }
      }
      run.backward(state.program, examples: examples)
      for example in 0..<examples {
        run.move(to: example)
        keepGradients(run, state, at: first + example, rows: rows, call.inputGradient)
      }
    }
  }

  /// Copies what the loss changes by with the quantities of an example, or of all, to where it is looked for.
  @inline(__always)
  private func keepGradients(
    _ run: LineRun<Scalar>, _ state: State, at index: Int, rows: Int,
    _ inputGradient: Buffer<Scalar>?
  ) {
    for place in kept.dropLast() {
      let (quantity, operand) = (quantities[place], state.program.quantities[place].operand)
      let count = (quantity.isShared ? 1 : rows) * quantity.columns
      let target = quantity.gradients.part(quantity.isShared ? 0 : index * quantity.columns, count)
      if operand.region == .constants {
        target.fill(0)
      } else {
        target.copy(from: run.gradient(operand))
      }
    }
    inputGradient?.part(index * layer.inputs, rows * layer.inputs)
      .copy(from: run.gradient(state.program.input))
  }

  // MARK: - Averages

  /// How much of an average a pass in training leaves.
  private static var share: Scalar { 0.9 }

  private func moveAverages(in parameters: Buffer<Scalar>) {
    guard state?.isTraining ?? false else { return }
    for average in averages {
      guard let quantity = quantities.first(where: { $0.name == average.quantity }) else {
        continue
      }
      // Of a layer that sees one example, the mean over those of the pass.
      let rows = layer.seesWholeBatch ? 1 : self.rows
      for i in 0..<average.count {
        var sum: Scalar = 0
        for row in 0..<rows { sum += quantity.values[row * average.count + i] }
        parameters[average.start + i] =
          Self.share * parameters[average.start + i] + (1 - Self.share) * sum / Scalar(max(rows, 1))
      }
    }
  }
}

extension LineProgram {
  /// The lines of a layer of one example, or of a batch of so many where they are of all.
  ///
  /// Throws: `CalculusError` for lines that have no form.
  init(_ layer: any Layer, rows: Int, isTraining: Bool) throws(CalculusError) {
    let sizes = (layer.seesWholeBatch ? [rows] : []) + layer.inputSizes
    var count = sizes.reduce(1, *)
    let input = Operand(region: .example, start: 0, count: count, moves: true)
    var symbols = [layer.inputName: LineCompiler.Value(operand: input, sizes: sizes)]
    var start = 0
    for parameter in layer.parameters {
      symbols[parameter.symbolName] = LineCompiler.Value(
        operand: Operand(
          region: .parameters, start: start, count: parameter.count, moves: !parameter.isAverage),
        sizes: parameter.sizes)
      start += parameter.count
    }
    var masks: [Operand] = []
    for mask in layer.masks {
      let place = Operand(region: .example, start: count, count: mask.count, moves: false)
      masks.append(place)
      symbols[mask.name] = LineCompiler.Value(operand: place, sizes: mask.sizes)
      count += mask.count
    }
    var compiler = LineCompiler(count: count, rows: rows, symbols: symbols)
    for (name, value) in layer.constants { compiler.name(name, compiler.constant(value)) }
    let lines = isTraining ? layer.linesInTraining ?? layer.lines : layer.lines
    var quantities: [Quantity] = []
    for (place, line) in lines.enumerated() {
      let before = compiler.total
      var value = try compiler.value(of: line.formula)
      // A quantity has a derivative of its own, also where it is only another look at one before.
      if place < lines.count - 1, !compiler.isOwn(value, since: before) {
        value = compiler.owned(value)
      }
      compiler.close(line.quantity, value)
      quantities.append(Quantity(line: line, sizes: value.sizes, operand: value.operand))
    }
    // What comes out of nothing but parameters has memory of its own all the same.
    if let last = quantities.last, last.operand.region == .parameters {
      let own = compiler.owned(LineCompiler.Value(operand: last.operand, sizes: last.sizes))
      quantities[quantities.count - 1] = Quantity(
        line: last.line, sizes: last.sizes, operand: own.operand)
    }
    self.init(
      instructions: compiler.instructions, count: max(compiler.total, 1),
      constants: compiler.constants, input: input, masks: masks, quantities: quantities)
  }
}
