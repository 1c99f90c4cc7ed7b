// Two operands joined entry by entry, in several rows that lie apart; what has one entry stands for all of a row.

/// The entry of an operand at i, n of them.
#define AT(p, one) (one ? (V)p[0] : n < LANES ? NAMED(load_some)(p + i, n) : NAMED(load)(p + i))
/// Each row of entries, by vectors.
#define ROWS(BEFORE, BODY, AFTER)                                                                           \
  for (long row = 0; row < rows; row++) {                                                                   \
    BEFORE                                                                                                  \
    for (long i = 0; i < count; i += LANES) {                                                               \
      const long n = count - i;                                                                             \
      BODY                                                                                                  \
    }                                                                                                       \
    AFTER                                                                                                   \
  }                                                                                                         \
  break;

static void NAMED(join)(nabla_operation operation, long rows, long count, const OPERAND *a,
                        const OPERAND *b, REAL *result, long distance) {
#define JOIN(VALUE)                                                                                         \
  ROWS(const REAL *p = a->numbers + row * a->distance; const REAL *q = b->numbers + row * b->distance;      \
       REAL *r = result + row * distance;, const V x = AT(p, a->is_single); const V y = AT(q, b->is_single);  \
       if (n < LANES) NAMED(store_some)(r + i, VALUE, n); else NAMED(store)(r + i, VALUE);, )
  switch (operation) {
  ARITHMETIC(JOIN)
  default: break;
  }
#undef JOIN
}

/// target += gradient · ∂(a op b) by a, or by b.
static void NAMED(pull_join)(nabla_operation operation, bool by_second, long rows, long count,
                             const OPERAND *a, const OPERAND *b,
                             const OPERAND *gradient, REAL *target, long distance, bool is_single) {
#define PULL(VALUE)                                                                                         \
  ROWS(const REAL *p = a->numbers + row * a->distance; const REAL *q = b->numbers + row * b->distance;      \
       const REAL *d = gradient->numbers + row * gradient->distance; REAL *t = target + row * distance;     \
       V sum = 0;, const V x = AT(p, a->is_single); const V y = AT(q, b->is_single);                          \
       const V g = AT(d, gradient->is_single); (void)x; (void)y;                                            \
       if (is_single) sum += n < LANES ? NAMED(first_lanes)(VALUE, n) : VALUE;                                \
       else if (n < LANES) NAMED(store_some)(t + i, NAMED(load_some)(t + i, n) + VALUE, n);                   \
       else NAMED(store)(t + i, NAMED(load)(t + i) + VALUE);, if (is_single) t[0] += NAMED(total)(sum);)
  switch (operation) {
  case nabla_operation_add: PULL(g)
  case nabla_operation_subtract: PULL((by_second ? -g : g))
  case nabla_operation_multiply: PULL(g * (by_second ? x : y))
  case nabla_operation_divide: PULL((by_second ? -g * x / (y * y) : g / y))
  default: break;
  }
#undef PULL
}
#undef ROWS
#undef AT
