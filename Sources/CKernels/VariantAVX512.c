#if defined(__x86_64__)
#define VARIANT avx512
#define VECTOR_BYTES 64
#define HAS_FMA 1
#define TILE_ROWS 14
#define TARGET __attribute__((target("arch=x86-64-v4")))
#include "Variant.h"
#endif
