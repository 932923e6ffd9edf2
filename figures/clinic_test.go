package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
)

// fakeClinic makes up a result of one of chapters 4 to 6 with every reading that
// its tree asks for, of about the size that a run gives.
func fakeClinic(t testing.TB, chapter int, settings map[string]string) (protocols.Protocol, *protocols.Result) {
	t.Helper()
	p, err := protocols.Configure(chapter, settings)
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: chapter}
	r.Settings, r.Altered = protocols.Settings(p)
	ssriEpochs, err := strconv.Atoi(r.Settings["SSRIEpochs"])
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range p.Cohort() {
		rng := rand.New(rand.NewPCG(uint64(seed), 4))
		p.Plant(seed).Walk(func(n *protocols.Node) {
			for _, reading := range n.Readings {
				values := fakeTreated(reading, rng.NormFloat64())
				if _, ok := reading.Probe.(protocols.Losses); ok {
					values = values[:ssriEpochs]
				}
				if reading.Names == nil {
					r.Series = append(r.Series, protocols.Series{Arm: reading.Arm, Label: reading.Label, Seed: seed, Values: values})
				}
				r.Rows = append(r.Rows, reading.Rows(chapter, seed, values)...)
			}
		})
	}
	r.Rows = append(r.Rows, p.Derive(r.Rows)...)
	return p, r
}

// fakeTreated is what a subject shows: the noise that an arm stands, less in
// later cycles.
func fakeTreated(reading protocols.Reading, noise float64) []float64 {
	stands := map[string]float64{
		protocols.ArmUntreated: 0.2, protocols.ArmKetamine: 3, protocols.ArmSSRI: 1.2, protocols.ArmNeurosteroid: 1.6,
		protocols.ArmNeurosteroidOff: 1, protocols.ArmTunedOnly: 2.2,
	}
	base, unmaintained := strings.CutSuffix(reading.Arm, protocols.ArmUnmaintained)
	s, ok := stands[base]
	if !ok {
		s = 1.8
	}
	cycle, dense := 0, base == protocols.ArmKetamine
	if reading.Names != nil {
		_, _ = fmt.Sscanf(strings.ReplaceAll(reading.Names[0].Metric, "_", " "), "cycle %d", &cycle)
	}
	if unmaintained {
		s *= math.Pow(0.85, float64(cycle))
	}
	switch q := reading.Probe.(type) {
	case protocols.Accuracy:
		size := math.Hypot(q.Sigma+q.Bias, 0.7*q.InputSigma)
		return []float64{min(100, 25+75*math.Exp(-math.Pow(size/s, 3)/2)*(1-0.02*math.Abs(noise)))}
	case protocols.Sparsity:
		live := 5.0 + 0.02*noise
		switch {
		case dense:
			live = 52.5
		case base == protocols.ArmFull:
			live = 100
		}
		return []float64{100 - live*math.Pow(0.9, float64(cycle))}
	case protocols.Activity:
		return []float64{0.1 + 0.15*s + 0.02*noise}
	case protocols.Dials:
		gain := map[string]float64{protocols.ArmKetamine: 1.25, protocols.ArmSSRI: 1.6, protocols.ArmNeurosteroid: 0.85}[reading.Arm]
		if gain == 0 {
			gain = 1
		}
		return []float64{gain, gain, 0}
	case protocols.Losses:
		v := make([]float64, 100)
		for e := range v {
			v[e] = 1.4*math.Exp(-float64(e)/60) + 0.05*noise*float64(e)/100
		}
		return v
	}
	return make([]float64, len(reading.Names))
}

// refusals are the plots that a run of the book's settings has nothing for.
var refusals = []string{"grid", "own arms", "depth"}

