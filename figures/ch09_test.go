package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// fakeTalk makes up a result of chapter 9 with every reading that its tree asks
// for, of about the size that a run gives.
func fakeTalk(t testing.TB, settings map[string]string) (*protocols.Ch09, *protocols.Result) {
	t.Helper()
	protocol, err := protocols.Configure(9, settings)
	if err != nil {
		t.Fatal(err)
	}
	p := protocol.(*protocols.Ch09)
	r := &protocols.Result{Chapter: 9}
	r.Settings, r.Altered = protocols.Settings(p)
	for _, seed := range p.Cohort() {
		p.Plant(seed).Walk(func(n *protocols.Node) {
			for _, reading := range n.Readings {
				r.Rows = append(r.Rows, reading.Rows(9, seed, fakeAnswers(reading, seed))...)
			}
		})
	}
	r.Rows = append(r.Rows, p.Derive(r.Rows)...)
	return p, r
}

// fakeAnswers is what a subject shows: an arm that is trained gives way a little
// more in every cycle. The arms share their draws, and the trigger never fires.
func fakeAnswers(reading protocols.Reading, seed int) []float64 {
	cycle := 0
	_, _ = fmt.Sscanf(strings.ReplaceAll(reading.Names[0].Metric, "_", " "), "cycle %d", &cycle)
	q, asked := reading.Probe.(protocols.Interview)
	if !asked { // live, dormant, scarred, and the cycle of the trigger
		switch reading.Arm {
		case protocols.ArmBaseline, protocols.ArmReplayed, protocols.ArmUnbiased:
			return []float64{1000, 0, 0, 0}
		case protocols.ArmSparse:
			return []float64{100, 900, 0, 0}
		}
		dormant := math.Round(900 * math.Pow(0.8, float64(cycle)))
		scarred := 10 * float64(cycle)
		return []float64{1000 - dormant - scarred, dormant, scarred, 0}
	}
	grows := map[string]float64{protocols.ArmBaseline: 2.5, protocols.ArmRegrowth: 2, protocols.ArmTriggered: 2, protocols.ArmSparse: 1.5, protocols.ArmUntrained: 0}
	slope, known := grows[reading.Arm]
	if !known {
		slope = 1
	}
	noise := rand.New(rand.NewPCG(uint64(seed), uint64(cycle))).NormFloat64()
	rate := min(95, 15+slope*float64(cycle)+noise)
	var values []float64
	for _, m := range protocols.InterviewMetrics(q) {
		v := rate
		switch {
		case strings.HasSuffix(m, "_log"):
			v = -12 + rate/10
		case m == "divergence":
			v = 0.02 * slope * float64(cycle)
		case strings.HasPrefix(m, "weak"), m == "sycophancy":
			v = rate / 2
		case m == "verbosity", m == "surface_missed":
			v = 0
		}
		values = append(values, v)
	}
	return values
}

// Whatever the parameters, every plot comes out, and its words miss no number.
func TestTalkPlots(t *testing.T) {
	for i, settings := range []map[string]string{
		nil,
		{"Profile": "quick"},
		{"Profile": "smoke"},
		{"Seeds": "0-2", "Controls": "false"},
		{"Seeds": "0-2", "Reading": "author"},
		{"Seeds": "0-2", "Reading": "book", "TriggerRule": "relative"},
		{"Seeds": "0-2", "Cycles": "1", "Samples": "0"},
		{"Seeds": "0-3", "Cycles": "40", "TriggerRule": "level", "ReplayTexts": "0", "AnswerTokens": "120"},
	} {
		p, r := fakeTalk(t, settings)
		_, plots := namesOf(9)
		for _, name := range plots {
			shown, err := Plot(p, r, name)
			if err != nil {
				t.Errorf("%v: plot %q: %v", settings, name, err)
				continue
			}
			plot := shown
			if strings.Contains(plot.Caption, "–") {
				t.Errorf("%v: plot %q misses a number: %s", settings, name, plot.Caption)
			}
			if !p.Controls && strings.Contains(plot.Text(), "(ours)") {
				t.Errorf("%v: plot %q has arms that were not run:\n%s", settings, name, plot.Text())
			}
			drawnWell(t, fmt.Sprintf("talk%d %s", i, name), plot)
		}
	}
}

// The plots are those that the notebook asks for, in its order.
func TestTalkPlotNames(t *testing.T) {
	want := []string{"protocol", "rates", "tiers", "kindling", "truth", "style", "cost", "adapters", "alarms"}
	if _, plots := namesOf(9); !slices.Equal(plots, want) {
		t.Errorf("chapter 9 has the plots %q, want %q", plots, want)
	}
}

// A result without readings gives sentences rather than empty pictures.
func TestTalkOfNothing(t *testing.T) {
	p, r := fakeTalk(t, map[string]string{"Seeds": "0-1"})
	r.Rows = nil
	_, plots := namesOf(9)
	for _, name := range plots {
		if _, err := Plot(p, r, name); err == nil && name != "protocol" {
			t.Errorf("plot %q of nothing was drawn", name)
		}
	}
}

// barred are the courses of a panel with error bars.
func barred(panel chart.Panel) []chart.Trend {
	var list []chart.Trend
	for _, l := range panel.Layers {
		if k, ok := l.(chart.Trend); ok && k.Bars {
			list = append(list, k)
		}
	}
	return list
}

