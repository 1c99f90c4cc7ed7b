// What Swift's Glibc module leaves out of Linux's C library.
#include <execinfo.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// Declared by <pthread.h> for GNU sources only.
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);

// The lowest address of the running thread's stack, and how long it is; 0 where the system does not say.
static inline unsigned long nabla_stack_start(unsigned long *length) {
  pthread_attr_t attributes;
  void *start = 0;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes)) return 0;
  pthread_attr_getstack(&attributes, &start, &size);
  pthread_attr_destroy(&attributes);
  *length = size;
  return (unsigned long)start;
}

#include <sys/auxv.h>
#include <unistd.h>

// Where the loader says that the first stack began. Whatever else has changed the environment since, as libraries that are
// loaded before others do, it stays.
extern void *__libc_stack_end;

// The arguments on the first stack, where the system puts their count, them, a null and the environment.
static inline char **nabla_process_arguments(int *count) {
  long length = __libc_stack_end ? *(long *)__libc_stack_end : 0;
  char **first = (char **)__libc_stack_end + 1;
  if (length <= 0 || length > 1 << 24 || first[length]) return 0;
  *count = (int)length;
  return first;
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

#include <sys/mman.h>
// Where its code ends.
extern const char etext;

// Lets go of the pages of code, which nobody has written to. What is still used is found again in the system's cache of
// the file.
static inline void nabla_forget_code(void) {
  unsigned long page = (unsigned long)sysconf(_SC_PAGESIZE);
  unsigned long start = (unsigned long)&__executable_start, end = (unsigned long)&etext & ~(page - 1);
  madvise((void *)start, end - start, MADV_DONTNEED);
}
static inline unsigned long nabla_executable_start(void) {
  return (unsigned long)&__executable_start;
}
