// What the thread sanitizer does not see, told to it.
//
// Swift's own libraries are not instrumented: a `Mutex` that has to wait is locked and unlocked within one of them, and the
// counts of references are theirs too, by which an array knows that no other thread reads it any more. Loaded before these
// libraries, the functions below stand in for theirs, say what orders the threads' work, and call them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Of the sanitizer's runtime, which the program brings; a program without one is left alone.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

#define acquire(address) do { if (__tsan_acquire && (address)) __tsan_acquire(address); } while (0)
#define release(address) do { if (__tsan_release && (address)) __tsan_release(address); } while (0)

// The library's own function of a name.
#define original(type, name) static type function; if (!function) function = (type)dlsym(RTLD_NEXT, name)

// Swift keeps more registers over these calls than C does.
#define counting __attribute__((preserve_most))

// MARK: - Locks that have to wait; `self` is in the register that Swift has for it

#define lock_slow "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define try_lock_slow "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define unlock_slow "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

__attribute__((swiftcall)) void lockSlow(uint32_t thread, __attribute__((swift_context)) void *self) __asm__(lock_slow);
__attribute__((swiftcall)) void lockSlow(uint32_t thread, __attribute__((swift_context)) void *self) {
  typedef __attribute__((swiftcall)) void (*Function)(uint32_t, __attribute__((swift_context)) void *);
  original(Function, lock_slow);
  function(thread, self);
  acquire(self);
}

__attribute__((swiftcall)) bool tryLockSlow(__attribute__((swift_context)) void *self) __asm__(try_lock_slow);
__attribute__((swiftcall)) bool tryLockSlow(__attribute__((swift_context)) void *self) {
  typedef __attribute__((swiftcall)) bool (*Function)(__attribute__((swift_context)) void *);
  original(Function, try_lock_slow);
  bool isLocked = function(self);
  if (isLocked) acquire(self);
  return isLocked;
}

__attribute__((swiftcall)) void unlockSlow(__attribute__((swift_context)) void *self) __asm__(unlock_slow);
__attribute__((swiftcall)) void unlockSlow(__attribute__((swift_context)) void *self) {
  typedef __attribute__((swiftcall)) void (*Function)(__attribute__((swift_context)) void *);
  original(Function, unlock_slow);
  release(self);
  function(self);
}

// MARK: - Counts of references

extern size_t swift_retainCount(void *);

// What a thread did with an object comes before what the last one does, which ends it.
static inline void letGo(void *object) {
  if ((intptr_t)object <= 0) return;
  release(object);
  if (swift_retainCount(object) == 1) acquire(object);
}

counting void swift_release(void *object) {
  typedef counting void (*Function)(void *);
  original(Function, "swift_release");
  letGo(object);
  function(object);
}

counting void swift_release_n(void *object, uint32_t count) {
  typedef counting void (*Function)(void *, uint32_t);
  original(Function, "swift_release_n");
  letGo(object);
  function(object, count);
}

// A reference with flags in its highest and lowest bits; with the first set it counts nothing.
static inline void *counted(void *reference) {
  return (intptr_t)reference < 0 ? NULL : (void *)((uintptr_t)reference & 0x0FFFFFFFFFFFFFF8);
}

counting void swift_bridgeObjectRelease(void *reference) {
  typedef counting void (*Function)(void *);
  original(Function, "swift_bridgeObjectRelease");
  letGo(counted(reference));
  function(reference);
}

counting void swift_bridgeObjectRelease_n(void *reference, uint32_t count) {
  typedef counting void (*Function)(void *, uint32_t);
  original(Function, "swift_bridgeObjectRelease_n");
  letGo(counted(reference));
  function(reference, count);
}

bool swift_isUniquelyReferenced_nonNull_native(const void *object) {
  typedef bool (*Function)(const void *);
  original(Function, "swift_isUniquelyReferenced_nonNull_native");
  bool isUnique = function(object);
  if (isUnique) acquire((void *)object);
  return isUnique;
}
