// Functions over runs of numbers, and the sums of columns.

INLINE V NAMED(function)(const nabla_function function, REAL parameter, V x) {
  switch (function) {
  case nabla_function_identity: return x;
  case nabla_function_exp: return NAMED(exp)(x);
  case nabla_function_ln: return NAMED(ln)(x);
  case nabla_function_ln_one_plus: return NAMED(ln_one_plus)(x);
  case nabla_function_exp_minus_one: return NAMED(exp_minus_one)(x);
  case nabla_function_tanh: return NAMED(tanh)(x);
  case nabla_function_sigmoid: return NAMED(sigmoid)(x);
  case nabla_function_erf: return NAMED(erf)(x);
  case nabla_function_sin: return NAMED(sin)(x);
  case nabla_function_cos: return NAMED(cos)(x);
  case nabla_function_sqrt: return __builtin_elementwise_sqrt(x);
  case nabla_function_abs: return NAMED(magnitude)(x);
  // NaN is not below 0: it goes on.
  case nabla_function_relu: return NAMED(choose)(x <= 0, (V)0, x);
  case nabla_function_leaky_relu: return NAMED(choose)(x <= 0, x * parameter, x);
  }
  return x;
}

#define EACH_FUNCTION(DO)                                                                                   \
  switch (function) {                                                                                       \
  case nabla_function_identity: DO(nabla_function_identity) break;                                          \
  case nabla_function_exp: DO(nabla_function_exp) break;                                                    \
  case nabla_function_ln: DO(nabla_function_ln) break;                                                      \
  case nabla_function_ln_one_plus: DO(nabla_function_ln_one_plus) break;                                    \
  case nabla_function_exp_minus_one: DO(nabla_function_exp_minus_one) break;                                \
  case nabla_function_tanh: DO(nabla_function_tanh) break;                                                  \
  case nabla_function_sigmoid: DO(nabla_function_sigmoid) break;                                            \
  case nabla_function_erf: DO(nabla_function_erf) break;                                                    \
  case nabla_function_sin: DO(nabla_function_sin) break;                                                    \
  case nabla_function_cos: DO(nabla_function_cos) break;                                                    \
  case nabla_function_sqrt: DO(nabla_function_sqrt) break;                                                  \
  case nabla_function_abs: DO(nabla_function_abs) break;                                                    \
  case nabla_function_relu: DO(nabla_function_relu) break;                                                  \
  case nabla_function_leaky_relu: DO(nabla_function_leaky_relu) break;                                      \
  }

static void NAMED(map)(nabla_function function, REAL parameter, const REAL *x, REAL *y, long count) {
#define RUN(f)                                                                                              \
  {                                                                                                         \
    long i = 0;                                                                                             \
    for (; i + LANES <= count; i += LANES)                                                                  \
      NAMED(store)(y + i, NAMED(function)(f, parameter, NAMED(load)(x + i)));                               \
    if (i < count)                                                                                          \
      NAMED(store_some)(y + i, NAMED(function)(f, parameter, NAMED(load_some)(x + i, count - i)), count - i); \
  }
  EACH_FUNCTION(RUN)
#undef RUN
}

/// f′ by z or by a = f(z), of the functions that `pull_back` knows.
INLINE V NAMED(slope)(const nabla_function function, REAL parameter, V z, V a) {
  switch (function) {
  case nabla_function_exp: return a;
  case nabla_function_tanh: return 1 - a * a;
  case nabla_function_sigmoid: return a * (1 - a);
  case nabla_function_relu: return NAMED(choose)(z > 0, (V)1, (V)0);
  case nabla_function_leaky_relu: return NAMED(choose)(z > 0, (V)1, (V)parameter);
  default: return (V)1;
  }
}

static void NAMED(pull_back)(nabla_function function, REAL parameter, const REAL *z, const REAL *a,
                             const REAL *ga, REAL *gz, long count) {
#define RUN(f)                                                                                              \
  {                                                                                                         \
    long i = 0;                                                                                             \
    for (; i + LANES <= count; i += LANES)                                                                  \
      NAMED(store)(gz + i, NAMED(load)(ga + i) * NAMED(slope)(f, parameter, NAMED(load)(z + i),             \
                                                             NAMED(load)(a + i)));                          \
    if (i < count) {                                                                                        \
      const long n = count - i;                                                                             \
      NAMED(store_some)(gz + i, NAMED(load_some)(ga + i, n) * NAMED(slope)(f, parameter,                    \
                        NAMED(load_some)(z + i, n), NAMED(load_some)(a + i, n)), n);                        \
    }                                                                                                       \
  }
  switch (function) {
  case nabla_function_identity: RUN(nabla_function_identity) break;
  case nabla_function_exp: RUN(nabla_function_exp) break;
  case nabla_function_tanh: RUN(nabla_function_tanh) break;
  case nabla_function_sigmoid: RUN(nabla_function_sigmoid) break;
  case nabla_function_relu: RUN(nabla_function_relu) break;
  case nabla_function_leaky_relu: RUN(nabla_function_leaky_relu) break;
  default:
    // Whose slope nobody wrote down: no number rather than a wrong one.
    for (long i = 0; i < count; i++) gz[i] = (REAL)__builtin_nan("");
  }
#undef RUN
}
#undef EACH_FUNCTION

/// Rows one after the other, some columns at a time in registers.
static void NAMED(sum_columns)(const REAL *x, long m, long n, REAL *sums, bool adds) {
  long j = 0;
  for (; j + 4 * LANES <= n; j += 4 * LANES) {
    V s[4];
    UNROLLED for (int v = 0; v < 4; v++) s[v] = adds ? NAMED(load)(sums + j + v * LANES) : (V)0;
    for (long i = 0; i < m; i++)
      UNROLLED for (int v = 0; v < 4; v++) s[v] += NAMED(load)(x + i * n + j + v * LANES);
    UNROLLED for (int v = 0; v < 4; v++) NAMED(store)(sums + j + v * LANES, s[v]);
  }
  for (; j < n; j += LANES) {
    const long rest = n - j < LANES ? n - j : LANES;
    V s = adds ? NAMED(load_some)(sums + j, rest) : (V)0;
    for (long i = 0; i < m; i++) s += NAMED(load_some)(x + i * n + j, rest);
    NAMED(store_some)(sums + j, s, rest);
  }
}
