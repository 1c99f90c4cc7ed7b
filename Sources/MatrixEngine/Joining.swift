import CKernels

/// What joins two numbers, where the kernels know it.
@usableFromInline package enum JoinOperation: Sendable {
  case add, subtract, multiply, divide, largest, smallest

  var code: nabla_operation {
    switch self {
    case .add: nabla_operation_add
    case .subtract: nabla_operation_subtract
    case .multiply: nabla_operation_multiply
    case .divide: nabla_operation_divide
    case .largest: nabla_operation_largest
    case .smallest: nabla_operation_smallest
    }
  }
}

/// Rows of numbers that lie apart, or one number a row that stands for all of it.
@usableFromInline package struct JoinOperand<Scalar: MatrixScalar> {
  var base: UnsafeMutablePointer<Scalar>
  let distance: Int
  var isSingle: Bool
}

extension JoinOperand<Double> {
  var f64: nabla_operand_f64 {
    nabla_operand_f64(numbers: base, distance: distance, is_single: isSingle)
  }
}

extension JoinOperand<Float> {
  var f32: nabla_operand_f32 {
    nabla_operand_f32(numbers: base, distance: distance, is_single: isSingle)
  }
}

/// An operand of several examples: its numbers in the first, how far those of the next are, and how they are broadcast.
package struct JoinedOperand<Scalar: MatrixScalar> {
  let rows: BufferRows<Scalar>
  let alignment: Alignment

  package init(_ rows: BufferRows<Scalar>, _ alignment: Alignment) {
    (self.rows, self.alignment) = (rows, alignment)
  }

  /// How many entries of a result belong to a run of this operand's, of `count` in all: along it, or for one entry.
  @inline(__always)
  fileprivate func segment(of count: Int) -> Int? {
    switch alignment {
    case .same, .single: count
    case .cycle(let length): length
    case .runs(let length): length
    case .places: nil
    }
  }

  /// What it is in the run of `length` entries from `start` on.
  @inline(__always)
  fileprivate func part(_ start: Int, _ length: Int) -> JoinOperand<Scalar> {
    let (place, isSingle) =
      switch alignment {
      case .same: (start, false)
      case .single, .places: (0, true)
      case .cycle(let length): (start % length, false)
      case .runs(let length): (start / length, true)
      }
    precondition(place + (isSingle ? 1 : length) <= rows.columns)
    return JoinOperand(base: rows.base + place, distance: rows.distance, isSingle: isSingle)
  }
}

/// How long the runs are in which each of two operands is a run of its own, or one entry; nil where they are not so
/// regular.
@inline(__always)
private func segment<Scalar>(
  of count: Int, _ a: JoinedOperand<Scalar>, _ b: JoinedOperand<Scalar>
) -> Int? {
  guard let first = a.segment(of: count), let second = b.segment(of: count) else { return nil }
  let (small, large) = (min(count, first, second), max(first, second))
  guard small > 0, large % small == 0 else { return nil }
  return small
}

extension BufferRows {
  /// Each row = a op b, broadcast; false where the operands lie too irregularly for the kernels, and nothing is done.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func join(
    _ operation: JoinOperation, _ a: JoinedOperand<Scalar>, _ b: JoinedOperand<Scalar>
  ) -> Bool {
    guard let length = segment(of: columns, a, b) else { return columns == 0 }
    precondition(a.rows.rows >= rows && b.rows.rows >= rows)
    for start in stride(from: 0, to: columns, by: length) {
      Scalar.join(
        operation, rows: rows, count: length, a.part(start, length), b.part(start, length),
        base + start, distance)
    }
    return true
  }

  /// target += these rows · ∂(a op b), by a or by b, where the target lies as that operand does; false as `join`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func pull(
    _ operation: JoinOperation, bySecond: Bool, _ a: JoinedOperand<Scalar>,
    _ b: JoinedOperand<Scalar>, into target: JoinedOperand<Scalar>
  ) -> Bool {
    guard let length = segment(of: columns, a, b) else { return columns == 0 }
    precondition(a.rows.rows >= rows && b.rows.rows >= rows && target.rows.rows >= rows)
    for start in stride(from: 0, to: columns, by: length) {
      let aim = target.part(start, length)
      Scalar.pullJoin(
        operation, bySecond: bySecond, rows: rows, count: length, a.part(start, length),
        b.part(start, length), JoinOperand(base: base + start, distance: distance, isSingle: false),
        aim.base, aim.distance, isSingle: aim.isSingle)
    }
    return true
  }
}
