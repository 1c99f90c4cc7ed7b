#if defined(__x86_64__)
#define VARIANT avx2
#define VECTOR_BYTES 32
#define HAS_FMA 1
#define TILE_ROWS 6
#define TARGET __attribute__((target("arch=x86-64-v3")))
#include "Variant.h"
#endif
