// The table of one precision of a variant, and the end of its macros.
#define JOINED(a, b, c) a##b##_##c
#define TABLE(variant, suffix) JOINED(nabla_, variant, suffix)
#define TABLE_TYPE(suffix) JOINED(nabla_, table, suffix)

const TABLE_TYPE(SUFFIX) TABLE(VARIANT, SUFFIX) = {
    .multiply = NAMED(multiply),
    .map = NAMED(map),
    .pull_back = NAMED(pull_back),
    .sum_columns = NAMED(sum_columns),
    .join = NAMED(join),
    .pull_join = NAMED(pull_join),
    .formula = NAMED(formula),
    .pass = NAMED(pass),
    .update = NAMED(update),
    .steps = NAMED(steps),
};
#undef TILE_COLUMNS
#undef PRODUCT
#undef JOINED
#undef TABLE
#undef TABLE_TYPE
#undef REAL
#undef INTEGER
#undef UNSIGNED
#undef BITS
#undef SUFFIX
#undef OPERAND
#undef NAMED
#undef LANES
#undef V
#undef I
#undef U
