package models

import (
	"math"
	"slices"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"

	"github.com/network-fragility/fragility/protocols"
)

// The known answers of the Random123 distribution for threefry2x32, 20 rounds.
func TestThreefryKnownAnswers(t *testing.T) {
	for _, c := range []struct{ key, counter, want words }{
		{words{0, 0}, words{0, 0}, words{0x6b200159, 0x99ba4efe}},
		{words{0xffffffff, 0xffffffff}, words{0xffffffff, 0xffffffff}, words{0x1cb996fc, 0xbb002be7}},
		{words{0x13198a2e, 0x03707344}, words{0x243f6a88, 0x85a308d3}, words{0xc4923a9c, 0x483df7a0}},
	} {
		if got := threefry(c.key, c.counter); got != c.want {
			t.Errorf("key %x, counter %x: %x, want %x", c.key, c.counter, got, c.want)
		}
	}
}

// drawn runs a graph of no inputs but a key and reads its outputs, all of n
// values, as float32 or uint32.
func drawn[T float32 | uint32](t *testing.T, key words, n int, build func(key [2]*Node) []*Node) [][]T {
	t.Helper()
	s := session(t)
	var out [][]T
	err := s.do(func() error {
		g := NewGraph(s.backend, "drawn")
		k := Parameter(g, "key", shapes.Make(dtypes.Uint32, 2))
		word := func(i int) *Node { return Reshape(Slice(k, AxisRange(i, i+1))) }
		if err := g.Compile(build([2]*Node{word(0), word(1)})...); err != nil {
			return err
		}
		p := &program{executable: g.Executable()}
		defer p.executable.Finalize()
		a := s.newArena()
		defer a.close()
		for _, b := range a.run(p, put(a, key[:], 2)) {
			v := make([]T, n)
			if a.err = b.ToFlatData(v); a.err != nil {
				return a.err
			}
			out = append(out, v)
		}
		return a.err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The compiled generator gives the bits of the one in Go.
func TestThreefryGraphEqualsGo(t *testing.T) {
	const n = 1000
	rng := random(t)
	for range 3 {
		key := words{rng.Uint32(), rng.Uint32()}
		offset := rng.Uint32()
		out := drawn[uint32](t, key, n, func(k [2]*Node) []*Node {
			c0 := Iota(k[0].Graph(), shapes.Make(dtypes.Uint32, n), 0)
			x0, x1 := threefryGraph(k, [2]*Node{c0, Add(c0, Const(c0.Graph(), offset))})
			return []*Node{x0, x1}
		})
		for i := range n {
			want := threefry(key, words{uint32(i), uint32(i) + offset})
			if got := (words{out[0][i], out[1][i]}); got != want {
				t.Fatalf("key %x, counter %d: %x, want %x", key, i, got, want)
			}
		}
	}
}

// normalsOf draws a block on the device: samples from first on, the given units.
func normalsOf(t *testing.T, key words, units []uint32, first, samples int) [][]float32 {
	flat := drawn[float32](t, key, samples*len(units), func(k [2]*Node) []*Node {
		g := k[0].Graph()
		sample := Add(Iota(g, shapes.Make(dtypes.Uint32, samples), 0), Const(g, uint32(first)))
		return []*Node{normals(k, Const(g, units), sample)}
	})[0]
	rows := make([][]float32, samples)
	for i := range rows {
		rows[i] = flat[i*len(units) : (i+1)*len(units)]
	}
	return rows
}

// A sample's noise depends on its unit and index alone: not on how many samples
// and units are drawn beside it.
func TestNormalsDoNotDependOnShape(t *testing.T) {
	key := words{1, 2}
	all := make([]uint32, 20)
	for i := range all {
		all[i] = uint32(i)
	}
	whole := normalsOf(t, key, all, 0, 64)
	for _, c := range []struct {
		units          []uint32
		first, samples int
	}{{all, 0, 7}, {all, 32, 32}, {all, 5, 12}, {[]uint32{3, 4, 11, 19}, 0, 64}, {[]uint32{17}, 6, 3}} {
		part := normalsOf(t, key, c.units, c.first, c.samples)
		for i, row := range part {
			for k, u := range c.units {
				if row[k] != whole[c.first+i][u] {
					t.Fatalf("units %v from sample %d: sample %d, unit %d: %v, in the whole block %v",
						c.units, c.first, i, u, row[k], whole[c.first+i][u])
				}
			}
		}
	}
}

// The compiled normals follow Box and Muller's formula to the rounding of
// float32, and a host stream agrees with them.
func TestNormalsEqualGo(t *testing.T) {
	key := words{7, 9}
	worst := 0.0
	for i, row := range normalsOf(t, key, []uint32{0, 1, 2, 3, 4, 5, 6, 7}, 0, 500) {
		for u, got := range row {
			w := threefry(key, words{uint32(u), uint32(i / 2)})
			radius := math.Sqrt(-2 * math.Log(openUniform(w[0])))
			sin, cos := math.Sincos(circle(w[1]))
			want := radius * []float64{cos, sin}[i%2]
			worst = max(worst, math.Abs(float64(got)-want))
		}
	}
	t.Logf("largest difference %.2g", worst)
	if !(worst < 3e-6) {
		t.Errorf("differ by %.2g from the formula", worst)
	}
}

// moments returns mean, variance, skewness and kurtosis.
func moments(v []float32) (mean, variance, skewness, kurtosis float64) {
	n := float64(len(v))
	for _, x := range v {
		mean += float64(x) / n
	}
	var m3, m4 float64
	for _, x := range v {
		d := float64(x) - mean
		variance += d * d / n
		m3 += d * d * d / n
		m4 += d * d * d * d / n
	}
	return mean, variance, m3 / math.Pow(variance, 1.5), m4 / (variance * variance)
}

func TestMomentsOfNormals(t *testing.T) {
	units := make([]uint32, 500)
	for i := range units {
		units[i] = uint32(i)
	}
	device := flatten(normalsOf(t, words{3, 4}, units, 0, 1000))
	host := make([]float32, len(device))
	stream := StreamKey{Seed: 5, Purpose: protocols.RegrownValues}.Stream()
	for i := range host {
		host[i] = stream.Normal(i)
	}
	for name, v := range map[string][]float32{"device": device, "host": host} {
		n := float64(len(v))
		mean, variance, skewness, kurtosis := moments(v)
		// Five standard errors of each moment of a normal sample.
		for _, c := range []struct {
			what             string
			got, want, sigma float64
		}{
			{"mean", mean, 0, math.Sqrt(1 / n)},
			{"variance", variance, 1, math.Sqrt(2 / n)},
			{"skewness", skewness, 0, math.Sqrt(6 / n)},
			{"kurtosis", kurtosis, 3, math.Sqrt(24 / n)},
		} {
			if !(math.Abs(c.got-c.want) < 5*c.sigma) {
				t.Errorf("%s: %s %.5f, want %v +- %.5f", name, c.what, c.got, c.want, 5*c.sigma)
			}
		}
		if far := largest(v); far > 6 || far < 4 {
			t.Errorf("%s: the farthest of %.0f normals is %.2f", name, n, far)
		}
	}
	// The two halves of the pairs, and neighbouring units, are uncorrelated.
	for _, lag := range []int{1, len(units)} {
		sum := 0.0
		for i := lag; i < len(device); i++ {
			sum += float64(device[i]) * float64(device[i-lag])
		}
		if r := sum / float64(len(device)); math.Abs(r) > 5/math.Sqrt(float64(len(device))) {
			t.Errorf("correlation at lag %d: %.5f", lag, r)
		}
	}
}

// Every part of a stream's key matters, and the chain tells them apart.
func TestStreamKeysDiffer(t *testing.T) {
	seen := map[uint64]StreamKey{}
	add := func(k StreamKey) {
		w := k.Stream().Word(0)
		if other, ok := seen[w]; ok {
			t.Errorf("%+v and %+v share a stream", k, other)
		}
		seen[w] = k
	}
	for _, seed := range []int{0, 1, 42, -1, 1 << 33} {
		for _, p := range []protocols.Purpose{
			protocols.Initial, protocols.Shuffle, protocols.TrainingNoise, protocols.RegrownSites,
			protocols.RegrownValues, protocols.ScoreBatches, protocols.ProbeNoise,
		} {
			for i := range 3 {
				for l := range 3 {
					add(StreamKey{seed, p, i, l, 0, 0})
					add(StreamKey{seed, p, i, 7, 1 + l, 0})
					add(StreamKey{seed, p, i, 7, 7, 1 + l})
				}
			}
		}
	}
}

func TestUniformIsUniform(t *testing.T) {
	const n, cells = 100000, 100
	var counts [cells]float64
	stream := StreamKey{Seed: 1}.Stream()
	for i := range n {
		u := stream.Uniform(i)
		if u < 0 || u >= 1 {
			t.Fatal(u)
		}
		counts[int(u*cells)]++
	}
	chi := 0.0
	for _, c := range counts {
		chi += (c - n/cells) * (c - n/cells) / (n / cells)
	}
	// 99 degrees of freedom: mean 99, SD 14.
	if chi < 50 || chi > 170 {
		t.Errorf("chi-squared of %d cells is %.1f", cells, chi)
	}
}

// All 24 orders of four things come up equally often, and a long order is an
// order.
func TestPermutation(t *testing.T) {
	counts := map[[4]int32]float64{}
	const n = 24000
	for i := range n {
		counts[[4]int32(StreamKey{Seed: i}.Stream().Permutation(4))]++
	}
	chi := 0.0
	for _, c := range counts {
		chi += (c - n/24) * (c - n/24) / (n / 24)
	}
	// 23 degrees of freedom: mean 23, SD 6.8.
	if len(counts) != 24 || chi > 60 {
		t.Errorf("%d orders of 4, chi-squared %.1f", len(counts), chi)
	}
	long := StreamKey{Seed: 3}.Stream().Permutation(12000)
	slices.Sort(long)
	for i, v := range long {
		if int(v) != i {
			t.Fatalf("%d is missing", i)
		}
	}
}
