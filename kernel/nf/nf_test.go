package nf_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/nf"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/protocols"
)

// The test's executable is also a cell's program: see TestPrograms.
func TestMain(m *testing.M) {
	if program := os.Getenv("NF_TEST_PROGRAM"); program != "" {
		programs[program]()
		os.Exit(0)
	}
	// The examples' engine.
	f, err := newFake()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, v := range f.env {
		name, value, _ := strings.Cut(v, "=")
		os.Setenv(name, value)
	}
	status := m.Run()
	f.close()
	os.Exit(status)
}

// fake is an engine that computes nothing. A run of subject 0 is all in the
// store, one of subject 1 computes, and one of subject 2 takes for ever.
type fake struct {
	env       []string // that leads a program to it
	cancelled chan bool
	close     func()
}

func startFake(t *testing.T) *fake {
	t.Helper()
	f, err := newFake()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.close)
	return f
}

func newFake() (*fake, error) {
	dir, err := os.MkdirTemp("", "nf") // short, as a socket's name must be
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(dir, "fragility")
	if err := os.WriteFile(binary, []byte("engine"), 0o755); err != nil {
		return nil, err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return nil, err
	}
	f := &fake{
		env:       []string{client.BinaryVariable + "=" + binary, client.StoreVariable + "=" + dir},
		cancelled: make(chan bool, 1),
	}
	place, err := f.place()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(place.Socket), 0o700); err != nil {
		return nil, err
	}
	socket, err := net.Listen("unix", place.Socket)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/status", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(client.Status{Build: client.Build{Size: info.Size(), Modified: info.ModTime()}})
	})
	mux.HandleFunc("/v1/run", f.run)
	mux.HandleFunc("/v1/show", f.show)
	server := &http.Server{Handler: mux}
	go server.Serve(socket)
	f.close = func() {
		server.Close()
		os.RemoveAll(dir)
	}
	return f, nil
}

// place is where a program with the engine's environment finds it.
func (f *fake) place() (client.Place, error) {
	for _, v := range f.env {
		name, value, _ := strings.Cut(v, "=")
		defer os.Setenv(name, os.Getenv(name))
		os.Setenv(name, value)
	}
	return client.Find("")
}

func refuse(w http.ResponseWriter, text string) {
	w.WriteHeader(http.StatusBadRequest)
	json.NewEncoder(w).Encode(client.Error{Kind: client.Input, Text: text})
}

func (f *fake) run(w http.ResponseWriter, r *http.Request) {
	var q client.Request
	json.NewDecoder(r.Body).Decode(&q)
	if q.Set["PruneSparsity"] == "9" {
		refuse(w, `PruneSparsity takes a number in [0,1), not "9"`)
		return
	}
	if q.Set["Seeds"] == "7" {
		panic(http.ErrAbortHandler) // the engine is lost
	}
	lines := json.NewEncoder(w)
	each := func(e client.Event) {
		lines.Encode(client.Message{Event: &e})
		w.(http.Flusher).Flush()
	}
	if q.Set["Seeds"] == "2" {
		each(client.Event{Kind: client.StageEpoch})
		<-r.Context().Done()
		f.cancelled <- true
		return
	}
	work(q, each)
	result := &protocols.Result{
		Chapter: q.Chapter, Settings: map[string]string{"Seeds": q.Set["Seeds"]},
		Rows: []protocols.Row{
			{Chapter: 1, Arm: "full", Metric: "standard", Seed: "0", Value: 99.5},
			{Chapter: 1, Arm: "full", Metric: "standard", Seed: "1", Value: 99.25},
			{Chapter: 1, Arm: "pruned95", Metric: "standard", Seed: "0", Value: 43},
		},
	}
	lines.Encode(client.Message{Result: client.Pack(result)})
}

// work is what a run does, but for the work.
func work(q client.Request, each func(client.Event)) {
	p := client.Progress{Seeds: 1, Stages: 9, StagesReused: 9, Elapsed: 40 * time.Millisecond}
	if q.Set["Seeds"] == "1" {
		p.StagesReused = 5
		for i := range 4 {
			p.Share = float64(i) / 4
			each(client.Event{Kind: client.StageEpoch, Seed: 1, Path: []string{"baseline"}, Progress: p})
			time.Sleep(250 * time.Millisecond)
		}
		p.StagesDone, p.EpochsDone, p.Elapsed = 4, 60, 12300*time.Millisecond
	}
	each(client.Event{Kind: client.RunFinished, Progress: p})
}

