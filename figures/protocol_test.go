package figures

import (
	"fmt"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

// Every chapter's protocol is a diagram of few boxes that names every arm.
// `go test ./figures -run TestProtocol -out DIR` writes them to be looked at.
func TestProtocol(t *testing.T) {
	for _, chapter := range protocols.Chapters() {
		for _, controls := range []string{"true", "false"} {
			settings := map[string]string{"Controls": controls}
			if chapter == 1 {
				settings = nil
			}
			p, err := protocols.Configure(chapter, settings)
			if err != nil {
				t.Fatal(err)
			}
			plot, err := protocolPlot(p, nil)
			if err != nil {
				t.Errorf("chapter %d: %v", chapter, err)
				continue
			}
			if n := countBoxes(plot.Diagram); n > 48 {
				t.Errorf("chapter %d, controls %s: %d boxes, which nobody reads", chapter, controls, n)
			}
			for _, arm := range planted(p) {
				if w := castOf(p).word(arm); namesArm(plot.Diagram, w) == repeatsArm(protocols.Reading{Arm: arm}) {
					t.Errorf("chapter %d, controls %s: the diagram has the arm %q: %v", chapter, controls, w, repeatsArm(protocols.Reading{Arm: arm}))
				}
			}
			if text := plot.Text(); controls == "false" && strings.Contains(text, chart.OursLabel) && chapter < 7 && chapter > 1 {
				t.Errorf("chapter %d has an addition of ours without controls:\n%s", chapter, text)
			}
			name := fmt.Sprintf("protocol %d %s", chapter, controls)
			drawnWell(t, name, plot)
		}
	}
}

func countBoxes(boxes []chart.Box) int {
	n := 0
	for _, b := range boxes {
		n += countBoxes(b.Next)
		if b.Label != "" {
			n++
		}
	}
	return n
}

// namesArm reports whether an arm's name stands at the end of a branch.
func namesArm(boxes []chart.Box, text string) bool {
	for _, b := range boxes {
		for w := range strings.SplitSeq(words.Untie(b.Arm), "; ") {
			if w == text {
				return true
			}
		}
		if namesArm(b.Next, text) {
			return true
		}
	}
	return false
}

// What repeats, what differs in a number and what arms share stand in the
// picture once, with all their values.
func TestProtocolSays(t *testing.T) {
	for chapter, lines := range map[int][]string{
		1: {"- baseline (2–512–512–256–4, 20 epochs, rate 0.001)", "- prune to (50, 70, 80, 90, 95, 97, 99 %); arm: sparsity sweep"},
		3: {
			"- fine-tune (0, 5, 10, 15, 20 epochs, rate 0.0005); arm: 0 epochs; 5 epochs; 10 epochs; 15 epochs; 20 epochs",
			"- regrow, fine-tune × 10 (40 %, by gradient, 5 epochs, rate 0.0005); arm: 3 cycles; 6 cycles; 10 cycles",
			"[ours, not in the book]",
			"- then, in all but (full network; pruned (95 %); recovered, by gradient; recovered, at random; sparsity sweep)",
			"- second pruning (40 % of the rest); readings: combined",
		},
		4: {"    - regrow (50 %, by gradient)", "- inhibition (0.7, tanh)", "(100 epochs, rate 0.00001, no noise)"},
		5: {"- gain, regrow, train (gain 1.25, 50 %, by gradient, 15 epochs, rate 0.0005)"},
		6: {
			"- stress, maintain × 8 (10 % of the rest, 20 epochs, rate 0.00001, noise 0.3 to 0); arm: SSRI-like",
			"- stress × 8 (10 % of the rest); arm: untreated, never maintained (ours) [ours, not in the book]",
		},
		7: {
			"- maintain (25, 50, 100, 150, 200, 300 epochs, rate 0.000001)",
			"- stabiliser decays (0.002, 0.015, 0.008 a step, 50 steps); readings: biased",
			"- stabilise to (level 0, 0.25, 0.6, 0.9, 1); readings: biased",
		},
		8: {
			"- prune, early adversity (95 %, up to 6 %)",
			"- regrow, train, episode × 5 (30 %, by gradient, 20 epochs, rate 0.0005, trigger 1.3 to 0.5); arm: ketamine-like",
		},
	} {
		p, err := protocols.Configure(chapter, nil)
		if err != nil {
			t.Fatal(err)
		}
		plot, err := protocolPlot(p, nil)
		if err != nil {
			t.Fatal(err)
		}
		text := plot.Text()
		for _, line := range lines {
			if !strings.Contains(text, line) {
				t.Errorf("chapter %d lacks %q:\n%s", chapter, line, text)
			}
		}
	}
}

// The values that arms share a way with stand in the order of the arms.
func TestProtocolOrder(t *testing.T) {
	p, err := protocols.Configure(7, map[string]string{"KetamineDecay": "0.3", "SSRIDecay": "0.1", "NeurosteroidDecay": "0.2"})
	if err != nil {
		t.Fatal(err)
	}
	plot, err := protocolPlot(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ketamine-like; SSRI-like; neurosteroid-like)", "0.3, 0.1, 0.2 a step"} {
		if !strings.Contains(plot.Text(), want) {
			t.Errorf("the diagram lacks %q:\n%s", want, plot.Text())
		}
	}
}

// A loop is what repeats, the longest, and what came before it stays apart.
func TestLoop(t *testing.T) {
	for text, want := range map[string][3]int{
		"abababab": {0, 2, 4}, "eabeabe": {1, 3, 2}, "xaaa": {1, 1, 3}, "abc": {0, 0, 0}, "": {0, 0, 0},
	} {
		var chain []*step
		for _, c := range text {
			chain = append(chain, &step{label: string(c)})
		}
		if from, period, times := loop(chain); [3]int{from, period, times} != want {
			t.Errorf("%q repeats from %d by %d, %d times; want %v", text, from, period, times, want)
		}
	}
}

// Arms of the user's own are in the picture too, a grid of them as one branch,
// and so is a chapter that is set otherwise.
func TestProtocolAltered(t *testing.T) {
	for i, set := range []map[string]string{
		{"Seeds": "7", "PruneSpread": "0.04", "Arms": "ketamine then ssri(epochs=50); mine: modulate(inhibition=0.8) then tune then tune; ketamine(gain=1.2|1.25|1.5,fraction=0.25|0.5|0.75)"},
		{"Profile": "smoke"},
		{"KetamineGain": "1", "NeurosteroidLayer": "2", "Hidden": "8,8", "TieRule": "first"},
	} {
		for _, chapter := range []int{4, 5, 6, 7, 8} {
			p, err := protocols.Configure(chapter, set)
			if err != nil {
				t.Fatal(err)
			}
			plot, err := protocolPlot(p, nil)
			if err != nil {
				t.Fatal(err)
			}
			if n := countBoxes(plot.Diagram); n > 60 {
				t.Errorf("chapter %d, %v: %d boxes", chapter, set, n)
			}
			drawnWell(t, fmt.Sprintf("altered %d protocol %d", i, chapter), plot)
		}
	}
}

// planted are the arms of a chapter's tables that its tree measures.
func planted(p protocols.Protocol) []string {
	measured := map[string]bool{}
	p.Plant(p.Cohort()[0]).Walk(func(n *protocols.Node) {
		for _, r := range n.Readings {
			for _, name := range r.Names {
				measured[name.Arm] = true
			}
		}
	})
	var arms []string
	for _, l := range p.Tables() {
		for _, h := range l.Arms {
			if measured[h.Name] {
				arms = addOnce(arms, h.Name)
			}
		}
	}
	return arms
}
