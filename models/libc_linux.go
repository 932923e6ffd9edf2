package models

/*
#include <malloc.h>
#include <stddef.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
static const char *library_version(void) { return gnu_get_libc_version(); }
#else
static const char *library_version(void) { return ""; }
#endif

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

// libraryVersion is the version of the C library, from which compiled programs
// take the functions that the compiler does not write itself: of ours, the sines
// and cosines of the language model alone.
func libraryVersion() string { return C.GoString(C.library_version()) }
