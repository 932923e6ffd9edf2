package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/models/native"
	"github.com/network-fragility/fragility/protocols"
)

// The kernel is built of the sources as they are: whoever changes them runs make
// live-kernel.
func TestKernelIsOfTheseSources(t *testing.T) {
	h := sha256.New()
	for _, name := range []string{"wasm/kernel.c", "forth.h", "plan.h", "mlp.h", "vec.h", "lanes.h"} {
		if !strings.Contains(name, "/") {
			name = filepath.Join("../../models/native", name)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(text)
	}
	want, err := os.ReadFile("wasm/source.sha256")
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); !strings.HasPrefix(string(want), got) {
		t.Errorf("the kernel was built of other sources (%.12s, these are %.12s): run make live-kernel", want, got)
	}
}

var small = protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{48, 48, 32}, Outputs: 4}
var bookSize = protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{512, 512, 256}, Outputs: 4}

// trained is a network after an epoch, and pruned where sparsity is not 0.
func trained(t *testing.T, s *models.Session, n protocols.Network, sparsity float64) *models.Subject {
	t.Helper()
	data := protocols.Data{Set: protocols.TrainSet, Samples: 4000, Sigma: 0.8}
	stages := []protocols.Stage{protocols.Initialise{Network: n}, protocols.Train{Data: data, BatchSize: 128, Epochs: 2, Rate: 0.001}}
	if sparsity > 0 {
		stages = append(stages, protocols.Prune{Sparsity: sparsity})
	}
	var sub *models.Subject
	for _, stage := range stages {
		var err error
		if sub, err = s.Apply(t.Context(), models.Job{Stage: stage, Parent: sub, Seed: 3, Occurrence: func(protocols.Purpose) int { return 0 }}); err != nil {
			t.Fatal(err)
		}
	}
	return sub
}

// What the page may turn, each alone and together.
var modulations = map[string]func(*protocols.Modulation){
	"quiet":            func(*protocols.Modulation) {},
	"gain":             func(m *protocols.Modulation) { m.Gain = 1.6 },
	"internal noise":   func(m *protocols.Modulation) { m.Sigma = 1.5 },
	"bias":             func(m *protocols.Modulation) { m.Bias = 0.6 },
	"inhibition":       func(m *protocols.Modulation) { m.Inhibition = 0.7 },
	"one layer's":      func(m *protocols.Modulation) { m.Inhibition, m.InhibitedLayer, m.Sigma = 0.5, 2, 0.3 },
	"activation":       func(m *protocols.Modulation) { m.Activation = protocols.Tanh },
	"stabiliser level": func(m *protocols.Modulation) { m.Gain, m.Bias, m.Sigma, m.Stabiliser = 1.6, 1, 1, book(0.6) },
	"input noise":      func(m *protocols.Modulation) { m.InputSigma = 2 },
	"all of them": func(m *protocols.Modulation) {
		*m = protocols.Modulation{Activation: protocols.Tanh, Gain: 0.85, Inhibition: 0.7, Sigma: 0.5, Bias: 0.3, InputSigma: 1, Stabiliser: book(1)}
	},
}

func book(level float64) protocols.Stabiliser {
	return protocols.Stabiliser{Level: level, GainCap: 1.05, Bias: 0.3, Damping: 0.15}
}

// Every modulation gives in the page's kernel what the engine's own evaluation gives:
// to the last point where that has the same source (a sparse network), and within one
// point of 4,000 where it is a compiled program (a dense one).
func TestKernelAgainstModels(t *testing.T) {
	s, err := models.OpenSession(0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		name     string
		network  protocols.Network
		sparsity float64
		points   int
		off      int
	}{{"small", small, 0.8, 4000, 0}, {"small and dense", small, 0, 4000, 1}, {"of the book's size", bookSize, 0.95, 1000, 0}, {"of the book's size, half dense", bookSize, 0.48, 500, 1}} {
		data := protocols.Data{Set: protocols.StandardSet, Samples: c.points, Sigma: 0.8}
		values, labels := data.Draw(3)
		var small8 []byte
		for _, l := range labels {
			small8 = append(small8, byte(l))
		}
		sub := trained(t, s, c.network, c.sparsity)
		net, err := netOf(sub)
		if err != nil {
			t.Fatal(err)
		}
		k, err := newKernel(context.Background(), c.points)
		if err != nil {
			t.Fatal(err)
		}
		at, err := k.show(values, small8)
		if err != nil {
			t.Fatal(err)
		}
		e := &evaluator{kernel: k, net: net}
		seen := map[float64]bool{}
		for name, set := range modulations {
			conditions := []protocols.Accuracy{{Data: data}, {Data: data, Sigma: 0.5, Bias: 0.2, InputSigma: 0.5, Draw: 1}}
			if c.off > 0 { // a program for each has to be compiled
				conditions = conditions[1:]
			}
			for _, under := range conditions {
				sub := *sub
				set(&sub.Modulation)
				want, err := s.Measure(t.Context(), under, &sub, 3)
				if err != nil {
					t.Fatal(err)
				}
				seen[want[0]] = true
				keys, err := models.ProbeKeys(c.network, 3, under.Draw)
				if err != nil {
					t.Fatal(err)
				}
				got, err := e.right(pass{Conditions{InputSigma: under.InputSigma, Sigma: under.Sigma, Bias: under.Bias}.on(sub.Modulation), keys}, at)
				if err != nil {
					t.Fatal(err)
				}
				if right := int(math.Round(want[0] / 100 * float64(c.points))); max(got-right, right-got) > c.off {
					t.Errorf("%s, %s, %+v: %d of %d points are right, want %d", c.name, name, under, got, c.points, right)
				}
			}
		}
		if len(seen) < len(modulations)/2 {
			t.Errorf("%s: only %d different accuracies; the modulations tell nothing apart", c.name, len(seen))
		}
		k.close()
	}
}

