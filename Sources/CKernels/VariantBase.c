// For every processor: SSE2 on x86-64, the compiler's own target elsewhere.
#define VARIANT base
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif
#define TILE_ROWS 4
#include "Variant.h"
