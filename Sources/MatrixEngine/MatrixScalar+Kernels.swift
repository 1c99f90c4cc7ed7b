import CKernels

extension Double {
  @usableFromInline package static func multiply(
    _ call: ProductCall<Double>, interrupt: InterruptFlag?
  ) -> Bool {
    var product = nabla_product_f64(
      m: call.m, n: call.n, k: call.k,
      a: call.a, a_row: call.isATransposed ? 1 : call.aDistance,
      a_column: call.isATransposed ? call.aDistance : 1,
      b: call.b, b_row: call.isBTransposed ? 1 : call.bDistance,
      b_column: call.isBTransposed ? call.bDistance : 1,
      c: call.c, c_row: call.cDistance, adds: call.accumulates, bias: call.bias,
      flag: interrupt.map { UnsafePointer($0.memory) })
    return withExtendedLifetime(interrupt) { nabla_multiply_f64(&product) }
  }

  @usableFromInline package static func map(
    _ function: VectorFunction, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>,
    _ count: Int
  ) { nabla_map_f64(function.code, Double(function.parameter), x, y, count) }

  @usableFromInline package static func pullBack(
    _ function: VectorFunction, _ z: UnsafePointer<Double>, _ a: UnsafePointer<Double>,
    _ ga: UnsafePointer<Double>, _ gz: UnsafeMutablePointer<Double>, _ count: Int
  ) { nabla_pull_back_f64(function.code, Double(function.parameter), z, a, ga, gz, count) }

  @usableFromInline package static func join(
    _ operation: JoinOperation, rows: Int, count: Int, _ a: JoinOperand<Double>,
    _ b: JoinOperand<Double>, _ result: UnsafeMutablePointer<Double>, _ distance: Int
  ) {
    var (a, b) = (a.f64, b.f64)
    nabla_join_f64(operation.code, rows, count, &a, &b, result, distance)
  }

  @usableFromInline package static func pullJoin(
    _ operation: JoinOperation, bySecond: Bool, rows: Int, count: Int, _ a: JoinOperand<Double>,
    _ b: JoinOperand<Double>, _ gradient: JoinOperand<Double>,
    _ target: UnsafeMutablePointer<Double>, _ distance: Int, isSingle: Bool
  ) {
    var (a, b, gradient) = (a.f64, b.f64, gradient.f64)
    nabla_pull_join_f64(
      operation.code, bySecond, rows, count, &a, &b, &gradient, target, distance, isSingle)
  }

  @usableFromInline package static func run(
    _ program: ProgramCall, _ inputs: UnsafePointer<UnsafePointer<Double>?>?,
    _ factors: UnsafePointer<Double>?, _ factor: Double, _ result: UnsafeMutablePointer<Double>?,
    _ count: Int
  ) -> Double {
    nabla_run_formula_f64(program.formula, inputs, factors, factor, result, count)
  }

  @usableFromInline package static func sumColumns(
    _ x: UnsafePointer<Double>, _ m: Int, _ n: Int, into sums: UnsafeMutablePointer<Double>,
    adds: Bool
  ) { nabla_sum_columns_f64(x, m, n, sums, adds) }
}

extension Float {
  @usableFromInline package static func multiply(
    _ call: ProductCall<Float>, interrupt: InterruptFlag?
  ) -> Bool {
    var product = nabla_product_f32(
      m: call.m, n: call.n, k: call.k,
      a: call.a, a_row: call.isATransposed ? 1 : call.aDistance,
      a_column: call.isATransposed ? call.aDistance : 1,
      b: call.b, b_row: call.isBTransposed ? 1 : call.bDistance,
      b_column: call.isBTransposed ? call.bDistance : 1,
      c: call.c, c_row: call.cDistance, adds: call.accumulates, bias: call.bias,
      flag: interrupt.map { UnsafePointer($0.memory) })
    return withExtendedLifetime(interrupt) { nabla_multiply_f32(&product) }
  }

  @usableFromInline package static func map(
    _ function: VectorFunction, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int
  ) { nabla_map_f32(function.code, Float(function.parameter), x, y, count) }

  @usableFromInline package static func pullBack(
    _ function: VectorFunction, _ z: UnsafePointer<Float>, _ a: UnsafePointer<Float>,
    _ ga: UnsafePointer<Float>, _ gz: UnsafeMutablePointer<Float>, _ count: Int
  ) { nabla_pull_back_f32(function.code, Float(function.parameter), z, a, ga, gz, count) }

  @usableFromInline package static func join(
    _ operation: JoinOperation, rows: Int, count: Int, _ a: JoinOperand<Float>,
    _ b: JoinOperand<Float>, _ result: UnsafeMutablePointer<Float>, _ distance: Int
  ) {
    var (a, b) = (a.f32, b.f32)
    nabla_join_f32(operation.code, rows, count, &a, &b, result, distance)
  }

  @usableFromInline package static func pullJoin(
    _ operation: JoinOperation, bySecond: Bool, rows: Int, count: Int, _ a: JoinOperand<Float>,
    _ b: JoinOperand<Float>, _ gradient: JoinOperand<Float>,
    _ target: UnsafeMutablePointer<Float>, _ distance: Int, isSingle: Bool
  ) {
    var (a, b, gradient) = (a.f32, b.f32, gradient.f32)
    nabla_pull_join_f32(
      operation.code, bySecond, rows, count, &a, &b, &gradient, target, distance, isSingle)
  }

  @usableFromInline package static func run(
    _ program: ProgramCall, _ inputs: UnsafePointer<UnsafePointer<Float>?>?,
    _ factors: UnsafePointer<Float>?, _ factor: Float, _ result: UnsafeMutablePointer<Float>?,
    _ count: Int
  ) -> Float {
    nabla_run_formula_f32(program.formula, inputs, factors, factor, result, count)
  }

  @usableFromInline package static func sumColumns(
    _ x: UnsafePointer<Float>, _ m: Int, _ n: Int, into sums: UnsafeMutablePointer<Float>,
    adds: Bool
  ) { nabla_sum_columns_f32(x, m, n, sums, adds) }
}
