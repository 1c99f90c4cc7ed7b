// Which variant runs: the best that the processor has, or a lesser one that NABLA_INSTRUCTIONS names.
#include "Kernels.h"
#include <stdlib.h>
#include <string.h>

#define NABLA_DECLARE(variant)                   \
  extern const nabla_table_f64 nabla_##variant##_f64; \
  extern const nabla_table_f32 nabla_##variant##_f32;
NABLA_DECLARE(base)
#if defined(__x86_64__)
NABLA_DECLARE(avx2)
NABLA_DECLARE(avx512)
#endif

static const nabla_table_f64 *kernels_f64 = &nabla_base_f64;
static const nabla_table_f32 *kernels_f32 = &nabla_base_f32;
static const char *instruction_set = "base";

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  const char *wish = getenv("NABLA_INSTRUCTIONS");
  if (wish && !strcmp(wish, "base")) return;
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
  kernels_f64 = &nabla_avx2_f64;
  kernels_f32 = &nabla_avx2_f32;
  instruction_set = "avx2";
  if (wish && !strcmp(wish, "avx2")) return;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")
      || !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bw")
      || !__builtin_cpu_supports("avx512cd"))
    return;
  kernels_f64 = &nabla_avx512_f64;
  kernels_f32 = &nabla_avx512_f32;
  instruction_set = "avx512";
#endif
}

const char *nabla_instruction_set(void) { return instruction_set; }

#define NABLA_ENTRIES(REAL, SUFFIX)                                                                         \
  bool nabla_multiply_##SUFFIX(const nabla_product_##SUFFIX *product) {                                     \
    return kernels_##SUFFIX->multiply(product);                                                             \
  }                                                                                                         \
  void nabla_map_##SUFFIX(nabla_function function, REAL parameter, const REAL *x, REAL *y, long count) {    \
    kernels_##SUFFIX->map(function, parameter, x, y, count);                                                \
  }                                                                                                         \
  void nabla_pull_back_##SUFFIX(nabla_function function, REAL parameter, const REAL *z, const REAL *a,      \
                                const REAL *ga, REAL *gz, long count) {                                     \
    kernels_##SUFFIX->pull_back(function, parameter, z, a, ga, gz, count);                                  \
  }                                                                                                         \
  void nabla_sum_columns_##SUFFIX(const REAL *x, long m, long n, REAL *sums, bool adds) {                   \
    kernels_##SUFFIX->sum_columns(x, m, n, sums, adds);                                                     \
  }                                                                                                         \
  void nabla_join_##SUFFIX(nabla_operation operation, long rows, long count, const nabla_operand_##SUFFIX *a, \
                           const nabla_operand_##SUFFIX *b, REAL *result, long distance) {                  \
    kernels_##SUFFIX->join(operation, rows, count, a, b, result, distance);                                 \
  }                                                                                                         \
  void nabla_pull_join_##SUFFIX(nabla_operation operation, bool by_second, long rows, long count,           \
                                const nabla_operand_##SUFFIX *a, const nabla_operand_##SUFFIX *b,           \
                                const nabla_operand_##SUFFIX *gradient, REAL *target, long distance,        \
                                bool is_single) {                                                           \
    kernels_##SUFFIX->pull_join(operation, by_second, rows, count, a, b, gradient, target, distance, is_single); \
  }                                                                                                         \
  REAL nabla_run_formula_##SUFFIX(const nabla_formula *formula, const REAL *const *inputs, const REAL *factors, \
                                  REAL factor, REAL *result, long count) {                                  \
    return kernels_##SUFFIX->formula(formula, inputs, factors, factor, result, count);                      \
  }
NABLA_ENTRIES(double, f64)
NABLA_ENTRIES(float, f32)

bool nabla_run_pass(nabla_pass *pass) {
  return pass->network->is_single ? kernels_f32->pass(pass) : kernels_f64->pass(pass);
}

bool nabla_run_update(const nabla_update *update) {
  return update->is_single ? kernels_f32->update(update) : kernels_f64->update(update);
}

void nabla_run_steps(nabla_steps *steps) {
  (steps->update->is_single ? kernels_f32->steps : kernels_f64->steps)(steps);
}
