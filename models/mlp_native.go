package models

import (
	"context"

	"github.com/network-fragility/fragility/models/native"
	"github.com/network-fragility/fragility/protocols"
)

// nativeLists are the weights; biases are whole.
func (m mlp) nativeLists() []int {
	var t []int
	for l := range len(m.widths) - 1 {
		t = append(t, 2*l)
	}
	return t
}

// nativeMLP is an mlp in training or under evaluation.
type nativeMLP struct {
	*native.MLP
	net mlp
}

// inNative makes an empty network for batches of so many, of which the weights
// live that alive says.
func (m mlp) inNative(samples int, alive func(tensor, i int) bool, quiet, whole bool) nativeMLP {
	var live [][]int32
	for _, t := range m.nativeLists() {
		var places []int32
		for i := range m.tensors()[t].size() {
			if alive(t, i) {
				places = append(places, int32(i))
			}
		}
		live = append(live, places)
	}
	return nativeMLP{native.NewMLP(m.widths, samples, live, quiet, whole), m}
}

func (m mlp) learner(sub *Subject, stage protocols.Train) nativeNet {
	quiet := true
	for epoch := range stage.Epochs {
		quiet = quiet && !variantOf(during(sub.Modulation, stage.Schedule, epoch)).internalNoise
	}
	return m.inNative(stage.BatchSize, func(t, i int) bool { return sub.Masks[t][i] }, quiet, false)
}

func (g nativeMLP) tensors() (own, gradient [][]float32) {
	for l := range g.Weights {
		own = append(own, g.Weights[l], g.Biases[l])
		gradient = append(gradient, g.WeightGradients[l], g.BiasGradients[l])
	}
	return own, gradient
}

func (g nativeMLP) places(tensor int) []int32 {
	if tensor%2 == 0 {
		return g.Places[tensor/2]
	}
	return nil
}

func (g nativeMLP) free() { g.Free() }

// lane is where a sample is among the values of a slab's row.
func lane(i int) int { return i%native.Slab/native.Lanes*native.Lanes + native.LaneOf(i%native.Lanes) }

// show puts point number i of a batch where native has it.
func (g nativeMLP) show(i int, point []float32) {
	for unit, x := range point {
		g.X[(i/native.Slab*g.net.widths[0]+unit)*native.Slab+lane(i)] = x
	}
}

// under sets the modulation and the keys of its noise.
func (g nativeMLP) under(v variant, dials []float32, key StreamKey) {
	d := &g.Modulation
	d.Saturates, d.Internal = v.saturates(), v.internalNoise
	d.Gain, d.Sigma, d.Bias, d.Shift, d.InputSigma = dials[0], dials[1], dials[2], dials[3], dials[4]
	copy(g.Inhibition, dials[commonDials:])
	for l := range g.net.noiseLayers() {
		key.Layer = l
		k := key.Stream().key
		g.Keys[2*l], g.Keys[2*l+1] = k[0], k[1]
	}
}

func (g nativeMLP) learn(batch []int32, points []float32, labels []int32, v variant, dials []float32, key StreamKey) float32 {
	fillBatch(g.Label, g.Weight, batch, labels, func(i int) int { return i/native.Slab*native.Slab + lane(i) })
	inputs := g.net.widths[0]
	for i, sample := range batch {
		g.show(i, points[int(sample)*inputs:(int(sample)+1)*inputs])
	}
	g.under(v, dials, key)
	return g.Learn()
}

func (m mlp) runNatively(ctx context.Context, sub *Subject, mod protocols.Modulation, points []float32, key StreamKey, active bool) (logits, activity []float32, err error) {
	v := variantOf(mod)
	g := m.inNative(native.Slab, func(t, i int) bool { return sub.Tensors[t][i] != 0 }, !v.internalNoise, active)
	defer g.Free()
	for l, places := range g.Places {
		for k, at := range places {
			g.Weights[l][k] = sub.Tensors[2*l][at]
		}
		copy(g.Biases[l], sub.Tensors[2*l+1])
	}
	g.under(v, dialValues(m, mod), key)
	inputs, outputs, blocks := m.widths[0], m.widths[len(m.widths)-1], m.blocks()
	count := len(points) / inputs
	logits = make([]float32, count*outputs)
	var mean [native.Slab]float32
	if active {
		activity = make([]float32, count*blocks)
	}
	for first := 0; first < count; first += native.Slab {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		here := min(native.Slab, count-first)
		for i := range here {
			g.show(i, points[(first+i)*inputs:(first+i+1)*inputs])
		}
		z := g.Run(first)
		for i := range here {
			for o := range outputs {
				logits[(first+i)*outputs+o] = z[o*native.Slab+lane(i)]
			}
		}
		for l := range blocks {
			if !active {
				break
			}
			g.Activity(l, mean[:])
			for i := range here {
				activity[(first+i)*blocks+l] = mean[lane(i)]
			}
		}
	}
	return logits, activity, nil
}
