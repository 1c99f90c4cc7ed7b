// Rows to columns, by whole squares of LANES rows and columns in registers.

#if LANES == 16
#define LANE_LIST(DO, d) DO(0, d), DO(1, d), DO(2, d), DO(3, d), DO(4, d), DO(5, d), DO(6, d), DO(7, d),      \
                         DO(8, d), DO(9, d), DO(10, d), DO(11, d), DO(12, d), DO(13, d), DO(14, d), DO(15, d)
#elif LANES == 8
#define LANE_LIST(DO, d) DO(0, d), DO(1, d), DO(2, d), DO(3, d), DO(4, d), DO(5, d), DO(6, d), DO(7, d)
#elif LANES == 4
#define LANE_LIST(DO, d) DO(0, d), DO(1, d), DO(2, d), DO(3, d)
#else
#define LANE_LIST(DO, d) DO(0, d), DO(1, d)
#endif
#define KEPT_LANE(l, d) ((l) & (d)) ? LANES + (l) - (d) : (l)
#define MOVED_LANE(l, d) ((l) & (d)) ? LANES + (l) : (l) + (d)
#define TURN_STAGE(d)                                                                                       \
  UNROLLED for (int i = 0; i < LANES; i++) if (!(i & d)) {                                                  \
    const V first = v[i], second = v[i + d];                                                                \
    v[i] = __builtin_shufflevector(first, second, LANE_LIST(KEPT_LANE, d));                                 \
    v[i + d] = __builtin_shufflevector(first, second, LANE_LIST(MOVED_LANE, d));                            \
  }

/// The square whose rows are v, turned: lane i of v[j] becomes lane j of v[i].
INLINE void NAMED(turn_square)(V *v) {
  TURN_STAGE(1)
#if LANES >= 4
  TURN_STAGE(2)
#endif
#if LANES >= 8
  TURN_STAGE(4)
#endif
#if LANES >= 16
  TURN_STAGE(8)
#endif
}
#undef KEPT_LANE
#undef MOVED_LANE
#undef TURN_STAGE

/// result[j, i] = x[i, j].
static void NAMED(turn)(const REAL *x, long rows, long columns, REAL *result, long stride) {
  long i = 0;
  if (columns >= LANES)
    for (; i + LANES <= rows; i += LANES) {
      long j = 0;
      for (; j + LANES <= columns; j += LANES) {
        V v[LANES];
        UNROLLED for (int q = 0; q < LANES; q++) v[q] = NAMED(load)(x + (i + q) * columns + j);
        NAMED(turn_square)(v);
        UNROLLED for (int q = 0; q < LANES; q++) NAMED(store)(result + (j + q) * stride + i, v[q]);
      }
      for (; j < columns; j++)
        for (int q = 0; q < LANES; q++) result[j * stride + i + q] = x[(i + q) * columns + j];
    }
  for (; i < rows; i++)
    for (long j = 0; j < columns; j++) result[j * stride + i] = x[i * columns + j];
}
