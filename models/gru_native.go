package models

import (
	"context"
	"math"

	"github.com/network-fragility/fragility/models/native"
	"github.com/network-fragility/fragility/protocols"
)

// betweenStates is the tensor of a gru that package native has in lists.
const betweenStates = 1

func (gru) nativeLists() []int { return []int{betweenStates} }

// nativeGRU is a gru in training.
type nativeGRU struct {
	*native.GRU
	net        gru
	inputSteps int
	live       []int32 // places of the live weights between states
}

func (n gru) learner(sub *Subject, stage protocols.Train) nativeNet {
	g := nativeGRU{net: n, inputSteps: 1, live: []int32{}}
	for epoch := range stage.Epochs {
		v := variantOf(during(sub.Modulation, stage.Schedule, epoch))
		if v.inState { // met in tests alone
			return nil
		}
		if v.noisy() && !v.held {
			g.inputSteps = n.steps
		}
	}
	for at, alive := range sub.Masks[betweenStates] {
		if alive {
			g.live = append(g.live, int32(at))
		}
	}
	g.GRU = native.New(n.units, n.inputs, n.outputs, n.steps, g.inputSteps, stage.BatchSize, g.live)
	return g
}

func (g nativeGRU) tensors() (own, gradient [][]float32) {
	d := g.Gradient
	return [][]float32{g.Input, g.Between, g.InputBias, g.StateBias, g.Output, g.OutputBias}, [][]float32{d[1], d[0], d[2], d[3], d[4], d[5]}
}

func (g nativeGRU) places(tensor int) []int32 {
	if tensor == betweenStates {
		return g.live
	}
	return nil
}

func (g nativeGRU) free() { g.Free() }

// learn shows a batch as gru.inputsOfSteps does.
func (g nativeGRU) learn(batch []int32, points []float32, labels []int32, v variant, dials []float32, key StreamKey) float32 {
	fillBatch(g.Label, g.Weight, batch, labels, func(i int) int { return i/native.Lanes*native.Lanes + native.LaneOf(i%native.Lanes) })
	shown := make([]float32, 0, len(batch)*g.net.inputs)
	for _, sample := range batch {
		shown = append(shown, points[int(sample)*g.net.inputs:(int(sample)+1)*g.net.inputs]...)
	}
	block := g.inputSteps * g.net.inputs * native.Lanes
	for first := 0; first < len(batch); first += native.Lanes {
		g.net.showTo(g.U[first/native.Lanes*block:], shown, first, g.inputSteps, v, dials, key)
	}
	return g.Learn(v.saturates(), dials[commonDials], dials[3])
}

func (n gru) runNatively(ctx context.Context, sub *Subject, m protocols.Modulation, points []float32, key StreamKey, active bool) (logits, activity []float32, err error) {
	v := variantOf(m)
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

// normalPair is what normals draws for a unit and the samples 2*pair and
// 2*pair+1.
func normalPair(key words, unit, pair int) [2]float32 {
	w := threefry(key, words{uint32(unit), uint32(pair)})
	radius := math.Sqrt(-2 * math.Log(openUniform(w[0])))
	sin, cos := math.Sincos(circle(w[1]))
	return [2]float32{float32(radius * cos), float32(radius * sin)}
}
