// Updates of parameters by the optimizers, in the order of operations in which their lines are written.

/// One vector of parameters from old to new ones; v and m are what is kept.
INLINE V NAMED(moved)(const nabla_optimizer optimizer, const nabla_update *u, V w, V g, V *first, V *second) {
  const REAL rate = (REAL)u->rate;
  REAL c[7];
  UNROLLED for (int i = 0; i < 7; i++) c[i] = (REAL)u->c[i];
  switch (optimizer) {
  case nabla_optimizer_descent: return w - rate * g;
  case nabla_optimizer_momentum: *first = c[0] * *first + g; return w - rate * *first;
  case nabla_optimizer_nesterov: *first = c[0] * *first + g; return w - rate * (g + c[0] * *first);
  case nabla_optimizer_adagrad:
    *first = *first + g * g;
    return w - rate * g / (__builtin_elementwise_sqrt(*first) + c[0]);
  case nabla_optimizer_rmsprop:
    *first = c[0] * *first + c[1] * g * g;
    return w - rate * g / (__builtin_elementwise_sqrt(*first) + c[2]);
  case nabla_optimizer_adam:
    *first = c[0] * *first + c[1] * g;
    *second = c[2] * *second + c[3] * g * g;
    return c[6] * w - rate * *first / (__builtin_elementwise_sqrt(*second) * c[5] + c[4]);
  }
  return w;
}

/// Of the parameters from `start` to `end`; whether the new ones are finite.
INLINE bool NAMED(update_by)(const nabla_optimizer optimizer, const int kept, const nabla_update *u, long start,
                             long end) {
  const REAL *old_ones = u->old_ones, *gradients = u->gradients;
  REAL *new_ones = u->new_ones, *first = u->kept, *second = first ? first + u->kept_stride : NULL;
  // x − x is 0 for what is finite, and NaN otherwise.
  V wrong = 0;
  for (long i = start; i < end; i += LANES) {
    const long n = end - i;
    V m = 0, v = 0;
    if (n >= LANES) {
      if (kept > 0) m = NAMED(load)(first + i);
      if (kept > 1) v = NAMED(load)(second + i);
      const V w = NAMED(moved)(optimizer, u, NAMED(load)(old_ones + i), NAMED(load)(gradients + i), &m, &v);
      wrong += w - w;
      NAMED(store)(new_ones + i, w);
      if (kept > 0) NAMED(store)(first + i, m);
      if (kept > 1) NAMED(store)(second + i, v);
    } else {
      if (kept > 0) m = NAMED(load_some)(first + i, n);
      if (kept > 1) v = NAMED(load_some)(second + i, n);
      const V w =
          NAMED(moved)(optimizer, u, NAMED(load_some)(old_ones + i, n), NAMED(load_some)(gradients + i, n), &m, &v);
      const V some = NAMED(first_lanes)(w, n);
      wrong += some - some;
      NAMED(store_some)(new_ones + i, w, n);
      if (kept > 0) NAMED(store_some)(first + i, m, n);
      if (kept > 1) NAMED(store_some)(second + i, v, n);
    }
  }
  return NAMED(total)(wrong) == 0;
}

static bool NAMED(update_part)(const nabla_update *u, long start, long end) {
  switch (u->optimizer) {
  case nabla_optimizer_descent: return NAMED(update_by)(nabla_optimizer_descent, 0, u, start, end);
  case nabla_optimizer_momentum: return NAMED(update_by)(nabla_optimizer_momentum, 1, u, start, end);
  case nabla_optimizer_nesterov: return NAMED(update_by)(nabla_optimizer_nesterov, 1, u, start, end);
  case nabla_optimizer_adagrad: return NAMED(update_by)(nabla_optimizer_adagrad, 1, u, start, end);
  case nabla_optimizer_rmsprop: return NAMED(update_by)(nabla_optimizer_rmsprop, 1, u, start, end);
  case nabla_optimizer_adam: return NAMED(update_by)(nabla_optimizer_adam, 2, u, start, end);
  }
  return false;
}

/// How many parameters one task of the team updates.
#define UPDATE_SHARE (32768 / (BITS / 8))

typedef struct NAMED(Update) {
  const nabla_update *update;
  bool is_wrong;
} NAMED(Update);

static void NAMED(update_task)(void *context, long task) {
  NAMED(Update) *work = context;
  const long start = task * UPDATE_SHARE, end = start + UPDATE_SHARE;
  if (!NAMED(update_part)(work->update, start, end < work->update->count ? end : work->update->count))
    __atomic_store_n(&work->is_wrong, true, __ATOMIC_RELAXED);
}

static bool NAMED(update)(const nabla_update *u) {
  if (u->count < 4 * UPDATE_SHARE) return NAMED(update_part)(u, 0, u->count);
  NAMED(Update) work = {.update = u};
  nabla_team_run(NAMED(update_task), &work, NAMED(strips)(u->count, UPDATE_SHARE));
  return !work.is_wrong;
}
#undef UPDATE_SHARE
