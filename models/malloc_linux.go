package models

/*
#include <malloc.h>

// Keeps large blocks that are freed with the process: XLA takes the working
// memory of a program anew in each call, 60 MB for a step of chapter 10's
// network, and having the kernel clear it again took a fifth of the step.
static void keep_freed_memory(void) {
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
#endif
}
*/
import "C"

func init() { C.keep_freed_memory() }
