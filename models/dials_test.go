package models

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// The gains that the stabiliser leaves (sheet of chapter 7, suggested checks).
func TestEffectiveGains(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 1})
	for _, c := range []struct{ gain, level, effective float64 }{
		{1.25, 1, 1.05}, {1.6, .5, 1.325}, {1.6, 1, 1.05}, {.85, 1, .85}, {1, .9, 1}, {1.6, 0, 1.6},
	} {
		drugged := apply(t, s, Job{Stage: protocols.Modulate{Gain: c.gain}, Parent: sub})
		drugged = apply(t, s, Job{Stage: protocols.Stabilise{Stabiliser: bookStabiliser(c.level)}, Parent: drugged})
		got := measure(t, s, protocols.Dials{}, drugged, 1)
		if len(got) != 3 || got[0] != c.gain || math.Abs(got[1]-c.effective) > 1e-12 || got[2] != c.level {
			t.Errorf("gain %v at level %v: dials %v, want an effective gain of %v", c.gain, c.level, got, c.effective)
		}
	}
}

// Fifty steps leave .9, .25 and .6, with what that means for a bias of 1 and
// for the shift; and never less than 0 (sheet of chapter 7, 2.1 and 2.2).
func TestDecay(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 1})
	sub = apply(t, s, Job{Stage: protocols.Stabilise{Stabiliser: bookStabiliser(1)}, Parent: sub})
	for _, c := range []struct{ rate, level, bias, shift float64 }{
		{.002, .9, .73, .135}, {.015, .25, .925, .0375}, {.008, .6, .82, .09}, {.03, 0, 1, 0}, {0, 1, .7, .15},
	} {
		m := apply(t, s, Job{Stage: protocols.Decay{Rate: c.rate, Steps: 50}, Parent: sub}).Modulation
		m.Bias = 1
		got := []float64{m.Stabiliser.Level, m.EffectiveBias(), m.Shift()}
		for i, want := range []float64{c.level, c.bias, c.shift} {
			if math.Abs(got[i]-want) > 1e-12 {
				t.Errorf("rate %v: level, bias and shift %v, want %v", c.rate, got, []float64{c.level, c.bias, c.shift})
			}
		}
		if c.level == 0 && got[0] != 0 {
			t.Errorf("rate %v: level %v, want 0 to the bit", c.rate, got[0])
		}
	}
}

// A stage that turns dials turns those it names, shares the weights, and ends
// the training call.
func TestStagesThatTurnDials(t *testing.T) {
	s := session(t)
	start, call := trained(t, s, func(m *protocols.Modulation) { m.Stabiliser = bookStabiliser(.5) })
	start = apply(t, s, Job{Stage: call.Upto(1), Parent: start, Seed: 5})
	turn := func(stage protocols.Stage, parent *Subject) *Subject {
		before := parent.Modulation
		out := apply(t, s, Job{Stage: stage, Parent: parent})
		if parent.Modulation != before {
			t.Errorf("%s changed its parent", stage.Kind())
		}
		for i := range out.Tensors {
			if &out.Tensors[i][0] != &start.Tensors[i][0] || out.Masks[i] != nil && &out.Masks[i][0] != &start.Masks[i][0] {
				t.Errorf("%s does not share the weights and masks", stage.Kind())
			}
		}
		if out.Training.Mean != nil || start.Training.Mean == nil {
			t.Errorf("after %s the training call could go on", stage.Kind())
		}
		return out
	}
	want := protocols.Rest()
	want.Stabiliser = bookStabiliser(.5)
	expect := func(name string, sub *Subject) {
		t.Helper()
		if sub.Modulation != want {
			t.Errorf("%s: %+v, want %+v", name, sub.Modulation, want)
		}
	}
	sub := turn(protocols.Modulate{Gain: 1.25}, start)
	want.Gain = 1.25
	expect("gain", sub)
	sub = turn(protocols.Modulate{Inhibition: .7, InhibitedLayer: 2}, sub)
	want.Inhibition, want.InhibitedLayer = .7, 2
	expect("inhibition of layer 2", sub)
	sub = turn(protocols.Modulate{Activation: protocols.Tanh}, sub)
	want.Activation = protocols.Tanh
	expect("tanh", sub)
	expect("nothing", turn(protocols.Modulate{}, sub))
	all := turn(protocols.Modulate{Inhibition: .6}, sub)
	want.Inhibition, want.InhibitedLayer = .6, 0
	expect("inhibition", all)
	rest := protocols.Rest()
	rest.Stabiliser = want.Stabiliser
	want = rest
	expect("discontinued", turn(protocols.Discontinue{}, sub))
	want.Stabiliser = protocols.Stabiliser{}
	expect("no stabiliser", turn(protocols.Stabilise{}, turn(protocols.Discontinue{}, sub)))
}

