// The pass of one example: vectors run along the units, whose weights lie side by side.


INLINE long NAMED(some)(long count, long start) { return count - start < LANES ? count - start : LANES; }

/// z = x·W + b and a = h(z) of one layer.
INLINE void NAMED(forward_single)(const nabla_layer *layer, const REAL *parameters, const REAL *x, REAL *z, REAL *a,
                                  bool activates) {
  const REAL *weights = parameters + layer->weights;
  const long outputs = layer->outputs;
  for (long j = 0; j < outputs; j += LANES) {
    const long n = NAMED(some)(outputs, j);
    V sum = layer->bias == nabla_bias_each     ? NAMED(load_some)(parameters + layer->biases + j, n)
            : layer->bias == nabla_bias_shared ? (V)parameters[layer->biases]
                                               : (V)0;
    const REAL *row = weights + j;
    for (long i = 0; i < layer->inputs; i++, row += outputs)
      sum = NAMED(fma)((V)x[i], NAMED(load_some)(row, n), sum);
    NAMED(store_some)(z + j, sum, n);
  }
  if (activates) NAMED(activate)(layer, z, a, outputs);
}

/// ∂L by weights and biases, and by the input where it is asked for.
INLINE void NAMED(backward_single)(const nabla_layer *layer, const REAL *parameters, const REAL *x, const REAL *delta,
                                   REAL *gradients, REAL *to_input) {
  const REAL *weights = parameters + layer->weights;
  REAL *to = gradients + layer->weights;
  const long outputs = layer->outputs;
  V whole = 0;
  for (long j = 0; j < outputs; j += LANES) {
    const long n = NAMED(some)(outputs, j);
    const V d = NAMED(load_some)(delta + j, n);
    whole += d;
    if (layer->bias == nabla_bias_each) NAMED(store_some)(gradients + layer->biases + j, d, n);
    for (long i = 0; i < layer->inputs; i++) NAMED(store_some)(to + i * outputs + j, (V)x[i] * d, n);
  }
  if (layer->bias == nabla_bias_shared) gradients[layer->biases] = NAMED(total)(whole);
  if (!to_input) return;
  for (long i = 0; i < layer->inputs; i++) {
    V sum = 0;
    for (long j = 0; j < outputs; j += LANES) {
      const long n = NAMED(some)(outputs, j);
      sum = NAMED(fma)(NAMED(load_some)(weights + i * outputs + j, n), NAMED(load_some)(delta + j, n), sum);
    }
    to_input[i] = NAMED(total)(sum);
  }
}

static void NAMED(pass_single)(nabla_pass *pass) {
  const nabla_network *network = pass->network;
  REAL *memory = nabla_scratch(2, sizeof(REAL) * (size_t)(NAMED(units)(network) + network->outputs));
  const PANEL panel = {.pass = pass, .stride = 1, .rows = 1, .y = memory, .layers = memory + network->outputs};
  memcpy(panel.y, pass->y, sizeof(REAL) * (size_t)network->outputs);
  const REAL *x = pass->x;
  REAL *z = panel.layers;
  const long last = network->layer_count - 1;
  for (long l = 0; l <= last; l++) {
    const nabla_layer *layer = network->layers + l;
    REAL *a = z + layer->outputs;
    NAMED(forward_single)(layer, pass->parameters, x, z, a, l < last || !network->loss.is_fused);
    x = a;
    z += 3 * layer->outputs;
  }
  pass->hits[0] = 0;
  pass->sums[0] = NAMED(lose)(&panel, pass->hits);
  if (!pass->gradients) return;
  for (long l = last; l >= 0; l--) {
    const nabla_layer *layer = network->layers + l, *earlier = l > 0 ? layer - 1 : NULL;
    z -= 3 * layer->outputs;
    REAL *a = earlier ? z - 2 * earlier->outputs : NULL, *delta = earlier ? z - earlier->outputs : NULL;
    NAMED(backward_single)(layer, pass->parameters, a ? a : pass->x, z + 2 * layer->outputs, pass->gradients, delta);
    if (!earlier) return;
    const NAMED(Step) step = {.layer = earlier, .z = z - 3 * earlier->outputs, .a = a, .delta = delta, .stride = 1};
    NAMED(pull_part_back)(&step, 0, 0, earlier->outputs, 1);
  }
}

