package models

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// scarCounts counts the scars of each weight matrix.
func scarCounts(sub *Subject) []int {
	var counts []int
	for i, mask := range sub.Masks {
		if mask == nil {
			continue
		}
		n := 0
		for k := range mask {
			if sub.scarred(i, k) {
				n++
			}
		}
		counts = append(counts, n)
	}
	return counts
}

// The table of early adversity (sheet of chapter 8, 2.4), and what follows from
// it: regrowth of half gives floor(.5*(n - kept - scars + hits)), and the second
// prune takes .4 + .6 s of the live weights (2.7).
func TestEarlyScarsOfTheBook(t *testing.T) {
	s := session(t)
	pruned := apply(t, s, Job{Stage: protocols.Prune{Sparsity: .95}, Parent: apply(t, s, Job{Stage: protocols.Initialise{Network: book}, Seed: 1})})
	sizes, kept := []int{1024, 262144, 131072, 1024}, []int{52, 13108, 6554, 52}
	for seed, c := range []struct {
		percent float64
		scars   []int
	}{
		{3.29288, []int{33, 8632, 4316, 33}}, {2.50213, []int{25, 6559, 3279, 25}}, {2.61597, []int{26, 6857, 3428, 26}},
		{3.30479, []int{33, 8663, 4331, 33}}, {5.80218, []int{59, 15210, 7605, 59}}, {1.33196, []int{13, 3491, 1745, 13}},
		{5.35716, []int{54, 14043, 7021, 54}}, {.45785, []int{4, 1200, 600, 4}}, {5.24058, []int{53, 13737, 6868, 53}}, {.06224, []int{0, 163, 81, 0}},
	} {
		if got := 100 * protocols.EarlyAdversity(seed, .06); math.Abs(got-c.percent) > 5e-6 {
			t.Errorf("seed %d: %.5f %% scarred, want %.5f", seed, got, c.percent)
		}
		sub := apply(t, s, Job{Stage: protocols.ScarEarly{Max: .06}, Parent: pruned, Seed: seed})
		if got := scarCounts(sub); !slices.Equal(got, c.scars) {
			t.Errorf("seed %d: scars %v, want %v", seed, got, c.scars)
		}
		assertScarred(t, sub)
		total := 0
		for _, n := range c.scars {
			total += n
		}
		if got := measure(t, s, protocols.ScarLoad{}, sub, seed)[0]; got != 100*float64(total)/395264 {
			t.Errorf("seed %d: scar load %v", seed, got)
		}
		if seed != 4 {
			continue
		}
		// The sites are drawn among all: one in twenty hits a live weight, and
		// half of them lie in a matrix's first half.
		var hits []int
		early := 0
		for i, mask := range pruned.Masks {
			if mask == nil {
				continue
			}
			n := 0
			for k, live := range mask {
				if live && sub.scarred(i, k) {
					n++
				}
				if i == 2 && k < len(mask)/2 && sub.scarred(i, k) {
					early++
				}
			}
			hits = append(hits, n)
		}
		if d := float64(hits[1]) - 15210*.05; math.Abs(d) > 5*math.Sqrt(15210*.05*.95) {
			t.Errorf("%d of 15210 scars hit live weights", hits[1])
		}
		if d := float64(early) - 15210/2; math.Abs(d) > 5*math.Sqrt(15210)/2 {
			t.Errorf("%d of 15210 scars lie in the first half", early)
		}
		if slices.Equal(sub.Scars[0], sub.Scars[6]) {
			t.Error("the first and the last matrix have the same sites")
		}
		grown := apply(t, s, Job{Stage: protocols.RegrowRandom{Fraction: .5, Scale: .03}, Parent: sub, Seed: seed})
		live := activeWeights(t, s, grown)
		for i, n := range live {
			if want := kept[i] - hits[i] + (sizes[i]-kept[i]-c.scars[i]+hits[i])/2; n != float64(want) {
				t.Errorf("matrix %d: %v live after regrowth, want %d", i, n, want)
			}
		}
		second := activeWeights(t, s, apply(t, s, Job{Stage: protocols.PruneFurther{Fraction: .4, Limit: .99}, Parent: grown, Seed: seed}))
		if got := 1 - second[1]/live[1]; math.Abs(got-.435) > .001 {
			t.Errorf("the second prune takes %v of the live weights, want .435", got)
		}
	}
}