// Every plot of the treatments comes out of the book's settings, and those that
// need other settings say which.
func TestClinicPlots(t *testing.T) {
	for chapter := 4; chapter <= 6; chapter++ {
		p, r := fakeClinic(t, chapter, nil)
		_, plots := namesOf(chapter)
		if len(plots) < 10 {
			t.Errorf("chapter %d has the plots %q alone", chapter, plots)
		}
		for _, name := range plots {
			shown, err := Plot(p, r, name)
			if slices.Contains(refusals, name) {
				if !protocols.IsBadInput(err) {
					t.Errorf("chapter %d: plot %q of the book's settings: %v, want bad input", chapter, name, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("chapter %d: plot %q: %v", chapter, name, err)
				continue
			}
			drawnWell(t, fmt.Sprintf("ch%02d %s", chapter, name), shown)
		}
	}
}

// drawnWell draws a plot, and saves it where the test was asked to.
func drawnWell(t *testing.T, name string, plot *chart.Plot) {
	t.Helper()
	svg, err := plot.SVG()
	if err != nil || numberless(svg) {
		t.Errorf("%s has no picture or a coordinate that is no number (%v)", name, err)
	}
	if strings.Contains(plot.Caption, "NaN") || strings.Contains(plot.Caption, "%!") || strings.Contains(plot.Caption, "  ") || !strings.HasSuffix(plot.Caption, ".") {
		t.Errorf("%s: caption %q", name, plot.Caption)
	}
	save(t, name+".svg", svg)
	save(t, name+".txt", []byte(plot.Text()))
	if *out == "" {
		return
	}
	png, err := plot.PNG()
	if err != nil {
		t.Fatal(err)
	}
	save(t, name+".png", png)
}

// Whatever the parameters, every plot comes out or says in words why it cannot.
func TestClinicAltered(t *testing.T) {
	grid := "ketamine(gain=1|1.25|1.5, fraction=0.25|0.5)"
	for i, settings := range []map[string]string{
		{"Seeds": "42"},
		{"Seeds": "0-1", "Profile": "smoke", "Controls": "false"},
		{"Seeds": "0-2", "Controls": "false", "Arms": "mine: ketamine then ssri(epochs=50); tune(epochs=30)", "PruneSpread": "0.04"},
		{"Seeds": "42", "PruneSpread": "0.04", "Arms": grid},
		{"Seeds": "0-2", "InternalSigmas": "1", "SSRIEpochs": "1", "Arms": "tune(epochs=1|2|3|4)"},
		{"Seeds": "0-2", "InternalSigmas": "2,0,1", "KetamineGain": "1", "Arms": grid + "; ketamine(epochs=5|10) then ssri(sigma=0|0.5|1, epochs=10|20)"},
		{"Seeds": "0-39", "RegrowFraction": "0", "PruneSpread": "0.02"},
	} {
		for chapter := 4; chapter <= 6; chapter++ {
			p, r := fakeClinic(t, chapter, settings)
			_, plots := namesOf(chapter)
			for _, name := range plots {
				shown, err := Plot(p, r, name)
				switch {
				case protocols.IsBadInput(err):
				case err != nil:
					t.Errorf("%v: chapter %d: plot %q: %v", settings, chapter, name, err)
				default:
					drawnWell(t, fmt.Sprintf("altered%d ch%02d %s", i, chapter, name), shown)
				}
			}
		}
	}
}

// A result without readings gives sentences rather than empty pictures.
func TestClinicOfNothing(t *testing.T) {
	for chapter := 4; chapter <= 6; chapter++ {
		p, r := fakeClinic(t, chapter, map[string]string{"Seeds": "0-1", "PruneSpread": "0.01", "Arms": "tune(epochs=1|2)"})
		r.Rows, r.Series = nil, nil
		_, plots := namesOf(chapter)
		for _, name := range plots {
			if _, err := Plot(p, r, name); err == nil && name != "protocol" {
				t.Errorf("chapter %d: plot %q of nothing was drawn", chapter, name)
			}
		}
	}
}

// A map puts the means where its options say.
func TestGridMap(t *testing.T) {
	p, r := fakeClinic(t, 5, map[string]string{"Seeds": "0-1", "Arms": "ketamine(gain=1|1.25|1.5, fraction=0.25|0.5)"})
	r.Rows = nil
	for _, seed := range []string{"0", "1"} {
		for i, a := range p.(*protocols.Ch05).Arms {
			for _, m := range []string{"combined", "internal_2_5", "biased"} {
				r.Rows = append(r.Rows, protocols.Row{Chapter: 5, Arm: a.Name, Metric: m, Seed: seed, Value: float64(10 * i)})
			}
		}
	}
	shown, err := Plot(p, r, "grid")
	if err != nil {
		t.Fatal(err)
	}
	plot := shown
	m := plot.Panels[0].Layers[0].(chart.HeatMap)
	// The arms run through the fractions first; gains go across.
	if len(plot.Panels) != 3 || fmt.Sprint(m.Rows, m.Columns) != "[0.25 0.5] [1 1.25 1.5]" || fmt.Sprint(m.Values) != "[[0 20 40] [10 30 50]]" {
		t.Errorf("%d panels, rows %q, columns %q, values %v", len(plot.Panels), m.Rows, m.Columns, m.Values)
	}
	if !strings.Contains(plot.Caption, "ketamine(gain=1.5,fraction=0.5)") {
		t.Errorf("caption %q does not name the best arm", plot.Caption)
	}
}

// What a map cannot show is refused in words.
func TestGridRefuses(t *testing.T) {
	for _, arms := range []string{
		"ketamine(gain=1|1.25, fraction=0.25|0.5, epochs=1|2, rate=0.001|0.002)", // four options
		"tune(epochs=1|2) then tune(epochs=3|4)",                                 // one option twice
	} {
		p, r := fakeClinic(t, 4, map[string]string{"Seeds": "0", "Arms": arms})
		if _, err := Plot(p, r, "grid"); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), arms) {
			t.Errorf("%s: %v, want bad input that names the grid", arms, err)
		}
	}
}

