// Steps of a training one after the other, with nothing in between: a pass and its update each.

static void NAMED(steps)(nabla_steps *steps) {
  nabla_pass *pass = steps->pass;
  nabla_update *update = steps->update;
  const bool is_tiny = pass->rows == 1 && NAMED(is_tiny)(pass->network);
  steps->made = 0;
  steps->is_wrong = false;
  for (; steps->made < steps->count; steps->made++) {
    if (pass->flag && nabla_flag_is_raised(pass->flag)) return;
    pass->parameters = update->old_ones;
    if (is_tiny) {
      NAMED(pass_tiny)(pass);
      pass->sum = pass->sums[0];
      pass->hit_count = pass->hits[0];
    } else if (!NAMED(pass)(pass)) {
      return;
    }
    steps->sums[steps->made] = pass->sum;
    steps->hits[steps->made] = pass->hit_count;
    if (!(pass->sum - pass->sum == 0)) return;
    if (!NAMED(update)(update)) {
      steps->is_wrong = true;
      return;
    }
    const void *old_ones = update->old_ones;
    update->old_ones = update->new_ones;
    update->new_ones = (void *)old_ones;
  }
}
