package models

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"github.com/network-fragility/fragility/models/safetensors"
	"github.com/network-fragility/fragility/protocols"
)

// shared is the session of the tests that need no second one; it is pinned, so
// that results are bit-stable, and lives until the test binary ends.
var shared = sync.OnceValues(func() (*Session, error) { return OpenSession(0) })

func session(t testing.TB) *Session {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// random is a generator whose seed is the test's name.
func random(t testing.TB) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(t.Name()))
	return rand.New(rand.NewPCG(h.Sum64(), 0))
}

// apply carries out a stage and fails the test where it errs.
func apply(t testing.TB, s *Session, j Job) *Subject {
	t.Helper()
	out, err := s.Apply(context.Background(), j)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// measure takes a probe and fails the test where it errs.
func measure(t testing.TB, s *Session, p protocols.Probe, in *Subject, seed int) []float64 {
	t.Helper()
	out, err := s.Measure(context.Background(), p, in, seed)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// book is the network of chapters 1 to 8, bookData its training data.
var (
	book     = protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{512, 512, 256}, Outputs: 4}
	bookData = protocols.Data{Set: protocols.TrainSet, Samples: 12000, Sigma: 0.8}
)

// small is a network, and smallData a data set with a ragged last batch of 16,
// on which a test costs milliseconds. The compiler unrolls the loops over layers
// that are smaller still, and takes half as long again.
var (
	small     = protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{64, 48}, Outputs: 4}
	smallData = protocols.Data{Set: protocols.TrainSet, Samples: 208, Sigma: 0.8}
	smallCall = protocols.Train{Data: smallData, BatchSize: 64, Epochs: 4, Rate: 0.003}
)

// bookStabiliser is the mood stabiliser of chapters 7 and 8 at a level.
func bookStabiliser(level float64) protocols.Stabiliser {
	return protocols.Stabiliser{Level: level, GainCap: 1.05, Bias: .3, Damping: .15}
}

// golden reads a JSON file of testdata.
func golden(t testing.TB, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(name, err)
	}
}

// goldenStart returns PyTorch's initial network of seed 42 and the order of the
// samples in its first two epochs.
func goldenStart(t testing.TB) (*Subject, [2][]int32) {
	t.Helper()
	raw, err := os.ReadFile("testdata/ch01_seed42_start.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	_, stored, err := safetensors.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	net, err := networkOf(book)
	if err != nil {
		t.Fatal(err)
	}
	sub := &Subject{Network: book, Modulation: protocols.Rest()}
	for _, spec := range net.tensors() {
		sub.Tensors = append(sub.Tensors, decode[float32](stored[spec.name].Data))
	}
	flat := make([]int32, 24000)
	if _, err := binary.Decode(stored["order"].Data, binary.LittleEndian, flat); err != nil {
		t.Fatal(err)
	}
	return sub, [2][]int32{flat[:12000], flat[12000:]}
}

// scheduled is the small network's call with a schedule.
func scheduled(s protocols.Schedule) protocols.Train {
	call := smallCall
	call.Schedule = &s
	return call
}

// plainGradient is a quiet pass there and back in float64 loops, to hold the
// graph against: the gradient of the mean loss of a batch by each tensor, and
// the mean of |h| of each hidden layer.
func plainGradient(sub *Subject, m protocols.Modulation, points []float32, labels, batch []int32) (gradient [][]float32, activity []float64) {
	widths := append(append([]int{sub.Network.Inputs}, sub.Network.Hidden...), sub.Network.Outputs)
	layers := len(widths) - 1
	sums := make([][]float64, 2*layers)
	for i := range sums {
		sums[i] = make([]float64, len(sub.Tensors[i]))
	}
	activity = make([]float64, layers-1)
	for _, sample := range batch {
		var h [][]float64     // the input of each layer
		var slope [][]float64 // dh/dz of each hidden unit
		x := make([]float64, widths[0])
		for i := range x {
			x[i] = float64(points[int(sample)*widths[0]+i])
		}
		for l := range layers {
			h = append(h, x)
			x = make([]float64, widths[l+1])
			slope = append(slope, make([]float64, widths[l+1]))
			for o := range x {
				z := float64(sub.Tensors[2*l+1][o])
				for i, v := range h[l] {
					z += float64(sub.Tensors[2*l][o*widths[l]+i]) * v
				}
				if x[o] = z; l == layers-1 {
					continue
				}
				factor := m.EffectiveGain() * m.InhibitionOf(l+1)
				switch {
				case m.Activation == protocols.Tanh:
					x[o], slope[l][o] = math.Tanh(z), factor*(1-math.Tanh(z)*math.Tanh(z))
				case z > 0:
					slope[l][o] = factor
				default:
					x[o] = 0
				}
				x[o] = factor*x[o] - m.Shift()
				activity[l] += math.Abs(x[o]) / float64(widths[l+1]*len(batch))
			}
		}
		total := 0.0
		for _, logit := range x {
			total += math.Exp(logit)
		}
		delta := make([]float64, len(x))
		for c, logit := range x {
			delta[c] = math.Exp(logit) / total / float64(len(batch))
			if c == int(labels[sample]) {
				delta[c] -= 1 / float64(len(batch))
			}
		}
		for l := layers - 1; l >= 0; l-- {
			back := make([]float64, widths[l])
			for o, d := range delta {
				sums[2*l+1][o] += d
				for i, v := range h[l] {
					sums[2*l][o*widths[l]+i] += d * v
					back[i] += d * float64(sub.Tensors[2*l][o*widths[l]+i])
				}
			}
			if l > 0 {
				for i := range back {
					back[i] *= slope[l-1][i]
				}
			}
			delta = back
		}
	}
	for _, sum := range sums {
		g := make([]float32, len(sum))
		for i, v := range sum {
			g[i] = float32(v)
		}
		gradient = append(gradient, g)
	}
	return gradient, activity
}

// flatten joins rows.
func flatten(rows [][]float32) []float32 {
	var f []float32
	for _, r := range rows {
		f = append(f, r...)
	}
	return f
}

// largest returns the largest absolute value, and farthest the largest absolute
// difference.
func largest(v []float32) float64 {
	m := 0.0
	for _, x := range v {
		m = math.Max(m, math.Abs(float64(x)))
	}
	return m
}

func farthest(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	m := 0.0
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if math.IsNaN(d) {
			return math.NaN()
		}
		m = math.Max(m, d)
	}
	return m
}

func norm(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
