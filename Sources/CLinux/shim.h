// What Swift's Glibc module leaves out of Linux's C library.
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// Declared by <pthread.h> for GNU sources only.
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);
