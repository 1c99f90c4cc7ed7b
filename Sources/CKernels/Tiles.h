// Tiles of a product that stay in registers: a few rows by one, two or four vectors of columns.

/// One tile: rows × (vectors · LANES) of C; its last vector has `lanes` columns.
///
/// Every entry is one chain of multiplications and additions along k, whatever tile it falls into, so that results
/// depend neither on the tiling nor on threads. A bias stands on every row of C (`bias_row` −1: an entry a column), or is
/// an entry a row: bias[i · bias_row].
INLINE void NAMED(tile)(const int rows, const int vectors, const bool is_partial, long k, const REAL *a,
                        long a_row, long a_column, const REAL *b, long b_row, REAL *c, long c_row, long lanes,
                        bool adds, const REAL *bias,
                        long bias_row) {
  V sum[TILE_ROWS][4];
  if (adds) {
    UNROLLED for (int v = 0; v < vectors; v++)
      UNROLLED for (int i = 0; i < rows; i++)
        sum[i][v] = is_partial && v == vectors - 1 ? NAMED(load_some)(c + i * c_row + v * LANES, lanes)
                                                   : NAMED(load)(c + i * c_row + v * LANES);
  } else if (bias && bias_row >= 0) {
    UNROLLED for (int v = 0; v < vectors; v++)
      UNROLLED for (int i = 0; i < rows; i++) sum[i][v] = (V)bias[i * bias_row];
  } else {
    UNROLLED for (int v = 0; v < vectors; v++) {
      const V start = !bias                                  ? (V)0
                      : is_partial && v == vectors - 1 ? NAMED(load_some)(bias + v * LANES, lanes)
                                                             : NAMED(load)(bias + v * LANES);
      UNROLLED for (int i = 0; i < rows; i++) sum[i][v] = start;
    }
  }
  for (long p = 0; p < k; p++) {
    V column[4];
    UNROLLED for (int v = 0; v < vectors; v++)
      column[v] = is_partial && v == vectors - 1 ? NAMED(load_some)(b + v * LANES, lanes)
                                                 : NAMED(load)(b + v * LANES);
    UNROLLED for (int i = 0; i < rows; i++) {
      const V factor = (V)a[i * a_row];
      UNROLLED for (int v = 0; v < vectors; v++) sum[i][v] = NAMED(fma)(factor, column[v], sum[i][v]);
    }
    a += a_column;
    b += b_row;
  }
  UNROLLED for (int v = 0; v < vectors; v++)
    UNROLLED for (int i = 0; i < rows; i++) {
      if (is_partial && v == vectors - 1)
        NAMED(store_some)(c + i * c_row + v * LANES, sum[i][v], lanes);
      else
        NAMED(store)(c + i * c_row + v * LANES, sum[i][v]);
    }
}

typedef void (*NAMED(Tile))(long k, const REAL *a, long a_row, long a_column, const REAL *b, long b_row, REAL *c,
                            long c_row, long lanes, bool adds, const REAL *bias, long bias_row);

#define TILE_NAME(rows, vectors, partial) NAMED(tile_##rows##_##vectors##_##partial)
#define DEFINE_TILE(rows, vectors, partial)                                                                 \
  static void TILE_NAME(rows, vectors, partial)(long k, const REAL *a, long a_row, long a_column,           \
                                                const REAL *b, long b_row, REAL *c, long c_row, long lanes, \
                                                bool adds, const REAL *bias, long bias_row) {               \
    NAMED(tile)(rows, vectors, partial, k, a, a_row, a_column, b, b_row, c, c_row, lanes, adds, bias, bias_row); \
  }
#define DEFINE_TILES(rows)                                                                                  \
  DEFINE_TILE(rows, 1, 0) DEFINE_TILE(rows, 1, 1) DEFINE_TILE(rows, 2, 0) DEFINE_TILE(rows, 2, 1)
#define TILE_ENTRY(rows)                                                                                    \
  {{TILE_NAME(rows, 1, 0), TILE_NAME(rows, 1, 1)}, {TILE_NAME(rows, 2, 0), TILE_NAME(rows, 2, 1)}},
#if TILE_ROWS == 14
#define EACH_ROWS(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14)
#elif TILE_ROWS == 6
#define EACH_ROWS(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6)
#else
#define EACH_ROWS(DO) DO(1) DO(2) DO(3) DO(4)
#endif
EACH_ROWS(DEFINE_TILES)
static const NAMED(Tile) NAMED(tiles)[TILE_ROWS][2][2] = {EACH_ROWS(TILE_ENTRY)};

// Few rows by four vectors, where two would leave the processor waiting for each sum.
#define DEFINE_WIDE(rows) DEFINE_TILE(rows, 4, 0)
#define WIDE_ENTRY(rows) TILE_NAME(rows, 4, 0),
#if TILE_ROWS == 14
#define WIDE_ROWS 6
#define EACH_WIDE(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6)
#else
#define WIDE_ROWS 2
#define EACH_WIDE(DO) DO(1) DO(2)
#endif
EACH_WIDE(DEFINE_WIDE)
static const NAMED(Tile) NAMED(wide_tiles)[WIDE_ROWS] = {EACH_WIDE(WIDE_ENTRY)};

#undef TILE_NAME
#undef DEFINE_TILE
#undef DEFINE_TILES
#undef TILE_ENTRY
#undef EACH_ROWS
#undef DEFINE_WIDE
#undef WIDE_ENTRY
#undef EACH_WIDE
