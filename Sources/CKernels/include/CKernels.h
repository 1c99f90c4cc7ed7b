/// Kernels over runs of numbers in memory: functions, products, passes of layers and updates, in SIMD.
///
/// Each is compiled for several instruction sets; which one runs is found once, at the first look at the processor.
/// Shape: matrices row by row, the last index running fastest.
#ifndef NABLA_CKERNELS_H
#define NABLA_CKERNELS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A function of one number, over a run of numbers.
typedef enum nabla_function : int32_t {
  nabla_function_identity,
  nabla_function_exp,
  nabla_function_ln,
  nabla_function_ln_one_plus,
  nabla_function_exp_minus_one,
  nabla_function_tanh,
  nabla_function_sigmoid,
  nabla_function_erf,
  nabla_function_sin,
  nabla_function_cos,
  nabla_function_sqrt,
  nabla_function_abs,
  /// max(x, 0).
  nabla_function_relu,
  /// x above 0, else parameter · x.
  nabla_function_leaky_relu,
} nabla_function;

/// The most slots of a pass.
#define NABLA_MOST_SLOTS 8

/// Whether somebody has asked the running computation to stop.
typedef struct nabla_flag { bool raised; } nabla_flag;
static inline bool nabla_flag_is_raised(const nabla_flag *flag) {
  return __atomic_load_n(&flag->raised, __ATOMIC_RELAXED);
}
static inline void nabla_flag_set(nabla_flag *flag, bool value) {
  __atomic_store_n(&flag->raised, value, __ATOMIC_RELAXED);
}

/// The name of the instruction set that is used: avx512, avx2 or base.
const char *nabla_instruction_set(void);

/// How many threads the team has, the caller's among them: `NABLA_THREADS`, or the processor's.
long nabla_team_size(void);
/// Runs work(context, index) for every index below count, by all threads of the team, and returns when all is done.
/// The caller's thread alone where the team is at work already.
void nabla_team_run(void (*work)(void *context, long index), void *context, long count);

/// What is added to x·W: nothing, one number a unit, or one for all.
typedef enum nabla_bias : int32_t { nabla_bias_none, nabla_bias_each, nabla_bias_shared } nabla_bias;

/// A loss; the cross entropies with their activation, from its net inputs.
typedef enum nabla_loss_kind : int32_t {
  nabla_loss_squares,
  nabla_loss_binary_cross_entropy,
  nabla_loss_cross_entropy,
  /// What `formula` computes.
  nabla_loss_formula,
} nabla_loss_kind;

/// What counts as right: nothing, an entry on its target's side of the middle, or the largest output.
typedef enum nabla_hits : int32_t { nabla_hits_none, nabla_hits_entries, nabla_hits_largest } nabla_hits;

/// An optimizer whose update is a kernel, with its numbers c.
typedef enum nabla_optimizer : int32_t {
  /// w − ηg
  nabla_optimizer_descent,
  /// v ← c₀v + g, w − ηv
  nabla_optimizer_momentum,
  /// v ← c₀v + g, w − η(g + c₀v)
  nabla_optimizer_nesterov,
  /// v ← v + g², w − ηg/(√v + c₀)
  nabla_optimizer_adagrad,
  /// v ← c₀v + c₁g², w − ηg/(√v + c₂)
  nabla_optimizer_rmsprop,
  /// m ← c₀m + c₁g, v ← c₂v + c₃g², c₆w − ηm/(√v·c₅ + c₄)
  nabla_optimizer_adam,
} nabla_optimizer;

/// What an instruction of a formula does with its operands x, y and z.
typedef enum nabla_operation : int32_t {
  nabla_operation_add,
  nabla_operation_subtract,
  nabla_operation_multiply,
  nabla_operation_divide,
  nabla_operation_power,
  nabla_operation_largest,
  nabla_operation_smallest,
  /// 1 where it holds, else 0.
  nabla_operation_less,
  nabla_operation_less_or_equal,
  nabla_operation_equal,
  nabla_operation_not_equal,
  /// y where x is not 0, else z.
  nabla_operation_choose,
  /// The instruction's function of x.
  nabla_operation_function,
  /// What `given` writes for x.
  nabla_operation_given,
} nabla_operation;

/// An instruction on whole runs of numbers; its operands are slots of the formula that stand before its own.
typedef struct nabla_instruction {
  nabla_operation operation;
  nabla_function function;
  double parameter;
  long a, b, c;
  void (*given)(const void *context, const double *x, double *y, long count);
  const void *context;
} nabla_instruction;

/// A formula of numbers, of which every entry is computed by itself, in double precision. Its slots are the inputs,
/// then the numbers that it names, then what its instructions give; the last one is the value.
typedef struct nabla_formula {
  long inputs, numbers, count;
  const double *number;
  const nabla_instruction *instructions;
} nabla_formula;