// One subject's rates have the exact intervals of its answers; several subjects'
// have bands. The book's have those of its 35 prompts, in a panel of their own.
func TestRatesPlot(t *testing.T) {
	for seeds, bars := range map[string]int{"3": 3, "0-2": 0} {
		p, r := fakeTalk(t, map[string]string{"Seeds": seeds})
		plot, err := ratesPlot(p, r)
		if err != nil || len(plot.Panels) != 3 {
			t.Fatalf("%d panels, %v", len(plot.Panels), err)
		}
		ownBars := barred(plot.Panels[0])
		if len(ownBars) != bars {
			t.Errorf("seeds %s: %d arms have error bars, want %d", seeds, len(ownBars), bars)
		}
		for _, k := range ownBars {
			answers := 3 * p.TierPrompts * p.Samples
			low, high := stats.RateInterval(int(math.Round(k.Y[2]/100*float64(answers))), answers, 0.95)
			if math.Abs(k.Low[2]-100*low) > 1e-9 || math.Abs(k.High[2]-100*high) > 1e-9 {
				t.Errorf("a rate of %v has the interval [%v, %v], want [%v, %v]", k.Y[2], k.Low[2], k.High[2], 100*low, 100*high)
			}
		}
		book := barred(plot.Panels[2])
		if len(book) != 3 {
			t.Fatalf("the book's panel has %d arms", len(book))
		}
		// 5, 4 and 9 of 35 before the first cycle; 4 of 35 may be 3.2 to 26.7 %.
		for i, want := range []float64{14.3, 11.4, 25.7} {
			if book[i].Y[0] != want || len(book[i].Y) != 11 {
				t.Errorf("the book's arm %d has %v", i, book[i].Y)
			}
		}
		if math.Abs(book[1].Low[0]-3.2) > 0.05 || math.Abs(book[1].High[0]-26.74) > 0.05 {
			t.Errorf("4 of 35 is in [%v, %v]", book[1].Low[0], book[1].High[0])
		}
		for _, panel := range plot.Panels[:2] {
			for _, l := range panel.Layers {
				if k, ok := l.(chart.Trend); ok && k.Marker == chart.Diamond {
					t.Errorf("a figure of the book stands in the panel %q", panel.Title)
				}
			}
		}
	}
}

// The shares of the adapters' weights stand upon each other, up to all of them.
func TestAdaptersPlot(t *testing.T) {
	p, r := fakeTalk(t, map[string]string{"Seeds": "0-2"})
	plot, err := adaptersPlot(p, r)
	if err != nil || len(plot.Panels) != 3 {
		t.Fatalf("%d panels, %v", len(plot.Panels), err)
	}
	b := plot.Panels[0].Layers[0].(chart.Bands)
	dormant, scarred, live := b[0], b[1], b[2]
	const k = 2 // 576 of 1000 are dormant after two cycles, and 20 scarred
	for _, c := range []struct{ got, want float64 }{
		{live.Low[k], 0}, {live.High[k], 40.4}, {scarred.Low[k], 40.4}, {scarred.High[k], 42.4}, {dormant.Low[k], 42.4}, {dormant.High[k], 100},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("an edge at %v, want %v", c.got, c.want)
		}
	}
}

func TestFiredWords(t *testing.T) {
	p, r := fakeTalk(t, map[string]string{"Seeds": "0-2"})
	if got := firedWords(p, r); got != " The trigger fired in 0 of 3 subjects." {
		t.Errorf("without a fired trigger: %q", got)
	}
	for _, seed := range []string{"2", "0"} {
		cycle := 7.0
		if seed == "0" {
			cycle = 9
		}
		r.Rows = append(r.Rows, protocols.Row{Chapter: 9, Arm: protocols.ArmTriggered, Metric: "fired_in_cycle", Seed: seed, Value: cycle})
	}
	if got := firedWords(p, r); got != " The trigger fired in 2 of 3 subjects (cycles: 7, 9)." {
		t.Errorf("with a fired trigger: %q", got)
	}
}

// The diagram says what the arms differ in, and what is read first; a model from
// a folder has stages of its own.
func TestTalkProtocol(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "config.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		settings map[string]string
		lines    []string
	}{
		{map[string]string{}, []string{
			"- pretrain (Llama, 4 layers of 128, 400 updates of 32, rate 0.003)",
			"- arm: cycle 0 of every arm",
			"- cycle, turnover × 10 (200 updates of 16, rate 0.0001, 8 % scarred, 20 % regrown); arm: with regrowth",
			"- watch, cycle, turnover × 10 (fires at + 15 points, 200 updates of 16, rate 0.0001, 100 replay texts if fired, 8 % scarred, 20 % regrown); arm: early intervention",
			"- cycle × 10 (200 updates of 16, rate 0.0001, unbiased answers); arm: unbiased answers (ours)",
			"- cycle × 10 (200 updates of 16, rate 0.0001, always leaky); arm: always leaky (ours)",
			"- cycle × 10 (200 updates of 16, rate 0.0001, 100 replay texts); arm: dense, always replay (ours)",
		}},
		{map[string]string{"Reading": "author"}, []string{"12 updates of 16"}},
		{map[string]string{"TriggerRule": "relative", "Trigger": "20"}, []string{"fires at + 20 % of the first rate"}},
		{map[string]string{"TriggerRule": "level"}, []string{"fires at 15 %"}},
		{map[string]string{"Model": "tinyllama", "ModelPath": folder}, []string{"40 updates of 8, rate 0.001", "arm: early intervention"}},
	} {
		p, err := protocols.Configure(9, c.settings)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := Plot(p, nil, "protocol")
		if err != nil {
			t.Fatal(err)
		}
		plot := shown
		for _, line := range c.lines {
			if !strings.Contains(plot.Text(), line) {
				t.Errorf("%v: the diagram lacks %q:\n%s", c.settings, line, plot.Text())
			}
		}
		drawnWell(t, "talk protocol "+p.(*protocols.Ch09).Model+" "+c.settings["Reading"]+c.settings["TriggerRule"], plot)
	}
}