// The drops of the second pruning are those of the run, with the published
// figures in the panel that has the book's noise.
func TestSecondPruning(t *testing.T) {
	p, r := fakeClinic(t, 5, nil)
	shown, err := Plot(p, r, "second pruning")
	if err != nil {
		t.Fatal(err)
	}
	published := func(panel chart.Panel) (x []float64) {
		for _, l := range panel.Layers {
			if k, ok := l.(chart.Points); ok && k.Hollow {
				x = append(x, k.X...)
			}
		}
		return x
	}
	panels := shown.Panels
	if x := published(panels[0]); x != nil {
		t.Errorf("published drops %v under the same noise", x)
	}
	if x := published(panels[1]); fmt.Sprint(x) != "[-0.1 8.8 5.1]" {
		t.Errorf("published drops %v, want those of chapter 5", x)
	}
}

// Arms whose courses coincide share a line.
func TestCoinciding(t *testing.T) {
	p, r := fakeClinic(t, 6, nil)
	var courses []drawn
	for _, k := range stressed(p.(*protocols.Ch06), r, "sparsity_weights") {
		courses = append(courses, k.courses...)
	}
	groups := coinciding(courses)
	if len(groups) != 3 || fmt.Sprint(groups[0].words) != "[ketamine-like]" || len(groups[1].words) != 5 || fmt.Sprint(groups[2].words) != "[full network (ours)]" {
		t.Errorf("groups %+v", groups)
	}
}

func TestArmColour(t *testing.T) {
	for name, want := range map[string]chart.Colour{
		"full": chart.Black, "pruned95": chart.Grey, "untreated": chart.Grey, "ketamine": chart.Blue, "recovered_gradient": chart.Blue, "ssri": chart.Orange,
		"neurosteroid_on": chart.Green, "tuned_without_regrowth": chart.Vermillion, "recovered_random": chart.Purple, "ssri_unmaintained": chart.Orange,
	} {
		if got := ArmColour(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	arms := []protocols.Heading{{Name: "a"}, {Name: "ketamine"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}
	looks := looksOf(arms)
	seen := map[look]bool{}
	for _, a := range arms {
		if seen[looks[a.Name]] {
			t.Errorf("arm %s looks like another", a.Name)
		}
		seen[looks[a.Name]] = true
	}
}

func TestRowLabel(t *testing.T) {
	for words, want := range map[string]string{
		"untreated":                     "untreated",
		"tuned without regrowth (ours)": "tuned without\nregrowth (ours)",
		"ketamine(gain=1.25,fraction=0.5) then ssri(epochs=50) (yours)": "ketamine(gain=1.25,\nfraction=0.5) then\nssri(epochs=50) (yours)",
	} {
		if got := rowLabel(words); got != want {
			t.Errorf("%q in the lines %q, want %q", words, got, want)
		}
	}
}

func TestFewTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{8_000, 210_000, "[{10000 10,000} {20000 20,000} {50000 50,000} {100000 100,000} {200000 200,000}]"},
		{1, 1e6, "[]"},   // too many
		{3.1, 4.9, "[]"}, // none
	} {
		if got := fmt.Sprint(fewTicks(chart.Range{Low: c.low, High: c.high})); got != c.want {
			t.Errorf("ticks from %v to %v are %s, want %s", c.low, c.high, got, c.want)
		}
	}
}

// Courses that lie far above chance have an axis of their own, the others begin
// at 0; the caption says so.
func TestCyclesAxes(t *testing.T) {
	p, r := fakeClinic(t, 6, nil)
	shown, err := Plot(p, r, "cycles")
	if err != nil {
		t.Fatal(err)
	}
	plot := shown
	if plot.Panels[0].Y.Min < 60 || plot.Panels[1].Y.Min != 0 || !strings.Contains(plot.Caption, "axes differ") {
		t.Errorf("axes from %v and %v, caption %q", plot.Panels[0].Y.Min, plot.Panels[1].Y.Min, plot.Caption)
	}
}