func (f *fake) show(w http.ResponseWriter, r *http.Request) {
	var q client.ShowRequest
	json.NewDecoder(r.Body).Decode(&q)
	if q.Name == "nonsense" {
		refuse(w, `chapter 1 has no plot "nonsense"; it has sweep`)
		return
	}
	if _, err := protocols.Configure(q.Chapter, q.Set); err != nil {
		refuse(w, err.Error())
		return
	}
	lines := json.NewEncoder(w)
	work(q.Request, func(e client.Event) {
		lines.Encode(client.Message{Event: &e})
		w.(http.Flusher).Flush()
	})
	if q.Kind != "" {
		lines.Encode(client.Message{Bundle: client.FileBundle([]byte(string(q.What) + " " + q.Name + " as " + q.Kind + "\n"))})
		return
	}
	bundle := map[string]any{"text/plain": strings.TrimSpace(fmt.Sprintf("%s %s of chapter %d\n%s", q.What, q.Label(), q.Chapter, q.Set["Arms"]))}
	switch {
	case q.What == "table":
		bundle["text/html"], bundle["text/markdown"] = "<table></table>", "| a |"
	default:
		bundle["image/svg+xml"], bundle["image/png"] = "<svg/>", "iVBORw0KGgo="
		bundle["application/json"] = map[string]any{"list": []any{1.5, "x", map[string]any{"deep": true}}}
	}
	lines.Encode(client.Message{Bundle: &client.Bundle{Data: bundle}})
}

// programs are what cells might say.
var programs = map[string]func(){
	"all": func() {
		run := nf.Chapter(1).With(nf.Set{"Seeds": "0"})
		run.Run().Table("table 1").Show()
		run.Plot("sweep").Show()
		run.Compare().Show()
		fmt.Println(len(run.Rows()), run.Values("full", "standard"))
	},
	"quiet":     func() { nf.Chapter(1).With(nf.Set{"Seeds": "0"}).Plot("sweep").Show() },
	"computed":  func() { nf.Chapter(1).With(nf.Set{"Seeds": 1}).Plot("sweep").Show() },
	"bad":       func() { nf.Chapter(1).With(nf.Set{"PruneSparsity": 9}).Run() },
	"nonsense":  func() { nf.Chapter(1).Plot("nonsense").Show() },
	"bad dial":  func() { nf.Chapter(1).Plot("sweep").Turn(nf.Slider("PruneSparsity", 0.5, 1.5)) },
	"no dial":   func() { nf.Chapter(1).Plot("sweep").Turn(nf.Menu("Sparsity", 0.5)) },
	"no kind":   func() { nf.Chapter(1).Plot("sweep").Save("sweep") },
	"no folder": func() { nf.Chapter(1).Plot("sweep").Save("no/such/folder/sweep.csv") },
	"lost":      func() { nf.Chapter(1).With(nf.Set{"Seeds": "7"}).Run() },
	"endless":   func() { nf.Chapter(1).With(nf.Set{"Seeds": "2"}).Run() },
}

func TestPrograms(t *testing.T) {
	for _, c := range []struct {
		name           string
		status         int
		stdout, stderr string
	}{
		{"all", 0, "1 subject, 9 stages: 9 reused, 0 computed, 0 epochs, 0.0 s\ntable table 1 of chapter 1\n" +
			"plot sweep of chapter 1\ntable comparison of chapter 1\n3 [99.5 99.25]\n", ""},
		{"quiet", 0, "plot sweep of chapter 1\n", ""},
		{"computed", 0, "plot sweep of chapter 1\n", ""},
		{"bad", 2, "", "PruneSparsity takes a number in [0,1), not \"9\"\n"},
		{"nonsense", 2, "", "chapter 1 has no plot \"nonsense\"; it has sweep\n"},
		{"bad dial", 2, "", "PruneSparsity takes a number in [0,1) (share of each weight matrix), not \"1.5\"\n"},
		{"no dial", 2, "", "Sparsity is not a parameter of chapter 1, so there is nothing to turn\n"},
		{"no kind", 2, "", "Save takes a name that ends in the kind of file, as in \"numbers.csv\", not \"sweep\"\n"},
		{"no folder", 1, "", "open no/such/folder/sweep.csv: no such file or directory\n"},
		{"lost", 1, "", "the engine stopped in the middle of its work"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := program(startFake(t), c.name)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			cmd.Run()
			if got := cmd.ProcessState.ExitCode(); got != c.status {
				t.Errorf("status %d, want %d", got, c.status)
			}
			if stdout.String() != c.stdout {
				t.Errorf("printed\n%s\nwant\n%s", &stdout, c.stdout)
			}
			if !strings.HasPrefix(stderr.String(), c.stderr) || strings.Count(stderr.String(), "\n") > 1 {
				t.Errorf("said\n%s\nwant\n%s", &stderr, c.stderr)
			}
		})
	}
}

