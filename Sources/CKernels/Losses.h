// Losses of a panel of examples side by side: value and ∂L/∂z of the outputs. Shape: z, a, y, delta [outputs, stride].

/// Σ (a − y)², and ∂ by a.
INLINE REAL NAMED(squares)(const REAL *a, const REAL *y, long count, REAL scale, REAL *delta) {
  V sum = 0;
  const V twice = (V)(2 * scale);
  for (long i = 0; i < count; i += LANES) {
    const long n = count - i;
    if (n >= LANES) {
      const V d = NAMED(load)(a + i) - NAMED(load)(y + i);
      sum += d * d;
      NAMED(store)(delta + i, twice * d);
    } else {
      const V d = NAMED(load_some)(a + i, n) - NAMED(load_some)(y + i, n);
      sum += d * d;
      NAMED(store_some)(delta + i, twice * d, n);
    }
  }
  return NAMED(total)(sum);
}

/// max(z, 0) − y z + ln(1 + e^(−|z|)); σ(z) into a, and ∂ by z: a − y, for y = 1 near a = 1 as −σ(−z).
INLINE V NAMED(binary_part)(V z, V y, V *a, V *delta) {
  const V e = NAMED(exp)(-NAMED(magnitude)(z));
  const V one = 1 + e;
  const V lost = e - (one - 1);
  const V inverse = 1 / one;
  const V share = NAMED(choose)(z < 0, e, (V)1) * inverse;
  *a = NAMED(fma)(-share * lost, inverse, share);
  *delta = NAMED(choose)((y == 1) & (*a > (REAL)0.875), -e * inverse, *a - y);
  return NAMED(choose)(z > 0, z, (V)0) - y * z + (NAMED(ln)(one) + lost * inverse);
}

INLINE REAL NAMED(binary_cross_entropy)(const REAL *z, REAL *a, const REAL *y, long count, REAL scale, REAL *delta) {
  V sum = 0;
  for (long i = 0; i < count; i += LANES) {
    const long n = count - i < LANES ? count - i : LANES;
    V share, wrong;
    const V part = NAMED(binary_part)(NAMED(load_some)(z + i, n), NAMED(load_some)(y + i, n), &share, &wrong);
    sum += n == LANES ? part : NAMED(first_lanes)(part, n);
    NAMED(store_some)(a + i, share, n);
    NAMED(store_some)(delta + i, wrong * scale, n);
  }
  return NAMED(total)(sum);
}

/// Softmax into a, Σ y (ln Σ e^z − z), and ∂ by z: a Σ y − y.
INLINE REAL NAMED(cross_entropy)(const REAL *z, REAL *a, const REAL *y, long outputs, long rows, long stride,
                                 REAL scale, REAL *delta) {
  V sum = 0;
  for (long i = 0; i < rows; i += LANES) {
    const long n = rows - i < LANES ? rows - i : LANES;
    V peak = NAMED(load_some)(z + i, n), mass = 0, powers = 0, chosen = 0;
    for (long j = 1; j < outputs; j++) {
      const V other = NAMED(load_some)(z + j * stride + i, n);
      peak = NAMED(choose)(other > peak, other, peak);
    }
    for (long j = 0; j < outputs; j++) {
      const V net = NAMED(load_some)(z + j * stride + i, n);
      const V power = NAMED(exp)(net - peak);
      const V target = NAMED(load_some)(y + j * stride + i, n);
      powers += power;
      mass += target;
      chosen += NAMED(choose)(target == 0, (V)0, target * (net - peak));
      NAMED(store_some)(a + j * stride + i, power, n);
    }
    const V part = mass * NAMED(ln)(powers) - chosen;
    sum += n == LANES ? part : NAMED(first_lanes)(part, n);
    for (long j = 0; j < outputs; j++) {
      const V share = NAMED(load_some)(a + j * stride + i, n) / powers;
      NAMED(store_some)(a + j * stride + i, share, n);
      NAMED(store_some)(delta + j * stride + i,
                        (share * mass - NAMED(load_some)(y + j * stride + i, n)) * scale, n);
    }
  }
  return NAMED(total)(sum);
}

/// How many predictions are right: entries on the target's side of the middle, or examples whose largest output is
/// where the largest target is.
static long NAMED(count_hits)(const nabla_loss *loss, const REAL *a, const REAL *y, long outputs, long rows,
                              long stride) {
  long hits = 0;
  if (loss->hits == nabla_hits_entries) {
    for (long j = 0; j < outputs; j++)
      for (long i = 0; i < rows; i++)
        hits += (a[j * stride + i] >= (REAL)loss->middle) == (y[j * stride + i] == (REAL)loss->high);
  } else if (loss->hits == nabla_hits_largest) {
    for (long i = 0; i < rows; i++) {
      long best = 0, right = 0;
      for (long j = 1; j < outputs; j++) {
        if (a[j * stride + i] > a[best * stride + i]) best = j;
        if (y[j * stride + i] > y[right * stride + i]) right = j;
      }
      hits += best == right;
    }
  }
  return hits;
}
