package models

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// goldenGRU has the worked cases of the recurrent network, made with PyTorch.
type goldenGRU struct {
	GRU struct {
		Hidden int `json:"hidden_size"`
		Steps  int
		Params struct {
			WI [][]float32 `json:"weight_ih"`
			WH [][]float32 `json:"weight_hh"`
			BI []float32   `json:"bias_ih"`
			BH []float32   `json:"bias_hh"`
			WO [][]float32 `json:"fc.weight"`
			BO []float32   `json:"fc.bias"`
		}
		X           [][]float32
		Y           []int32
		InputNoise  [][][]float32 `json:"input_noise"`
		HiddenNoise [][][]float32 `json:"hidden_noise"`
		Cases       []struct {
			Name             string
			Tanh             bool
			Inhibition, Gain float64
			InputSigma       float64 `json:"input_sigma"`
			Sigma, Bias      float64
			Protection       float64
			States           [][][]float32
			Logits           [][]float32
			Loss             float32
			Grads            struct {
				WI [][]float32 `json:"weight_ih"`
				WH [][]float32 `json:"weight_hh"`
				BI []float32   `json:"bias_ih"`
				BH []float32   `json:"bias_hh"`
				WO [][]float32 `json:"fc.weight"`
				BO []float32   `json:"fc.bias"`
			}
		}
	}
}

// Every worked case: states of all steps, logits, loss and all gradients lie
// within 1e-5 of the tensor's largest value.
func TestRecurrentStepsEqualPyTorch(t *testing.T) {
	var gold goldenGRU
	golden(t, "gru.json", &gold)
	p := gold.GRU.Params
	net := gru{2, gold.GRU.Hidden, 4, gold.GRU.Steps}
	tensors := [][]float32{flatten(p.WI), flatten(p.WH), p.BI, p.BH, flatten(p.WO), p.BO}
	if len(gold.GRU.Cases) != 5 {
		t.Fatalf("%d cases, want 5", len(gold.GRU.Cases))
	}
	for _, c := range gold.GRU.Cases {
		t.Run(c.Name, func(t *testing.T) {
			// What the file calls input_sigma is the noise at the cell's input
			// (chapter 10's stress noise, after the gain); a case has it or the
			// biased noise of the state.
			m := protocols.Modulation{Activation: protocols.ReLU, Gain: c.Gain, Inhibition: c.Inhibition,
				Sigma: c.InputSigma, Stabiliser: bookStabiliser(c.Protection)}
			if c.Bias != 0 {
				m.Sigma, m.Bias, m.InState = c.Sigma, c.Bias, true
			}
			if c.Tanh {
				m.Activation = protocols.Tanh
			}
			want := map[string][]float32{"loss": {c.Loss}, "logits": flatten(c.Logits)}
			names := []string{"loss", "logits"}
			for i, h := range c.States {
				name := fmt.Sprint("state after step ", i+1)
				want[name] = flatten(h)
				names = append(names, name)
			}
			for i, g := range [][]float32{flatten(c.Grads.WI), flatten(c.Grads.WH), c.Grads.BI, c.Grads.BH, flatten(c.Grads.WO), c.Grads.BO} {
				name := "gradient of " + net.tensors()[i].name
				want[name] = g
				names = append(names, name)
			}
			noise := map[int][][]float32{} // none of the cases draws that of the inputs
			if m.Noisy() {
				for step := range net.steps {
					noise[stepBlocks*step+cellBlock], noise[stepBlocks*step+stateBlock] = gold.GRU.InputNoise[step], gold.GRU.HiddenNoise[step]
				}
			}
			checkPass(t, session(t), net, tensors, gold.GRU.X, gold.GRU.Y, m, noise, names, want)
		})
	}
}

// bookGRU is the network of chapter 10.
var bookGRU = protocols.Network{Kind: "gru", Inputs: 2, Hidden: []int{384}, Outputs: 4, Steps: 20}

// smallGRU costs milliseconds.
var smallGRU = protocols.Network{Kind: "gru", Inputs: 2, Hidden: []int{48}, Outputs: 4, Steps: 3}

