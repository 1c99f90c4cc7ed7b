// A network of dense layers over panels of examples: forward, loss and backward, with the examples of a panel side by
// side in every quantity ([units, stride]), so that any width fills the vectors.


/// Where a panel's quantities lie: for every layer z, a and ∂L/∂z; the input and the targets.
typedef struct NAMED(Panel) {
  const nabla_pass *pass;
  REAL *memory;
  long rows, stride;
} NAMED(Panel);
#define PANEL NAMED(Panel)

/// Numbers of a panel's memory for one example: x, y, and z, a, ∂L/∂z of every layer.
static long NAMED(units)(const nabla_network *network) {
  long units = network->inputs + network->outputs;
  for (long l = 0; l < network->layer_count; l++) units += 3 * network->layers[l].outputs;
  return units;
}

/// The distance of two rows: of many examples not a power of two, whose rows would drive each other out of the cache.
static long NAMED(stride)(long rows) { return rows < 32 ? rows : (rows + LANES - 1) / LANES * LANES + LANES; }

/// A function of all rows of a quantity.
INLINE void NAMED(apply_layer)(const nabla_layer *layer, const PANEL *panel, const REAL *z, REAL *a) {
  const long n = panel->stride == panel->rows ? panel->rows * layer->outputs : panel->rows;
  for (long start = 0; start < layer->outputs * panel->stride; start += panel->stride == panel->rows ? n : panel->stride) {
    if (layer->apply) layer->apply(layer->context, z + start, a + start, n);
    else NAMED(map)(layer->activation, (REAL)layer->parameter, z + start, a + start, n);
  }
}

INLINE void NAMED(pull_layer_back)(const nabla_layer *layer, const PANEL *panel, const REAL *z, const REAL *a, REAL *delta) {
  const long n = panel->stride == panel->rows ? panel->rows * layer->outputs : panel->rows;
  for (long start = 0; start < layer->outputs * panel->stride; start += panel->stride == panel->rows ? n : panel->stride) {
    if (layer->pull_back) layer->pull_back(layer->context, z + start, a + start, delta + start, n);
    else if (layer->activation != nabla_function_identity)
      NAMED(pull_back)(layer->activation, (REAL)layer->parameter, z + start, a + start, delta + start, delta + start, n);
  }
}

static void NAMED(forward)(const PANEL *panel) {
  const nabla_pass *pass = panel->pass;
  const nabla_network *network = pass->network;
  const long stride = panel->stride;
  REAL *x = panel->memory;
  REAL *z = x + (network->inputs + network->outputs) * stride;
  for (long l = 0; l < network->layer_count; l++) {
    const nabla_layer *layer = network->layers + l;
    const REAL *weights = (const REAL *)pass->parameters + layer->weights;
    const REAL *biases = layer->bias == nabla_bias_none ? NULL : (const REAL *)pass->parameters + layer->biases;
    REAL *a = z + layer->outputs * stride;
    NAMED(run_tiles)(layer->outputs, panel->rows, layer->inputs, weights, 1, layer->outputs, TILE_ROWS, x, stride,
                     2 * LANES, z, stride, false, biases, layer->bias == nabla_bias_each);
    // The last activation belongs to the loss where the two go together.
    if (l < network->layer_count - 1 || !network->loss.is_fused) NAMED(apply_layer)(layer, panel, z, a);
    x = a;
    z += 3 * layer->outputs * stride;
  }
}

/// The loss of a panel, and ∂L by the net inputs of the last layer.
static REAL NAMED(lose)(const PANEL *panel, long *hits) {
  const nabla_pass *pass = panel->pass;
  const nabla_network *network = pass->network;
  const nabla_loss *loss = &network->loss;
  const long stride = panel->stride, rows = panel->rows, outputs = network->outputs;
  const REAL *y = panel->memory + network->inputs * stride;
  REAL *z = panel->memory + NAMED(units)(network) * stride - 3 * outputs * stride;
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
      else
        sum += (REAL)loss->value(loss->context, a + start, y + start, n, scale, delta + start);
    }
  }
  *hits += NAMED(count_hits)(loss, a, y, outputs, rows, stride);
  if (!loss->is_fused) NAMED(pull_layer_back)(network->layers + network->layer_count - 1, panel, z, a, delta);
  return sum * (REAL)loss->factor;
}

static void NAMED(backward)(const PANEL *panel, REAL *gradients, bool adds) {
  const nabla_pass *pass = panel->pass;
  const nabla_network *network = pass->network;
  const long stride = panel->stride, rows = panel->rows;
  REAL *z = panel->memory + NAMED(units)(network) * stride;
  for (long l = network->layer_count - 1; l >= 0; l--) {
    const nabla_layer *layer = network->layers + l;
    z -= 3 * layer->outputs * stride;
    const REAL *delta = z + 2 * layer->outputs * stride;
    const nabla_layer *before = l > 0 ? layer - 1 : NULL;
    REAL *x = before ? z - 2 * before->outputs * stride : panel->memory;
    NAMED(multiply_dots)(layer->inputs, layer->outputs, rows, x, stride, delta, stride, gradients + layer->weights,
                         layer->outputs, adds);
    if (layer->bias != nabla_bias_none) {
      REAL total = 0;
      for (long j = 0; j < layer->outputs; j++) {
        V sum = 0;
        for (long i = 0; i < rows; i += LANES)
          sum += rows - i < LANES ? NAMED(load_some)(delta + j * stride + i, rows - i)
                                  : NAMED(load)(delta + j * stride + i);
        const REAL each = NAMED(total)(sum);
        total += each;
        REAL *g = gradients + layer->biases + j;
        if (layer->bias == nabla_bias_each) *g = adds ? *g + each : each;
      }
      if (layer->bias == nabla_bias_shared)
        gradients[layer->biases] = adds ? gradients[layer->biases] + total : total;
    }
    if (!before) return;
    REAL *earlier = z - before->outputs * stride;
    NAMED(run_tiles)(layer->inputs, rows, layer->outputs, (const REAL *)pass->parameters + layer->weights,
                     layer->outputs, 1,
                     TILE_ROWS * layer->outputs, delta, stride, 2 * LANES, earlier, stride, false, NULL, 0);
    NAMED(pull_layer_back)(before, panel, z - 3 * before->outputs * stride, x, earlier);
  }
}
