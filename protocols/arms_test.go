package protocols

import (
	"strings"
	"testing"
)

func TestParseArms(t *testing.T) {
	for _, c := range []struct {
		text  string
		names []string
	}{
		{"", nil},
		{"ketamine then ssri(epochs=50)", []string{"ketamine then ssri(epochs=50)"}},
		{" both: ketamine then ssri ; off", []string{"both", "off"}},
		{"ketamine(gain=1|1.5, fraction=0.25|0.5)", []string{
			"ketamine(gain=1,fraction=0.25)", "ketamine(gain=1,fraction=0.5)", "ketamine(gain=1.5,fraction=0.25)", "ketamine(gain=1.5,fraction=0.5)"}},
		{"g: tune(epochs=1|2) then prune", []string{"g: tune(epochs=1) then prune", "g: tune(epochs=2) then prune"}},
	} {
		arms, err := ParseArms(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		var names []string
		for _, a := range arms {
			names = append(names, a.Name)
		}
		if strings.Join(names, ";") != strings.Join(c.names, ";") {
			t.Errorf("%q has the arms %q, want %q", c.text, names, c.names)
		}
		again, err := ParseArms(arms.String())
		if err != nil || Format(again) != Format(arms) || len(again) != len(arms) {
			t.Errorf("%q comes back as %q (%v)", c.text, arms, err)
		}
	}
}

func TestParseArmsRefuses(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"ketamin", `"ketamin" is none of`},
		{"ketamine(dose=3)", `takes gain, fraction, epochs, rate, not "dose"`},
		{"tanh(gain=1)", "no options"},
		{"ketamine(gain=0)", "gain takes a number in [0.01,10]"},
		{"ssri(epochs=1.5)", "epochs takes"},
		{"ssri(epochs=1", "not closed"},
		{"ssri(epochs=1,epochs=2)", "set twice"},
		{"ssri(epochs=1|1)", "epochs takes"},
		{"off; off", "once"},
		{": off", "name is missing"},
	} {
		if _, err := ParseArms(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q gives %v, want %q", c.text, err, c.says)
		}
	}
	for _, c := range []struct{ name, value, says string }{
		{"Arms", "ssri: off", "another name"},
		{"Arms", "neurosteroid(layer=4)", "layer takes a hidden layer from 1 to 3"},
		{"Arms", "modulate(layer=1)", "layer goes with an inhibition"},
		{"NeurosteroidLayer", "4", "NeurosteroidLayer takes"},
		{"PruneSpread", "0.05", "PruneSpread takes"},
		{"TieRule", "middle", "TieRule takes random, first, last"},
		{"Controls", "perhaps", "Controls takes true or false"},
		{"Profile", "huge", "Profile takes paper, quick, smoke"},
		{"KetamineGain", "x", "KetamineGain takes a number"},
	} {
		if _, err := Configure(5, map[string]string{c.name: c.value}); !IsBadInput(err) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s=%s gives %v, want %q", c.name, c.value, err, c.says)
		}
	}
}

// Every arm that a chapter measures has a name that the user's may not have,
// our controls included where they are not run; others may.
func TestArmsMayNotHaveTheNamesOfTheChapter(t *testing.T) {
	for _, chapter := range []int{4, 5, 6, 7, 8, 10} {
		p := configured(t, chapter, nil)
		for arm := range armsOf(p.Plant(p.Cohort()[0])) {
			for _, controls := range []string{"true", "false"} {
				_, err := Configure(chapter, map[string]string{"Arms": arm + ": off", "Controls": controls})
				if !IsBadInput(err) {
					t.Errorf("chapter %d takes %q for an arm of the user's own, Controls %s", chapter, arm, controls)
				}
			}
		}
	}
	for chapter, arm := range map[int]string{6: "ssri_unmaintained", 7: "tuned_with_gain", 8: "full"} {
		if _, err := Configure(chapter, map[string]string{"Arms": arm + ": off"}); !IsBadInput(err) || !strings.Contains(err.Error(), "another name") {
			t.Errorf("chapter %d and the arm %q give %v", chapter, arm, err)
		}
	}
	p := configured(t, 6, map[string]string{"Arms": "mine: off", "Controls": "false"}).(*Ch06)
	if p.Controls || p.Arms.String() != "mine: off" {
		t.Errorf("the look at the names leaves Controls %v and Arms %q behind", p.Controls, p.Arms)
	}
}

// An arm has the stages of the book's treatment with its options changed, and
// its subject the key of the book's where nothing is changed.
func TestArmsAreTreatments(t *testing.T) {
	p := configured(t, 5, map[string]string{"Seeds": "2", "Arms": "same: ketamine(gain=1.25); ketamine then ssri(epochs=50); inhibited: modulate(inhibition=0.5,layer=2) then ketamine"}).(*Ch05)
	book := p.ketamine(p.KetamineGain, p.RegrowFraction, p.KetamineEpochs, p.FinetuneRate)
	own := p.own()
	root := func() *Node { return NewTree(2).Root.Then("initialise", Initialise{p.network()}) }
	key := func(steps []Step) Key { return root().Take(Treatment{Steps: steps}).Origin(2, Platform{}).Key() }
	if key(own[0].Steps) != key(book) {
		t.Error("the arm with the book's options is another treatment")
	}
	if s := own[1].Steps[3].Stage.(Train); s.Epochs != 50 || s.Schedule.Epochs != 50 || s.Rate != p.SSRIRate {
		t.Errorf("the second step of the sequence is %+v", s)
	}
	if m := own[2].Steps[0].Stage.(Modulate); m != (Modulate{Inhibition: 0.5, InhibitedLayer: 2}) {
		t.Errorf("the dials are %+v", m)
	}
}

