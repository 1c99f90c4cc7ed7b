// A product's operands rearranged into the strips that its tiles read: entry after entry in the order of their use.

/// How many strips are rearranged together: what lies side by side in memory is read once for all of them.
#define STRIPS_TOGETHER 8

/// `count` runs of `depth` entries each, side by side in `packed`, [depth, width]; those of one run lie along memory, the
/// runs `distance` apart.
INLINE void NAMED(interleave)(const REAL *runs, long distance, long count, long depth, const long width, REAL *packed) {
  long p = 0;
  for (; p + LANES <= depth; p += LANES)
    for (long i = 0; i < count; i += LANES) {
      const long some = count - i < LANES ? count - i : LANES;
      V v[LANES];
      UNROLLED for (int q = 0; q < LANES; q++) v[q] = q < some ? NAMED(load)(runs + (i + q) * distance + p) : (V)0;
      NAMED(turn_square)(v);
      REAL *to = packed + p * width + i;
      if (some == LANES)
        UNROLLED for (int q = 0; q < LANES; q++) NAMED(store)(to + q * width, v[q]);
      else
        UNROLLED for (int q = 0; q < LANES; q++) NAMED(store_some)(to + q * width, v[q], some);
    }
  for (; p < depth; p++)
    for (long i = 0; i < count; i++) packed[p * width + i] = runs[i * distance + p];
}

/// Strips of `width` lines each, of `lines` lines in all; entry p of line i lies at x[i · line + p · step]. A strip holds
/// the lines' entries p side by side, [depth, width], the strips lie `distance` apart.
INLINE void NAMED(pack)(const REAL *x, long line, long step, long lines, long depth, const long width, REAL *packed,
                        long distance) {
  if (line == 1) {
    for (long p = 0; p < depth; p++) {
      const REAL *from = x + p * step;
      REAL *to = packed + p * width;
      long i = 0;
      for (; i + width <= lines; i += width, from += width, to += distance) {
        // Whole vectors, the last of them over the one before.
        if (width >= LANES) {
          UNROLLED for (int q = 0; q + LANES <= width; q += LANES) NAMED(store)(to + q, NAMED(load)(from + q));
          if (width % LANES) NAMED(store)(to + width - LANES, NAMED(load)(from + width - LANES));
        } else {
          NAMED(store_some)(to, NAMED(load_some)(from, width), width);
        }
      }
      for (long q = 0; i + q < lines; q++) to[q] = from[q];
    }
    return;
  }
  for (long i = 0; i < lines; i += width, packed += distance) {
    const long some = lines - i < width ? lines - i : width;
    if (step == 1)
      NAMED(interleave)(x + i * line, line, some, depth, width, packed);
    else
      for (long p = 0; p < depth; p++)
        for (long q = 0; q < some; q++) packed[p * width + q] = x[(i + q) * line + p * step];
  }
}
