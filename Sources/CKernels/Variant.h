// All kernels for one instruction set, which the including file names.
//
// Defined there: VARIANT, VECTOR_BYTES, HAS_FMA, TILE_ROWS, and TARGET where the compiler's own target is not enough.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include "Kernels.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")
// Nothing is contracted but where fma is written: results do not depend on the compiler's choices.
#pragma clang fp contract(off)
#ifdef TARGET
#pragma clang attribute push(TARGET, apply_to = function)
#endif

#if VECTOR_BYTES == 32
static const long long lane_mask64[8] = {-1, -1, -1, -1};
static const int lane_mask32[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
#endif

#define LANES_f64 (VECTOR_BYTES / 8)

/// A case for each operation that vector arithmetic has, with what it makes of x and y.
#define ARITHMETIC(RESULT)                                                                                  \
  case nabla_operation_add: RESULT(x + y)                                                                   \
  case nabla_operation_subtract: RESULT(x - y)                                                              \
  case nabla_operation_multiply: RESULT(x * y)                                                              \
  case nabla_operation_divide: RESULT(x / y)                                                                \
  case nabla_operation_largest: RESULT(NAMED(choose)(x >= y, x, y))                                         \
  case nabla_operation_smallest: RESULT(NAMED(choose)(x <= y, x, y))

#define REAL double
#define INTEGER int64_t
#define UNSIGNED uint64_t
#define BITS 64
#define SUFFIX f64
#define OPERAND nabla_operand_f64
#define NAMED(name) name##_f64
#include "Reals.h"
#include "Functions.h"
#include "WideFunctionsOfDoubles.h"
#include "Maps.h"
#include "Joins.h"
#include "Formulas.h"
#include "Tiles.h"
#include "Turns.h"
#include "Packing.h"
#include "Products.h"
#include "Dots.h"
#include "Losses.h"
#include "Passes.h"
#include "Single.h"
#include "Batches.h"
#include "Updates.h"
#include "Steps.h"
#include "VariantEnd.h"

#define REAL float
#define INTEGER int32_t
#define UNSIGNED uint32_t
#define BITS 32
#define SUFFIX f32
#define OPERAND nabla_operand_f32
#define NAMED(name) name##_f32
#include "Reals.h"
#include "Functions.h"
#include "WideFunctionsOfSingles.h"
#include "Maps.h"
#include "Joins.h"
#include "Formulas.h"
#include "Tiles.h"
#include "Turns.h"
#include "Packing.h"
#include "Products.h"
#include "Dots.h"
#include "Losses.h"
#include "Passes.h"
#include "Single.h"
#include "Batches.h"
#include "Updates.h"
#include "Steps.h"
#include "VariantEnd.h"

#ifdef TARGET
#pragma clang attribute pop
#endif
