// Command bench times training epochs of this project beside the same epochs in
// PyTorch and JAX, prints the ratios and writes them to bench/results.json.
// README.md says what is measured and how.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols/stats"
)

func main() {
	runs := flag.Int("runs", 5, "alternating runs, of which the medians are taken")
	epochs := flag.Int("epochs", 20, "epochs that a run trains of each kind of the feed-forward network")
	steps := flag.Int("steps", 10, "optimiser steps that a run trains of each kind of the recurrent network")
	python := flag.String("python", "python", "interpreter that has bench/requirements.txt")
	out := flag.String("out", "bench/results.json", "file that gets the results")
	flag.Parse()
	if *runs < 1 || *epochs < 1 || *steps < 1 {
		fmt.Fprintln(os.Stderr, "bench: -runs, -epochs and -steps take whole numbers from 1")
		os.Exit(2)
	}
	if err := run(*runs, *epochs, *steps, *python, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// results is what is written.
type results struct {
	Machine  map[string]any        `json:"machine"`
	Versions map[string]string     `json:"versions"`
	Runs     int                   `json:"runs"`
	Timings  map[string]timing     `json:"timings"`
	Plans    map[string]plan       `json:"plans"`
	Ratios   map[string]float64    `json:"ratios"`
	Spread   map[string][2]float64 `json:"spread"` // lowest and highest ratio of a single run
}

// timing is one thing that was timed, seconds an epoch, in the order of the runs.
type timing struct {
	Median  float64   `json:"median_s"`
	Low     float64   `json:"low_s"`
	High    float64   `json:"high_s"`
	Seconds []float64 `json:"seconds"`
}

func newTiming(seconds []float64) timing {
	return timing{stats.Median(seconds), slices.Min(seconds), slices.Max(seconds), seconds}
}

// stopwatch times one thing once and returns seconds an epoch.
type stopwatch struct {
	name string
	time func() (float64, error)
}

func run(runs, epochs, steps int, python, out string) error {
	ctx := context.Background()
	peers, err := startPeers(python)
	if err != nil {
		return err
	}
	defer peers.close()
	ours, err := prepare(ctx, epochs, steps)
	if err != nil {
		return err
	}
	defer ours.close()
	watches := slices.Concat(ours.watches(ctx), peers.watches(epochs, steps))
	seconds := map[string][]float64{}
	for i := range runs + 1 { // the first warms everything up and does not count
		for _, w := range watches {
			s, err := w.time()
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			if i > 0 {
				seconds[w.name] = append(seconds[w.name], s)
			}
			fmt.Fprintf(os.Stderr, "run %d of %d  %-34s %8.4f s an epoch\n", i, runs, w.name, s)
		}
	}
	r := results{Machine: machine(), Versions: peers.versions, Runs: runs, Timings: map[string]timing{}, Plans: plans(), Ratios: map[string]float64{}, Spread: map[string][2]float64{}}
	if err := ownVersions(r.Versions); err != nil {
		return err
	}
	for name, s := range seconds {
		r.Timings[name] = newTiming(s)
	}
	for name, ratio := range ratios(r.Plans) {
		var each []float64
		for i := range runs {
			each = append(each, ratio(func(n string) float64 { return seconds[n][i] }))
		}
		r.Ratios[name] = stats.Median(each)
		r.Spread[name] = [2]float64{slices.Min(each), slices.Max(each)}
	}
	r.print()
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(text, '\n'), 0o644)
}

func (r results) print() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "timed\tmedian, s an epoch\tlowest\thighest")
	for _, name := range slices.Sorted(maps.Keys(r.Timings)) {
		t := r.Timings[name]
		fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%.4f\n", name, t.Median, t.Low, t.High)
	}
	fmt.Fprintln(w, "\t\t\t\nratio (above 1: ours is faster)\tmedian\tlowest\thighest")
	for _, name := range slices.Sorted(maps.Keys(r.Ratios)) {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.2f\n", name, r.Ratios[name], r.Spread[name][0], r.Spread[name][1])
	}
	w.Flush()
}

// machine describes what this runs on.
func machine() map[string]any {
	m := map[string]any{"os": runtime.GOOS, "architecture": runtime.GOARCH, "cores": runtime.NumCPU()}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				m["processor"] = strings.TrimSpace(value)
				break
			}
		}
	}
	return m
}

// ownVersions adds those of this program.
func ownVersions(v map[string]string) error {
	platform, err := models.Platform()
	if err != nil {
		return err
	}
	v["go"], v["plugin_sha256"], v["path"] = runtime.Version(), platform.Plugin, platform.Path
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("the program does not know its modules")
	}
	for _, d := range info.Deps {
		if strings.HasPrefix(d.Path, "github.com/gomlx/") {
			v[d.Path] = d.Version
		}
	}
	return nil
}
