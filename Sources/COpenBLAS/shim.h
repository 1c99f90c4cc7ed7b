/* The types of the two BLAS routines that the engine calls.
   The library itself is opened when the first large product needs it (BLASLibrary.swift):
   linking it would cost every start of the kernel some 3 ms and 3 MB, and a thread a core. */
#include <cblas.h>

typedef __typeof__(&cblas_dgemm) nabla_dgemm;
typedef __typeof__(&cblas_sgemm) nabla_sgemm;
typedef __typeof__(&openblas_set_num_threads) nabla_set_threads;
typedef __typeof__(&openblas_get_num_threads) nabla_get_threads;

static inline nabla_dgemm nabla_as_dgemm(void *symbol) { return (nabla_dgemm)symbol; }
static inline nabla_sgemm nabla_as_sgemm(void *symbol) { return (nabla_sgemm)symbol; }
static inline nabla_set_threads nabla_as_set_threads(void *symbol) {
  return (nabla_set_threads)symbol;
}
static inline nabla_get_threads nabla_as_get_threads(void *symbol) {
  return (nabla_get_threads)symbol;
}
