// The pass of a whole batch: its panels, their slots, the sums of these.


/// The loss of some examples of a panel, whose quantities lie in between those of the others.
typedef struct NAMED(Shares) {
  const PANEL *panel;
  /// The targets, [rows, outputs].
  const REAL *y;
  long examples;
  REAL sums[NABLA_MOST_SLOTS];
  long hits[NABLA_MOST_SLOTS];
} NAMED(Shares);

static void NAMED(lose_share)(void *context, long share) {
  NAMED(Shares) *shares = context;
  const PANEL *panel = shares->panel;
  const long outputs = panel->pass->network->outputs, start = share * shares->examples;
  PANEL part = *panel;
  part.rows = panel->rows - start < shares->examples ? panel->rows - start : shares->examples;
  part.layers += start;
  part.y += start;
  NAMED(turn)(shares->y + start * outputs, part.rows, outputs, part.y, part.stride);
  shares->hits[share] = 0;
  shares->sums[share] = NAMED(lose)(&part, shares->hits + share);
}

/// As `lose`, for the targets y, by the team where the panel is everybody's.
static REAL NAMED(lose_by_shares)(const PANEL *panel, const REAL *y, long *hits) {
  const bool is_shared = panel->pass->is_whole && panel->rows >= NABLA_MOST_SLOTS * LANES;
  const long shares = is_shared ? NABLA_MOST_SLOTS : 1;
  NAMED(Shares) work = {.panel = panel, .y = y};
  work.examples = is_shared ? (NAMED(strips)(panel->rows, shares) + LANES - 1) / LANES * LANES : panel->rows;
  const long count = NAMED(strips)(panel->rows, work.examples);
  if (is_shared) nabla_team_run(NAMED(lose_share), &work, count);
  else NAMED(lose_share)(&work, 0);
  REAL sum = 0;
  for (long s = 0; s < count; s++) {
    sum += work.sums[s];
    *hits += work.hits[s];
  }
  return sum;
}

/// All panels of one slot, one after the other.
static void NAMED(pass_slot)(void *context, long slot) {
  nabla_pass *pass = context;
  const nabla_network *network = pass->network;
  const long panels = (pass->rows + pass->panel - 1) / pass->panel;
  const long first = slot * panels / pass->slots, end = (slot + 1) * panels / pass->slots;
  PANEL panel = {.pass = pass, .stride = NAMED(stride)(pass->panel < pass->rows ? pass->panel : pass->rows)};
  const long turned = pass->is_whole ? 0 : network->inputs;
  REAL *memory = pass->is_whole ? (REAL *)(((uintptr_t)pass->memory + 63) & ~(uintptr_t)63)
                                : nabla_scratch(2, sizeof(REAL) * (size_t)((NAMED(units)(network) + turned
                                                                            + network->outputs) * panel.stride)
                                                       + 4 * VECTOR_BYTES);
  panel.y = memory + turned * panel.stride;
  panel.layers = panel.y + network->outputs * panel.stride;
  REAL *gradients = slot == 0 || !pass->gradients
                        ? pass->gradients
                        : (REAL *)pass->slot_gradients + (slot - 1) * network->parameter_count;
  REAL sum = 0;
  long hits = 0;
  for (long p = first; p < end; p++) {
    if (pass->flag && nabla_flag_is_raised(pass->flag)) return;
    const long start = p * pass->panel;
    const REAL *x = (const REAL *)pass->x + start * network->inputs;
    panel.rows = pass->rows - start < pass->panel ? pass->rows - start : pass->panel;
    if (pass->is_whole) {
      panel.x = x, panel.x_unit = 1, panel.x_example = network->inputs;
    } else {
      NAMED(turn)(x, panel.rows, network->inputs, memory, panel.stride);
      panel.x = memory, panel.x_unit = panel.stride, panel.x_example = 1;
    }
    NAMED(forward)(&panel);
    sum += NAMED(lose_by_shares)(&panel, (const REAL *)pass->y + start * network->outputs, &hits);
    if (pass->gradients) NAMED(backward)(&panel, gradients, p > first);
  }
  pass->sums[slot] = sum;
  pass->hits[slot] = hits;
}

/// Sums of the slots' gradients, in their order, for a part of the parameters.
static void NAMED(add_slots)(nabla_pass *pass) {
  const long count = pass->network->parameter_count;
  for (long s = 1; s < pass->slots; s++) {
    const REAL *other = (const REAL *)pass->slot_gradients + (s - 1) * count;
    REAL *sum = pass->gradients;
    long i = 0;
    for (; i + LANES <= count; i += LANES)
      NAMED(store)(sum + i, NAMED(load)(sum + i) + NAMED(load)(other + i));
    for (; i < count; i++) sum[i] += other[i];
  }
}

static bool NAMED(pass)(nabla_pass *pass) {
  const nabla_network *network = pass->network;
  if (pass->rows == 1) {
    if (NAMED(is_tiny)(network)) NAMED(pass_tiny)(pass);
    else NAMED(pass_single)(pass);
    pass->sum = pass->sums[0];
    pass->hit_count = pass->hits[0];
    return true;
  }
  if (pass->slots > 1 && pass->is_shared) nabla_team_run(NAMED(pass_slot), pass, pass->slots);
  else for (long s = 0; s < pass->slots; s++) NAMED(pass_slot)(pass, s);
  if (pass->flag && nabla_flag_is_raised(pass->flag)) return false;
  if (pass->gradients) NAMED(add_slots)(pass);
  REAL sum = 0;
  pass->hit_count = 0;
  for (long s = 0; s < pass->slots; s++) {
    sum += (REAL)pass->sums[s];
    pass->hit_count += pass->hits[s];
  }
  pass->sum = sum;
  return true;
}
#undef PANEL
