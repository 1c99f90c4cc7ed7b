// Products of any size: small ones straight from memory, others block by block from rearranged operands, by the team.

#define TILE_COLUMNS (2 * LANES)
/// How deep a block is: a tile's rows of A stay in the first cache with it.
#define BLOCK_DEPTH (BITS == 64 ? 256 : 384)
/// Rows and columns of the part of C that is one task: its columns of B stay in the second cache.
#define TASK_ROWS (TILE_ROWS * (TILE_ROWS == 14 ? 8 : 16))
#define TASK_COLUMNS (TILE_COLUMNS * (VECTOR_BYTES == 64 ? 8 : 16))

#define PRODUCT NAMED(nabla_product)

/// All tiles of a part of C, from a strip of A and a strip of B.
///
/// `b_strip` is what lies between the first entries of two strips of TILE_COLUMNS columns of B.
static void NAMED(run_tiles)(long m, long n, long k, const REAL *a, long a_row, long a_column, long a_strip,
                             const REAL *b, long b_row, long b_strip, REAL *c, long c_row,
                             bool adds, const REAL *bias, long bias_row) {
  // A strip of A stays in the first cache while those of B pass by.
  for (long i = 0; i < m; i += TILE_ROWS, a += a_strip) {
    const long height = m - i < TILE_ROWS ? m - i : TILE_ROWS;
    const REAL *columns = b;
    for (long j = 0; j < n; j += TILE_COLUMNS, columns += b_strip) {
      const long width = n - j < TILE_COLUMNS ? n - j : TILE_COLUMNS;
      const int vectors = width > LANES;
      const long lanes = width - vectors * LANES;
      NAMED(tiles)[height - 1][vectors][lanes < LANES](
          k, a, a_row, a_column, columns, b_row, c + i * c_row + j, c_row, lanes, adds,
          !bias           ? NULL
          : bias_row < 0 ? bias + j
                          : bias + i * bias_row,
          bias_row);
    }
  }
}

/// A product of few rows: four vectors of columns at a time.
static void NAMED(multiply_few_rows)(const PRODUCT *p) {
  long j = 0;
  for (; j + 4 * LANES <= p->n; j += 4 * LANES)
    NAMED(wide_tiles)[p->m - 1](p->k, p->a, p->a_row, p->a_column, p->b + j, p->b_row, p->c + j, p->c_row, LANES,
                                p->adds, p->bias ? p->bias + j : NULL, -1);
  if (j < p->n)
    NAMED(run_tiles)(p->m, p->n - j, p->k, p->a, p->a_row, p->a_column, 0, p->b + j, p->b_row, TILE_COLUMNS,
                     p->c + j, p->c_row, p->adds, p->bias ? p->bias + j : NULL, -1);
}

/// A times one column: rows of A with their entries side by side.
static void NAMED(multiply_column)(const PRODUCT *p, const REAL *column) {
  for (long i = 0; i < p->m; i++) {
    const REAL *row = p->a + i * p->a_row;
    V even = 0, odd = 0;
    long q = 0;
    for (; q + 2 * LANES <= p->k; q += 2 * LANES) {
      even = NAMED(fma)(NAMED(load)(row + q), NAMED(load)(column + q), even);
      odd = NAMED(fma)(NAMED(load)(row + q + LANES), NAMED(load)(column + q + LANES), odd);
    }
    for (; q < p->k; q += LANES) {
      const long rest = p->k - q < LANES ? p->k - q : LANES;
      even = NAMED(fma)(NAMED(load_some)(row + q, rest), NAMED(load_some)(column + q, rest), even);
    }
    const REAL sum = NAMED(total)(even + odd);
    REAL *c = p->c + i * p->c_row;
    *c = p->adds ? *c + sum : sum + (p->bias ? *p->bias : 0);
  }
}

/// Up to TILE_ROWS rows of A of some depth, [depth, TILE_ROWS].
static void NAMED(pack_rows)(const REAL *a, long a_row, long a_column, long rows, long depth, REAL *packed) {
  if (a_row == 1) {
    for (long p = 0; p < depth; p++, a += a_column, packed += TILE_ROWS)
      memcpy(packed, a, sizeof(REAL) * (size_t)rows);
    return;
  }
  for (long p = 0; p < depth; p++, packed += TILE_ROWS) {
    if (rows == TILE_ROWS)
      UNROLLED for (int i = 0; i < TILE_ROWS; i++) packed[i] = a[i * a_row + p * a_column];
    else
      for (long i = 0; i < rows; i++) packed[i] = a[i * a_row + p * a_column];
  }
}