// The counts of the sheet (2.2, 2.4): 448,516 parameters, 446,208 that can be
// pruned, initial values within 1/sqrt(384), and 116, 22,119 and 77 weights kept
// at 95 %.
func TestBookGRU(t *testing.T) {
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: bookGRU}, Seed: 1})
	net, _ := networkOf(bookGRU)
	all, weights := 0, 0
	for i, spec := range net.tensors() {
		all += len(sub.Tensors[i])
		if spec.prunable {
			weights += len(sub.Tensors[i])
		}
		if m := largest(sub.Tensors[i]); m > 1/math.Sqrt(384) || len(sub.Tensors[i]) > 100 && m < .99/math.Sqrt(384) {
			t.Errorf("%s: largest initial value %v", spec.name, m)
		}
	}
	if all != 448516 || weights != 446208 {
		t.Errorf("%d parameters, %d weights", all, weights)
	}
	pruned := apply(t, s, Job{Stage: protocols.Prune{Sparsity: .95}, Parent: sub})
	census := measure(t, s, protocols.Census{}, pruned, 1)
	if want := []float64{116, 2304, 22119, 442368, 77, 1536, 2308}; !slices.Equal(census, want) {
		t.Errorf("census %v, want %v", census, want)
	}
}

// Every stage and probe that chapter 10 uses takes a recurrent network as it
// is: trained, its loss falls; noise that is held hurts more than noise that
// each step draws anew (sheet 6.2, 16).
func TestRecurrentSubject(t *testing.T) {
	s := session(t)
	test := protocols.Data{Set: protocols.StandardSet, Samples: 1200, Sigma: .8}
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: smallGRU}, Seed: 3})
	call := smallCall
	call.Epochs, call.Rate = 30, .01
	sub = apply(t, s, Job{Stage: call, Parent: sub, Seed: 3})
	losses := sub.Training.Losses
	if losses[len(losses)-1] > losses[0]/4 {
		t.Errorf("losses %v", losses)
	}
	fresh := measure(t, s, protocols.Accuracy{Data: test, Sigma: 4}, sub, 3)[0]
	held := measure(t, s, protocols.Accuracy{Data: test, Sigma: 4, Held: true}, sub, 3)[0]
	inState := measure(t, s, protocols.Accuracy{Data: test, Sigma: 4, InState: true}, sub, 3)[0]
	if held > fresh-5 || inState == fresh {
		t.Errorf("accuracy under fresh noise %v, held %v, in the state %v", fresh, held, inState)
	}
	for _, stage := range []protocols.Stage{
		protocols.Prune{Sparsity: .8}, protocols.ScarEarly{Max: .05},
		protocols.Modulate{Gain: 1.25, Inhibition: .7, Activation: protocols.Tanh},
		protocols.RegrowGradient{Data: smallData, BatchSize: 64, Batches: 3, Fraction: .5, Scale: .03, Ties: protocols.TiesRandom},
		protocols.Stabilise{Stabiliser: bookStabiliser(1)},
		scheduled(protocols.Schedule{Epochs: 5, Sigma: protocols.Ramp{From: .5}, Gain: protocols.Ramp{From: 1, To: 1.6}}), protocols.Discontinue{},
		protocols.ScarEpisode{Trigger: protocols.Accuracy{Data: test, Sigma: 1, Bias: 1, InState: true}, Threshold: 100, BaseScar: .05, RateMin: .02, RateMax: .2,
			Severity: protocols.Severity{ActivationWeight: 2, RestActivation: .1, Min: .5, Max: 2}},
		protocols.PruneFurther{Fraction: .4, Limit: .99},
	} {
		sub = apply(t, s, Job{Stage: stage, Parent: sub, Seed: 3})
		for _, p := range []protocols.Probe{protocols.Accuracy{Data: test, InputSigma: 1, Sigma: .5}, protocols.Activity{Data: test}, protocols.Sparsity{}, protocols.ScarLoad{}, protocols.Dials{}} {
			if v := measure(t, s, p, sub, 3); math.IsNaN(v[0]) || v[0] < 0 {
				t.Errorf("after %s: %s reads %v", stage.Kind(), p.Kind(), v)
			}
		}
		assertMasked(t, sub.Tensors, sub.Masks)
	}
	if v := measure(t, s, protocols.ScarLoad{}, sub, 3)[0]; v == 0 {
		t.Error("no scars after an episode at a threshold of 100")
	}
}