func program(f *fake, name string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), f.env...)
	cmd.Env = append(cmd.Env, "NF_TEST_PROGRAM="+name)
	return cmd
}

// An interrupt cancels the work and ends the program within a second.
func TestInterrupt(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		f := startFake(t)
		cmd := program(f, "endless")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
		begin := time.Now()
		cmd.Process.Signal(signal)
		cmd.Wait()
		if d := time.Since(begin); d > time.Second {
			t.Errorf("%v: ended after %v", signal, d)
		}
		if got := stderr.String(); got != "interrupted; finished stages are kept\n" || cmd.ProcessState.ExitCode() != 130 {
			t.Errorf("%v: status %d, said %s", signal, cmd.ProcessState.ExitCode(), got)
		}
		select {
		case <-f.cancelled:
		case <-time.After(time.Second):
			t.Errorf("%v: the engine works on", signal)
		}
	}
}

// In a notebook a figure is one output with all its types, progress is one that
// ends as the summary, and everything is in order.
func TestCells(t *testing.T) {
	f := startFake(t)
	environment := ""
	for _, v := range f.env {
		name, value, _ := strings.Cut(v, "=")
		environment += "%env " + name + " " + value + "\n"
	}
	nb := &notebook.Notebook{Format: 4, FormatMinor: 5}
	for i, source := range []string{
		environment,
		"import \"github.com/network-fragility/fragility/kernel/nf\"\n\nvar Seeds = \"1\"\nvar run = nf.Chapter(1).With(nf.Set{\"Seeds\": Seeds})",
		"%%\nrun.Run()\nnf.Chapter(1).Table(\"table 1\").Show()\nrun.Plot(\"sweep\").Show()",
		"%%\nnf.Chapter(1).Plot(\"nonsense\").Show()",
	} {
		nb.Cells = append(nb.Cells, notebook.Cell{ID: fmt.Sprint("c", i), Kind: notebook.CodeCell, Source: source})
	}
	source := filepath.Join(t.TempDir(), "cells.ipynb")
	if err := nb.Write(source); err != nil {
		t.Fatal(err)
	}
	root, _ := filepath.Abs("../..")
	var out bytes.Buffer
	files, err := notebook.Run(context.Background(), notebook.Options{Root: root, Notebook: source, Dir: t.TempDir(), Out: &out})
	failure, ok := errors.AsType[*notebook.CellError](err)
	if !ok || failure.Message != `chapter 1 has no plot "nonsense"; it has sweep` {
		t.Fatalf("error %v", err)
	}
	saved, err := notebook.Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, raw := range saved.Cells[2].Outputs {
		var o struct {
			Data map[string]any `json:"data"`
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(o.Data["text/plain"])
		kinds = append(kinds, fmt.Sprintf("%d types %s", len(o.Data), text))
	}
	want := []string{
		`2 types ["1 subject, 9 stages: 5 reused, 4 computed, 60 epochs, 12.3 s"]`,
		`3 types ["table table 1 of chapter 1"]`,
		`2 types ["1 subject, 9 stages: 5 reused, 4 computed, 60 epochs, 12.3 s"]`,
		`4 types ["plot sweep of chapter 1"]`,
	}
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("the cell put out\n%s\nwant\n%s", strings.Join(kinds, "\n"), strings.Join(want, "\n"))
	}
	failed := saved.Cells[3].Outputs
	var e struct{ Evalue string }
	if len(failed) != 1 || json.Unmarshal(failed[0], &e) != nil || e.Evalue != failure.Message {
		t.Errorf("the failed cell put out %s, want its sentence once", failed)
	}
	t.Logf("\n%s", &out)
}