/// Up to TILE_COLUMNS columns of B of some depth, [depth, TILE_COLUMNS].
static void NAMED(pack_columns)(const REAL *b, long b_row, long b_column, long columns, long depth, REAL *packed) {
  if (b_column == 1) {
    for (long p = 0; p < depth; p++, b += b_row, packed += TILE_COLUMNS) {
      if (columns == TILE_COLUMNS) {
        NAMED(store)(packed, NAMED(load)(b));
        NAMED(store)(packed + LANES, NAMED(load)(b + LANES));
      } else {
        memcpy(packed, b, sizeof(REAL) * (size_t)columns);
      }
    }
    return;
  }
  // By blocks of a vector in depth: rows that lie a power of two apart would drive each other out of the cache.
  REAL block[TILE_COLUMNS][LANES];
  for (long p = 0; p < depth; p += LANES) {
    const long some = depth - p < LANES ? depth - p : LANES;
    for (long j = 0; j < columns; j++) {
      const REAL *source = b + j * b_column + p * b_row;
      if (b_row == 1)
        NAMED(store)(block[j], some == LANES ? NAMED(load)(source) : NAMED(load_some)(source, some));
      else
        for (long q = 0; q < some; q++) block[j][q] = source[q * b_row];
    }
    for (long q = 0; q < some; q++, packed += TILE_COLUMNS)
      for (long j = 0; j < columns; j++) packed[j] = block[j][q];
  }
}

/// One block in depth of a product: its operands rearranged, and the tasks of the team.
typedef struct NAMED(Block) {
  const PRODUCT *product;
  long start, depth;
  REAL *a, *b;
  /// Whether A is rearranged; else it is read as it lies.
  bool packs_a;
  long task_rows, task_columns, tasks_down;
} NAMED(Block);
#define BLOCK NAMED(Block)

/// How many strips one task rearranges.
#define STRIPS_PER_TASK 8

static long NAMED(strips)(long count, long width) { return (count + width - 1) / width; }

static void NAMED(pack_task)(void *context, long task) {
  const BLOCK *block = context;
  const PRODUCT *p = block->product;
  const long columns = NAMED(strips)(p->n, TILE_COLUMNS);
  const long all = columns + (block->packs_a ? NAMED(strips)(p->m, TILE_ROWS) : 0);
  for (long s = task * STRIPS_PER_TASK; s < (task + 1) * STRIPS_PER_TASK && s < all; s++) {
    if (s < columns) {
      const long j = s * TILE_COLUMNS, rest = p->n - j;
      NAMED(pack_columns)(p->b + j * p->b_column + block->start * p->b_row, p->b_row, p->b_column,
                          rest < TILE_COLUMNS ? rest : TILE_COLUMNS, block->depth, block->b + j * block->depth);
    } else {
      const long i = (s - columns) * TILE_ROWS, rest = p->m - i;
      NAMED(pack_rows)(p->a + i * p->a_row + block->start * p->a_column, p->a_row, p->a_column,
                       rest < TILE_ROWS ? rest : TILE_ROWS, block->depth, block->a + i * block->depth);
    }
  }
}

static void NAMED(tile_task)(void *context, long task) {
  const BLOCK *block = context;
  const PRODUCT *p = block->product;
  if (p->flag && nabla_flag_is_raised(p->flag)) return;
  const long i = task % block->tasks_down * block->task_rows, j = task / block->tasks_down * block->task_columns;
  const long rows = p->m - i < block->task_rows ? p->m - i : block->task_rows;
  const long columns = p->n - j < block->task_columns ? p->n - j : block->task_columns;
  const REAL *a = block->packs_a ? block->a + i * block->depth : p->a + i * p->a_row + block->start * p->a_column;
  NAMED(run_tiles)(rows, columns, block->depth, a, block->packs_a ? 1 : p->a_row,
                   block->packs_a ? TILE_ROWS : p->a_column,
                   block->packs_a ? TILE_ROWS * block->depth : TILE_ROWS * p->a_row, block->b + j * block->depth,
                   TILE_COLUMNS, TILE_COLUMNS * block->depth, p->c + i * p->c_row + j, p->c_row,
                   p->adds || block->start > 0, block->start > 0 || !p->bias ? NULL : p->bias + j, -1);
}

