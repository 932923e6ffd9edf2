package figures

import (
	"bytes"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// fakeRun makes up a result of chapter 1 with every reading that its tree
// asks for, of about the size that a run gives.
func fakeRun(t testing.TB, settings map[string]string) (*protocols.Ch01, *protocols.Result) {
	t.Helper()
	protocol, err := protocols.Configure(1, settings)
	if err != nil {
		t.Fatal(err)
	}
	p := protocol.(*protocols.Ch01)
	r := &protocols.Result{Chapter: 1}
	r.Settings, r.Altered = protocols.Settings(p)
	for _, seed := range p.Cohort() {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		p.Plant(seed).Walk(func(n *protocols.Node) {
			for _, reading := range n.Readings {
				values := fakeReading(p, reading, rng)
				if reading.Names == nil {
					r.Series = append(r.Series, protocols.Series{Arm: reading.Arm, Label: reading.Label, Seed: seed, Values: values})
				}
				r.Rows = append(r.Rows, reading.Rows(1, seed, values)...)
			}
		})
	}
	r.Rows = append(r.Rows, p.Derive(r.Rows)...)
	return p, r
}

func fakeReading(p *protocols.Ch01, reading protocols.Reading, rng *rand.Rand) []float64 {
	broken := reading.Arm == p.PrunedArm() || reading.Arm == protocols.ArmRegrownOnly
	switch q := reading.Probe.(type) {
	case protocols.Accuracy:
		best := 100 - 2.2*q.InputSigma*q.InputSigma - 3.6*max(0, q.InputSigma-1)
		if len(reading.Names) > 0 && reading.Names[0].Condition != "" {
			q, n := parse(reading.Names[0].Condition), rng.NormFloat64()
			return []float64{25 + (best-25)/(1+math.Exp((q-0.92+0.02*n)/0.015))}
		}
		if broken {
			return []float64{min(100, 25+(best-25)*rng.Float64()*0.6)}
		}
		return []float64{min(100, best+0.2*rng.NormFloat64())}
	case protocols.Census:
		var v []float64
		sizes := append(append([]int{protocols.Dimensions}, p.Hidden...), protocols.Classes)
		biases := 0
		for i := range len(sizes) - 1 {
			total := float64(sizes[i] * sizes[i+1])
			kept := math.Ceil((1 - p.PruneSparsity) * total)
			if broken && reading.Arm != p.PrunedArm() || reading.Arm == protocols.ArmRecoveredRandom {
				kept += math.Floor(p.RegrowFraction * (total - kept))
			} else if reading.Arm == protocols.ArmFull {
				kept = total
			}
			v = append(v, kept, total)
			biases += sizes[i+1]
		}
		return append(v, float64(biases))
	case protocols.Losses:
		epochs, low := p.BaselineEpochs, 1e-3
		if reading.Arm != protocols.ArmFull {
			epochs, low = p.FinetuneEpochs, 2e-5
		}
		v := make([]float64, epochs)
		for i := range v {
			v[i] = low + 0.1*math.Exp(-0.7*float64(i)+0.6*rng.NormFloat64())
		}
		return v
	case protocols.Regions:
		v := make([]float64, 0, q.Side*q.Side)
		for row := range q.Side {
			for column := range q.Side {
				x := q.Extent * (2*float64(column)/float64(q.Side-1) - 1)
				y := q.Extent * (2*float64(row)/float64(q.Side-1) - 1)
				if broken {
					x, y = x+y/2+3+math.Sin(y), math.Abs(y)-0.1*x*x
				}
				k := 0 // centres (-3,-3), (3,3), (-3,3), (3,-3)
				switch {
				case x > 0 && y > 0:
					k = 1
				case x <= 0 && y > 0:
					k = 2
				case x > 0:
					k = 3
				}
				v = append(v, float64(k))
			}
		}
		return v
	case protocols.Magnitudes:
		v := []float64{0.48 * q.Upper}
		for i := range q.Bins {
			x := (float64(i) + 0.5) / float64(q.Bins)
			v = append(v, math.Round(1000/(1+math.Exp((x-0.5)*40))))
		}
		return v
	}
	return nil
}

func parse(text string) float64 {
	var v float64
	for i, c := range strings.TrimPrefix(text, "0.") {
		v += float64(c-'0') / math.Pow10(i+1)
	}
	return v
}

// namesOf are the names of a chapter's tables and plots.
func namesOf(chapter int) (tableNames, plotNames []string) {
	p, err := protocols.Configure(chapter, nil)
	if err != nil {
		panic(err)
	}
	return names(Tables(p)), names(Plots(p))
}

// found makes what is asked for.
func found(p protocols.Protocol, r *protocols.Result, ask protocols.Ask) (Figure, error) {
	make, err := Find(p, ask)
	if err != nil {
		return nil, err
	}
	return make(r)
}

// numberless reports whether a picture has a coordinate that is no number. Its
// font may spell one.
func numberless(svg []byte) bool {
	drawn := regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAll(svg, nil)
	return bytes.Contains(drawn, []byte("NaN")) || bytes.Contains(drawn, []byte("Inf"))
}
