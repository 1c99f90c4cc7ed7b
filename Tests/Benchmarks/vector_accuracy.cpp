// How far the kernels' functions are from exact ones, in units in the last place: the worst of a million numbers each.
//
// Prints a line a function and precision: name, precision, worst error, where. Three quarters of the numbers are spread
// over the range where the function is interesting, one quarter has random bits: denormals, huge ones, infinities, NaN.
// `run --only accuracy` compiles it with GNU C++'s libquadmath, whose 113 bits are the reference, for each instruction set.
extern "C" {
#include "CKernels.h"
}
#include <math.h>
#include <quadmath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 1000000, RUN = 1000 };

static __float128 sigmoidq(__float128 x) {
  const __float128 e = expq(-fabsq(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

typedef struct Function {
  const char *name;
  nabla_function function;
  double low, high;
  __float128 (*exact)(__float128);
} Function;

static const Function functions[] = {
    {"exp", nabla_function_exp, -750, 712, expq},          {"ln", nabla_function_ln, 0, 20, logq},
    {"ln1p", nabla_function_ln_one_plus, -1, 20, log1pq},  {"tanh", nabla_function_tanh, -25, 25, tanhq},
    {"sigmoid", nabla_function_sigmoid, -750, 50, sigmoidq}, {"erf", nabla_function_erf, -7, 7, erfq},
    {"expm1", nabla_function_exp_minus_one, -50, 712, expm1q},
    {"sin", nabla_function_sin, -1e5, 1e5, sinq},          {"cos", nabla_function_cos, -1e5, 1e5, cosq},
};

static uint64_t state = 88172645463325252u;
static uint64_t bits(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/// The distance of two numbers of one precision below which the exact value lies.
static __float128 unit(__float128 exact, int mantissa, int lowest) {
  int exponent;
  frexpq(exact, &exponent);
  const int place = exponent - mantissa;
  return ldexpq(1, place < lowest ? lowest : place);
}

/// The error of y for f(x); 0 where both are the same infinity or no number, huge where only one is.
static double error(__float128 exact, double y, int mantissa, int lowest, double largest) {
  const double rounded = mantissa == 53 ? (double)exact : (double)(float)exact;
  if (isnan(rounded) || isnan(y)) return isnan(rounded) && isnan(y) ? 0 : INFINITY;
  if (isinf(rounded) || isinf(y)) return rounded == y || (isinf(y) && fabsq(exact) > largest) ? 0 : INFINITY;
  return (double)(fabsq(exact - y) / unit(exact, mantissa, lowest));
}

#define MEASURE(REAL, UINT, SUFFIX, MANTISSA, LOWEST, LARGEST)                                             \
  static void measure_##SUFFIX(const Function *f) {                                                        \
    REAL x[RUN], y[RUN], where = 0;                                                                        \
    double worst = 0;                                                                                      \
    for (long done = 0; done < COUNT; done += RUN) {                                                       \
      for (int i = 0; i < RUN; i++) {                                                                      \
        const UINT random = (UINT)bits();                                                                  \
        if (i % 4 == 0) memcpy(x + i, &random, sizeof random);                                             \
        else x[i] = (REAL)(f->low + (f->high - f->low) * ((double)(bits() >> 11) * 0x1p-53));              \
      }                                                                                                    \
      nabla_map_##SUFFIX(f->function, 0, x, y, RUN);                                                       \
      for (int i = 0; i < RUN; i++) {                                                                      \
        const double wrong = error(f->exact(x[i]), y[i], MANTISSA, LOWEST, LARGEST);                       \
        if (wrong > worst) worst = wrong, where = x[i];                                                    \
      }                                                                                                    \
    }                                                                                                      \
    printf("%s\t" #SUFFIX "\t%.3f\t%.17g\n", f->name, worst, (double)where);                               \
  }
MEASURE(double, uint64_t, f64, 53, -1074, 0x1.fffffffffffffp1023)
MEASURE(float, uint32_t, f32, 24, -149, 0x1.fffffep127)

int main(void) {
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    measure_f64(functions + i);
    measure_f32(functions + i);
  }
}
