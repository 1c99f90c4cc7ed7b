// What a variant gives: one table a precision.
#ifndef NABLA_KERNELS_H
#define NABLA_KERNELS_H
#include "include/CKernels.h"

#define NABLA_TABLE(REAL, SUFFIX)                                                                           \
  typedef struct nabla_table_##SUFFIX {                                                                     \
    bool (*multiply)(const nabla_product_##SUFFIX *);                                                       \
    void (*map)(nabla_function, REAL, const REAL *, REAL *, long);                                          \
    void (*pull_back)(nabla_function, REAL, const REAL *, const REAL *, const REAL *, REAL *, long);        \
    void (*sum_columns)(const REAL *, long, long, REAL *, bool);                                            \
    void (*join)(nabla_operation, long, long, const nabla_operand_##SUFFIX *, const nabla_operand_##SUFFIX *, \
                 REAL *, long);                                                                             \
    void (*pull_join)(nabla_operation, bool, long, long, const nabla_operand_##SUFFIX *,                    \
                      const nabla_operand_##SUFFIX *, const nabla_operand_##SUFFIX *, REAL *, long, bool);  \
    REAL (*formula)(const nabla_formula *, const REAL *const *, const REAL *, REAL, REAL *, long);          \
    bool (*pass)(nabla_pass *);                                                                             \
    bool (*update)(const nabla_update *);                                                                   \
    void (*steps)(nabla_steps *);                                                                           \
  } nabla_table_##SUFFIX;
NABLA_TABLE(double, f64)
NABLA_TABLE(float, f32)
#undef NABLA_TABLE

/// Memory of this thread for rearranged operands; it grows and stays.
void *nabla_scratch(int place, size_t bytes);
#endif
