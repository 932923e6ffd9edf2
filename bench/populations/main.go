// Command populations trains so many subjects here and as many in PyTorch, and
// compares the two populations measure by measure: after the baseline, after
// pruning and, for the feed-forward network, after the SSRI-like training of
// chapter 5; for chapter 10's recurrent network, at 96 units and 8 steps, through
// the pruning.
//
//	go run ./bench/populations -python .venv-bench/bin/python -subjects 50
//
// Subjects that subjects.csv has are not trained again, so it goes on where it was
// stopped. It writes table.md beside it.
package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// first is the first subject: none that a chapter or the plan has.
const first = 1000

const folder = "bench/populations/"

func main() {
	subjects := flag.Int("subjects", 50, "subjects of each network on each side")
	python := flag.String("python", "python", "interpreter that has bench/requirements.txt")
	side := flag.String("side", "both", "who trains: ours, torch, both, or none for the table alone")
	flag.Parse()
	if *subjects < 2 || !slices.Contains([]string{"ours", "torch", "both", "none"}, *side) {
		fmt.Fprintln(os.Stderr, "populations: -subjects takes a number from 2, -side one of ours, torch, both, none")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *subjects, *python, *side); err != nil {
		fmt.Fprintln(os.Stderr, "populations:", err)
		os.Exit(1)
	}
}

// row is one measure of a subject.
type row struct {
	side, network string
	seed          int
	measure       string
	value         float64
}

// settings are what is trained, for populations.py; all from the chapters'
// protocols.
type settings struct {
	network        string
	Hidden         []int   `json:"hidden"`
	Steps          int     `json:"steps"`
	Train          int     `json:"train"`
	Test           int     `json:"test"`
	Clean          int     `json:"clean"`
	Sigma          float64 `json:"sigma"`
	Batch          int     `json:"batch"`
	BaselineEpochs int     `json:"baseline_epochs"`
	BaselineRate   float64 `json:"baseline_rate"`
	Sparsity       float64 `json:"sparsity"`
	CombinedInput  float64 `json:"combined_input"`
	CombinedSigma  float64 `json:"combined_sigma"`
	BiasedSigma    float64 `json:"biased_sigma"`
	BiasedBias     float64 `json:"biased_bias"`
	SSRIEpochs     int     `json:"ssri_epochs"`
	SSRIRate       float64 `json:"ssri_rate"`
	SSRISigma      float64 `json:"ssri_sigma"`
	SSRIGain       float64 `json:"ssri_gain"`
	Seeds          []int   `json:"seeds"`
}

// networks are the settings of the two networks.
func networks() ([]settings, error) {
	ch05, err := protocols.Configure(5, nil)
	if err != nil {
		return nil, err
	}
	c := ch05.(*protocols.Ch05)
	mlp := settings{network: "mlp", Hidden: c.Hidden, Train: c.TrainSamples, Test: c.TestSamples, Clean: c.CleanSamples, Sigma: c.DataSigma,
		Batch: c.BatchSize, BaselineEpochs: c.BaselineEpochs, BaselineRate: c.BaselineRate, Sparsity: c.PruneSparsity,
		CombinedInput: c.CombinedInputSigma, CombinedSigma: c.CombinedSigma, BiasedSigma: c.ManiaTestSigma, BiasedBias: c.ManiaTestBias,
		SSRIEpochs: c.SSRIEpochs, SSRIRate: c.SSRIRate, SSRISigma: c.SSRIInitialSigma, SSRIGain: c.SSRIMaxGain}
	gru := mlp
	gru.network, gru.Hidden, gru.Steps, gru.Sparsity, gru.SSRIEpochs = "gru", []int{96}, 8, 0.9, 0
	return []settings{mlp, gru}, nil
}

