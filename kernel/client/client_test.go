package client

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

func TestResultCrossesTheSocketToTheLastBit(t *testing.T) {
	want := &protocols.Result{
		Chapter: 1, Settings: map[string]string{"Seeds": "0"}, Altered: []string{"Seeds"},
		Rows: []protocols.Row{
			{Chapter: 1, Arm: "a", Condition: "b", Metric: "c", Seed: "0", Value: 1.0 / 3},
			{Chapter: 1, Metric: "d", Seed: "all", Value: math.Inf(-1)},
		},
		Series: []protocols.Series{{Arm: "a", Label: "l", Seed: 0, Values: []float64{math.SmallestNonzeroFloat64, math.Inf(1)}}},
		Cost:   protocols.Cost{Stages: 3, Elapsed: time.Second},
	}
	b, err := json.Marshal(Message{Result: Pack(want)})
	if err != nil {
		t.Fatal(err)
	}
	var m Message
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if got := m.Result.Unpack(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	want.Rows[0].Value = math.NaN()
	if b, err = json.Marshal(Pack(want)); err != nil {
		t.Fatal(err)
	}
	var r Result
	if err := json.Unmarshal(b, &r); err != nil || !math.IsNaN(r.Unpack().Rows[0].Value) {
		t.Errorf("NaN became %v (%v)", r.Unpack().Rows[0].Value, err)
	}
}

func TestErrorsKeepTheirKind(t *testing.T) {
	for kind, err := range map[ErrorKind]error{
		Input:     fmt.Errorf("wrapped: %w", protocols.BadInput{Sentence: "Gain takes a number"}),
		Cancelled: fmt.Errorf("wrapped: %w", context.Canceled),
		Fault:     os.ErrPermission,
	} {
		b, _ := json.Marshal(Wrap(err))
		var e *Error
		if json.Unmarshal(b, &e); KindOf(e) != kind || e.Error() != err.Error() {
			t.Errorf("%v became %+v", err, e)
		}
		if protocols.IsBadInput(e) != (kind == Input) {
			t.Errorf("%v: bad input is %v", err, protocols.IsBadInput(e))
		}
	}
}

func TestPlace(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "bin", "fragility")
	os.MkdirAll(filepath.Dir(binary), 0o777)
	if err := os.WriteFile(binary, nil, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv(BinaryVariable, "")
	t.Setenv(StoreVariable, "")
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))

	t.Setenv(RootVariable, dir)
	byRoot, err := Find("")
	if err != nil || byRoot.Store != filepath.Join(dir, "cache", "fragility") {
		t.Fatalf("%+v, %v", byRoot, err)
	}
	t.Setenv(RootVariable, "")
	t.Setenv(BinaryVariable, binary)
	if byBinary, err := Find(""); err != nil || byBinary != byRoot {
		t.Errorf("by the binary %+v, by the root %+v (%v)", byBinary, byRoot, err)
	}
	t.Setenv(BinaryVariable, "")
	inside := filepath.Join(dir, "notebooks")
	os.Mkdir(inside, 0o777)
	t.Chdir(inside)
	if byFolder, err := Find(""); err != nil || byFolder != byRoot {
		t.Errorf("by the folder %+v, by the root %+v (%v)", byFolder, byRoot, err)
	}
	t.Setenv(StoreVariable, filepath.Join(dir, "other"))
	if other, err := Find(""); err != nil || other.Socket == byRoot.Socket || other.Store != filepath.Join(dir, "other") {
		t.Errorf("another store: %+v, %v", other, err)
	}
	t.Setenv(BinaryVariable, filepath.Join(dir, "nowhere"))
	if _, err := Find(""); err == nil || !strings.Contains(err.Error(), "make") {
		t.Errorf("no binary: %v", err)
	}
}

func TestEventsAreLines(t *testing.T) {
	p := Progress{Seeds: 10, Stages: 44, StagesReused: 41, Readings: 60, ReadingsReused: 50, EpochsToDo: 30, EpochsDone: 10, Share: .25, Elapsed: 4 * time.Second, Left: 83 * time.Second}
	for want, e := range map[string]Event{
		"chapter 5: 10 subjects, reused 41 of 44 stages and 50 of 60 readings, 30 epochs to train, about 1m23s":         {Kind: RunStarted},
		"chapter 5:  25 %, 1m23s left: seed 3, baseline > fine-tune (ketamine), epoch 4 of 20":                          {Kind: StageEpoch, Seed: 3, Arm: "ketamine", Path: []string{"baseline", "fine-tune"}, Epoch: 4, Epochs: 20},
		"chapter 5:  25 %, 1m23s left: seed 3, baseline":                                                                {Kind: StageFinished, Seed: 3, Path: []string{"baseline"}},
		"chapter 5: done in 4s, reused 41 of 44 stages, trained 10 epochs":                                              {Kind: RunFinished},
		"chapter 5: stopped after 4s: seed 3, baseline: the loss is no number":                                          {Kind: RunFailed, Text: "seed 3, baseline: the loss is no number"},
		"chapter 5: warning: the store /s cannot be written: no space left on device; results of this run are not kept": {Kind: Warning, Text: "the store /s cannot be written: no space left on device; results of this run are not kept"},
	} {
		e.Chapter, e.Progress = 5, p
		if got := e.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