// The page's lanes are fewer, and the bits are the same.
func TestKernelHasTheBitsOfTheNativeOne(t *testing.T) {
	s, err := models.OpenSession(0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	net, err := netOf(trained(t, s, small, 0.8))
	if err != nil {
		t.Fatal(err)
	}
	values, labels := protocols.Data{Set: protocols.StandardSet, Samples: native.Slab, Sigma: 0.8}.Draw(3)
	keys, err := models.ProbeKeys(small, 3, 0)
	if err != nil {
		t.Fatal(err)
	}
	k, err := newKernel(context.Background(), native.Slab)
	if err != nil {
		t.Fatal(err)
	}
	defer k.close()
	at, err := k.show(values, make([]byte, len(labels)))
	if err != nil {
		t.Fatal(err)
	}
	var live [][]int32
	first := 0
	for _, n := range net.Counts {
		live = append(live, net.Places[first:first+int(n)])
		first += int(n)
	}
	e := &evaluator{kernel: k, net: net}
	for name, set := range modulations {
		m := protocols.Rest()
		set(&m)
		o := native.NewMLP(net.Widths, native.Slab, live, !m.Noisy(), false)
		given, bias := net.Weights, net.Biases
		for l, places := range o.Places {
			for i, place := range places {
				o.Weights[l][i] = given[slices.Index(live[l], place)]
			}
			given = given[len(live[l]):]
			bias = bias[copy(o.Biases[l], bias):]
		}
		d := &o.Modulation
		d.Saturates, d.Internal = m.Activation == protocols.Tanh, m.Noisy()
		d.Gain, d.Sigma, d.Bias, d.Shift, d.InputSigma = float32(m.EffectiveGain()), float32(m.Sigma), float32(m.EffectiveBias()), float32(m.Shift()), float32(m.InputSigma)
		for l := range o.Inhibition {
			o.Inhibition[l] = float32(m.InhibitionOf(l + 1))
		}
		copy(o.Keys, keys)
		lane := func(i int) int { return i/native.Lanes*native.Lanes + native.LaneOf(i%native.Lanes) }
		for i := range labels {
			o.X[lane(i)], o.X[native.Slab+lane(i)] = values[2*i], values[2*i+1]
		}
		want := o.Run(0)

		if _, err := e.right(pass{m, keys}, at); err != nil { // computes what does not change
			t.Fatal(err)
		}
		quiet := 1
		if m.Noisy() {
			quiet = 0
		}
		for first := 0; first < len(labels); first += slab {
			z, err := k.call("logits", e.handle[quiet], at.at, uint64(len(labels)), uint64(first))
			if err != nil {
				t.Fatal(err)
			}
			for i := range slab {
				for c := range 4 {
					const half = slab / 4
					there := i/(slab/2)*(slab/2) + i%(slab/2)/2 + i%2*half
					got, ok := k.module.Memory().ReadUint32Le(z + uint32(4*(c*slab+there)))
					if !ok {
						t.Fatal("the logits lie outside the kernel's memory")
					}
					if w := math.Float32bits(want[c*native.Slab+lane(first+i)]); got != w {
						t.Fatalf("%s: logit %d of sample %d is %v, want %v", name, c, first+i, math.Float32frombits(got), math.Float32frombits(w))
					}
				}
			}
		}
		o.Free()
	}
}