func run(ctx context.Context, subjects int, python, side string) error {
	list, err := networks()
	if err != nil {
		return err
	}
	rows, err := read(folder + "subjects.csv")
	if err != nil {
		return err
	}
	out, err := os.OpenFile(folder+"subjects.csv", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	w := csv.NewWriter(out)
	for _, s := range list {
		for _, who := range []string{"ours", "torch"} {
			if side != "both" && side != who {
				continue
			}
			s.Seeds = nil
			for seed := first; seed < first+subjects; seed++ {
				if !slices.ContainsFunc(rows, func(r row) bool { return r.side == who && r.network == s.network && r.seed == seed }) {
					s.Seeds = append(s.Seeds, seed)
				}
			}
			train := ours
			if who == "torch" {
				train = func(ctx context.Context, s settings, done func(int, map[string]float64) error) error {
					return torch(ctx, python, s, done)
				}
			}
			err := train(ctx, s, func(seed int, measures map[string]float64) error {
				fmt.Fprintf(os.Stderr, "%s, %s: subject %d\n", who, s.network, seed)
				for _, name := range slices.Sorted(maps.Keys(measures)) {
					rows = append(rows, row{who, s.network, seed, name, measures[name]})
					w.Write([]string{who, s.network, strconv.Itoa(seed), name, strconv.FormatFloat(measures[name], 'g', 9, 64)})
				}
				w.Flush()
				return w.Error()
			})
			if err != nil {
				return err
			}
		}
	}
	return os.WriteFile(folder+"table.md", []byte(table(rows)), 0o644)
}

// read reads the subjects so far.
func read(file string) (rows []row, err error) {
	f, err := os.Open(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	for _, l := range lines {
		seed, err1 := strconv.Atoi(l[2])
		value, err2 := strconv.ParseFloat(l[4], 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%s: %v is no measure", file, l)
		}
		rows = append(rows, row{l[0], l[1], seed, l[3], value})
	}
	return rows, err
}

// ours trains subjects here.
func ours(ctx context.Context, s settings, done func(seed int, measures map[string]float64) error) error {
	session, err := models.OpenSession(0)
	if err != nil {
		return err
	}
	defer session.Close()
	network := protocols.Network{Kind: s.network, Inputs: protocols.Dimensions, Hidden: s.Hidden, Outputs: protocols.Classes, Steps: s.Steps}
	train := protocols.Data{Set: protocols.TrainSet, Samples: s.Train, Sigma: s.Sigma}
	standard := protocols.Data{Set: protocols.StandardSet, Samples: s.Test, Sigma: s.Sigma}
	probes := map[string]protocols.Probe{
		"clean":    protocols.Accuracy{Data: protocols.Data{Set: protocols.CleanSet, Samples: s.Clean}},
		"standard": protocols.Accuracy{Data: standard},
		"combined": protocols.Accuracy{Data: standard, InputSigma: s.CombinedInput, Sigma: s.CombinedSigma},
		"biased":   protocols.Accuracy{Data: standard, Sigma: s.BiasedSigma, Bias: s.BiasedBias, InState: s.Steps > 0},
	}
	for _, seed := range s.Seeds {
		measures := map[string]float64{}
		var sub *models.Subject
		apply := func(stage protocols.Stage) {
			if err == nil {
				sub, err = session.Apply(ctx, models.Job{Stage: stage, Parent: sub, Seed: seed})
			}
		}
		measure := func(name string, p protocols.Probe, value int) {
			if err != nil {
				return
			}
			var v []float64
			if v, err = session.Measure(ctx, p, sub, seed); err == nil {
				measures[name] = v[value]
			}
		}
		battery := func(state string) {
			for name, p := range probes {
				measure(state+" "+name, p, 0)
			}
		}
		apply(protocols.Initialise{Network: network})
		apply(protocols.Train{Data: train, BatchSize: s.Batch, Epochs: s.BaselineEpochs, Rate: s.BaselineRate})
		measure("loss of the last baseline epoch", protocols.Losses{}, s.BaselineEpochs-1)
		if err != nil {
			return err
		}
		matrix := 0
		for _, t := range sub.Tensors {
			if len(t) > 0 && isMatrix(network, len(t)) {
				matrix++
				sum := 0.0
				for _, w := range t {
					sum += max(float64(w), -float64(w))
				}
				measures[fmt.Sprintf("mean |w| of matrix %d", matrix)] = sum / float64(len(t))
				measure(fmt.Sprintf("threshold of matrix %d", matrix), protocols.Magnitudes{Layer: matrix - 1, Bins: 1, Upper: 1, Sparsity: s.Sparsity}, 0)
			}
		}
		battery("healthy")
		apply(protocols.Prune{Sparsity: s.Sparsity})
		battery("pruned")
		if s.SSRIEpochs > 0 {
			apply(protocols.Train{Data: train, BatchSize: s.Batch, Epochs: s.SSRIEpochs, Rate: s.SSRIRate,
				Schedule: &protocols.Schedule{Epochs: s.SSRIEpochs, Sigma: protocols.Ramp{From: s.SSRISigma}, Gain: protocols.Ramp{From: 1, To: s.SSRIGain}}})
			measure("loss of the last SSRI-like epoch", protocols.Losses{}, s.SSRIEpochs-1)
			battery("SSRI-like")
		}
		if err != nil {
			return err
		}
		if err := done(seed, measures); err != nil {
			return err
		}
	}
	return nil
}

// isMatrix reports whether a tensor of so many values is a weight matrix.
func isMatrix(n protocols.Network, size int) bool {
	in := n.Inputs
	gates := 1
	if n.Steps > 0 {
		gates = 3
		if size == gates*n.Hidden[0]*n.Hidden[0] {
			return true
		}
	}
	for _, units := range append(slices.Clone(n.Hidden), n.Outputs) {
		if size == gates*units*in || size == units*in {
			return true
		}
		in = units
	}
	return false
}

// torch has populations.py train them.
func torch(ctx context.Context, python string, s settings, done func(seed int, measures map[string]float64) error) error {
	if len(s.Seeds) == 0 {
		return nil
	}
	request, err := json.Marshal(s)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, python, folder+"populations.py")
	c.Stdin, c.Stderr = strings.NewReader(string(request)), os.Stderr
	pipe, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		var answer struct {
			Seed     int
			Measures map[string]float64
		}
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			return err
		}
		if err := done(answer.Seed, answer.Measures); err != nil {
			return err
		}
	}
	io.Copy(io.Discard, pipe)
	return c.Wait()
}

