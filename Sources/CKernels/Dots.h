// Products whose inner index runs along memory on both sides: C[i, j] += Σ a[i, ·] · b[j, ·], a few rows of each at once.

#define DOT_SIDE 4

/// Sums of pairs at a distance in the lanes: lane l of the result belongs to b where the distance's bit is set in l.
#define OWN_LANE(l, d) ((l) & (d)) ? LANES + (l) : (l)
#define OTHER_LANE(l, d) ((l) & (d)) ? LANES + ((l) ^ (d)) : ((l) ^ (d))
#define COMBINED(a, b, d)                                                                                   \
  (__builtin_shufflevector(a, b, LANE_LIST(OWN_LANE, d)) + __builtin_shufflevector(a, b, LANE_LIST(OTHER_LANE, d)))

/// The totals of as many vectors as there are lanes, one in each lane.
INLINE V NAMED(totals)(V *v) {
  UNROLLED for (int i = 0; i < LANES; i += 2) v[i / 2] = COMBINED(v[i], v[i + 1], 1);
#if LANES >= 4
  UNROLLED for (int i = 0; i < LANES / 2; i += 2) v[i / 2] = COMBINED(v[i], v[i + 1], 2);
#endif
#if LANES >= 8
  UNROLLED for (int i = 0; i < LANES / 4; i += 2) v[i / 2] = COMBINED(v[i], v[i + 1], 4);
#endif
#if LANES >= 16
  v[0] = COMBINED(v[0], v[1], 8);
#endif
  return v[0];
}

/// One tile: `rows` × `columns` sums of `count` products, put into C or added to it.
INLINE void NAMED(dot_tile)(const int rows, const int columns, long count, const REAL *a, long a_row,
                            const REAL *b, long b_row, REAL *c, long c_row, bool adds) {
  V sum[DOT_SIDE * DOT_SIDE];
  UNROLLED for (int i = 0; i < DOT_SIDE * DOT_SIDE; i++) sum[i] = 0;
  long p = 0;
  for (; p + LANES <= count; p += LANES) {
    V right[DOT_SIDE];
    UNROLLED for (int j = 0; j < columns; j++) right[j] = NAMED(load)(b + j * b_row + p);
    UNROLLED for (int i = 0; i < rows; i++) {
      const V left = NAMED(load)(a + i * a_row + p);
      UNROLLED for (int j = 0; j < columns; j++)
        sum[i * DOT_SIDE + j] = NAMED(fma)(left, right[j], sum[i * DOT_SIDE + j]);
    }
  }
  if (p < count) {
    V right[DOT_SIDE];
    UNROLLED for (int j = 0; j < columns; j++) right[j] = NAMED(load_some)(b + j * b_row + p, count - p);
    UNROLLED for (int i = 0; i < rows; i++) {
      const V left = NAMED(load_some)(a + i * a_row + p, count - p);
      UNROLLED for (int j = 0; j < columns; j++)
        sum[i * DOT_SIDE + j] = NAMED(fma)(left, right[j], sum[i * DOT_SIDE + j]);
    }
  }
  REAL total[DOT_SIDE * DOT_SIDE];
  UNROLLED for (int i = 0; i < DOT_SIDE * DOT_SIDE; i += LANES) NAMED(store)(total + i, NAMED(totals)(sum + i));
  UNROLLED for (int i = 0; i < rows; i++)
    UNROLLED for (int j = 0; j < columns; j++) {
      REAL *entry = c + i * c_row + j;
      *entry = adds ? *entry + total[i * DOT_SIDE + j] : total[i * DOT_SIDE + j];
    }
}

typedef void (*NAMED(DotTile))(long count, const REAL *a, long a_row, const REAL *b, long b_row, REAL *c,
                               long c_row, bool adds);
#define DEFINE_DOT(rows, columns)                                                                           \
  static void NAMED(dot_##rows##_##columns)(long count, const REAL *a, long a_row, const REAL *b, long b_row, \
                                            REAL *c, long c_row, bool adds) {                               \
    NAMED(dot_tile)(rows, columns, count, a, a_row, b, b_row, c, c_row, adds);                              \
  }
#define DEFINE_DOTS(rows) DEFINE_DOT(rows, 1) DEFINE_DOT(rows, 2) DEFINE_DOT(rows, 3) DEFINE_DOT(rows, 4)
#define DOT_ENTRY(rows) {NAMED(dot_##rows##_1), NAMED(dot_##rows##_2), NAMED(dot_##rows##_3), NAMED(dot_##rows##_4)}
DEFINE_DOTS(1) DEFINE_DOTS(2) DEFINE_DOTS(3) DEFINE_DOTS(4)
static const NAMED(DotTile) NAMED(dots)[DOT_SIDE][DOT_SIDE] = {DOT_ENTRY(1), DOT_ENTRY(2), DOT_ENTRY(3),
                                                               DOT_ENTRY(4)};

/// C (m × n) = A·Bᵀ, or added to C; rows of A and B have their `count` entries side by side.
static void NAMED(multiply_dots)(long m, long n, long count, const REAL *a, long a_row, const REAL *b, long b_row,
                                 REAL *c, long c_row, bool adds) {
  for (long i = 0; i < m; i += DOT_SIDE) {
    const long rows = m - i < DOT_SIDE ? m - i : DOT_SIDE;
    for (long j = 0; j < n; j += DOT_SIDE) {
      const long columns = n - j < DOT_SIDE ? n - j : DOT_SIDE;
      NAMED(dots)[rows - 1][columns - 1](count, a + i * a_row, a_row, b + j * b_row, b_row, c + i * c_row + j,
                                         c_row, adds);
    }
  }
}
#undef DOT_SIDE
#undef LANE_LIST
#undef OWN_LANE
#undef OTHER_LANE
#undef COMBINED
#undef DEFINE_DOT
#undef DEFINE_DOTS
#undef DOT_ENTRY