func TestProfiles(t *testing.T) {
	quick := configured(t, 7, map[string]string{"Profile": "quick", "Seeds": "5"}).(*Ch07)
	if quick.Seeds.String() != "5" || quick.BaselineEpochs != 20 {
		t.Errorf("quick with a seed of its own: Seeds %v, BaselineEpochs %d", quick.Seeds, quick.BaselineEpochs)
	}
	smoke := configured(t, 7, map[string]string{"Profile": "smoke", "Hidden": "8"}).(*Ch07)
	if smoke.Seeds.String() != "0-1" || Format(smoke.Hidden) != "8" || smoke.SSRIEpochs != 4 || smoke.KetamineGain != 1.25 {
		t.Errorf("smoke with a network of its own: %+v", smoke)
	}
	for _, chapter := range Chapters() {
		p := configured(t, chapter, map[string]string{"Profile": "smoke"})
		for _, seed := range p.Cohort() {
			if e := epochsOf(p.Plant(seed)); e > 80 {
				t.Errorf("chapter %d trains %d epochs in its smoke profile", chapter, e)
			}
		}
		if _, altered := Settings(configured(t, chapter, nil)); len(altered) > 0 {
			t.Errorf("chapter %d calls %v altered by default", chapter, altered)
		}
	}
}

// A cohort with a spread has a sparsity for each subject, within the range, and
// always the same.
func TestPruneSpread(t *testing.T) {
	p := configured(t, 4, map[string]string{"PruneSparsity": "0.9", "PruneSpread": "0.05"}).(*Ch04)
	seen := map[float64]bool{}
	for seed := range 10 {
		s := p.prune(seed).Sparsity
		if s < 0.85 || s > 0.95 || s != p.prune(seed).Sparsity {
			t.Errorf("subject %d is pruned to %v", seed, s)
		}
		seen[s] = true
	}
	if len(seen) < 10 {
		t.Errorf("ten subjects have %d sparsities", len(seen))
	}
}

func TestEarlyAdversityIsTheAuthors(t *testing.T) {
	// Chapter 8's sheet, section 2.4, in percent.
	want := []float64{3.29288, 2.50213, 2.61597, 3.30479, 5.80218, 1.33196, 5.35716, 0.45785, 5.24058, 0.06224}
	for seed, w := range want {
		if got := 100 * EarlyAdversity(seed, 0.06); got < w-5e-6 || got > w+5e-6 {
			t.Errorf("subject %d loses %v %%, want %v", seed, got, w)
		}
	}
}

func TestSeverityAndRate(t *testing.T) {
	s := ScarEpisode{BaseScar: 0.05, RateMin: 0.02, RateMax: 0.2, Severity: Severity{ActivationWeight: 2, RestActivation: 0.1, Min: 0.5, Max: 2}}
	for _, c := range []struct{ gain, activation, severity, rate float64 }{
		{1.25, 0.646, 2, 0.1}, // ketamine-like: unclipped 2.342
		{1.6, 0.379, 2, 0.1},
		{0.85, 0.193, 1.036, 0.0518},
		{0.1, 0, 0.5, 0.025},
	} {
		severity := s.Severity.Of(c.gain, c.activation)
		if diff := severity - c.severity; diff > 1e-12 || diff < -1e-12 {
			t.Errorf("severity at gain %v, activation %v is %v, want %v", c.gain, c.activation, severity, c.severity)
		}
		if diff := s.Rate(severity) - c.rate; diff > 1e-12 || diff < -1e-12 {
			t.Errorf("rate %v, want %v", s.Rate(severity), c.rate)
		}
	}
}

func TestRamp(t *testing.T) {
	sigma, gain := Ramp{0.5, 0}, Ramp{1, 1.6}
	for _, c := range []struct {
		epoch       int
		sigma, gain float64
	}{{0, 0.5, 1}, {24, 0.5 * (1 - 24.0/99), 1 + 0.6*24.0/99}, {99, 0, 1.6}} {
		if d := sigma.At(c.epoch, 100) - c.sigma; d > 1e-15 || d < -1e-15 {
			t.Errorf("sigma in epoch %d is %v, want %v", c.epoch, sigma.At(c.epoch, 100), c.sigma)
		}
		if d := gain.At(c.epoch, 100) - c.gain; d > 1e-15 || d < -1e-15 {
			t.Errorf("gain in epoch %d is %v, want %v", c.epoch, gain.At(c.epoch, 100), c.gain)
		}
	}
}
