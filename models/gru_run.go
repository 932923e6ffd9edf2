package models

import (
	"context"

	"github.com/network-fragility/fragility/models/native"
	"github.com/network-fragility/fragility/protocols"
)

// runsNatively reports whether a subject's network is evaluated by package native:
// a gru on the CPU, whatever its masks. With one weight in twenty that takes a
// quarter of the compiled program's time, with half of them as long, with all twice;
// but a program of twenty steps, written out, has to be built first, for each kind
// of noise.
func (s *Session) runsNatively(sub *Subject) (gru, bool) {
	net, err := networkOf(sub.Network)
	full, ok := net.(gru)
	return full, ok && err == nil && s.onCPU && !s.Whole
}

// runNatively gives what evaluate does for gru.forward, [samples, outputs], and the
// mean of |h| over the units, [samples, steps] where it is asked for.
func runNatively(ctx context.Context, n gru, sub *Subject, m protocols.Modulation, points []float32, key StreamKey, active bool) (logits, activity []float32, err error) {
	v, err := variantOf(m)
	if err != nil {
		return nil, nil, err
	}
	var live []int32
	for at, w := range sub.Tensors[betweenStates] {
		if w != 0 {
			live = append(live, int32(at))
		}
	}
	inputSteps := 1
	if (v.inputNoise || v.internalNoise && !v.inState) && !v.held {
		inputSteps = n.steps
	}
	g := native.New(n.units, n.inputs, n.outputs, n.steps, inputSteps, native.Lanes, live)
	defer g.Free()
	for i, into := range [][]float32{g.Input, nil, g.InputBias, g.StateBias, g.Output, g.OutputBias} {
		copy(into, sub.Tensors[i])
	}
	for k, at := range live {
		g.Between[k] = sub.Tensors[betweenStates][at]
	}
	dials := dialValues(n, m)
	pass := native.Pass{Saturates: v.saturates(), Shift: dials[3], Inhibition: dials[commonDials]}
	if v.inState {
		pass.Sigma, pass.Bias = dials[1], dials[2]
		for t := range n.steps {
			key.Layer = stepBlocks*t + stateBlock
			if v.held {
				key.Layer = stateBlock
			}
			k := key.Stream().key
			pass.Keys = append(pass.Keys, k[0], k[1])
		}
	}
	count := len(points) / n.inputs
	logits = make([]float32, count*n.outputs)
	var steps []float32
	if active {
		steps, activity = make([]float32, n.steps*native.Lanes), make([]float32, count*n.steps)
	}
	for first := 0; first < count; first += native.Lanes {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		n.showTo(g.U, points, first, inputSteps, v, dials, key)
		z := g.Run(0, pass, first, steps)
		for lane := range native.Lanes {
			sample := first + native.Sample(lane)
			if sample >= count {
				continue
			}
			for o := range n.outputs {
				logits[sample*n.outputs+o] = z[o*native.Lanes+lane]
			}
			if active {
				for t := range n.steps {
					activity[sample*n.steps+t] = steps[t*native.Lanes+lane]
				}
			}
		}
	}
	return logits, activity, nil
}

// showTo puts the inputs of a block of samples where native has them: see
// gru.hidden.
func (n gru) showTo(u, points []float32, first, inputSteps int, v variant, dials []float32, key StreamKey) {
	gain, sigma, bias, inputSigma := dials[0], dials[1], dials[2], dials[4]
	toCell := v.internalNoise && !v.inState
	for t := range inputSteps {
		draw := func(block int) [2]uint32 {
			key.Layer = block
			if !v.held {
				key.Layer = stepBlocks*t + block
			}
			return key.Stream().key
		}
		atInput, atCell := draw(inputBlock), draw(cellBlock)
		for unit := range n.inputs {
			for pair := range native.Lanes / 2 {
				var toInput, cell [2]float32
				if v.inputNoise {
					toInput = normalPair(atInput, unit, first/2+pair)
				}
				if toCell {
					cell = normalPair(atCell, unit, first/2+pair)
				}
				for half := range 2 {
					var x float32 // of what pads the last block
					if at := (first+2*pair+half)*n.inputs + unit; at < len(points) {
						x = points[at]
					}
					if v.inputNoise {
						x += toInput[half] * inputSigma
					}
					x *= gain
					if toCell {
						x = x + cell[half]*sigma + bias
					}
					u[(t*n.inputs+unit)*native.Lanes+half*native.Lanes/2+pair] = x
				}
			}
		}
	}
}
