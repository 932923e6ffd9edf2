package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/protocols"
)

// small is chapter 1 at a size that trains in a moment; smaller layers take the compiler longer, which unrolls their loops.
var small = []string{
	"--set", "Hidden=64,48", "--set", "TrainSamples=300", "--set", "TestSamples=200", "--set", "CleanSamples=40",
	"--set", "BaselineEpochs=3", "--set", "FinetuneEpochs=2", "--set", "SweepSparsities=0,0.5",
}

// TestMain computes on one core, as two would each compile the programs.
func TestMain(m *testing.M) {
	if err := os.Setenv("SLURM_CPUS_PER_TASK", "1"); err != nil {
		panic(err)
	}
	status := m.Run()
	os.RemoveAll(warm.cache)
	os.Exit(status)
}

// longTable is a run of two small subjects.
var longTable = append([]string{"run", "ch01", "--seeds", "0-1", "--format", "csv"}, small...)

// warm is that run, made once: the folder of its store, and the table.
var warm struct {
	sync.Once
	cache, table string
}

// warmStore lets a test whose subject is not the computing find it done, and returns
// the table that it came to.
func warmStore(t *testing.T) (table string) {
	t.Helper()
	warm.Do(func() {
		var err error
		if warm.cache, err = os.MkdirTemp("", "warm"); err != nil {
			t.Fatal(err)
		}
		t.Setenv("XDG_CACHE_HOME", warm.cache)
		status, out, stderr := fragility(t, longTable...)
		if status != 0 {
			t.Fatalf("status %d: %s", status, stderr)
		}
		warm.table = out
	})
	if warm.table == "" {
		t.Fatal("the run that several tests share has failed")
	}
	t.Setenv("XDG_CACHE_HOME", warm.cache)
	return warm.table
}

// fragility runs a command line as the shell would, with the store that the test has
// chosen, and returns the exit status and both outputs.
func fragility(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	out, err := capture(t, &os.Stdout), capture(t, &os.Stderr)
	status = execute(context.Background(), args)
	return status, out(), err()
}

// capture redirects a standard stream until the returned function is called.
func capture(t *testing.T, stream **os.File) func() string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := *stream
	*stream = w
	var b bytes.Buffer
	done := make(chan struct{})
	go func() { io.Copy(&b, r); close(done) }()
	return func() string {
		*stream = old
		w.Close()
		<-done
		return b.String()
	}
}