#define NABLA_REALS(REAL, SUFFIX)                                                                           \
  /** C = op(A)·op(B), or C + op(A)·op(B), with a bias on every row if there is one; false when the flag was \
      raised on the way. Element (i, p) of op(A) lies at a[i·a_row + p·a_column], and so for B.              \
      Shape: op(A) [m, k], op(B) [k, n], C [m, n], bias [n]. */                                             \
  typedef struct nabla_product_##SUFFIX {                                                                   \
    long m, n, k;                                                                                           \
    const REAL *a;                                                                                          \
    long a_row, a_column;                                                                                   \
    const REAL *b;                                                                                          \
    long b_row, b_column;                                                                                   \
    REAL *c;                                                                                                \
    long c_row;                                                                                             \
    bool adds;                                                                                              \
    const REAL *bias;                                                                                       \
    const nabla_flag *flag;                                                                                 \
  } nabla_product_##SUFFIX;                                                                                 \
  bool nabla_multiply_##SUFFIX(const nabla_product_##SUFFIX *product);                                      \
  /** y[i] = f(x[i]); y may be x. */                                                                        \
  void nabla_map_##SUFFIX(nabla_function function, REAL parameter, const REAL *x, REAL *y, long count);     \
  /** gz[i] = ga[i] · f′(z[i]), by z or by a = f(z), whichever is nearer; of functions that activate. */    \
  void nabla_pull_back_##SUFFIX(nabla_function function, REAL parameter, const REAL *z, const REAL *a,      \
                                const REAL *ga, REAL *gz, long count);                                      \
  /** Rows of numbers that lie apart, or one number a row that stands for all of it. */                     \
  typedef struct nabla_operand_##SUFFIX {                                                                   \
    const REAL *numbers;                                                                                    \
    long distance;                                                                                          \
    bool is_single;                                                                                         \
  } nabla_operand_##SUFFIX;                                                                                 \
  /** result = a op b in each of some rows of `count` entries: of +, −, ·, /, the larger and the smaller. */ \
  void nabla_join_##SUFFIX(nabla_operation operation, long rows, long count, const nabla_operand_##SUFFIX *a, \
                           const nabla_operand_##SUFFIX *b, REAL *result, long distance);                   \
  /** target += gradient · ∂(a op b), by a or by b, of +, −, ·, /; summed where the target has one entry a row. */ \
  void nabla_pull_join_##SUFFIX(nabla_operation operation, bool by_second, long rows, long count,           \
                                const nabla_operand_##SUFFIX *a, const nabla_operand_##SUFFIX *b,           \
                                const nabla_operand_##SUFFIX *gradient, REAL *target, long distance,        \
                                bool is_single);                                                            \
  /** The column sums of x, added to what is there if asked. Shape: x [m, n], sums [n]. */                  \
  void nabla_sum_columns_##SUFFIX(const REAL *x, long m, long n, REAL *sums, bool adds);                    \
  /** result[i] = factor · factors[i] · value[i], without factors where they are NULL; nothing is written where \
      the result is. It may be the memory of factors or of an input. Gives the sum of the values.           \
      Shape: inputs, factors, result [count]. */                                                            \
  REAL nabla_run_formula_##SUFFIX(const nabla_formula *formula, const REAL *const *inputs, const REAL *factors, \
                                  REAL factor, REAL *result, long count);

NABLA_REALS(double, f64)
NABLA_REALS(float, f32)

// What follows is of either precision: its memory holds doubles, or floats where `is_single` says so.

/// A dense layer: a = h(x·W + b), its parameters at these places of all parameters.
typedef struct nabla_layer {
  long inputs, outputs, weights, biases;
  nabla_bias bias;
  nabla_function activation;
  double parameter;
  /// h of z, and h′ of z and a, where the function is none of the kernels'.
  const nabla_formula *formula, *slope;
} nabla_layer;

typedef struct nabla_loss {
  nabla_loss_kind kind;
  /// Whether ∂L/∂z of the last layer comes from the loss.
  bool is_fused;
  /// What the loss is multiplied by: 1, or 1 by the number of outputs.
  double factor;
  nabla_hits hits;
  double middle, high;
  /// The loss of an output a with its target y, and its ∂ by a.
  const nabla_formula *formula, *slope;
} nabla_loss;

typedef struct nabla_network {
  bool is_single;
  long inputs, outputs, parameter_count, layer_count;
  const nabla_layer *layers;
  nabla_loss loss;
} nabla_network;

/// Forward, loss and backward of all rows, by panels, some of them after each other in one slot. Sums are taken panel by
/// panel, then slot by slot, whatever thread did which.
/// Shape: x [rows, inputs], y [rows, outputs], slot_gradients [slots − 1, parameter_count].
typedef struct nabla_pass {
  const nabla_network *network;
  const void *x, *y;
  long rows, panel, slots;
  /// Whether the team takes part: slot by slot, or where a panel is whole, everybody's, in each of its products. Then there
  /// is one slot, and `memory` has room for the panel: y and the layers' z, a and ∂L/∂z, for each of their units as many
  /// numbers as the panel has examples and 32 more, and 64 numbers behind.
  bool is_shared, is_whole;
  void *memory;
  const void *parameters;
  /// NULL where nobody asks for gradients.
  void *gradients, *slot_gradients;
  /// What the gradients are multiplied by.
  double scale;
  const nabla_flag *flag;
  double sum;
  long hit_count;
  double sums[NABLA_MOST_SLOTS];
  long hits[NABLA_MOST_SLOTS];
} nabla_pass;
/// false when the flag was raised on the way.
bool nabla_run_pass(nabla_pass *pass);

/// An update of count parameters from old to new ones; what is kept lies in runs of `kept_stride`.
typedef struct nabla_update {
  bool is_single;
  nabla_optimizer optimizer;
  double rate;
  double c[7];
  const void *old_ones, *gradients;
  void *new_ones, *kept;
  long count, kept_stride;
} nabla_update;
/// Whether all new parameters are finite.
bool nabla_run_update(const nabla_update *update);

/// Up to `count` steps of a training: a pass over all rows, and the update by its gradients, after which old and new
/// parameters change places.
typedef struct nabla_steps {
  nabla_pass *pass;
  nabla_update *update;
  long count;
  /// Of each step's pass. Shape: [count].
  double *sums;
  long *hits;
  /// How many steps were made: fewer where the flag was raised, where a loss is not finite, or, as `is_wrong` says, what
  /// the next update gave.
  long made;
  bool is_wrong;
} nabla_steps;
void nabla_run_steps(nabla_steps *steps);
#endif
