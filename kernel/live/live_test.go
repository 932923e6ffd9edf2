package live

import (
	"crypto/sha256"
	"encoding/base64"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

const emptyPage = "<!DOCTYPE html>\n<html><head><title>T</title></head><body><main><h1>T</h1><nav><ol></ol></nav></main></body></html>"

// TestMain computes on one core, as two would each compile the programs.
func TestMain(m *testing.M) {
	if err := os.Setenv("SLURM_CPUS_PER_TASK", "1"); err != nil {
		panic(err)
	}
	m.Run()
}

// smoke is a chapter with a tiny network.
func smoke(t *testing.T, chapter int) protocols.Protocol {
	t.Helper()
	p, err := protocols.Configure(chapter, map[string]string{"Profile": "smoke"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A page is live where the store has networks, or where they are asked for.
func TestPage(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "page.html")
	if err := os.WriteFile(path, []byte(emptyPage), 0o644); err != nil {
		t.Fatal(err)
	}
	page := func() string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var said []string
	o := Options{Store: filepath.Join(dir, "store"), Say: func(text string) { said = append(said, text) }}
	p := smoke(t, 7)

	live, err := Page(t.Context(), path, p, o)
	if live || err != nil || page() != emptyPage || said != nil {
		t.Errorf("without networks: %v, %v; it says %q", live, err, said)
	}
	said, o.Subjects = nil, 2
	if live, err := Page(t.Context(), path, p, o); !live || err != nil || len(said) != 1 || !strings.Contains(said[0], "chapter 7") || !strings.Contains(said[0], "epochs") {
		t.Fatalf("asked for: %v, %v; it says %q", live, err, said)
	}
	made := page()
	script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindStringSubmatch(made)
	if script == nil {
		t.Fatal("the page has no script")
	}
	sum := sha256.Sum256([]byte(script[1]))
	for _, want := range []string{
		"default-src 'none'", "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'", `<a href="#Turn-it-yourself">`, `data-dial="Level"`, `data-dot="1,0"`,
	} {
		if !strings.Contains(made, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if regexp.MustCompile(`PUT [A-Z]+ HERE|<no value>|https?://`).MatchString(made) {
		t.Error("the page has a part that was not filled in, or an address")
	}

	// Now that they are there nobody has to ask.
	said, o.Subjects = nil, 0
	if err := os.WriteFile(path, []byte(emptyPage), 0o644); err != nil {
		t.Fatal(err)
	}
	if live, err := Page(t.Context(), path, p, o); !live || err != nil || said != nil {
		t.Errorf("with networks: %v, %v; it says %q", live, err, said)
	}

	for chapter, subjects := range map[int]int{9: 1, 5: 11} {
		if _, err := Page(t.Context(), path, smoke(t, chapter), Options{Store: o.Store, Subjects: subjects}); !protocols.IsBadInput(err) {
			t.Errorf("chapter %d with %d subjects: %v", chapter, subjects, err)
		}
	}
	checksReadings(t, p, o.Store)
}

// checksReadings: a page checks every reading of what it carries, and one that is off
// by two points is found.
func checksReadings(t *testing.T, p protocols.Protocol, dir string) {
	e, err := engine.New(engine.Options{Store: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if subjects, epochs, err := e.Lacks(p, Wanted(p)); subjects != 0 || epochs != 0 || err != nil {
		t.Errorf("the store lacks %d subjects and %d epochs (%v)", subjects, epochs, err)
	}
	taken, err := e.Take(t.Context(), p, Wanted(p), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, short := range []bool{false, true} {
		c, err := collect(p, protocols.Platform{}, taken, s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.pack(1<<20, short); err != nil {
			t.Fatal(err)
		}
		levels := 0
		for _, i := range c.data.Subjects {
			for _, r := range i.Readings {
				if i.States[r.State].Modulation.Stabiliser.Level > 0 {
					levels++
				}
			}
			if len(i.Nets) >= len(i.States) {
				t.Errorf("subject %d has %d networks for %d states: those that differ in dials alone share one", i.Seed, len(i.Nets), len(i.States))
			}
		}
		if levels == 0 {
			t.Error("no reading under the stabiliser is checked")
		}
		v, err := c.data.check(t.Context())
		if err != nil || v.Readings < 20 || v.Off != nil || !short && v.Equal < v.Readings*9/10 {
			t.Errorf("short %v: %+v, %v", short, v, err)
		}
		c.data.Subjects[1].Readings[3].Right += 2
		if off, err := c.data.check(t.Context()); err != nil || len(off.Off) != 1 || !strings.Contains(off.Off[0], "subject 1") {
			t.Errorf("a reading that was changed: %+v, %v", off, err)
		}
	}
}

// Weights without their lowest byte are off by half of what it is worth at most.
func TestTrimmedWeights(t *testing.T) {
	n := &Net{Weights: []float32{0.1, -0.3, 1.9999999, 0, 1e-12}}
	for i, w := range n.trimmed().Weights {
		if off := math.Abs(float64(w-n.Weights[i])) / math.Max(math.Abs(float64(w)), 1e-30); off > 1.0/(1<<16) || math.Float32bits(w)&0xff != 0 {
			t.Errorf("%v becomes %v", n.Weights[i], w)
		}
	}
}

// Weights of 16 bits are off by short a step of their matrix at most, and those of a
// matrix of zeros are zeros.
func TestShortWeights(t *testing.T) {
	n := &Net{Counts: []int32{3, 2, 2}, Weights: []float32{0.5, -0.25001, 1e-7, 3, -3, 0, 0}}
	for i, w := range n.stepped().Weights {
		most := map[bool]float64{true: 0.5, false: 3}[i < 3]
		if off := math.Abs(float64(w - n.Weights[i])); off > most/math.MaxInt16/2*1.001 || i > 4 && w != 0 {
			t.Errorf("%v becomes %v", n.Weights[i], w)
		}
	}
}

// A mask in the shorter form gives the places again.
func TestMask(t *testing.T) {
	few := &Net{Widths: []int{64, 32, 2}, Counts: []int32{3, 1}, Places: []int32{0, 300, 1900, 63}}
	if m := few.mask(); m.Gaps == "" || m.Bits != "" {
		t.Errorf("few places: %+v", m)
	}
	many := &Net{Widths: []int{4, 4, 1}, Counts: []int32{16, 4}}
	for i := range 20 {
		many.Places = append(many.Places, int32(i%16))
	}
	if m := many.mask(); m.Bits == "" || m.Gaps != "" {
		t.Errorf("many places: %+v", m)
	}
}
