// The functions of a vector of numbers, in one precision of a variant. Accuracy: Tests/Benchmarks/vector_accuracy.cpp.
//
// Every function is right for denormals, ±0, ±∞ and NaN, without a branch; sin and cos go one by one for what
// is beyond a million.

#if BITS == 64
#define SHIFTER 0x1.8p52
#define MANTISSA 52
#define BIAS 1023
#define EXP_LOW -746.0
#define EXP_HIGH 710.0
#define LN2_HIGH 0x1.62e42fee00000p-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LOG2_E 0x1.71547652b82fep0
#else
#define SHIFTER 0x1.8p23f
#define MANTISSA 23
#define BIAS 127
#define EXP_LOW -104.0f
#define EXP_HIGH 89.0f
#define LN2_HIGH 0x1.62e400p-1f
#define LN2_LOW 0x1.7f7d1cp-20f
#define LOG2_E 0x1.715476p0f
#endif

/// x · 2^n for whole n in lanes from −2200 to 2200 (−300 to 300), rounded once: in two steps of half the exponent.
INLINE V NAMED(scaled)(V x, I n) {
  // Made positive, so that the shift needs no sign: AVX2 has none for 64 bits that keeps it.
  const I half = (I)((U)(n + 4096) >> 1) - 2048;
  const I rest = n - half;
  return x * NAMED(bits)((half + BIAS) << MANTISSA) * NAMED(bits)((rest + BIAS) << MANTISSA);
}

/// e^(r + low) = 1 + (r + r²·q + low) for |r| ≤ ln 2 / 2; gives what is added to 1.
INLINE V NAMED(exp_minus_one_near_zero)(V r, V low) {
  const V square = r * r;
#if BITS == 64
  // Estrin's scheme: half as long a chain as Horner's.
  const V four = square * square;
  V a = NAMED(fma)((V)0x1.5555555555556p-3, r, (V)0x1.0000000000001p-1);
  V b = NAMED(fma)((V)0x1.11111111109adp-7, r, (V)0x1.5555555553d4fp-5);
  V c = NAMED(fma)((V)0x1.a01a01a7c8d47p-13, r, (V)0x1.6c16c17893833p-10);
  V d = NAMED(fma)((V)0x1.71de0d9c145d0p-19, r, (V)0x1.a019b8ef67c6cp-16);
  V e = NAMED(fma)((V)0x1.af38d53857513p-26, r, (V)0x1.2891a8c1d838dp-22);
  a = NAMED(fma)(b, square, a);
  c = NAMED(fma)(d, square, c);
  c = NAMED(fma)(e, four, c);
  const V q = NAMED(fma)(c, four, a);
#else
  V a = NAMED(fma)((V)0.16666576846f, r, (V)0.5f);
  V b = NAMED(fma)((V)0.00836320297158f, r, (V)0.0416665544377f);
  b = NAMED(fma)((V)0.00139262134663f, square, b);
  const V q = NAMED(fma)(b, square, a);
#endif
  return r + NAMED(fma)(square, q, low);
}

/// What is left of x beside a multiple n of ln 2, |r| ≤ ln 2 / 2, and what its rounding lost.
INLINE V NAMED(exp_rest)(V x, I *n, V *low) {
  const V shifted = NAMED(fma)(x, (V)LOG2_E, (V)SHIFTER);
  const V count = shifted - SHIFTER;
  *n = NAMED(ints)(shifted) - NAMED(ints)((V)SHIFTER);
  const V high = NAMED(fma)(count, (V)-LN2_HIGH, x);
  const V r = NAMED(fma)(count, (V)-LN2_LOW, high);
  *low = NAMED(fma)(count, (V)-LN2_LOW, high - r);
  return r;
}

INLINE V NAMED(exp)(V x) {
  // Not min and max: these would take NaN for a bound.
  x = NAMED(choose)(x < EXP_LOW, (V)EXP_LOW, x);
  x = NAMED(choose)(x > EXP_HIGH, (V)EXP_HIGH, x);
  I n;
  V low;
  const V r = NAMED(exp_rest)(x, &n, &low);
  return NAMED(scaled)(1 + NAMED(exp_minus_one_near_zero)(r, low), n);
}

/// e^x − 1, exact near 0.
INLINE V NAMED(exp_minus_one)(V x) {
  const V bounded = NAMED(choose)(x < EXP_LOW, (V)EXP_LOW, NAMED(choose)(x > EXP_HIGH, (V)EXP_HIGH, x));
  I n;
  V low;
  const V r = NAMED(exp_rest)(bounded, &n, &low);
  const V rest = NAMED(exp_minus_one_near_zero)(r, low);
  // Of what is so large that 1 does not count, the power alone is too large before the product is.
  const V large = NAMED(scaled)(1 + rest, n);
  const V result = NAMED(scaled)(rest, n) + (NAMED(scaled)((V)1, n) - 1);
  return NAMED(choose)(x == 0, x, NAMED(choose)(n > MANTISSA + 2, large, result));
}

/// e^x for −∞ ≤ x ≤ 0 where what is below the normal numbers may be 0: half as much to scale.
INLINE V NAMED(exp_below_zero)(V x) {
  x = NAMED(choose)(x < (V)(BITS == 64 ? -708.0 : -87.0), (V)(BITS == 64 ? -708.0 : -87.0), x);
  I n;
  V low;
  const V r = NAMED(exp_rest)(x, &n, &low);
  const V scale = NAMED(bits)((n + BIAS) << MANTISSA);
  return NAMED(fma)(NAMED(exp_minus_one_near_zero)(r, low), scale, scale);
}

