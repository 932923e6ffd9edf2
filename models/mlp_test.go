package models

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"

	"github.com/network-fragility/fragility/protocols"
)

// goldenMLP has the worked cases of the modulated network, made with PyTorch.
type goldenMLP struct {
	MLP struct {
		Dims    []int
		Weights [][][]float32
		Biases  [][]float32
		X       [][]float32
		Y       []int32
		Noise   [][][]float32
		Cases   []struct {
			Name                                      string
			Tanh                                      bool
			Inhibition, Gain, Sigma, Bias, Protection float64
			EffectiveGain                             float64 `json:"effective_gain"`
			Hidden                                    [][][]float32
			Logits                                    [][]float32
			Loss                                      float32
			GradWeights                               [][][]float32 `json:"grad_weights"`
			GradBiases                                [][]float32   `json:"grad_biases"`
		}
		MaskedAdam struct {
			LR           float64
			Masks        [][][]float32
			Steps        int
			Losses       []float32
			WeightsAfter [][][]float32 `json:"weights_after"`
			BiasesAfter  [][]float32   `json:"biases_after"`
		} `json:"masked_adam"`
	}
}

// subject makes the golden network a subject.
func (g goldenMLP) subject() *Subject {
	d := g.MLP.Dims
	s := &Subject{
		Network:    protocols.Network{Kind: "mlp", Inputs: d[0], Hidden: d[1 : len(d)-1], Outputs: d[len(d)-1]},
		Modulation: protocols.Rest(),
	}
	for i, w := range g.MLP.Weights {
		s.Tensors = append(s.Tensors, flatten(w), g.MLP.Biases[i])
	}
	return s
}

// Every worked case: hidden values, logits, loss and all gradients lie within
// 1e-5 of the tensor's largest value.
func TestModulatedBlocksEqualPyTorch(t *testing.T) {
	var gold goldenMLP
	golden(t, "modulated.json", &gold)
	sub := gold.subject()
	net := mlp{gold.MLP.Dims}
	specs := net.tensors()
	s := session(t)
	if len(gold.MLP.Cases) != 7 {
		t.Fatalf("%d cases, want 7", len(gold.MLP.Cases))
	}
	for _, c := range gold.MLP.Cases {
		t.Run(c.Name, func(t *testing.T) {
			m := protocols.Modulation{Activation: protocols.ReLU, Gain: c.Gain, Inhibition: c.Inhibition,
				Sigma: c.Sigma, Bias: c.Bias, Stabiliser: bookStabiliser(c.Protection)}
			if c.Tanh {
				m.Activation = protocols.Tanh
			}
			if got := m.EffectiveGain(); got != c.EffectiveGain {
				t.Errorf("effective gain %v, want %v", got, c.EffectiveGain)
			}
			noise := map[int][][]float32{}
			if m.Noisy() {
				for i, block := range gold.MLP.Noise {
					noise[i+1] = block
				}
			}
			want := map[string][]float32{"loss": {c.Loss}, "logits": flatten(c.Logits)}
			names := []string{"loss", "logits"}
			for i, h := range c.Hidden {
				name := "hidden " + string(rune('1'+i))
				want[name] = flatten(h)
				names = append(names, name)
			}
			for i, spec := range specs {
				name := "gradient of " + spec.name
				if spec.prunable {
					want[name] = flatten(c.GradWeights[i/2])
				} else {
					want[name] = c.GradBiases[i/2]
				}
				names = append(names, name)
			}
			checkPass(t, s, net, sub.Tensors, gold.MLP.X, gold.MLP.Y, m, noise, names, want)
		})
	}
}

