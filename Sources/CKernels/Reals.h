// One precision of a variant: its vectors, and how they are loaded, stored and chosen from.
//
// Included with REAL, INTEGER, UNSIGNED, NAMED(name) and BITS (64 or 32) defined, in a file that has chosen VECTOR_BYTES.
#define LANES (VECTOR_BYTES / (BITS / 8))

typedef REAL NAMED(V) __attribute__((ext_vector_type(LANES)));
typedef INTEGER NAMED(I) __attribute__((ext_vector_type(LANES)));
typedef UNSIGNED NAMED(U) __attribute__((ext_vector_type(LANES)));
#define V NAMED(V)
#define I NAMED(I)
#define U NAMED(U)

INLINE V NAMED(all)(REAL x) { return (V)x; }

INLINE V NAMED(load)(const REAL *p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

INLINE void NAMED(store)(REAL *p, V v) { __builtin_memcpy(p, &v, sizeof v); }

/// The first n lanes from memory, n ≤ LANES; 0 in the others.
INLINE V NAMED(load_some)(const REAL *p, long n) {
#if VECTOR_BYTES == 64 && BITS == 64
  return (V)_mm512_maskz_loadu_pd((__mmask8)((1u << n) - 1), p);
#elif VECTOR_BYTES == 64
  return (V)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#elif VECTOR_BYTES == 32 && BITS == 64
  return (V)_mm256_maskload_pd(p, _mm256_loadu_si256((const void *)(lane_mask64 + 4 - n)));
#elif VECTOR_BYTES == 32
  return (V)_mm256_maskload_ps(p, _mm256_loadu_si256((const void *)(lane_mask32 + 8 - n)));
#else
  V v = 0;
  for (int i = 0; i < LANES; i++) if (i < n) v[i] = p[i];
  return v;
#endif
}

INLINE void NAMED(store_some)(REAL *p, V v, long n) {
#if VECTOR_BYTES == 64 && BITS == 64
  _mm512_mask_storeu_pd(p, (__mmask8)((1u << n) - 1), (__m512d)v);
#elif VECTOR_BYTES == 64
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#elif VECTOR_BYTES == 32 && BITS == 64
  _mm256_maskstore_pd(p, _mm256_loadu_si256((const void *)(lane_mask64 + 4 - n)), (__m256d)v);
#elif VECTOR_BYTES == 32
  _mm256_maskstore_ps(p, _mm256_loadu_si256((const void *)(lane_mask32 + 8 - n)), (__m256)v);
#else
  for (int i = 0; i < LANES; i++) if (i < n) p[i] = v[i];
#endif
}

/// a·b + c, rounded once where the processor can.
INLINE V NAMED(fma)(V a, V b, V c) {
#if HAS_FMA
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

INLINE V NAMED(bits)(I x) {
  V v;
  __builtin_memcpy(&v, &x, sizeof v);
  return v;
}

INLINE I NAMED(ints)(V x) {
  I v;
  __builtin_memcpy(&v, &x, sizeof v);
  return v;
}

INLINE V NAMED(choose)(I condition, V a, V b) { return condition ? a : b; }

INLINE V NAMED(magnitude)(V x) { return __builtin_elementwise_abs(x); }

/// |a| with the sign of b.
INLINE V NAMED(signed)(V a, V b) {
  const I sign = (I)((INTEGER)(1ull << (BITS - 1)));
  return NAMED(bits)((NAMED(ints)(a) & ~sign) | (NAMED(ints)(b) & sign));
}

/// The sum of the lanes: halves onto each other.
INLINE REAL NAMED(total)(V v) {
#if VECTOR_BYTES == 64 && BITS == 64
  return _mm512_reduce_add_pd((__m512d)v);
#elif VECTOR_BYTES == 64
  return _mm512_reduce_add_ps((__m512)v);
#else
  REAL part[LANES];
  __builtin_memcpy(part, &v, sizeof v);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) part[i] += part[i + width];
  return part[0];
#endif
}

/// The first n lanes; 0 in the others.
INLINE V NAMED(first_lanes)(V v, long n) {
#if VECTOR_BYTES == 64 && BITS == 64
  return (V)_mm512_maskz_mov_pd((__mmask8)((1u << n) - 1), (__m512d)v);
#elif VECTOR_BYTES == 64
  return (V)_mm512_maskz_mov_ps((__mmask16)((1u << n) - 1), (__m512)v);
#else
  REAL part[LANES];
  __builtin_memcpy(part, &v, sizeof v);
  return NAMED(load_some)(part, n);
#endif
}

/// c[0] + c[1] x + … + c[n-1] x^(n-1) by Horner's rule.
INLINE V NAMED(polynomial)(V x, const REAL *c, const int n) {
  V result = c[n - 1];
  UNROLLED for (int i = n - 2; i >= 0; i--) result = NAMED(fma)(result, x, (V)c[i]);
  return result;
}
