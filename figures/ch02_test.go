package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
)

// fakeRepair makes up a result of chapter 2 or 3 with every reading that its
// tree asks for, of about the size that a run gives.
func fakeRepair(t testing.TB, chapter int, settings map[string]string) (protocols.Protocol, *protocols.Result) {
	t.Helper()
	p, err := protocols.Configure(chapter, settings)
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: chapter}
	r.Settings, r.Altered = protocols.Settings(p)
	for _, seed := range p.Cohort() {
		rng := rand.New(rand.NewPCG(uint64(seed), 2))
		p.Plant(seed).Walk(func(n *protocols.Node) {
			for _, reading := range n.Readings {
				r.Rows = append(r.Rows, reading.Rows(chapter, seed, fakeRepaired(n, reading, rng.NormFloat64()))...)
			}
		})
	}
	r.Rows = append(r.Rows, p.Derive(r.Rows)...)
	return p, r
}

// fakeRepaired is what a subject shows: the noise that an arm stands by what
// its weights come from, less after a second pruning and at high sparsities.
func fakeRepaired(n *protocols.Node, reading protocols.Reading, noise float64) []float64 {
	stands := map[string]float64{
		protocols.ArmFull: 4, protocols.ArmRecoveredGradient: 2.9, protocols.ArmRecoveredRandom: 2.7, protocols.ArmTunedOnly: 2, protocols.ArmSweep: 4,
	}[namesake(reading.Arm)]
	switch stage := n.Stage.(type) {
	case protocols.Prune:
		stands = 4 / (1 + math.Exp((stage.Sparsity-0.88+0.01*noise)/0.03))
	case protocols.PruneFurther:
		stands *= 0.9
	case protocols.RegrowGradient, protocols.RegrowRandom:
		stands = 0.3
	}
	switch q := reading.Probe.(type) {
	case protocols.Accuracy:
		size := math.Hypot(q.Sigma, 0.9*q.InputSigma) + 0.2
		return []float64{min(100, 25+75*math.Exp(-math.Pow(size/max(stands, 0.2), 3)/2)*(1-0.02*math.Abs(noise)))}
	case protocols.Sparsity:
		return []float64{95 * math.Pow(0.6, float64(n.Occurrence(protocols.RegrownValues)))}
	}
	values := make([]float64, len(reading.Names))
	for i := range values {
		values[i] = 100 + float64(i)
	}
	return values
}

// Every plot of chapters 2 and 3 comes out of the book's settings, and of
// whatever others; `go test ./figures -run TestRepair -out DIR` writes them to be
// looked at.
func TestRepairPlots(t *testing.T) {
	for i, settings := range []map[string]string{
		nil,
		{"Seeds": "42"},
		{"Seeds": "0-1", "Profile": "smoke"},
		{"Seeds": "0-2", "Profile": "smoke", "Controls": "false"},
		{"Seeds": "0-2", "InternalSigmas": "2", "SweepSparsities": "0.9", "InputSigmas": "1"},
		{"Seeds": "0-2", "InternalSigmas": "1,0", "SweepSparsities": "0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.95,0.99", "PruneSparsity": "0.5"},
		{"Seeds": "7", "ConsolidationEpochs": "7", "ChronicCycles": "1", "ChronicEpochs": "0", "AcuteFullEpochs": "0"},
		{"Seeds": "0-2", "ConsolidationEpochs": "30,1,2,3,4,5,6,7,8,9,10,11,12", "ChronicCycles": "12,1,2,3,4,5,6,7,8"},
	} {
		for _, chapter := range []int{2, 3} {
			known, err := protocols.Configure(chapter, nil)
			if err != nil {
				t.Fatal(err)
			}
			has := map[string]string{}
			for _, q := range append(protocols.Parameters(known), protocols.Parameter{Name: "Profile"}) {
				if v, ok := settings[q.Name]; ok {
					has[q.Name] = v
				}
			}
			p, r := fakeRepair(t, chapter, has)
			_, plots := namesOf(chapter)
			for _, name := range plots {
				shown, err := Plot(p, r, name)
				if err != nil {
					t.Errorf("%v: chapter %d: plot %q: %v", settings, chapter, name, err)
					continue
				}
				drawnWell(t, fmt.Sprintf("repair%d ch%02d %s", i, chapter, name), shown)
			}
		}
	}
}

func TestRepairPlotNames(t *testing.T) {
	for chapter, want := range map[int][]string{
		2: {"protocol", "battery", "contrast", "sweep"},
		3: {"protocol", "sweep", "consolidation", "cycles", "regimens", "second pruning"},
	} {
		if _, plots := namesOf(chapter); !slices.Equal(plots, want) {
			t.Errorf("chapter %d has the plots %q, want %q", chapter, plots, want)
		}
	}
}

// A result without readings gives sentences rather than empty pictures.
func TestRepairOfNothing(t *testing.T) {
	for _, chapter := range []int{2, 3} {
		p, r := fakeRepair(t, chapter, map[string]string{"Seeds": "0-1"})
		r.Rows = nil
		_, plots := namesOf(chapter)
		for _, name := range plots {
			if _, err := Plot(p, r, name); err == nil && name != "protocol" {
				t.Errorf("chapter %d: plot %q of nothing was drawn", chapter, name)
			}
		}
	}
}

// The contrast takes each subject from itself, whatever the order of the rows.
func TestContrastPairs(t *testing.T) {
	p, r := fakeRepair(t, 2, map[string]string{"Seeds": "3,7", "InternalSigmas": "1"})
	r.Rows = nil
	add := func(arm, seed string, v float64) {
		r.Rows = append(r.Rows, protocols.Row{Chapter: 2, Arm: arm, Metric: protocols.InternalMetric(1), Seed: seed, Value: v})
	}
	add(protocols.ArmRecoveredGradient, "7", 90)
	add(protocols.ArmRecoveredGradient, "3", 80)
	add(protocols.ArmRecoveredRandom, "3", 79)
	add(protocols.ArmRecoveredRandom, "7", 85)
	panel, words := differencePanel(p, r, protocols.Heading{Name: protocols.ArmRecoveredRandom}, []float64{1})
	var dots chart.Points
	for _, l := range panel.Layers {
		if k, ok := l.(chart.Points); ok && dots.X == nil {
			dots = k
		}
	}
	if !slices.Equal(dots.Y, []float64{1, 5}) || !strings.Contains(words, "+3.0 points") {
		t.Errorf("differences %v, %q", dots.Y, words)
	}
}

// The foot of the sweep says where each subject falls most, beside the book.
func TestCliffMarks(t *testing.T) {
	p, r := fakeRepair(t, 2, map[string]string{"Seeds": "0-2"})
	r.Rows = nil
	for i, level := range []float64{90, 93, 90} {
		for metric, v := range map[string]float64{"threshold_sparsity": level, "drop_points_at_threshold": 30} {
			r.Rows = append(r.Rows, protocols.Row{Chapter: 2, Arm: protocols.ArmCliff, Metric: metric, Seed: fmt.Sprint(i), Value: v})
		}
	}
	marks, words := cliffMarks(p, r, []float64{0.5, 0.9, 0.93}, []float64{0, 1, 2})
	if x := marks[0].(chart.Points).X; !slices.Equal(x, []float64{1, 2, 1}) {
		t.Errorf("our marks at %v", x)
	}
	if x := marks[1].(chart.Points).X; !slices.Equal(x, []float64{2}) {
		t.Errorf("the book's mark at %v", x)
	}
	for _, want := range []string{"90 % (2 of 3 subjects), 93 % (1)", "30.0 points", "93 % and 44 points"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q lacks %q", words, want)
		}
	}
}
