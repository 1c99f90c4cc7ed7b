// Formulas of numbers over many entries: instruction by instruction, over as many entries as stay in the first cache.

#if BITS == 64
/// Entries that an instruction takes at once.
#define BLOCK (16 * LANES)

/// r[i] of each i from the operands x, y and z at i.
#define EACH(VALUE)                                                                                         \
  {                                                                                                         \
    long i = 0;                                                                                             \
    for (; i + LANES <= count; i += LANES) {                                                                \
      const V x = NAMED(load)(a + i), y = NAMED(load)(b + i), z = NAMED(load)(c + i);                       \
      NAMED(store)(r + i, VALUE);                                                                           \
    }                                                                                                       \
    if (i < count) {                                                                                        \
      const long n = count - i;                                                                             \
      const V x = NAMED(load_some)(a + i, n), y = NAMED(load_some)(b + i, n), z = NAMED(load_some)(c + i, n); \
      NAMED(store_some)(r + i, VALUE, n);                                                                   \
    }                                                                                                       \
    break;                                                                                                  \
  }
#define WHERE(CONDITION) EACH(NAMED(choose)(CONDITION, (V)1, (V)0))

static void NAMED(run_instruction)(const nabla_instruction *instruction, const REAL *a, const REAL *b, const REAL *c,
                                   REAL *r, long count) {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-variable"
  switch (instruction->operation) {
  ARITHMETIC(EACH)
  case nabla_operation_less: WHERE(x < y)
  case nabla_operation_less_or_equal: WHERE(x <= y)
  case nabla_operation_equal: WHERE(x == y)
  case nabla_operation_not_equal: WHERE(x != y)
  case nabla_operation_choose: EACH(NAMED(choose)(x != 0, y, z))
  case nabla_operation_function:
    NAMED(map)(instruction->function, (REAL)instruction->parameter, a, r, count);
    break;
  case nabla_operation_power:
    for (long i = 0; i < count; i++) r[i] = pow(a[i], b[i]);
    break;
  case nabla_operation_given: instruction->given(instruction->context, a, r, count); break;
  }
#pragma clang diagnostic pop
}
#undef EACH
#undef WHERE

static REAL NAMED(formula)(const nabla_formula *formula, const REAL *const *inputs, const REAL *factors, REAL factor,
                           REAL *result, long count) {
  const long fixed = formula->inputs + formula->numbers, slots = fixed + formula->count;
  REAL *memory = nabla_scratch(3, (size_t)(slots + 1) * BLOCK * sizeof(REAL) + (size_t)slots * sizeof(REAL *));
  const REAL **places = (const REAL **)(memory + (slots + 1) * BLOCK);
  for (long s = 0; s < slots; s++) places[s] = memory + s * BLOCK;
  const long widest = count < BLOCK ? count : BLOCK;
  for (long s = 0; s < formula->numbers; s++) {
    REAL *place = memory + (formula->inputs + s) * BLOCK;
    for (long i = 0; i < widest; i++) place[i] = (REAL)formula->number[s];
  }
  V sum = 0;
  for (long start = 0; start < count; start += BLOCK) {
    const long n = count - start < BLOCK ? count - start : BLOCK;
    for (long s = 0; s < formula->inputs; s++) places[s] = inputs[s] + start;
    for (long s = 0; s < formula->count; s++) {
      const nabla_instruction *i = formula->instructions + s;
      NAMED(run_instruction)(i, places[i->a], places[i->b], places[i->c], memory + (fixed + s) * BLOCK, n);
    }
    const REAL *values = places[slots - 1];
    for (long i = 0; i < n; i += LANES) {
      const long lanes = n - i < LANES ? n - i : LANES;
      const V value = lanes < LANES ? NAMED(load_some)(values + i, lanes) : NAMED(load)(values + i);
      sum += value;
      if (!result) continue;
      V product = value * factor;
      if (factors) product *= NAMED(load_some)(factors + start + i, lanes);
      NAMED(store_some)(result + start + i, product, lanes);
    }
  }
  return NAMED(total)(sum);
}
#undef BLOCK
#else
/// In double precision, rounded at the end: a formula's parts may cancel.
static REAL NAMED(formula)(const nabla_formula *formula, const REAL *const *inputs, const REAL *factors, REAL factor,
                           REAL *result, long count) {
  enum { BLOCK = 512 };
  const long arrays = formula->inputs + 1;
  double *memory = nabla_scratch(4, (size_t)arrays * (BLOCK * sizeof(double) + sizeof(double *)));
  const double **wide = (const double **)(memory + arrays * BLOCK);
  for (long s = 0; s < arrays; s++) wide[s] = memory + s * BLOCK;
  double *values = memory + formula->inputs * BLOCK;
  double sum = 0;
  for (long start = 0; start < count; start += BLOCK) {
    const long n = count - start < BLOCK ? count - start : BLOCK;
    for (long s = 0; s < formula->inputs; s++)
      for (long i = 0; i < n; i++) memory[s * BLOCK + i] = inputs[s][start + i];
    sum += formula_f64(formula, wide, NULL, 1, values, n);
    if (!result) continue;
    if (factors)
      for (long i = 0; i < n; i++) result[start + i] = (REAL)values[i] * factor * factors[start + i];
    else
      for (long i = 0; i < n; i++) result[start + i] = (REAL)values[i] * factor;
  }
  return (REAL)sum;
}
#endif