// checkPass fails where a pass under a modulation, with the noise of each block that
// draws some, differs from what is wanted by more than 1e-5 of a tensor's largest
// value. names are, in order, those of the loss, the logits, the hidden blocks
// and the gradients; every sample has the same weight in the loss.
func checkPass(t *testing.T, s *Session, net classifier, tensors [][]float32, points [][]float32, labels []int32, m protocols.Modulation, noise map[int][][]float32, names []string, want map[string][]float32) {
	t.Helper()
	specs, v, n := net.tensors(), variantOf(m), len(points)
	drawing := slices.Sorted(maps.Keys(noise))
	err := s.do(func() error {
		p, err := s.program(programKey{purpose: "case", network: fmt.Sprintf("%T%v", net, net), variant: v, samples: n}, func(g *Graph) []*Node {
			params := parametersOf(g, specs)
			f32 := func(name string, dims ...int) *Node { return Parameter(g, name, shapes.Make(dtypes.Float32, dims...)) }
			d, x := dialsOf(f32("dials", dialCount(net))), f32("x", n, len(points[0]))
			y, weight := Parameter(g, "y", shapes.Make(dtypes.Int32, n)), f32("weight", n)
			blocks := map[int]*Node{}
			for _, layer := range drawing {
				blocks[layer] = f32(fmt.Sprint("noise", layer), n, len(noise[layer][0]))
			}
			draw := func(layer, _ int, _ *Node) *Node { return blocks[layer] }
			logits := net.forward(params, x, v, d, draw)
			loss := weightedLoss(logits, y, weight)
			out := append([]*Node{loss, logits}, net.hidden(params, x, v, d, draw)...)
			return append(out, Gradient(loss, params...)...)
		})
		if err != nil {
			return err
		}
		a := s.newArena()
		defer a.close()
		weights := slices.Repeat([]float32{1 / float32(n)}, n)
		in := append(a.putAll(tensors, specs), put(a, dialValues(net, m), dialCount(net)), put(a, flatten(points), n, len(points[0])), put(a, labels, n), put(a, weights, n))
		for _, layer := range drawing {
			in = append(in, put(a, flatten(noise[layer]), n, len(noise[layer][0])))
		}
		worst := 0.0
		for i, b := range a.run(p, in...) {
			w := want[names[i]]
			got := a.get(b, len(w))
			d := farthest(got, w) / max(largest(w), 1e-30)
			worst = max(worst, d)
			if !(d <= 1e-5) {
				t.Errorf("%s differs by %.2g of its largest value", names[i], d)
			}
		}
		t.Logf("largest difference %.2g of a tensor's largest value", worst)
		return a.err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Three masked Adam steps equal PyTorch's, and what is masked is zero after
// every single step.
func TestMaskedAdamEqualsPyTorch(t *testing.T) {
	var gold goldenMLP
	golden(t, "modulated.json", &gold)
	want := gold.MLP.MaskedAdam
	sub := gold.subject()
	sub.Masks = make([][]bool, len(sub.Tensors))
	for i, m := range want.Masks {
		for _, f := range flatten(m) {
			sub.Masks[2*i] = append(sub.Masks[2*i], f == 1)
		}
	}
	// As the author's pruning does, masked weights start at zero.
	for i, mask := range sub.Masks {
		sub.Tensors[i] = append([]float32{}, sub.Tensors[i]...)
		for k := range mask {
			if !mask[k] {
				sub.Tensors[i][k] = 0
			}
		}
	}
	s := session(t)
	err := s.do(func() error {
		tr, err := s.newTrainer(sub, nil, flatten(gold.MLP.X), gold.MLP.Y, len(gold.MLP.Y), want.LR)
		if err != nil {
			return err
		}
		defer tr.close()
		order := []int32{0, 1, 2, 3, 4}
		for step := range want.Steps {
			losses, err := tr.steps(context.Background(), order, sub.Modulation, StreamKey{}, 0, 1)
			if err != nil {
				return err
			}
			if d := farthest(losses, want.Losses[step:step+1]); !(d <= 1e-5) {
				t.Errorf("step %d: loss %v, want %v", step+1, losses[0], want.Losses[step])
			}
			params, _, _ := tr.download()
			assertMasked(t, params, sub.Masks)
		}
		params, _, _ := tr.download()
		for i, got := range params {
			w := want.BiasesAfter[i/2]
			if i%2 == 0 {
				w = flatten(want.WeightsAfter[i/2])
			}
			if d := farthest(got, w) / largest(w); !(d <= 1e-5) {
				t.Errorf("%s differs by %.2g of its largest value", tr.shape.net.tensors()[i].name, d)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// assertMasked fails where a masked weight is not zero.
func assertMasked(t *testing.T, tensors [][]float32, masks [][]bool) {
	t.Helper()
	for i, mask := range masks {
		for k, active := range mask {
			if !active && tensors[i][k] != 0 {
				t.Fatalf("tensor %d: masked weight %d is %v", i, k, tensors[i][k])
			}
		}
	}
}
