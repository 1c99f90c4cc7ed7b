import CKernels

/// A formula of numbers as a list of instructions, each of which runs over many entries at once: what computes a
/// function of one's own in the inner loop of training.
///
/// It computes in double precision, since its parts may cancel, and rounds to the precision of its buffers.
package struct EntryProgram: Sendable {
  /// What an instruction reads: an input, a number, or what an instruction before it gave.
  package enum Operand: Sendable {
    case input(Int)
    case number(Double)
    case result(Int)
  }

  package enum Instruction: Sendable {
    case add(Operand, Operand)
    case subtract(Operand, Operand)
    case multiply(Operand, Operand)
    case divide(Operand, Operand)
    case power(Operand, Operand)
    case largest(Operand, Operand)
    case smallest(Operand, Operand)
    case isLess(Operand, Operand)
    case isLessOrEqual(Operand, Operand)
    case isEqual(Operand, Operand)
    case isNotEqual(Operand, Operand)
    /// The second where the first is not 0, else the third.
    case choose(Operand, Operand, Operand)
    case function(VectorFunction, Operand)
    /// A function that no kernel knows, number by number.
    case given(@Sendable (Double) -> Double, Operand)
  }

  private let memory: Memory

  /// As the kernels read it, while this program lives.
  var record: UnsafePointer<nabla_formula> { UnsafePointer(memory.formula) }

  /// The value is what the last instruction gives. `inputs` is how many there are; a program has an instruction at least.
  package init(inputs: Int, _ instructions: [Instruction]) {
    precondition(!instructions.isEmpty)
    memory = Memory(inputs, instructions)
  }

  /// result[i] = factor · factors[i] · value[i]; the sum of the values. The result may be the memory of an input or of the
  /// factors. Shape: all `[n]`, the inputs `[≥ n]`.
  @discardableResult
  package func run<Scalar: MatrixScalar>(
    _ inputs: [Buffer<Scalar>], _ factor: Scalar = 1, times factors: Buffer<Scalar>? = nil,
    into result: Buffer<Scalar>
  ) -> Scalar {
    precondition(inputs.allSatisfy { $0.count >= result.count })
    precondition(factors.map { $0.count >= result.count } ?? true)
    return run(inputs, factors?.base, factor, result.base, result.count)
  }

  /// The sum of the values over `count` entries.
  package func sum<Scalar: MatrixScalar>(_ inputs: [Buffer<Scalar>], count: Int) -> Scalar {
    precondition(inputs.allSatisfy { $0.count >= count })
    return run(inputs, nil, 1, nil, count)
  }

  private func run<Scalar: MatrixScalar>(
    _ inputs: [Buffer<Scalar>], _ factors: UnsafeMutablePointer<Scalar>?, _ factor: Scalar,
    _ result: UnsafeMutablePointer<Scalar>?, _ count: Int
  ) -> Scalar {
    precondition(inputs.count == memory.formula.pointee.inputs)
    return withUnsafeTemporaryAllocation(
      of: Optional<UnsafePointer<Scalar>>.self, capacity: inputs.count
    ) { places in
      for (place, input) in inputs.enumerated() {
        places.initializeElement(at: place, to: UnsafePointer(input.base))
      }
      return withExtendedLifetime(memory) {
        Scalar.run(
          ProgramCall(formula: record), places.baseAddress, factors, factor, result, count)
      }
    }
  }
}

/// A program as the kernels read it.
@usableFromInline package struct ProgramCall {
  let formula: UnsafePointer<nabla_formula>
}

/// The records of a program, which live as long as it does.
///
/// Nothing writes to them once they are made, so any thread may read them.
private final class Memory: Sendable {
  nonisolated(unsafe) let formula = UnsafeMutablePointer<nabla_formula>.allocate(capacity: 1)
  private nonisolated(unsafe) let numbers: UnsafeMutablePointer<Double>
  private nonisolated(unsafe) let instructions: UnsafeMutablePointer<nabla_instruction>
  /// What the records refer to.
  private let functions: [GivenNumbers]

  init(_ inputs: Int, _ list: [EntryProgram.Instruction]) {
    var numbers: [Double] = []
    var functions: [GivenNumbers] = []
    for instruction in list {
      for case .number(let number) in instruction.parts.operands { numbers.append(number) }
    }
    self.numbers = .allocate(capacity: max(1, numbers.count))
    self.numbers.initialize(from: numbers, count: numbers.count)
    instructions = .allocate(capacity: list.count)
    var seen = 0
    for (place, instruction) in list.enumerated() {
      let (operation, operands) = instruction.parts
      let slots = operands.map { operand in
        switch operand {
        case .input(let number): return number
        case .number:
          seen += 1
          return inputs + seen - 1
        case .result(let number):
          precondition(number < place)
          return inputs + numbers.count + number
        }
      }
      var record = nabla_instruction()
      record.operation = operation
      record.a = slots[0]
      record.b = slots[min(1, slots.count - 1)]
      record.c = slots[slots.count - 1]
      switch instruction {
      case .function(let function, _):
        (record.function, record.parameter) = (function.code, function.parameter)
      case .given(let function, _):
        let body = GivenNumbers(function)
        functions.append(body)
        body.give(to: &record)
      default: break
      }
      (instructions + place).initialize(to: record)
    }
    formula.initialize(
      to: nabla_formula(
        inputs: inputs, numbers: numbers.count, count: list.count, number: self.numbers,
        instructions: instructions))
    self.functions = functions
  }

  deinit {
    formula.deallocate()
    numbers.deallocate()
    instructions.deallocate()
  }
}

/// A function of one number that the kernels call.
private final class GivenNumbers: Sendable {
  let function: @Sendable (Double) -> Double

  init(_ function: @escaping @Sendable (Double) -> Double) { self.function = function }

  /// The record refers to this object, which has to live as long.
  func give(to record: inout nabla_instruction) {
    record.context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    record.given = { context, x, y, count in
      guard let context, let x, let y else { return }
      let function = Unmanaged<GivenNumbers>.fromOpaque(context).takeUnretainedValue().function
      for i in 0..<count { y[i] = function(x[i]) }
    }
  }
}

extension EntryProgram.Instruction {
  fileprivate var parts: (operation: nabla_operation, operands: [EntryProgram.Operand]) {
    switch self {
    case .add(let a, let b): (nabla_operation_add, [a, b])
    case .subtract(let a, let b): (nabla_operation_subtract, [a, b])
    case .multiply(let a, let b): (nabla_operation_multiply, [a, b])
    case .divide(let a, let b): (nabla_operation_divide, [a, b])
    case .power(let a, let b): (nabla_operation_power, [a, b])
    case .largest(let a, let b): (nabla_operation_largest, [a, b])
    case .smallest(let a, let b): (nabla_operation_smallest, [a, b])
    case .isLess(let a, let b): (nabla_operation_less, [a, b])
    case .isLessOrEqual(let a, let b): (nabla_operation_less_or_equal, [a, b])
    case .isEqual(let a, let b): (nabla_operation_equal, [a, b])
    case .isNotEqual(let a, let b): (nabla_operation_not_equal, [a, b])
    case .choose(let a, let b, let c): (nabla_operation_choose, [a, b, c])
    case .function(_, let a): (nabla_operation_function, [a])
    case .given(_, let a): (nabla_operation_given, [a])
    }
  }
}
