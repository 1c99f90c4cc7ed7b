// A network of dense layers over panels of examples: forward, loss and backward, with the examples of a panel side by
// side in every quantity ([units, stride]), so that any width fills the vectors.

/// Where a panel's quantities lie: z, a and ∂L/∂z layer by layer, the input and the targets.
typedef struct NAMED(Panel) {
  const nabla_pass *pass;
  /// z of the first layer.
  REAL *layers;
  REAL *y;
  /// Number i of example p lies at x[i · x_unit + p · x_example].
  const REAL *x;
  long x_unit, x_example;
  long rows, stride;
} NAMED(Panel);
#define PANEL NAMED(Panel)

/// Numbers of z, a and ∂L/∂z of all layers for one example.
static long NAMED(units)(const nabla_network *network) {
  long units = 0;
  for (long l = 0; l < network->layer_count; l++) units += 3 * network->layers[l].outputs;
  return units;
}

/// The distance of two rows: of many examples not a power of two, whose rows would drive each other out of the cache.
static long NAMED(stride)(long rows) { return rows < 32 ? rows : (rows + LANES - 1) / LANES * LANES + LANES; }

/// A layer's quantities in a panel.
typedef struct NAMED(Step) {
  const nabla_layer *layer;
  const REAL *z;
  REAL *a, *delta;
  long stride;
} NAMED(Step);
#define STEP NAMED(Step)

/// a = h(z).
static void NAMED(activate)(const nabla_layer *layer, const REAL *z, REAL *a, long count) {
  if (layer->formula) NAMED(formula)(layer->formula, &z, NULL, 1, a, count);
  else NAMED(map)(layer->activation, (REAL)layer->parameter, z, a, count);
}

/// The same, of some units and examples.
static void NAMED(apply_part)(const void *context, long unit, long example, long units, long examples) {
  const STEP *step = context;
  const nabla_layer *layer = step->layer;
  const bool is_run = examples == step->stride;
  for (long i = unit; i < unit + units; i += is_run ? units : 1) {
    const long place = i * step->stride + example, n = is_run ? units * examples : examples;
    NAMED(activate)(layer, step->z + place, step->a + place, n);
  }
}

/// ∂L/∂z from ∂L/∂a, in its place, of some units and examples.
static void NAMED(pull_part_back)(const void *context, long unit, long example, long units, long examples) {
  const STEP *step = context;
  const nabla_layer *layer = step->layer;
  if (!layer->formula && layer->activation == nabla_function_identity) return;
  const bool is_run = examples == step->stride;
  for (long i = unit; i < unit + units; i += is_run ? units : 1) {
    const long place = i * step->stride + example, n = is_run ? units * examples : examples;
    REAL *delta = step->delta + place;
    const REAL *known[] = {step->z + place, step->a + place};
    if (layer->formula) NAMED(formula)(layer->slope, known, delta, 1, delta, n);
    else NAMED(pull_back)(layer->activation, (REAL)layer->parameter, known[0], known[1], delta, delta, n);
  }
}

/// A product whose columns are the panel's examples, and what is done with its parts: by the team where the panel is
/// everybody's.
static void NAMED(multiply_panel)(const PANEL *panel, PRODUCT p, long bias_row, NAMED(Finish) finish,
                                  const STEP *step) {
  if (panel->pass->is_whole && (p.b_column != 1 || (double)p.m * (double)p.n * (double)p.k > 3e5)) {
    p.flag = panel->pass->flag;
    NAMED(multiply_blocks)(&p, bias_row, finish, step);
    return;
  }
  NAMED(run_tiles)(p.m, p.n, p.k, p.a, p.a_row, p.a_column, TILE_ROWS * p.a_row, p.b, p.b_row, TILE_COLUMNS, p.c,
                   p.c_row, p.adds, p.bias, bias_row);
  if (finish) finish(step, 0, 0, p.m, p.n);
}

static void NAMED(forward)(const PANEL *panel) {
  const nabla_pass *pass = panel->pass;
  const nabla_network *network = pass->network;
  const REAL *x = panel->x;
  long unit = panel->x_unit, example = panel->x_example;
  REAL *z = panel->layers;
  for (long l = 0; l < network->layer_count; l++) {
    const nabla_layer *layer = network->layers + l;
    REAL *a = z + layer->outputs * panel->stride;
    const PRODUCT product = {
        .m = layer->outputs, .n = panel->rows, .k = layer->inputs,
        .a = (const REAL *)pass->parameters + layer->weights, .a_row = 1, .a_column = layer->outputs,
        .b = x, .b_row = unit, .b_column = example, .c = z, .c_row = panel->stride,
        .bias = layer->bias == nabla_bias_none ? NULL : (const REAL *)pass->parameters + layer->biases};
    const STEP step = {.layer = layer, .z = z, .a = a, .stride = panel->stride};
    // The last activation belongs to the loss where the two go together.
    const bool activates = l < network->layer_count - 1 || !network->loss.is_fused;
    NAMED(multiply_panel)(panel, product, layer->bias == nabla_bias_each, activates ? NAMED(apply_part) : NULL, &step);
    x = a, unit = panel->stride, example = 1;
    z += 3 * layer->outputs * panel->stride;
  }
}

