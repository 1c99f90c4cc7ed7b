/// Kernels over runs of numbers in memory: functions, products, passes of layers and updates, in SIMD.
///
/// Each is compiled for several instruction sets; which one runs is found once, at the first look at the processor.
/// Shape: matrices row by row, the last index running fastest.
#ifndef NABLA_CKERNELS_H
#define NABLA_CKERNELS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A function of one number, over a run of numbers.
typedef enum nabla_function : int32_t {
  nabla_function_identity,
  nabla_function_exp,
  nabla_function_ln,
  nabla_function_ln_one_plus,
  nabla_function_tanh,
  nabla_function_sigmoid,
  nabla_function_erf,
  nabla_function_sin,
  nabla_function_cos,
  nabla_function_sqrt,
  nabla_function_abs,
  /// max(x, 0).
  nabla_function_relu,
  /// x above 0, else parameter · x.
  nabla_function_leaky_relu,
} nabla_function;

/// Whether somebody has asked the running computation to stop.
typedef struct nabla_flag { bool raised; } nabla_flag;
static inline bool nabla_flag_is_raised(const nabla_flag *flag) {
  return __atomic_load_n(&flag->raised, __ATOMIC_RELAXED);
}
static inline void nabla_flag_set(nabla_flag *flag, bool value) {
  __atomic_store_n(&flag->raised, value, __ATOMIC_RELAXED);
}

/// The name of the instruction set that is used: avx512, avx2 or base.
const char *nabla_instruction_set(void);

/// How many threads the team has, the caller's among them: `NABLA_THREADS`, or the processor's.
long nabla_team_size(void);
/// Runs work(context, index) for every index below count, by all threads of the team, and returns when all is done.
/// The caller's thread alone where the team is at work already.
void nabla_team_run(void (*work)(void *context, long index), void *context, long count);
/// As many threads as this from now on, at most those of the machine's start; for tests.
void nabla_team_limit(long threads);

#define NABLA_REALS(REAL, SUFFIX)                                                                           \
  /** C = op(A)·op(B), or C + op(A)·op(B), with a bias on every row if there is one; false when the flag was \
      raised on the way. Element (i, p) of op(A) lies at a[i·a_row + p·a_column], and so for B.              \
      Shape: op(A) [m, k], op(B) [k, n], C [m, n], bias [n]. */                                             \
  typedef struct nabla_product_##SUFFIX {                                                                   \
    long m, n, k;                                                                                           \
    const REAL *a;                                                                                          \
    long a_row, a_column;                                                                                   \
    const REAL *b;                                                                                          \
    long b_row, b_column;                                                                                   \
    REAL *c;                                                                                                \
    long c_row;                                                                                             \
    bool adds;                                                                                              \
    const REAL *bias;                                                                                       \
    const nabla_flag *flag;                                                                                 \
  } nabla_product_##SUFFIX;                                                                                 \
  bool nabla_multiply_##SUFFIX(const nabla_product_##SUFFIX *product);                                      \
  /** y[i] = f(x[i]); y may be x. */                                                                        \
  void nabla_map_##SUFFIX(nabla_function function, REAL parameter, const REAL *x, REAL *y, long count);     \
  /** gz[i] = ga[i] · f′(z[i]), by z or by a = f(z), whichever is nearer; of functions that activate. */    \
  void nabla_pull_back_##SUFFIX(nabla_function function, REAL parameter, const REAL *z, const REAL *a,      \
                                const REAL *ga, REAL *gz, long count);                                      \
  /** The column sums of x, added to what is there if asked. Shape: x [m, n], sums [n]. */                  \
  void nabla_sum_columns_##SUFFIX(const REAL *x, long m, long n, REAL *sums, bool adds);

NABLA_REALS(double, f64)
NABLA_REALS(float, f32)
#endif