// A seed's scars are its own, and a second adversity hits other sites and keeps
// the first one's. A subject that was never pruned gets masks; one that nothing
// happens to gets none.
func TestEarlyScars(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 4})
	scar := func(parent *Subject, seed, occurrence int) *Subject {
		return apply(t, s, Job{Stage: protocols.ScarEarly{Max: .5}, Parent: parent, Seed: seed,
			Occurrence: func(protocols.Purpose) int { return occurrence }})
	}
	first := scar(sub, 4, 0)
	assertScarred(t, first)
	alive := 0
	for i, mask := range first.Masks {
		for k, active := range mask {
			if active == first.Scars[i][k] {
				t.Fatal("a weight is neither active nor scarred, or both")
			}
			if active && first.Tensors[i][k] != sub.Tensors[i][k] {
				t.Fatal("another weight has changed")
			}
			if active {
				alive++
			}
		}
	}
	if alive == 0 || sub.Masks != nil || sub.Scars != nil {
		t.Error("nothing is left, or the parent has changed")
	}
	if other := scar(sub, 4, 1); reflect.DeepEqual(other.Scars, first.Scars) {
		t.Error("a second occurrence draws the same sites")
	}
	both := scar(first, 4, 1)
	one, two := scarCounts(first), scarCounts(both)
	for i := range one {
		// n scars of a share p, and as many again, share about np of them.
		if two[i] < one[i] || two[i] > 2*one[i] || i == 1 && (two[i] == one[i] || two[i] == 2*one[i]) {
			t.Errorf("matrix %d: %d scars, then %d", i, one[i], two[i])
		}
	}
	for i, scars := range first.Scars {
		for k, scar := range scars {
			if scar && !both.Scars[i][k] {
				t.Fatal("a scar has healed")
			}
		}
	}
	spared := apply(t, s, Job{Stage: protocols.ScarEarly{}, Parent: sub, Seed: 4})
	if spared.Masks != nil || spared.Scars != nil {
		t.Error("nothing happened, and there are masks or scars")
	}
}

// assertScarred fails where what is scarred is active, or what is masked is not
// zero.
func assertScarred(t *testing.T, sub *Subject) {
	t.Helper()
	assertMasked(t, sub.Tensors, sub.Masks)
	for i, scars := range sub.Scars {
		for k, scar := range scars {
			if scar && sub.Masks[i][k] {
				t.Fatalf("tensor %d: scarred weight %d is active", i, k)
			}
		}
	}
}

// The worked cases of what an episode scars, through the whole stage.
func TestEpisodeScarsEqualPyTorch(t *testing.T) {
	var gold struct {
		Pruning struct {
			W, Scar [][]float32
			Cases   []struct {
				Rate     float64
				Live, Q  int
				Kth      float32
				NewScars [][]float32 `json:"new_scars"`
			} `json:"episode_scar"`
		}
	}
	golden(t, "modulated.json", &gold)
	if len(gold.Pruning.Cases) != 3 {
		t.Fatalf("%d cases, want 3", len(gold.Pruning.Cases))
	}
	s := session(t)
	// The worked matrix is 6 x 7, so it can be the second of such a network.
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{7, 6}, Outputs: 4}}, Seed: 1})
	net, _ := networkOf(sub.Network)
	sub.Masks, sub.Scars = flags(net.tensors(), true), flags(net.tensors(), false)
	const t2 = 2
	sub.Tensors[t2] = flatten(gold.Pruning.W)
	for i, f := range flatten(gold.Pruning.Scar) {
		sub.Scars[t2][i] = f == 1
		sub.Masks[t2][i] = f != 1 && sub.Tensors[t2][i] != 0
	}
	for _, c := range gold.Pruning.Cases {
		out := apply(t, s, Job{Stage: protocols.ScarEpisode{Trigger: protocols.Accuracy{Data: smallData}, Threshold: 101,
			BaseScar: c.Rate, RateMin: c.Rate, RateMax: c.Rate, Severity: protocols.Severity{Min: 1, Max: 1}}, Parent: sub, Seed: 1})
		fresh := slices.Clone(out.Scars[t2])
		for i, old := range sub.Scars[t2] {
			if fresh[i] = fresh[i] && !old; old && !out.Scars[t2][i] {
				t.Errorf("rate %v: scar %d has healed", c.Rate, i)
			}
		}
		if got := ones(fresh); !slices.Equal(got, flatten(c.NewScars)) {
			t.Errorf("rate %v: new scars %v, want %v", c.Rate, got, flatten(c.NewScars))
		}
		for i := range fresh {
			if fresh[i] && (out.Masks[t2][i] || out.Tensors[t2][i] != 0) {
				t.Errorf("rate %v: scarred weight %d is active", c.Rate, i)
			}
		}
	}
}

