// One team of threads for the process. It starts with the first work that is given to it, waits a moment for the
// next one, then sleeps.
#define _GNU_SOURCE
#include "Kernels.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MOST_THREADS 8

typedef void (*Work)(void *, long);

/// The running job's number in the upper half, how many of its indices are still to be taken in the lower. Whoever
/// lowers it has taken the index below, of the job whose fields it has read before.
static _Atomic uint64_t state;
/// Read by those who may come too late for their job, and then take nothing of it: so each is read as a whole.
static _Atomic(Work) job_work;
static _Atomic(void *) job_context;
static _Atomic long unfinished;
static _Atomic int sleepers;
static _Atomic long size_;
static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t bed = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bell = PTHREAD_COND_INITIALIZER;
static bool has_started;
static _Thread_local bool is_member;

static inline void pause_a_moment(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  __asm__ volatile("yield");
#endif
}

/// Takes indices of the present job until none is left; whether there was one.
static bool take_part(void) {
  bool did = false;
  for (;;) {
    uint64_t seen = atomic_load_explicit(&state, memory_order_acquire);
    if (!(uint32_t)seen) return did;
    const Work work = atomic_load_explicit(&job_work, memory_order_relaxed);
    void *const context = atomic_load_explicit(&job_context, memory_order_relaxed);
    if (!atomic_compare_exchange_strong_explicit(&state, &seen, seen - 1, memory_order_acq_rel,
                                                 memory_order_acquire))
      continue;
    work(context, (long)(uint32_t)seen - 1);
    atomic_fetch_sub_explicit(&unfinished, 1, memory_order_release);
    did = true;
  }
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *member(void *argument) {
  (void)argument;
  is_member = true;
  for (;;) {
    const double since = seconds();
    // Some 100 µs awake: what trains gives the next work in that time.
    for (;;) {
      if (take_part()) break;
      for (int i = 0; i < 64; i++) pause_a_moment();
      if (seconds() - since > 100e-6) {
        pthread_mutex_lock(&bed);
        atomic_fetch_add(&sleepers, 1);
        while (!(uint32_t)atomic_load(&state)) pthread_cond_wait(&bell, &bed);
        atomic_fetch_sub(&sleepers, 1);
        pthread_mutex_unlock(&bed);
        break;
      }
    }
  }
  return NULL;
}

long nabla_team_size(void) {
  long size = atomic_load_explicit(&size_, memory_order_relaxed);
  if (!size) {
    const char *wish = getenv("NABLA_THREADS");
    size = wish ? strtol(wish, NULL, 10) : 0;
    if (size < 1) {
      cpu_set_t set;
      size = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    }
    if (size > MOST_THREADS) size = MOST_THREADS;
    if (size < 1) size = 1;
    atomic_store_explicit(&size_, size, memory_order_relaxed);
  }
  return size;
}

static void start(void) {
  has_started = true;
  for (long i = 1; i < nabla_team_size(); i++) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    pthread_t thread;
    // Without a member more the others do its part.
    if (pthread_create(&thread, &attributes, member, NULL)) break;
    pthread_attr_destroy(&attributes);
  }
}

void nabla_team_run(Work work, void *context, long count) {
  if (count <= 1 || is_member || nabla_team_size() == 1 || pthread_mutex_trylock(&owner)) {
    for (long i = 0; i < count; i++) work(context, i);
    return;
  }
  if (!has_started) start();
  is_member = true;
  atomic_store_explicit(&job_work, work, memory_order_relaxed);
  atomic_store_explicit(&job_context, context, memory_order_relaxed);
  atomic_store_explicit(&unfinished, count, memory_order_relaxed);
  const uint64_t number = (atomic_load_explicit(&state, memory_order_relaxed) >> 32) + 1;
  atomic_store_explicit(&state, number << 32 | (uint64_t)count, memory_order_seq_cst);
  if (atomic_load(&sleepers)) {
    pthread_mutex_lock(&bed);
    pthread_cond_broadcast(&bell);
    pthread_mutex_unlock(&bed);
  }
  take_part();
  for (long spins = 0; atomic_load_explicit(&unfinished, memory_order_acquire); spins++) {
    if (spins < 4096) pause_a_moment();
    else sched_yield();
  }
  is_member = false;
  pthread_mutex_unlock(&owner);
}

void *nabla_scratch(int place, size_t bytes) {
  static _Thread_local struct { void *memory; size_t size; } pieces[5];
  if (pieces[place].size < bytes) {
    free(pieces[place].memory);
    pieces[place].size = (bytes + 65535) & ~(size_t)65535;
    if (posix_memalign(&pieces[place].memory, 64, pieces[place].size)) abort();
  }
  return pieces[place].memory;
}
