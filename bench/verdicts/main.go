// Command verdicts simulates how often the rule by which claims are judged is
// right, and writes the table that is committed beside it:
//
//	go run ./bench/verdicts
//
// Subjects of a made-up population go through protocols.Findings as those of a
// chapter do.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"

	"github.com/network-fragility/fragility/protocols"
)

func main() {
	families := flag.Int("families", 500, "families of claims that are simulated in each population")
	out := flag.String("out", "bench/verdicts/table.md", "file that gets the table")
	flag.Parse()
	if *families < 1 {
		fmt.Fprintln(os.Stderr, "verdicts: -families takes a whole number from 1")
		os.Exit(2)
	}
	if err := os.WriteFile(*out, table(*families), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "verdicts:", err)
		os.Exit(1)
	}
}

// population is where differences between the arms of a subject come from: mean
// 0 and SD 1.
type population struct {
	name string
	draw func(*rand.Rand) float64
}

// badShift is how far one subject in eight is off, in SDs of the others.
const badShift = 6.0

var populations = []population{
	{"normal", (*rand.Rand).NormFloat64},
	{"skewed, its tail above", func(r *rand.Rand) float64 { return r.ExpFloat64() - 1 }},
	{"skewed, its tail below", func(r *rand.Rand) float64 { return 1 - r.ExpFloat64() }},
	{"one in eight bad", func(r *rand.Rand) float64 {
		v := r.NormFloat64()
		if r.IntN(8) == 0 {
			v -= badShift
		}
		// Variance 1 + (1/8)(7/8) shift^2.
		return (v + badShift/8) / 2.222048604328897
	}},
}

// Settings of the claims: the margin, in SDs of the differences, and how many
// are judged together.
const (
	margin = 0.5
	family = 8
)

// rates are shares of what was simulated.
type rates struct {
	Covered    float64 // 95 % intervals that hold the true difference
	Supported  float64 // claims of more than the margin, supported where the difference is the margin
	Equivalent float64 // the same claims, called equivalent there
	Family     float64 // families with any such wrong verdict
	Power      float64 // claims supported where the difference is the margin and one SD
}

// simulate judges families of claims on n subjects.
func simulate(p population, n, families int, seed uint64) rates {
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	var r rates
	all := float64(families * family)
	for range families {
		result, claims := made(p, n, random, margin)
		wrong := false
		for _, f := range result.Findings(claims) {
			wrong = wrong || f.Verdict != protocols.Undecided
		}
		if wrong {
			r.Family += 1 / float64(families)
		}
		for _, c := range claims {
			alone := result.Findings([]protocols.Claim{c})[0]
			if d := alone.Difference; d.Low <= margin && margin <= d.High {
				r.Covered += 1 / all
			}
			switch alone.Verdict {
			case protocols.Supported:
				r.Supported += 1 / all
			case protocols.Equivalent:
				r.Equivalent += 1 / all
			}
		}
		strong, claims := made(p, n, random, margin+1)
		if strong.Findings(claims[:1])[0].Verdict == protocols.Supported {
			r.Power += 1 / float64(families)
		}
	}
	return r
}

// made is a result with a family of arms that differ from another by the given
// difference on average, and the claims that they differ by more than the margin.
func made(p population, n int, random *rand.Rand, difference float64) (*protocols.Result, []protocols.Claim) {
	r := &protocols.Result{Chapter: 1}
	var claims []protocols.Claim
	for k := range family {
		arm := "arm " + strconv.Itoa(k)
		c := protocols.Contrast{Arm: arm, Against: "other", Metric: arm}
		claims = append(claims, protocols.Claim{Says: protocols.Higher, Margin: margin, Contrast: c, Family: protocols.Outcomes})
		for subject := range n {
			seed := strconv.Itoa(subject)
			r.Rows = append(r.Rows, protocols.Row{Arm: arm, Metric: arm, Seed: seed, Value: difference + p.draw(random)},
				protocols.Row{Arm: "other", Metric: arm, Seed: seed})
		}
	}
	return r, claims
}

// errorOf is the standard error of a share of n.
func errorOf(share float64, n int) float64 { return math.Sqrt(share * (1 - share) / float64(n)) }

// sizes of the cohorts.
var sizes = []int{10, 30}

// table is the Markdown that is written.
func table(families int) []byte {
	found := make([]rates, len(populations)*len(sizes))
	var wait sync.WaitGroup
	slots := make(chan bool, runtime.NumCPU())
	for i := range found {
		wait.Go(func() {
			slots <- true
			defer func() { <-slots }()
			found[i] = simulate(populations[i/len(sizes)], sizes[i%len(sizes)], families, 1)
		})
	}
	wait.Wait()
	var b bytes.Buffer
	fmt.Fprintf(&b, `# How often the rule is right

`+"`go run ./bench/verdicts`"+` writes this. Each line is %d families of %d claims that a difference is larger than a margin of %v SD, where it is just as large:
every verdict but "undecided" is wrong there. Claims alone are judged at 5 %%, two-sided; in a family Holm's procedure keeps the chance of any wrong verdict at 5 %%.
"Power" is the share of claims supported where the difference is larger by one SD. Errors of the shares: about %.1f points of the first three, %.1f of the others.

| differences | subjects | 95 %% interval holds (%%) | "supported" by mistake (%%) | "equivalent" by mistake (%%) | any mistake in a family (%%) | power (%%) |
|---|---|---|---|---|---|---|
`, families, family, margin, 100*errorOf(0.03, families*family), 100*errorOf(0.05, families))
	for i, r := range found {
		fmt.Fprintf(&b, "| %s | %d | %.1f | %.1f | %.1f | %.1f | %.1f |\n", populations[i/len(sizes)].name, sizes[i%len(sizes)],
			100*r.Covered, 100*r.Supported, 100*r.Equivalent, 100*r.Family, 100*r.Power)
	}
	return b.Bytes()
}