static bool NAMED(multiply_blocks)(const PRODUCT *p) {
  BLOCK block = {.product = p};
  const long depth = p->k < BLOCK_DEPTH ? p->k : BLOCK_DEPTH;
  // Where A's entries lie far apart, or its rows in the same sets of the cache, a copy is soon worth its while.
  block.packs_a = p->n >= 3 * TILE_COLUMNS && (p->a_column != 1 || p->k > 128);
  const size_t slack = 4 * VECTOR_BYTES;
  const size_t a_bytes = sizeof(REAL) * (size_t)((p->m + TILE_ROWS) * depth) + slack;
  const size_t b_bytes = sizeof(REAL) * (size_t)((p->n + TILE_COLUMNS) * depth) + slack;
  block.a = block.packs_a ? nabla_scratch(0, a_bytes) : NULL;
  block.b = nabla_scratch(1, b_bytes);
  const bool is_shared = (double)p->m * (double)p->n * (double)p->k > 1e6;
  // Enough tasks that no thread waits long for the last of another.
  block.task_rows = TASK_ROWS;
  block.task_columns = TASK_COLUMNS;
  while (NAMED(strips)(p->m, block.task_rows) * NAMED(strips)(p->n, block.task_columns) < 8) {
    if (block.task_rows > 2 * TILE_ROWS)
      block.task_rows = NAMED(strips)(block.task_rows / 2, TILE_ROWS) * TILE_ROWS;
    else if (block.task_columns > TILE_COLUMNS)
      block.task_columns = NAMED(strips)(block.task_columns / 2, TILE_COLUMNS) * TILE_COLUMNS;
    else
      break;
  }
  block.tasks_down = NAMED(strips)(p->m, block.task_rows);
  const long strips = NAMED(strips)(p->n, TILE_COLUMNS) + (block.packs_a ? NAMED(strips)(p->m, TILE_ROWS) : 0);
  const long packs = NAMED(strips)(strips, STRIPS_PER_TASK);
  const long tasks = block.tasks_down * NAMED(strips)(p->n, block.task_columns);
  for (; block.start < p->k; block.start += BLOCK_DEPTH) {
    block.depth = p->k - block.start < BLOCK_DEPTH ? p->k - block.start : BLOCK_DEPTH;
    if (is_shared) {
      nabla_team_run(NAMED(pack_task), &block, packs);
      nabla_team_run(NAMED(tile_task), &block, tasks);
    } else {
      for (long t = 0; t < packs; t++) NAMED(pack_task)(&block, t);
      for (long t = 0; t < tasks; t++) NAMED(tile_task)(&block, t);
    }
    if (p->flag && nabla_flag_is_raised(p->flag)) return false;
  }
  return true;
}

/// C without a sum: zeros, or the bias.
static void NAMED(multiply_nothing)(const PRODUCT *p) {
  if (p->adds) return;
  for (long i = 0; i < p->m; i++)
    for (long j = 0; j < p->n; j++) p->c[i * p->c_row + j] = p->bias ? p->bias[j] : 0;
}

static bool NAMED(multiply)(const PRODUCT *p) {
  if (p->m <= 0 || p->n <= 0) return true;
  if (p->k <= 0) {
    NAMED(multiply_nothing)(p);
    return true;
  }
  if (p->n == 1 && p->a_column == 1 && p->k >= LANES / 2 && p->k <= 1 << 16) {
    const REAL *column = p->b;
    if (p->b_row != 1) {
      REAL *copy = nabla_scratch(1, sizeof(REAL) * (size_t)p->k);
      for (long q = 0; q < p->k; q++) copy[q] = p->b[q * p->b_row];
      column = copy;
    }
    NAMED(multiply_column)(p, column);
    return true;
  }
  if (p->n == 1 && p->a_row == 1 && p->c_row == 1 && p->m > 1 && !p->bias) {
    // The same as a row: Cᵀ = Bᵀ·Aᵀ, whose columns lie side by side.
    PRODUCT turned = *p;
    turned.m = 1, turned.n = p->m;
    turned.a = p->b, turned.a_row = 1, turned.a_column = p->b_row;
    turned.b = p->a, turned.b_row = p->a_column, turned.b_column = 1;
    return NAMED(multiply)(&turned);
  }
  const double work = (double)p->m * (double)p->n * (double)p->k;
  if (p->b_column == 1 && work < 1e7) {
    if (p->m <= WIDE_ROWS) {
      NAMED(multiply_few_rows)(p);
      return true;
    }
    if (p->m < 32 || p->k * p->n * (long)sizeof(REAL) <= 16384) {
      NAMED(run_tiles)(p->m, p->n, p->k, p->a, p->a_row, p->a_column, TILE_ROWS * p->a_row, p->b, p->b_row,
                       TILE_COLUMNS, p->c, p->c_row, p->adds, p->bias, -1);
      return true;
    }
  }
  return NAMED(multiply_blocks)(p);
}
#undef TILE_COLUMNS
#undef BLOCK_DEPTH
#undef TASK_ROWS
#undef TASK_COLUMNS
#undef PRODUCT
#undef BLOCK
#undef STRIPS_PER_TASK
#undef WIDE_ROWS