/// ln x. Source: FreeBSD's e_log.c and e_logf.c: ln(1 + f) by s = f/(2 + f).
INLINE V NAMED(ln)(V x) {
#if BITS == 64
  const I smallest_normal = (I)0x0010000000000000, offset = (I)0x3fe6a09e667f3bcd;
  const REAL up = 0x1p54;
  const int shift = 54;
#else
  const I smallest_normal = (I)0x00800000, offset = (I)0x3f3504f3;
  const REAL up = 0x1p25f;
  const int shift = 25;
#endif
  const I is_small = x < NAMED(bits)(smallest_normal);
  const V lifted = NAMED(choose)(is_small, x * up, x);
  const I one = NAMED(ints)((V)1);
  const I moved = NAMED(ints)(lifted) + (one - offset);
  // Of positive numbers; others are chosen away below. The exponent is put into a number by its bits.
  const I exponent = ((I)((U)moved >> MANTISSA) & (((INTEGER)1 << (BITS - 1 - MANTISSA)) - 1)) - BIAS
                     - (is_small & (I)(INTEGER)shift);
  const V k = NAMED(bits)(exponent + NAMED(ints)((V)SHIFTER)) - SHIFTER;
  const V m = NAMED(bits)((moved & (((INTEGER)1 << MANTISSA) - 1)) + offset);
  const V f = m - 1;
  const V s = f / (2 + f);
  const V z = s * s, w = z * z;
#if BITS == 64
  const V even = w * NAMED(fma)(w, NAMED(fma)(w, (V)1.531383769920937332e-01, (V)2.222219843214978396e-01),
                                (V)3.999999999940941908e-01);
  const V odd =
      z * NAMED(fma)(
              w,
              NAMED(fma)(w, NAMED(fma)(w, (V)1.479819860511658591e-01, (V)1.818357216161805012e-01),
                         (V)2.857142874366239149e-01),
              (V)6.666666666666735130e-01);
  const REAL ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
#else
  const V even = w * NAMED(fma)(w, (V)0xf89e26.0p-26f, (V)0xccce13.0p-25f);
  const V odd = z * NAMED(fma)(w, (V)0x91e9ee.0p-25f, (V)0xaaaaaa.0p-24f);
  const REAL ln2_high = 6.9313812256e-01f, ln2_low = 9.0580006145e-06f;
#endif
  const V half_square = (REAL)0.5 * f * f;
  const V low = NAMED(fma)(k, (V)ln2_low, s * (half_square + (even + odd)));
  V result = NAMED(fma)(k, (V)ln2_high, f - (half_square - low));
  result = NAMED(choose)(x == 0, (V)-INFINITY, result);
  result = NAMED(choose)(x < 0, (V)NAN, result);
  return NAMED(choose)((x == INFINITY) | (x != x), x, result);
}

/// ln(1 + u), exact near 0: ln of the rounded sum, with what rounding lost put back.
INLINE V NAMED(ln_one_plus)(V u) {
  const V sum = 1 + u;
  const V lost = (u - (sum - 1)) / sum;
  const V result = NAMED(ln)(sum) + NAMED(choose)((sum > 0) & (sum < INFINITY), lost, (V)0);
  return NAMED(choose)(u == 0, u, result);
}

/// 1/(1 + e^(−x)) by e^(−|x|), so that it is exact on both sides; what 1 + e lost in rounding is put back.
INLINE V NAMED(sigmoid)(V x) {
  const V e = NAMED(exp)(-NAMED(magnitude)(x));
  const V sum = 1 + e;
  const V lost = e - (sum - 1);
  const V quotient = NAMED(choose)(x < 0, e, (V)1) / sum;
  return NAMED(fma)(-quotient, lost, quotient);
}

/// x + x³·p/q near 0 (Cephes), 1 − 2/(e^(2|x|) + 1) beyond; both by one division.
INLINE V NAMED(tanh)(V x) {
  const V size = NAMED(magnitude)(x);
  const V z = x * x;
  const I is_near = size < (REAL)0.625;
#if BITS == 64
  // Beyond 20 the result is 1.
  const V e = NAMED(exp_below_zero)(-2 * NAMED(choose)(size > 30, (V)30, size));
  const V p = NAMED(fma)(NAMED(fma)((V)-9.64399179425052238628e-1, z, (V)-9.92877231001918586564e1), z,
                         (V)-1.61468768441708447952e3);
  const V q = NAMED(fma)(NAMED(fma)(z + 1.12811678491632931402e2, z, (V)2.23548839060100448583e3), z,
                         (V)4.84406305325125486048e3);
  const V quotient = NAMED(choose)(is_near, x * z * p, 2 * e) / NAMED(choose)(is_near, q, 1 + e);
  const V near = x + quotient;
#else
  const V e = NAMED(exp_below_zero)(-2 * NAMED(choose)(size > 15, (V)15, size));
  const REAL c[] = {-3.33332819422e-1f, 1.33314422036e-1f, -5.37397155531e-2f, 2.06390887954e-2f,
                    -5.70498872745e-3f};
  const V near = NAMED(fma)(x * z, NAMED(polynomial)(z, c, 5), x);
  const V quotient = 2 * e / (1 + e);
#endif
  const V result = NAMED(signed)(NAMED(choose)(is_near, near, 1 - quotient), x);
  return NAMED(choose)(x != x, x, result);
}
#undef SHIFTER
#undef MANTISSA
#undef BIAS
#undef EXP_LOW
#undef EXP_HIGH
#undef LN2_HIGH
#undef LN2_LOW
#undef LOG2_E
