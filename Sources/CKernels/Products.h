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

/// What is done with a part of C when it is finished, while it is near.
typedef void (*NAMED(Finish))(const void *context, long row, long column, long rows, long columns);

/// A product whose operands are rearranged: which part of its depth is at hand, and the tasks of the team.
///
/// The rearranged operands are blocks of BLOCK_DEPTH one after the other, each [strips, depth, width].
typedef struct NAMED(Blocks) {
  const PRODUCT *product;
  /// As in `tile`.
  long bias_row;
  NAMED(Finish) finish;
  const void *context;
  long start, end;
  REAL *a, *b;
  /// Whether A is rearranged; else it is read as it lies.
  bool packs_a;
  /// The lines of the rearranged operands, whole strips of them.
  long a_lines, b_lines;
  long task_rows, task_columns, tasks_down;
} NAMED(Blocks);
#define BLOCKS NAMED(Blocks)

static long NAMED(strips)(long count, long width) { return (count + width - 1) / width; }

/// Some strips of B, or of A behind them.
static void NAMED(pack_task)(void *context, long task) {
  const BLOCKS *blocks = context;
  const PRODUCT *p = blocks->product;
  const long b_tasks = NAMED(strips)(p->n, TILE_COLUMNS * STRIPS_TOGETHER);
  for (long start = blocks->start; start < blocks->end; start += BLOCK_DEPTH) {
    const long depth = blocks->end - start < BLOCK_DEPTH ? blocks->end - start : BLOCK_DEPTH;
    if (task < b_tasks) {
      const long j = task * TILE_COLUMNS * STRIPS_TOGETHER, rest = p->n - j;
      NAMED(pack)(p->b + j * p->b_column + start * p->b_row, p->b_column, p->b_row,
                  rest < TILE_COLUMNS * STRIPS_TOGETHER ? rest : TILE_COLUMNS * STRIPS_TOGETHER, depth, TILE_COLUMNS,
                  blocks->b + (start - blocks->start) * blocks->b_lines + j * depth, TILE_COLUMNS * depth);
    } else {
      const long i = (task - b_tasks) * TILE_ROWS * STRIPS_TOGETHER, rest = p->m - i;
      NAMED(pack)(p->a + i * p->a_row + start * p->a_column, p->a_row, p->a_column,
                  rest < TILE_ROWS * STRIPS_TOGETHER ? rest : TILE_ROWS * STRIPS_TOGETHER, depth, TILE_ROWS,
                  blocks->a + (start - blocks->start) * blocks->a_lines + i * depth, TILE_ROWS * depth);
    }
  }
}

static void NAMED(tile_task)(void *context, long task) {
  const BLOCKS *blocks = context;
  const PRODUCT *p = blocks->product;
  const long i = task % blocks->tasks_down * blocks->task_rows, j = task / blocks->tasks_down * blocks->task_columns;
  const long rows = p->m - i < blocks->task_rows ? p->m - i : blocks->task_rows;
  const long columns = p->n - j < blocks->task_columns ? p->n - j : blocks->task_columns;
  for (long start = blocks->start; start < blocks->end; start += BLOCK_DEPTH) {
    if (p->flag && nabla_flag_is_raised(p->flag)) return;
    const long depth = blocks->end - start < BLOCK_DEPTH ? blocks->end - start : BLOCK_DEPTH;
    const REAL *a = blocks->packs_a ? blocks->a + (start - blocks->start) * blocks->a_lines + i * depth
                                    : p->a + i * p->a_row + start * p->a_column;
    const REAL *bias = start > 0 || !p->bias    ? NULL
                       : blocks->bias_row < 0 ? p->bias + j
                                              : p->bias + i * blocks->bias_row;
    NAMED(run_tiles)(rows, columns, depth, a, blocks->packs_a ? 1 : p->a_row, blocks->packs_a ? TILE_ROWS : p->a_column,
                     blocks->packs_a ? TILE_ROWS * depth : TILE_ROWS * p->a_row,
                     blocks->b + (start - blocks->start) * blocks->b_lines + j * depth, TILE_COLUMNS,
                     TILE_COLUMNS * depth, p->c + i * p->c_row + j, p->c_row, p->adds || start > 0, bias,
                     blocks->bias_row);
  }
  if (blocks->finish && blocks->end == p->k) blocks->finish(blocks->context, i, j, rows, columns);
}

