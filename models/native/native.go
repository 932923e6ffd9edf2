package native

/*
#cgo CFLAGS: -O3 -Wno-psabi
#cgo LDFLAGS: -lm
#include <stdlib.h>
#include "lanes.h"
#include "adam.h"
*/
import "C"

import "unsafe"

// Lanes is the number of samples of a block, which lie side by side.
const Lanes = C.LANES

// Slab is the number of samples that a feed-forward network sees at a time: blocks
// side by side.
const Slab = C.SLAB

// Sample is which sample of a block lane i has, and LaneOf where sample i is:
// noise comes in pairs, of which the halves are halves of the lanes.
func Sample(i int) int {
	if i < Lanes/2 {
		return 2 * i
	}
	return 2*(i-Lanes/2) + 1
}

// LaneOf is the reverse of Sample.
func LaneOf(i int) int { return i/2 + i%2*Lanes/2 }

// memory is C's, given back together.
type memory []unsafe.Pointer

// take takes memory that begins where a vector may.
func (m *memory) take(bytes int) unsafe.Pointer {
	const line = 64
	p := C.aligned_alloc(line, C.size_t((bytes+line)/line*line))
	if p == nil {
		panic("native: out of memory")
	}
	*m = append(*m, p)
	return p
}

// floats and ints take memory for n numbers, all 0.
func (m *memory) floats(into **C.float, n int) []float32 {
	p := m.take(4 * n)
	*into = (*C.float)(p)
	s := unsafe.Slice((*float32)(p), n)
	clear(s)
	return s
}

func (m *memory) ints(into **C.int, n int) []int32 {
	p := m.take(4 * n)
	*into = (*C.int)(p)
	s := unsafe.Slice((*int32)(p), n)
	clear(s)
	return s
}

func (m *memory) free() {
	for _, p := range *m {
		C.free(p)
	}
	*m = nil
}

// Adam moves parameters by one step (Kingma and Ba 2015, betas 0.9 and 0.999): rate
// is divided by the first correction, root is the root of the second. mask is 0 or
// 1 for each, or nil for all.
func Adam(param, mean, square, gradient, mask []float32, rate, root float32) {
	n := len(param)
	if n == 0 {
		return
	}
	_, _, _ = mean[n-1], square[n-1], gradient[n-1]
	var m *C.float
	if mask != nil {
		m = (*C.float)(&mask[:n][0])
	}
	C.adam(C.int(n), (*C.float)(&param[0]), (*C.float)(&mean[0]), (*C.float)(&square[0]), (*C.float)(&gradient[0]), m, C.float(rate), C.float(root))
}