// A run, the same run again and a run after the store is gone give the same
// bytes; the second computes nothing.
func TestRunGivesTheLongTable(t *testing.T) {
	first := warmStore(t)
	lines, err := csv.NewReader(strings.NewReader(first)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lines[0], ","); got != "chapter,arm,condition,metric,seed,value" {
		t.Errorf("head %q", got)
	}
	seen := map[string]bool{}
	for _, l := range lines[1:] {
		seen[l[1]+" "+l[3]+" "+l[4]] = true
	}
	for _, arm := range []string{"full", "pruned95", "recovered_random"} {
		for _, metric := range []string{"clean", "standard", "input_1_0", "input_2_0", "sparsity_all_params", "active_params"} {
			for _, seed := range []string{"0", "1"} {
				if !seen[arm+" "+metric+" "+seed] {
					t.Errorf("no row for %s, %s, seed %s", arm, metric, seed)
				}
			}
		}
	}
	status, second, progress := fragility(t, longTable...)
	if status != 0 || second != first {
		t.Errorf("the second run has status %d and other bytes: %v", status, second != first)
	}
	if !strings.Contains(progress, "trained 0 epochs") {
		t.Errorf("the second run computed something: %s", progress)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if status, third, _ := fragility(t, longTable...); status != 0 || third != first {
		t.Errorf("another store: status %d, other bytes: %v", status, third != first)
	}
}

func TestExplainNamesWhatChanged(t *testing.T) {
	warmStore(t)
	status, out, stderr := fragility(t, append([]string{"explain", "ch01", "--seeds", "1", "--set", "FinetuneRate=0.002"}, small...)...)
	if status != 0 {
		t.Fatal(stderr)
	}
	if !strings.Contains(out, "Rate 0.0005 -> 0.002") && !strings.Contains(out, "Rate 0.0005 → 0.002") {
		t.Errorf("explain does not name the rate:\n%s", out)
	}
}

func TestCompareShowsEveryFigure(t *testing.T) {
	warmStore(t)
	status, out, stderr := fragility(t, append([]string{"compare", "ch01", "--seeds", "0-1", "--format", "csv"}, small...)...)
	if status != 0 {
		t.Fatal(stderr)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if lines[0] != "chapter,table,arm,metric,ours,sd,n,low,high,published,published_sd,published_n,verdict,source,condition,test,p,spread_p,joint_p,informative" {
		t.Errorf("head %q", lines[0])
	}
	if want := 1 + 18 + len(protocols.StoredFigures(1)); len(lines) != want {
		t.Errorf("%d lines, want %d:\n%s", len(lines), want, out)
	}
}

// Wrong input ends with status 2 and one sentence, before any work, and leaves
// no file behind.
func TestBadInputEndsWithStatus2(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	file := filepath.Join(t.TempDir(), "out.csv")
	for _, c := range []struct{ line, says string }{
		{"run ch99", "CHAPTER takes"},
		{"run", "run CHAPTER"},
		{"run ch01 ch01", "run CHAPTER"},
		{"run ch01 --set PruneSparsity=2", "PruneSparsity takes a number in [0,1)"},
		{"run ch01 --set Sparsity=0.5", "Sparsity is not a parameter"},
		{"run ch01 --set PruneSparsity", "--set takes Name=value"},
		{"run ch01 --set PruneSparsity=0.5 --set PruneSparsity=0.6", "PruneSparsity is set twice"},
		{"run ch01 --seeds 9-0", "Seeds takes"},
		{"run ch01 --seeds 1 --set Seeds=2", "Seeds is set twice"},
		{"run ch01 --format xml", "--format takes"},
		{"run ch01 --out /nowhere/at/all", "--out takes"},
		{"run ch01 --nothing", "--nothing"},
		{"compare ch01 --seeds x", "Seeds takes"},
		{"compare", "compare CHAPTER|all"},
		{"compare all --set Nothing=1", "Nothing is not a parameter of any chapter"},
		{"compare all --set SweepSparsities=2", "SweepSparsities takes"},
		{"compare all --seeds 1 --set Seeds=2", "Seeds is set twice"},
		{"run all", "CHAPTER takes"},
		{"explain ch01 --set Hidden=0", "Hidden takes"},
		{"params ch01 --format csv", "--format takes"},
		{"nothing", "fragility takes"},
		{"store nothing", "store takes"},
		{"notebook run ch01 -p Nothing", "-p takes Name=value"},
		{"notebook export ch09 --live-subjects 1", "--live-subjects goes with"},
		{"notebook export ch05 --live-subjects 11", "--live-subjects takes a number from 1 to 10"},
		{"notebook run ch05 --live-subjects 1 --still", "choose one"},
		{"engine serve --idle 0s", "--idle and FRAGILITY_IDLE take a time"},
	} {
		args := strings.Fields(c.line)
		if args[0] == "run" {
			args = append(args, "--out="+file)
			if strings.Contains(c.line, "--out") {
				args = args[:len(args)-1]
			}
		}
		status, stdout, stderr := fragility(t, args...)
		if status != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: status %d, %q, %q; want 2 and one sentence with %q", c.line, status, stdout, stderr, c.says)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if left, _ := os.ReadDir(cache); len(left) > 0 {
		t.Errorf("the store was opened: %v", left)
	}
}

// Output that could not be written ends every command with status 1. A command
// without a line here is one too many.
func TestLostOutputEndsWithStatus1(t *testing.T) {
	warmStore(t)
	lines := map[string][]string{
		"run":               append([]string{"ch01", "--seeds", "0"}, small...),
		"compare":           append([]string{"ch01", "--seeds", "0"}, small...),
		"explain":           append([]string{"ch01", "--seeds", "0"}, small...),
		"params":            {"ch01"},
		"claims":            append([]string{"ch01", "--seeds", "0"}, small...),
		"robust":            {"ch02", "2.1", "--seeds", "0", "--set", "Profile=smoke", "--set", "Hidden=64,48"},
		"plan":              nil,
		"store ls":          nil,
		"store path":        nil,
		"store gc":          nil,
		"store verify":      nil,
		"store merge":       {t.TempDir()},
		"record status":     nil,
		"record dictionary": {"ch01"},
		"engine status":     nil,
		"kernel style":      nil,
		"engine stop":       nil, // says that none runs
		"doctor":            nil,
		"help":              nil,
	}
	// What they need is tested elsewhere: they write nothing, or what a test cannot have.
	elsewhere := []string{"engine serve", "setup", "kernel install", "kernel uninstall", "notebook run", "notebook export", "notebook sweep", "notebook refresh", "notebook site", "notebook verify", "notebook compare", "notebook text", "completion",
		"record extend", "record merge", "record verify", "kernel serve", "notebook parameters", "weights", "gpu-kit pack", "gpu-kit check"}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	var visit func(c *cobra.Command, name string)
	visit = func(c *cobra.Command, name string) {
		for _, sub := range c.Commands() {
			visit(sub, strings.TrimSpace(name+" "+sub.Name()))
		}
		args, known := lines[name]
		if c.HasSubCommands() { // it prints its help
			known = true
		}
		if !known {
			if !slices.Contains(elsewhere, name) {
				t.Errorf("%s has no line", name)
			}
			return
		}
		old := os.Stdout
		os.Stdout = full
		stderr := capture(t, &os.Stderr)
		status := execute(context.Background(), append(strings.Fields(name), args...))
		said := stderr()
		os.Stdout = old
		if status != 1 || !strings.Contains(said, "fragility: ") {
			t.Errorf("%s: status %d, %q", name, status, said)
		}
	}
	visit(rootCommand(), "")
}

func TestOutputIsWholeOrAbsent(t *testing.T) {
	warmStore(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "params.csv")
	if status, _, stderr := fragility(t, append([]string{"run", "ch01", "--seeds", "0", "--format", "csv", "--out", file}, small...)...); status != 0 {
		t.Fatal(stderr)
	}
	b, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(b), "chapter,arm,") || !strings.HasSuffix(string(b), "\n") {
		t.Errorf("%v, %.40q", err, b)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files, want 1", len(left))
	}
}

// Claims come with their verdicts, and the plan's digest stands beside them.
func TestClaims(t *testing.T) {
	warmStore(t)
	args := append([]string{"claims", "ch01", "--seeds", "0-1", "--format", "csv"}, small...)
	status, out, stderr := fragility(t, args...)
	if status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	last := records[len(records)-1]
	if records[0][1] != "id" || last[1] != "1.15" || last[len(last)-1] != protocols.PlanDigest() || last[len(last)-2] != "exploratory" {
		t.Errorf("the last claim: %q", last)
	}
	if first := records[1]; first[17] != "2" || first[25] != "undecided" {
		t.Errorf("a claim with two subjects: %q", first)
	}
	if status, plan, _ := fragility(t, "plan"); status != 0 || !strings.Contains(plan, protocols.PlanDigest()) {
		t.Errorf("plan: status %d", status)
	}
}