// An episode scars max(1, floor(rate*live)) of each matrix, the rate following
// from gain and activity, where the accuracy is below the threshold; at the
// threshold it leaves no trace.
func TestEpisode(t *testing.T) {
	s := session(t)
	sub, _ := trained(t, s, func(m *protocols.Modulation) { m.Gain = 1.25 })
	// The second matrix has nothing left to scar.
	net, _ := networkOf(small)
	sub.Masks = slices.Clone(sub.Masks)
	sub.Masks[2] = flags(net.tensors(), false)[2]
	sub.Tensors = slices.Clone(sub.Tensors)
	sub.Tensors[2] = make([]float32, len(sub.Tensors[2]))
	stage := protocols.ScarEpisode{
		Trigger:  protocols.Accuracy{Data: protocols.Data{Set: protocols.StandardSet, Samples: 400, Sigma: .8}, Sigma: 1, Bias: 1.5, Draw: 3},
		BaseScar: .1, RateMin: .02, RateMax: .3,
		Severity: protocols.Severity{ActivationWeight: 2, RestActivation: .1, Min: .5, Max: 2},
	}
	provoked := measure(t, s, stage.Trigger, sub, 5)[0]
	active := measure(t, s, protocols.Activity{Data: stage.Trigger.Data}, sub, 5)[0]
	live := activeWeights(t, s, sub)
	for _, c := range []struct {
		name string
		set  func(*protocols.ScarEpisode)
		rate float64 // 0: no relapse
	}{
		{"at the threshold", func(e *protocols.ScarEpisode) {}, 0},
		{"below it", func(e *protocols.ScarEpisode) { e.Threshold = math.Nextafter(provoked, 101) }, .1 * min(2, 1.25+2*(active-.1))},
		{"mild", func(e *protocols.ScarEpisode) { e.Threshold, e.Severity.ActivationWeight = 101, 0 }, .1 * 1.25},
		{"severe", func(e *protocols.ScarEpisode) { e.Threshold, e.BaseScar = 101, 1 }, .3},
		{"faint", func(e *protocols.ScarEpisode) { e.Threshold, e.BaseScar = 101, 0 }, .02},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := stage
			e.Threshold = provoked
			c.set(&e)
			out := apply(t, s, Job{Stage: e, Parent: sub, Seed: 5})
			if c.rate == 0 {
				if !reflect.DeepEqual(out, sub.altered()) {
					t.Error("the subject has changed")
				}
				return
			}
			assertScarred(t, out)
			want := make([]int, len(live))
			for i, n := range live {
				want[i] = int(min(n, max(1, math.Floor(c.rate*n))))
			}
			if got := scarCounts(out); !slices.Equal(got, want) {
				t.Errorf("scars %v of %v live weights, want %v", got, live, want)
			}
			for i, scars := range out.Scars {
				below, above := 0.0, math.Inf(1)
				for k, scar := range scars {
					switch w := math.Abs(float64(sub.Tensors[i][k])); {
					case scar:
						below = max(below, w)
					case sub.Masks[i][k]:
						above = min(above, w)
					}
				}
				if below >= above {
					t.Errorf("tensor %d: a weight of %v is scarred, one of %v is not", i, below, above)
				}
			}
		})
	}
}

// Whatever happens in whatever order, scars stay, and what is scarred is masked
// and zero; and no stage changes its parent.
func TestScarsNeverComeBack(t *testing.T) {
	s := session(t)
	rng := random(t)
	trigger := protocols.Accuracy{Data: smallData, Sigma: 1, Bias: 1}
	choices := []protocols.Stage{
		protocols.ScarEarly{Max: .2},
		protocols.ScarEpisode{Trigger: trigger, Threshold: 101, BaseScar: .1, RateMin: .02, RateMax: .2, Severity: protocols.Severity{Min: .5, Max: 2}},
		protocols.Prune{Sparsity: .3},
		protocols.PruneFurther{Fraction: .2, Limit: .99},
		protocols.RegrowRandom{Fraction: .5, Scale: .1},
		protocols.RegrowRandom{Fraction: 1, Scale: .1},
		protocols.RegrowGradient{Data: smallData, BatchSize: 64, Batches: 2, Fraction: 1, Scale: .1, Ties: protocols.TiesFirst, Leftover: true},
		protocols.Train{Data: smallData, BatchSize: 64, Epochs: 1, Rate: .003, KeepGradient: true},
	}
	scars := 0
	for course := range 6 {
		sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: course})
		for step := range 12 {
			stage := choices[rng.IntN(len(choices))]
			before := fmt.Sprint(sub.Tensors, sub.Masks, sub.Scars)
			out := apply(t, s, Job{Stage: stage, Parent: sub, Seed: course, Occurrence: func(protocols.Purpose) int { return step }})
			if fmt.Sprint(sub.Tensors, sub.Masks, sub.Scars) != before {
				t.Fatalf("%s changed its parent", stage.Kind())
			}
			assertScarred(t, out)
			for i := range sub.Scars {
				for k, scar := range sub.Scars[i] {
					if scar && !out.Scars[i][k] {
						t.Fatalf("after %s a scar is gone", stage.Kind())
					}
				}
			}
			sub = out
		}
		for _, n := range scarCounts(sub) {
			scars += n
		}
	}
	if scars == 0 {
		t.Error("no subject was ever scarred")
	}
}
