package engine

import (
	"fmt"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// A display behind dials computes what it needs and no more, and is what it would
// be of a whole run.
func TestDialsComputeWhatTheDisplayNeeds(t *testing.T) {
	base := map[string]string{"Seeds": "0-3", "Profile": "smoke"}
	turned := map[string]string{"Seeds": "0-3", "Profile": "smoke", "FinetuneEpochs": "3"}
	of := func(set map[string]string) protocols.Protocol {
		p, err := protocols.Configure(1, set)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	// What it shows comes of one reading.
	show := func(p protocols.Protocol, req client.ShowRequest) (func(*protocols.Result) (*client.Bundle, error), error) {
		return func(r *protocols.Result) (*client.Bundle, error) {
			text := fmt.Sprint(r.Values(protocols.ArmRecoveredRandom, "", "standard"))
			if req.Name == "all" {
				text = fmt.Sprint(r.Rows)
			}
			return &client.Bundle{Data: map[string]any{"text/plain": text}}, nil
		}, nil
	}
	ask := func(l *fakeLab, dir, name string, from map[string]string) (string, int) {
		e, err := newEngine(Options{Store: dir, Workers: 2, Show: show}, l)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		c, _ := serve(t, e, time.Hour)
		before := l.total()
		b, err := c.Show(t.Context(), client.ShowRequest{Request: client.Request{Chapter: 1, Set: turned}, Ask: protocols.Ask{What: "plot", Name: name}, From: from}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(b.Data["text/plain"]), l.total() - before
	}
	fill := func() (*fakeLab, string) {
		l, dir := newFakeLab(), t.TempDir()
		e := fakeEngine(t, dir, 2, l)
		mustRun(t, e, of(base))
		return l, dir
	}
	l, dir := fill()
	want, whole := ask(l, dir, "standard", nil)
	l, dir = fill()
	got, needed := ask(l, dir, "standard", base)
	if got != want || needed == 0 || needed >= whole {
		t.Errorf("%d of %d stages were applied; the display is %s, want %s", needed, whole, got, want)
	}
	// What needs all computes all.
	l, dir = fill()
	want, whole = ask(l, dir, "all", nil)
	l, dir = fill()
	if got, needed := ask(l, dir, "all", base); got != want || needed != whole {
		t.Errorf("a display of all: %d of %d stages; alike: %v", needed, whole, got == want)
	}
	// Where the first run is not stored nothing can be told, and all is computed.
	l = newFakeLab()
	if _, n := ask(l, t.TempDir(), "standard", base); n <= whole {
		t.Errorf("without the first run %d stages were applied", n)
	}
}