/// The most layers of a network whose quantities stay in registers.
#define MOST_LAYERS 8

/// Whether every layer of a network fits into one vector, and the kernels know its functions.
static bool NAMED(is_tiny)(const nabla_network *network) {
  if (network->layer_count > MOST_LAYERS || network->inputs > LANES) return false;
  if (network->loss.kind != nabla_loss_squares && network->loss.kind != nabla_loss_binary_cross_entropy) return false;
  for (long l = 0; l < network->layer_count; l++) {
    const nabla_layer *layer = network->layers + l;
    if (layer->outputs > LANES || layer->formula || layer->bias == nabla_bias_shared) return false;
  }
  return true;
}

/// As `pass_single`, of a tiny network: no quantity is stored but for its numbers to be read one by one.
static void NAMED(pass_tiny)(nabla_pass *pass) {
  const nabla_network *network = pass->network;
  const REAL *parameters = pass->parameters;
  V z[MOST_LAYERS], a[MOST_LAYERS + 1];
  const long last = network->layer_count - 1;
  a[0] = NAMED(load_some)(pass->x, network->inputs);
  for (long l = 0; l <= last; l++) {
    const nabla_layer *layer = network->layers + l;
    const REAL *x = (const REAL *)&a[l], *row = parameters + layer->weights;
    const long n = layer->outputs;
    V sum = layer->bias == nabla_bias_each ? NAMED(load_some)(parameters + layer->biases, n) : (V)0;
    for (long i = 0; i < layer->inputs; i++, row += n) sum = NAMED(fma)((V)x[i], NAMED(load_some)(row, n), sum);
    z[l] = sum;
    if (l < last || !network->loss.is_fused) a[l + 1] = NAMED(function)(layer->activation, (REAL)layer->parameter, sum);
  }
  const nabla_loss *loss = &network->loss;
  const V y = NAMED(load_some)(pass->y, network->outputs), scale = (V)(REAL)(pass->scale * loss->factor);
  V delta, part;
  if (loss->kind == nabla_loss_binary_cross_entropy) {
    part = NAMED(binary_part)(z[last], y, &a[last + 1], &delta);
    delta = delta * scale;
  } else {
    const V wrong = a[last + 1] - y;
    part = wrong * wrong;
    delta = 2 * scale * wrong;
  }
  if (!loss->is_fused)
    delta = delta * NAMED(slope)(network->layers[last].activation, (REAL)network->layers[last].parameter, z[last], a[last + 1]);
  pass->sums[0] = NAMED(total)(NAMED(first_lanes)(part, network->outputs)) * (REAL)loss->factor;
  pass->hits[0] = loss->hits == nabla_hits_none ? 0
      : NAMED(count_hits)(loss, (const REAL *)&a[last + 1], pass->y, network->outputs, 1, 1);
  if (!pass->gradients) return;
  for (long l = last; l >= 0; l--) {
    const nabla_layer *layer = network->layers + l;
    const REAL *x = (const REAL *)&a[l], *row = parameters + layer->weights;
    REAL *to = (REAL *)pass->gradients + layer->weights;
    const long n = layer->outputs;
    V back = 0;
    if (l > 0)
      // Lane by lane in registers: a vector read from numbers just stored would have to wait for them.
      UNROLLED for (int i = 0; i < LANES; i++)
        if (i < layer->inputs)
          back[i] = NAMED(total)(NAMED(load_some)(row + i * n, n) * NAMED(first_lanes)(delta, n));
    for (long i = 0; i < layer->inputs; i++) NAMED(store_some)(to + i * n, (V)x[i] * delta, n);
    if (layer->bias == nabla_bias_each) NAMED(store_some)((REAL *)pass->gradients + layer->biases, delta, n);
    if (l == 0) return;
    delta = back * NAMED(slope)(layer[-1].activation, (REAL)layer[-1].parameter, z[l - 1], a[l]);
  }
}
#undef MOST_LAYERS