/// The loss of a panel, and ∂L by the net inputs of the last layer.
static REAL NAMED(lose)(const PANEL *panel, long *hits) {
  const nabla_pass *pass = panel->pass;
  const nabla_network *network = pass->network;
  const nabla_loss *loss = &network->loss;
  const nabla_layer *last = network->layers + network->layer_count - 1;
  const long stride = panel->stride, rows = panel->rows, outputs = network->outputs;
  const REAL *y = panel->y;
  REAL *z = panel->layers + (NAMED(units)(network) - 3 * outputs) * stride;
  REAL *a = z + outputs * stride, *delta = a + outputs * stride;
  const REAL scale = (REAL)(pass->scale * loss->factor);
  REAL sum = 0;
  if (loss->kind == nabla_loss_cross_entropy) {
    sum = NAMED(cross_entropy)(z, a, y, outputs, rows, stride, scale, delta);
  } else {
    const long n = stride == rows ? rows * outputs : rows;
    for (long start = 0; start < outputs * stride; start += stride == rows ? n : stride) {
      if (loss->kind == nabla_loss_squares)
        sum += NAMED(squares)(a + start, y + start, n, scale, delta + start);
      else if (loss->kind == nabla_loss_binary_cross_entropy)
        sum += NAMED(binary_cross_entropy)(z + start, a + start, y + start, n, scale, delta + start);
      else {
        const REAL *known[] = {a + start, y + start};
        sum += NAMED(formula)(loss->formula, known, NULL, 1, NULL, n);
        NAMED(formula)(loss->slope, known, NULL, scale, delta + start, n);
      }
    }
  }
  *hits += NAMED(count_hits)(loss, a, y, outputs, rows, stride);
  if (!loss->is_fused) {
    const STEP step = {.layer = last, .z = z, .a = a, .delta = delta, .stride = stride};
    NAMED(pull_part_back)(&step, 0, 0, outputs, rows);
  }
  return sum * (REAL)loss->factor;
}

/// ∂L/∂W of a layer from its ∂L/∂z; `example` is how far apart the examples of x lie.
static void NAMED(pull_weights_back)(const PANEL *panel, const nabla_layer *layer, const REAL *x, long unit,
                                     long example, const REAL *delta, REAL *gradients, bool adds) {
  const long stride = panel->stride;
  if (!panel->pass->is_whole) {
    NAMED(multiply_dots)(layer->inputs, layer->outputs, panel->rows, x, stride, delta, stride, gradients,
                         layer->outputs, adds);
    return;
  }
  const PRODUCT product = {.m = layer->inputs, .n = layer->outputs, .k = panel->rows,
                           .a = x, .a_row = unit, .a_column = example, .b = delta, .b_row = 1, .b_column = stride,
                           .c = gradients, .c_row = layer->outputs, .adds = adds, .flag = panel->pass->flag};
  NAMED(multiply_blocks)(&product, -1, NULL, NULL);
}

/// ∂L/∂b of a layer: sums over the examples.
static void NAMED(pull_biases_back)(const PANEL *panel, const nabla_layer *layer, const REAL *delta, REAL *gradients,
                                    bool adds) {
  if (layer->bias == nabla_bias_none) return;
  const long rows = panel->rows;
  REAL total = 0;
  for (long j = 0; j < layer->outputs; j++, delta += panel->stride) {
    V sum = 0;
    for (long i = 0; i < rows; i += LANES)
      sum += rows - i < LANES ? NAMED(load_some)(delta + i, rows - i) : NAMED(load)(delta + i);
    const REAL each = NAMED(total)(sum);
    total += each;
    if (layer->bias == nabla_bias_each) gradients[j] = adds ? gradients[j] + each : each;
  }
  if (layer->bias == nabla_bias_shared) gradients[0] = adds ? gradients[0] + total : total;
}

static void NAMED(backward)(const PANEL *panel, REAL *gradients, bool adds) {
  const nabla_pass *pass = panel->pass;
  const nabla_network *network = pass->network;
  const long stride = panel->stride;
  REAL *z = panel->layers + NAMED(units)(network) * stride;
  for (long l = network->layer_count - 1; l >= 0; l--) {
    const nabla_layer *layer = network->layers + l, *before = l > 0 ? layer - 1 : NULL;
    z -= 3 * layer->outputs * stride;
    const REAL *delta = z + 2 * layer->outputs * stride;
    const REAL *x = before ? z - 2 * before->outputs * stride : panel->x;
    NAMED(pull_weights_back)(panel, layer, x, before ? stride : panel->x_unit, before ? 1 : panel->x_example, delta,
                             gradients + layer->weights, adds);
    NAMED(pull_biases_back)(panel, layer, delta, gradients + layer->biases, adds);
    if (!before) return;
    const STEP step = {.layer = before, .z = z - 3 * before->outputs * stride, .a = z - 2 * before->outputs * stride,
                       .delta = z - before->outputs * stride, .stride = stride};
    const PRODUCT product = {
        .m = layer->inputs, .n = panel->rows, .k = layer->outputs,
        .a = (const REAL *)pass->parameters + layer->weights, .a_row = layer->outputs, .a_column = 1,
        .b = delta, .b_row = stride, .b_column = 1, .c = step.delta, .c_row = stride};
    NAMED(multiply_panel)(panel, product, 0, NAMED(pull_part_back), &step);
  }
}
#undef STEP
