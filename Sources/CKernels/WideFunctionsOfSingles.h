// erf, sin and cos of a vector of singles: half of it at a time in double precision, rounded once.
typedef float Half_f32 __attribute__((ext_vector_type(LANES_f64)));
#define IN_DOUBLES(name)                                                                                    \
  INLINE V_f32 name##_f32(V_f32 x) {                                                                        \
    Half_f32 part[2];                                                                                       \
    __builtin_memcpy(part, &x, sizeof x);                                                                   \
    part[0] = __builtin_convertvector(name##_f64(__builtin_convertvector(part[0], V_f64)), Half_f32);       \
    part[1] = __builtin_convertvector(name##_f64(__builtin_convertvector(part[1], V_f64)), Half_f32);       \
    __builtin_memcpy(&x, part, sizeof x);                                                                   \
    return x;                                                                                               \
  }
IN_DOUBLES(erf)
IN_DOUBLES(sin)
IN_DOUBLES(cos)
#undef IN_DOUBLES
