// The pass of a whole batch: its panels, their slots, the sums of these.


/// All panels of one slot, one after the other.
static void NAMED(pass_slot)(void *context, long slot) {
  nabla_pass *pass = context;
  const nabla_network *network = pass->network;
  const long panels = (pass->rows + pass->panel - 1) / pass->panel;
  const long first = slot * panels / pass->slots, end = (slot + 1) * panels / pass->slots;
  PANEL panel = {.pass = pass, .stride = NAMED(stride)(pass->panel < pass->rows ? pass->panel : pass->rows)};
  panel.memory = nabla_scratch(2, sizeof(REAL) * (size_t)(NAMED(units)(network) * panel.stride) + 4 * VECTOR_BYTES);
  REAL *gradients = slot == 0 || !pass->gradients
                        ? pass->gradients
                        : (REAL *)pass->slot_gradients + (slot - 1) * network->parameter_count;
  REAL sum = 0;
  long hits = 0;
  for (long p = first; p < end; p++) {
    if (pass->flag && nabla_flag_is_raised(pass->flag)) return;
    const long start = p * pass->panel;
    panel.rows = pass->rows - start < pass->panel ? pass->rows - start : pass->panel;
    NAMED(turn)((const REAL *)pass->x + start * network->inputs, panel.rows, network->inputs, panel.memory, panel.stride);
    NAMED(turn)((const REAL *)pass->y + start * network->outputs, panel.rows, network->outputs,
                panel.memory + network->inputs * panel.stride, panel.stride);
    NAMED(forward)(&panel);
    sum += NAMED(lose)(&panel, &hits);
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