// layers gives the mean of |h| of each point and hidden layer.
func layers(t *testing.T, s *Session, sub *Subject, points []float32) (first, second []float32) {
	t.Helper()
	err := s.do(func() error {
		v, err := s.evaluate(context.Background(), "activity", layerActivity, 2, sub, sub.Modulation, points, StreamKey{})
		for i := 0; i < len(v); i += 2 {
			first, second = append(first, v[i]), append(second, v[i+1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return first, second
}

// An inhibition of one layer halves that layer's values and leaves the layer
// below alone; an inhibition of all acts on both.
func TestInhibitedLayer(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 1})
	sub.Tensors[3] = make([]float32, 48) // without biases, layer 2 is in proportion to layer 1
	points, _ := smallData.Draw(1)
	inhibit := func(layer int) (first, second []float32) {
		return layers(t, s, apply(t, s, Job{Stage: protocols.Modulate{Inhibition: .5, InhibitedLayer: layer}, Parent: sub}), points)
	}
	times := func(factor float32, v []float32) []float32 {
		out := slices.Clone(v)
		for i := range out {
			out[i] *= factor
		}
		return out
	}
	first, second := layers(t, s, sub, points)
	for _, c := range []struct {
		layer             int
		ofFirst, ofSecond float32
	}{{0, .5, .25}, {1, .5, .5}, {2, 1, .5}} {
		a, b := inhibit(c.layer)
		// Powers of two are exact.
		if !slices.Equal(a, times(c.ofFirst, first)) || !slices.Equal(b, times(c.ofSecond, second)) {
			t.Errorf("inhibition of layer %d: the layers are not %v and %v of what they were", c.layer, c.ofFirst, c.ofSecond)
		}
	}
}

// The activity is the mean of |h| of a plain pass; in the first layer it goes
// with inhibition times gain; noise and stabiliser play no part.
func TestActivity(t *testing.T) {
	s := session(t)
	data := protocols.Data{Set: protocols.StandardSet, Samples: 1700, Sigma: .8} // two chunks, one padded
	points, labels := data.Draw(3)
	every := make([]int32, len(labels))
	for i := range every {
		every[i] = int32(i)
	}
	probe := protocols.Activity{Data: data}
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 3})
	for _, stage := range []protocols.Modulate{{}, {Gain: 1.25}, {Activation: protocols.Tanh, Inhibition: .7, Gain: .85}, {Inhibition: .3, InhibitedLayer: 2}} {
		drugged := apply(t, s, Job{Stage: stage, Parent: sub})
		_, want := plainGradient(drugged, drugged.Modulation, points, labels, every)
		got := measure(t, s, probe, drugged, 3)
		if mean := (want[0] + want[1]) / 2; len(got) != 1 || !(math.Abs(got[0]-mean) <= 1e-6*mean) {
			t.Errorf("%+v: activity %v, want %v", stage, got, mean)
		}
		loud := *drugged
		loud.Modulation.Sigma, loud.Modulation.Bias, loud.Modulation.InputSigma = 1, 1, 1
		loud.Modulation.Stabiliser = bookStabiliser(.5)
		if again := measure(t, s, probe, &loud, 3); !reflect.DeepEqual(again, got) {
			t.Errorf("%+v: noise and stabiliser move the activity from %v to %v", stage, got, again)
		}
	}
	one := apply(t, s, Job{Stage: protocols.Initialise{Network: protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{64}, Outputs: 4}}, Seed: 3})
	rest := measure(t, s, probe, one, 3)[0]
	for _, m := range []protocols.Modulate{{Gain: 1.6}, {Inhibition: .7, Gain: .85}} {
		factor := m.Gain * max(m.Inhibition, 1)
		if m.Inhibition != 0 {
			factor = m.Gain * m.Inhibition
		}
		if got := measure(t, s, probe, apply(t, s, Job{Stage: m, Parent: one}), 3)[0]; math.Abs(got/rest-factor) > 1e-6 {
			t.Errorf("%+v: activity %v times that at rest, want %v", m, got/rest, factor)
		}
	}
}

// Another draw is other noise, and the same noise the second time.
func TestDraws(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: smallCall, Parent: apply(t, s, Job{Stage: protocols.Initialise{Network: small}, Seed: 1}), Seed: 1})
	p := protocols.Accuracy{Data: protocols.Data{Set: protocols.StandardSet, Samples: 4000, Sigma: .8}, InputSigma: 2, Sigma: 1}
	again := p
	again.Draw = 1
	a, b := measure(t, s, p, sub, 1)[0], measure(t, s, again, sub, 1)[0]
	if a == b || math.Abs(a-b) > 6 { // five standard errors of a difference are 5.6
		t.Errorf("accuracies of two draws are %v and %v", a, b)
	}
	if c := measure(t, s, again, sub, 1)[0]; b != c {
		t.Errorf("a draw gives %v, then %v", b, c)
	}
}