// table holds the populations beside each other: means and SDs (n - 1), Welch's
// test of the means and a test of the spreads, both adjusted over all measures
// (Holm).
func table(rows []row) string {
	type line struct {
		network, measure string
		ours, theirs     stats.Summary
		values           []float64
	}
	var lines []line
	var p []float64
	for _, network := range []string{"mlp", "gru"} {
		var names []string
		of := map[string]map[string][]float64{"ours": {}, "torch": {}}
		for _, r := range rows {
			if r.network == network {
				if !slices.Contains(names, r.measure) {
					names = append(names, r.measure)
				}
				of[r.side][r.measure] = append(of[r.side][r.measure], r.value)
			}
		}
		for _, name := range names {
			a, b := of["ours"][name], of["torch"][name]
			if len(a) < 2 || len(b) < 2 {
				continue
			}
			l := line{network, name, stats.Summarise(a), stats.Summarise(b), append(slices.Clone(a), b...)}
			_, _, means := stats.Welch(l.ours, l.theirs)
			lines, p = append(lines, l), append(p, means, stats.Spread(l.ours, l.theirs, stats.Kurtosis(l.values)))
		}
	}
	adjusted := stats.Holm(p)
	var b strings.Builder
	b.WriteString("# Populations beside PyTorch's\n\nWritten by `go run ./bench/populations`, from subjects.csv. Mean ± SD (n - 1); p of Welch's test of the means and of the test of\nthe spreads, both adjusted over the whole table (Holm).\n\n| network | measure | ours | n | PyTorch | n | p, means | p, spreads |\n|---|---|---|---|---|---|---|---|\n")
	for i, l := range lines {
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %s | %d | %.2g | %.2g |\n", l.network, strings.ReplaceAll(l.measure, "|", "\\|"), number(l.ours), l.ours.N, number(l.theirs), l.theirs.N, adjusted[2*i], adjusted[2*i+1])
	}
	return b.String()
}

func number(s stats.Summary) string { return fmt.Sprintf("%.4g ± %.3g", s.Mean, s.SD) }
