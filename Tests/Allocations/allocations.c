// Counts what a process allocates: preload it, and ask for `allocations` by name.
//
//   clang -shared -fPIC -O2 -o allocations.so Tests/Allocations/allocations.c
//   LD_PRELOAD=./allocations.so simulate bench
//
// Each thread counts its own, so that counting costs nothing that would be measured beside it.
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_memalign(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static _Thread_local unsigned long long count;

void *malloc(size_t size) {
  count++;
  return __libc_malloc(size);
}

void *realloc(void *memory, size_t size) {
  count++;
  return __libc_realloc(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  count++;
  *memory = __libc_memalign(alignment, size);
  return *memory == NULL ? 12 /* ENOMEM */ : 0;
}

unsigned long long allocations(void) { return count; }
