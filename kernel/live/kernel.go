package live

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/network-fragility/fragility/protocols"
)

// kernelBytes is what make live-kernel builds of wasm/kernel.c.
//
//go:embed wasm/kernel.wasm
var kernelBytes []byte

// slab is the number of samples that the kernel sees at a time.
const slab = 16

// A kernel is the page's, run in Go.
type kernel struct {
	ctx     context.Context
	runtime wazero.Runtime
	module  api.Module
	samples int               // of the largest data set
	drawn   map[string]uint64 // noise, by its keys
}

// newKernel starts a kernel for data sets of up to so many samples.
func newKernel(ctx context.Context, samples int) (*kernel, error) {
	k := &kernel{ctx: ctx, runtime: wazero.NewRuntime(ctx), samples: samples, drawn: map[string]uint64{}}
	var err error
	if k.module, err = k.runtime.Instantiate(ctx, kernelBytes); err != nil {
		k.close()
		return nil, fmt.Errorf("live: the kernel does not start: %w", err)
	}
	return k, nil
}

func (k *kernel) close() { k.runtime.Close(k.ctx) }

// call calls what the kernel exports; floats go in as their bits.
func (k *kernel) call(name string, args ...uint64) (uint32, error) {
	out, err := k.module.ExportedFunction(name).Call(k.ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("live: %s: %w", name, err)
	}
	if len(out) == 0 {
		return 0, nil
	}
	return uint32(out[0]), nil
}

// put copies numbers or bytes into the kernel's memory.
func (k *kernel) put(data any) (uint64, error) {
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, data); err != nil {
		return 0, err
	}
	at, err := k.call("take", uint64(b.Len()))
	if err == nil && !k.module.Memory().Write(at, b.Bytes()) {
		err = fmt.Errorf("live: the kernel has no room for %d bytes", b.Len())
	}
	return uint64(at), err
}

// puts puts several.
func (k *kernel) puts(data ...any) ([]uint64, error) {
	var list []uint64
	for _, d := range data {
		at, err := k.put(d)
		if err != nil {
			return nil, err
		}
		list = append(list, at)
	}
	return list, nil
}

// draw draws noise once for all passes under its keys; 0 is for a pass without.
func (k *kernel) draw(widths []int, p pass) (uint64, error) {
	if p.Sigma == 0 && p.InputSigma == 0 {
		return 0, nil
	}
	id := fmt.Sprint(p.keys)
	if at, known := k.drawn[id]; known {
		return at, nil
	}
	at, err := k.puts(narrow(widths), p.keys)
	if err != nil {
		return 0, err
	}
	drawn, err := k.call("draw", uint64(len(widths)-1), at[0], at[1], uint64(k.samples))
	k.drawn[id] = uint64(drawn)
	return uint64(drawn), err
}

// An evaluator has a network in the kernel, for passes with internal noise and for
// those without, each made when it is first needed.
type evaluator struct {
	*kernel
	net    *Net
	handle [2]uint64 // noisy, quiet
}

// A pass is what an evaluation takes besides network and points.
type pass struct {
	protocols.Modulation
	keys []uint32 // of the noise: two words for the inputs and for each hidden layer
}

func (e *evaluator) under(p pass) (handle uint64, err error) {
	quiet := 1
	if p.Noisy() {
		quiet = 0
	}
	layers := len(e.net.Widths) - 1
	if e.handle[quiet] == 0 {
		at, err := e.puts(narrow(e.net.Widths), e.net.Counts, e.net.Places, e.net.Weights, e.net.Biases)
		if err != nil {
			return 0, err
		}
		handle, err := e.call("network", slices.Concat([]uint64{uint64(layers)}, at, []uint64{uint64(quiet)})...)
		if err != nil {
			return 0, err
		}
		e.handle[quiet] = uint64(handle)
	}
	drawn, err := e.draw(e.net.Widths, p)
	if err != nil {
		return 0, err
	}
	inhibition := make([]float32, layers-1)
	for l := range inhibition {
		inhibition[l] = float32(p.InhibitionOf(l + 1))
	}
	at, err := e.put(inhibition)
	if err != nil {
		return 0, err
	}
	number := func(v float64) uint64 { return uint64(math.Float32bits(float32(v))) }
	_, err = e.call("under", e.handle[quiet], truth(p.Activation == protocols.Tanh), truth(p.Noisy()),
		number(p.EffectiveGain()), number(p.Sigma), number(p.EffectiveBias()), number(p.Shift()), number(p.InputSigma), at, drawn)
	return e.handle[quiet], err
}

func narrow(widths []int) []int32 {
	var list []int32
	for _, w := range widths {
		list = append(list, int32(w))
	}
	return list
}

func truth(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// points are test points in the kernel.
type points struct {
	at, labels uint64
	count      int
}

// show puts points [count, inputs] and their labels into the kernel.
func (k *kernel) show(values []float32, labels []byte) (points, error) {
	at, err := k.puts(values, labels)
	if err != nil {
		return points{}, err
	}
	return points{at[0], at[1], len(labels)}, nil
}

// right counts the points that the network puts into their class.
func (e *evaluator) right(p pass, of points) (int, error) {
	handle, err := e.under(p)
	if err != nil {
		return 0, err
	}
	n, err := e.call("right", handle, of.at, of.labels, 0, uint64(of.count))
	return int(n), err
}
