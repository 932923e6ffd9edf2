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

// fakeWithdrawal makes up a result of chapter 7 or 8 with every reading that
// its tree asks for, of about the size that the book prints.
func fakeWithdrawal(t testing.TB, chapter int, settings map[string]string) (protocols.Protocol, *protocols.Result) {
	t.Helper()
	p, err := protocols.Configure(chapter, settings)
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: chapter}
	r.Settings, r.Altered = protocols.Settings(p)
	for _, seed := range p.Cohort() {
		rng := rand.New(rand.NewPCG(uint64(seed), 7))
		// A subject is good or bad in all of an arm.
		own := map[string]float64{}
		p.Plant(seed).Walk(func(n *protocols.Node) {
			for _, reading := range n.Readings {
				if _, ok := own[reading.Arm]; !ok {
					own[reading.Arm] = rng.NormFloat64()
				}
				values := fakeMeasure(reading, own[reading.Arm], rng.NormFloat64())
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

// fakeArm is what an arm's subjects are like: biased accuracy at bias 1, its
// SD, and what the kindling adds.
type fakeArm struct{ biased, sd, kindled, activation, gain float64 }

var fakeArms = map[string]fakeArm{
	protocols.ArmFull:             {86, 10, 0, 0.5, 1},
	protocols.ArmUntreated:        {25, 0.8, 0, 0.1, 1},
	protocols.ArmKetamine:         {84, 8, -25, 0.65, 1.25},
	protocols.ArmSSRI:             {47, 12, 12, 0.39, 1.6},
	protocols.ArmNeurosteroid:     {50, 8, 6, 0.196, 0.85},
	protocols.ArmNeurosteroidOff:  {37, 9, 0, 0.3, 1},
	protocols.ArmTunedOnly:        {82, 11, 5, 0.45, 1},
	protocols.ArmSSRIEqualRate:    {47, 12, 22, 0.39, 1.6},
	protocols.ArmKetamineNoRegrow: {84, 8, -5, 0.65, 1.25},
}

func fakeMeasure(reading protocols.Reading, own, noise float64) []float64 {
	a, ok := fakeArms[strings.TrimPrefix(reading.Arm, protocols.Feedforward)]
	if !ok {
		a = fakeArm{70, 6, 3, 0.4, 1}
	}
	cycle := 0.0
	if len(reading.Names) > 0 {
		var whole int
		if _, err := fmt.Sscanf(strings.ReplaceAll(reading.Names[0].Metric, "_", " "), "cycle %d", &whole); err == nil {
			cycle = float64(whole)
		}
	}
	cut := func(v float64) float64 { return min(max(v, 22), 100) }
	switch q := reading.Probe.(type) {
	case protocols.Accuracy:
		metric := reading.Names[0].Metric
		v := a.biased + a.sd*own + noise - 30*(q.Bias-1) // a weaker trigger is easier
		switch {
		case q.Bias == 0:
			return []float64{cut(100 - 12*q.Sigma*q.Sigma + noise)}
		case strings.HasPrefix(metric, "withdrawn"):
			if a.biased < 60 {
				v -= 7
			} else {
				v += 8
			}
		case strings.HasPrefix(metric, "biased_at_level"):
			v += 8 * number10(metric)
		case strings.HasPrefix(metric, "cycle_"), strings.HasSuffix(metric, "_after"), metric == "autonomy_accuracy":
			v += a.kindled
		}
		return []float64{cut(v)}
	case protocols.Activity:
		return []float64{a.activation * (1 + 0.05*noise)}
	case protocols.Dials:
		return []float64{a.gain, a.gain, 0}
	case protocols.ScarLoad:
		return []float64{3 + 1.9*math.Tanh(own) + 0.3*cycle*fakeDensity(reading.Arm)}
	case protocols.Sparsity:
		return []float64{100 - 4.8*fakeDensity(reading.Arm)*math.Pow(1.1, cycle*a.gain)}
	case protocols.Losses:
		return slices.Repeat([]float64{0.1}, 100)
	}
	return make([]float64, len(reading.Names))
}

// fakeDensity is how dense an arm is, of an arm that nothing was given back to.
func fakeDensity(arm string) float64 {
	if arm == protocols.ArmKetamine || arm == protocols.ArmKetamineNoRegrow {
		return 8
	}
	return 1
}

// number10 is the number at the end of a metric's name, "biased_at_level_0_25".
func number10(metric string) float64 {
	_, text, _ := strings.Cut(metric, "level_")
	v, _ := strconv.ParseFloat(strings.Replace(text, "_", ".", 1), 64)
	return v
}

// withdrawalPlotNames are the plots of chapters 7 and 8 that this file and
// ch08.go draw.
var withdrawalPlotNames = map[int][]string{
	7:  {"withdrawal", "relapse by duration", "relapse raster", "stabiliser", "equal levels"},
	8:  {"scars", "withdrawal", "relapse by duration", "stabiliser", "equal levels", "kindling", "kindling relapses", "kindling scars", "severity", "fixed triggers", "autonomy"},
	10: {"scars", "withdrawal", "kindling", "kindling relapses", "kindling scars", "severity", "fixed triggers", "autonomy", "saturation", "topologies", "bookkeeping", "noise held"},
}

// Whatever the parameters, every plot comes out.
func TestWithdrawalPlots(t *testing.T) {
	for _, settings := range []map[string]string{
		nil,
		{"Seeds": "42"},
		{"Seeds": "0-29"},
		{"Profile": "smoke"},
		{"Controls": "false", "Seeds": "0-1"},
		{"Seeds": "3,7", "MaintenanceDurations": "300,0", "EqualLevels": "1,0.5"},
		{"Seeds": "0-2", "MaintenanceDurations": "25", "EqualLevels": "0.5", "DiscontinuationSteps": "0"},
		{"Seeds": "0-2", "MaintenanceDurations": "1,2,3,4,5,6,7,8,9,10,20,30,40,50,60", "DiscontinuationSteps": "1000"},
		{"Seeds": "0-1", "BiasedRelapseThreshold": "0"},
		{"Seeds": "0-1", "Arms": "ketamine then ssri(epochs=50); tune(epochs=1|2|3|4|5|6|7|8)"},
	} {
		for chapter, names := range withdrawalPlotNames {
			p, r := fakeWithdrawal(t, chapter, settings)
			for _, name := range names {
				draws(t, p, r, name, settings)
			}
		}
	}
}

// Every plot of both chapters comes out where the parameters ask for all.
func TestCh07And08(t *testing.T) {
	settings := map[string]string{"Seeds": "0-2", "PruneSpread": "0.02", "Arms": "ketamine(gain=1|1.25, fraction=0.25|0.5)"}
	for chapter := range withdrawalPlotNames {
		p, r := fakeWithdrawal(t, chapter, settings)
		_, plots := namesOf(chapter)
		for _, name := range plots {
			draws(t, p, r, name, settings)
		}
	}
}

// The cycles of other triggers than the book's have no published figures.
func TestPublishedCycles(t *testing.T) {
	for setting, want := range map[string]bool{"": true, "KindlingCycles": false, "KindlingFirstBias": false} {
		settings := map[string]string{}
		if setting != "" {
			settings[setting] = "4"
		}
		p, err := protocols.Configure(8, settings)
		if err != nil {
			t.Fatal(err)
		}
		f, ok := publishedKindling(&p.(*protocols.Ch08).Kindling, p, protocols.ArmSSRI, "cycle_0_biased")
		if ok != want || ok && f.Mean != 40.7 {
			t.Errorf("with %s altered, the book's figure is %v, %v", setting, f.Mean, ok)
		}
	}
}

func TestKindlingPlotsAltered(t *testing.T) {
	for _, settings := range []map[string]string{
		{"Seeds": "0-1", "KindlingCycles": "1"},
		{"Seeds": "0-1", "KindlingCycles": "40"},
		{"Seeds": "0-1", "KindlingFirstBias": "0.3", "KindlingLastBias": "0.3"},
		{"Seeds": "0-1", "KindlingFirstBias": "0.2", "KindlingLastBias": "2"},
		{"Seeds": "0-1", "EarlyAdversityMax": "0"},
	} {
		p, r := fakeWithdrawal(t, 8, settings)
		for _, name := range withdrawalPlotNames[8] {
			draws(t, p, r, name, settings)
		}
	}
}

// draws makes a plot and checks that it has a picture, and words that have no
// missing number.
func draws(t *testing.T, p protocols.Protocol, r *protocols.Result, name string, settings map[string]string) {
	t.Helper()
	shown, err := Plot(p, r, name)
	if err != nil {
		t.Errorf("chapter %d, %v: plot %q: %v", p.Chapter(), settings, name, err)
		return
	}
	plot := shown
	svg, err := plot.SVG()
	if err != nil || numberless(svg) {
		t.Errorf("chapter %d, %v: plot %q has no picture or a coordinate that is no number (%v)", p.Chapter(), settings, name, err)
	}
	if text := plot.Text(); strings.Contains(text, "NaN") || strings.Contains(text, "– %") {
		t.Errorf("chapter %d, %v: plot %q misses a number in its words: %s", p.Chapter(), settings, name, text)
	}
	if settings != nil || *out == "" {
		return
	}
	png, err := plot.PNG()
	if err != nil {
		t.Fatal(err)
	}
	save(t, protocols.ChapterName(p.Chapter())+" "+name+".png", png)
	save(t, protocols.ChapterName(p.Chapter())+" "+name+".txt", []byte(plot.Text()))
}

// A result without readings gives sentences rather than empty pictures.
func TestWithdrawalPlotsOfNothing(t *testing.T) {
	for chapter, names := range withdrawalPlotNames {
		p, r := fakeWithdrawal(t, chapter, map[string]string{"Seeds": "0-1"})
		r.Rows, r.Series = nil, nil
		for _, name := range names {
			if name == "stabiliser" { // of the parameters alone
				continue
			}
			if _, err := Plot(p, r, name); err == nil {
				t.Errorf("chapter %d: plot %q of nothing was drawn", chapter, name)
			}
		}
	}
}

// The level falls in a straight line to 0 and stays there.
func TestBends(t *testing.T) {
	for _, c := range []struct {
		rate  float64
		steps int
		want  []int
	}{
		{0.002, 50, []int{0, 50}},
		{0.02, 50, []int{0, 50}},
		{0.1, 50, []int{0, 9, 10, 50}},
		{0.3, 50, []int{0, 3, 4, 50}},
		{0, 50, []int{0, 50}},
		{1, 0, []int{0}},
	} {
		got := bends(c.rate, c.steps)
		if !slices.Equal(got, c.want) {
			t.Errorf("bends(%v, %d) = %v, want %v", c.rate, c.steps, got, c.want)
		}
		for s := range c.steps + 1 {
			var x, y []float64
			for _, b := range got {
				x, y = append(x, float64(b)), append(y, protocols.Decay{Rate: c.rate, Steps: b}.Left())
			}
			if v := between(x, y, float64(s)); math.Abs(v-protocols.Decay{Rate: c.rate, Steps: s}.Left()) > 1e-9 {
				t.Errorf("at rate %v the line is at %v after %d steps, want %v", c.rate, v, s, protocols.Decay{Rate: c.rate, Steps: s}.Left())
			}
		}
	}
}

// What the plots print is what the rows say.
func TestRelapseRasterCounts(t *testing.T) {
	p, r := fakeWithdrawal(t, 7, map[string]string{"Seeds": "0-9"})
	w := &p.(*protocols.Ch07).Withdrawal
	for i, row := range r.Rows {
		if row.Arm == protocols.ArmSSRI && strings.HasPrefix(row.Metric, "withdrawn_") && strings.HasSuffix(row.Metric, "_biased") {
			r.Rows[i].Value = 40
			if row.Seed == "3" && row.Metric != protocols.WithdrawnMetric(300) {
				r.Rows[i].Value = 60 // the threshold itself is no relapse
			}
			if row.Seed == "4" {
				r.Rows[i].Value = 61
			}
		}
	}
	for i, row := range r.Rows {
		if row.Arm == protocols.ArmSSRI && row.Metric == "biased" {
			r.Rows[i].Value = 60
			if row.Seed < "2" {
				r.Rows[i].Value = 59.9
			}
		}
	}
	c := courseOf(p, r, protocols.Heading{Name: protocols.ArmSSRI}, append([]string{"biased"}, eachMetric(w.MaintenanceDurations, protocols.WithdrawnMetric)...))
	before, ever, always := relapsed(w, c)
	if before != 2 || ever != 9 || always != 8 {
		t.Errorf("%d are below before, %d relapse and %d always do, want 2, 9 and 8", before, ever, always)
	}
}

// A subject's values stand at its place whatever the order of the rows, and
// missing ones stay out of means.
func TestCourse(t *testing.T) {
	p, err := protocols.Configure(7, map[string]string{"Seeds": "5,2"})
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: 7, Rows: []protocols.Row{
		{Arm: "a", Metric: "m", Seed: "2", Value: 20}, {Arm: "a", Metric: "m", Seed: "5", Value: 50},
		{Arm: "a", Metric: "n", Seed: "2", Value: 7}, {Arm: "b", Metric: "n", Seed: "5", Value: 1}, {Arm: "a", Metric: "n", Seed: "all", Value: 1},
	}}
	c := courseOf(p, r, protocols.Heading{Name: "a"}, []string{"m", "n", "m"})
	seeds := p.Cohort()
	two, five := slices.Index(seeds, 2), slices.Index(seeds, 5)
	if c.values[0][two] != 20 || c.values[0][five] != 50 || c.values[1][two] != 7 || !math.IsNaN(c.values[1][five]) || c.values[2][two] != 20 {
		t.Errorf("course %v of subjects %v", c.values, seeds)
	}
	if m := c.means(); !slices.Equal(m, []float64{35, 7, 35}) {
		t.Errorf("means %v", m)
	}
}

// A rate has the exact interval of those who have what is counted, and those
// without a value count neither way.
func TestArmRates(t *testing.T) {
	p, err := protocols.Configure(7, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &protocols.Result{Chapter: 7}
	for seed := range 10 {
		v := 0.0
		if seed < 3 {
			v = 100
		}
		r.Rows = append(r.Rows, protocols.Row{Arm: "a", Metric: "m", Seed: strconv.Itoa(seed), Value: v})
		if seed < 4 {
			r.Rows = append(r.Rows, protocols.Row{Arm: "a", Metric: "n", Seed: strconv.Itoa(seed), Value: v})
		}
	}
	layers, words := armRates(p, r, []protocols.Heading{{Name: "b", Words: "nobody"}, {Name: "a", Words: "an arm"}}, []string{"m", "n"})
	if len(layers) != 1 || words != " An arm: 3, 3/4 of 10." {
		t.Fatalf("%d layers, words %q", len(layers), words)
	}
	k := layers[0].(chart.Points)
	if k.Y[0] != 30 || k.Y[1] != 75 || math.Abs(k.Low[0]-6.674) > 0.001 || math.Abs(k.High[0]-65.245) > 0.001 {
		t.Errorf("rates %v, intervals from %v to %v", k.Y, k.Low, k.High)
	}
}

// Where not all arms fit, our controls stay and those of the user go.
func TestKindledArms(t *testing.T) {
	p, err := protocols.Configure(8, map[string]string{"Arms": "tune(epochs=1|2|3|4|5|6|7|8)"})
	if err != nil {
		t.Fatal(err)
	}
	arms, note := kindledArms(&p.(*protocols.Ch08).Kindling, p, 7)
	var names []string
	for _, a := range arms {
		names = append(names, a.Name)
	}
	want := []string{protocols.ArmKetamine, protocols.ArmSSRI, protocols.ArmNeurosteroid, protocols.ArmTunedOnly, protocols.ArmTunedWithGain, protocols.ArmSSRIEqualRate, protocols.ArmKetamineNoRegrow}
	if !slices.Equal(names, want) || !strings.Contains(note, "8 further arms") {
		t.Errorf("arms %q, note %q", names, note)
	}
}