/// By the team where the work is worth it; false when the flag was raised on the way.
static bool NAMED(multiply_blocks)(const PRODUCT *p, long bias_row, NAMED(Finish) finish, const void *context) {
  BLOCKS blocks = {.product = p, .bias_row = bias_row, .finish = finish, .context = context};
  // Where A's entries lie far apart, or its rows in the same sets of the cache, a copy is soon worth its while.
  blocks.packs_a = p->n >= 3 * TILE_COLUMNS && (p->a_column != 1 || p->k > 128);
  blocks.a_lines = blocks.packs_a ? NAMED(strips)(p->m, TILE_ROWS) * TILE_ROWS : 0;
  blocks.b_lines = NAMED(strips)(p->n, TILE_COLUMNS) * TILE_COLUMNS;
  // As much of the depth at a time as has its copies in the last cache.
  const long most = (long)(4 << 20) / ((blocks.a_lines + blocks.b_lines) * (long)sizeof(REAL)) / BLOCK_DEPTH * BLOCK_DEPTH;
  const long round = most < BLOCK_DEPTH ? BLOCK_DEPTH : most;
  const long depth = p->k < round ? p->k : round;
  const size_t slack = 4 * VECTOR_BYTES;
  blocks.a = blocks.packs_a ? nabla_scratch(0, sizeof(REAL) * (size_t)(blocks.a_lines * depth) + slack) : NULL;
  blocks.b = nabla_scratch(1, sizeof(REAL) * (size_t)(blocks.b_lines * depth) + slack);
  const bool is_shared = (double)p->m * (double)p->n * (double)p->k > 1e6;
  // Enough tasks that no thread waits long for the last of another.
  blocks.task_rows = TASK_ROWS;
  blocks.task_columns = TASK_COLUMNS;
  while (NAMED(strips)(p->m, blocks.task_rows) * NAMED(strips)(p->n, blocks.task_columns) < 8) {
    if (blocks.task_rows > 2 * TILE_ROWS)
      blocks.task_rows = NAMED(strips)(blocks.task_rows / 2, TILE_ROWS) * TILE_ROWS;
    else if (blocks.task_columns > TILE_COLUMNS)
      blocks.task_columns = NAMED(strips)(blocks.task_columns / 2, TILE_COLUMNS) * TILE_COLUMNS;
    else
      break;
  }
  blocks.tasks_down = NAMED(strips)(p->m, blocks.task_rows);
  const long packs = NAMED(strips)(p->n, TILE_COLUMNS * STRIPS_TOGETHER)
                     + (blocks.packs_a ? NAMED(strips)(p->m, TILE_ROWS * STRIPS_TOGETHER) : 0);
  const long tasks = blocks.tasks_down * NAMED(strips)(p->n, blocks.task_columns);
  for (; blocks.start < p->k; blocks.start = blocks.end) {
    blocks.end = p->k - blocks.start < round ? p->k : blocks.start + round;
    if (is_shared) {
      nabla_team_run(NAMED(pack_task), &blocks, packs);
      nabla_team_run(NAMED(tile_task), &blocks, tasks);
    } else {
      for (long t = 0; t < packs; t++) NAMED(pack_task)(&blocks, t);
      for (long t = 0; t < tasks; t++) NAMED(tile_task)(&blocks, t);
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
  return NAMED(multiply_blocks)(p, -1, NULL, NULL);
}
#undef BLOCK_DEPTH
#undef TASK_ROWS
#undef TASK_COLUMNS
#undef BLOCKS
#undef STRIPS_TOGETHER
#undef WIDE_ROWS
