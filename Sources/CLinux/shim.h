// What Swift's Glibc module leaves out of Linux's C library.
#include <execinfo.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// Declared by <pthread.h> for GNU sources only.
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);

#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;

// The arguments on the first stack, where the system puts their count, them, a null and the environment.
static inline char **nabla_process_arguments(int *count) {
  char **last = environ;
  if (!last || last[-1]) return 0;
  for (long length = 0; length < 100000; length++)
    if ((long)last[-2 - length] == length) {
      *count = (int)length;
      return last - 1 - length;
    }
  return 0;
}

#include <malloc.h>

// Gives memory that is free back to the system.
static inline void nabla_return_memory(void) { malloc_trim(0); }

// Lets all threads allocate from one heap, and gives back at once what is large.
static inline void nabla_share_one_heap(void) {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

// Where the executable begins in memory, by the linker's word.
extern const char __executable_start;
static inline unsigned long nabla_executable_start(void) {
  return (unsigned long)&__executable_start;
}
