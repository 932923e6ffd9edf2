package models

import "math"

// adamW is AdamW (Loshchilov and Hutter 2019) with the constants of Adam, on the
// host: what chapter 9 trains is small beside a pass through its model. It is
// written as PyTorch writes it, so that rounding agrees, too.
type adamW struct {
	decay        float64 // of the weights, times the rate, an update
	mean, square [][]float32
	steps        int
}

func newAdamW(params [][]float32, decay float64) *adamW {
	o := &adamW{decay: decay}
	for _, p := range params {
		o.mean, o.square = append(o.mean, make([]float32, len(p))), append(o.square, make([]float32, len(p)))
	}
	return o
}

// update changes params by their gradients at a rate; masks, where there are
// any, are applied to what comes out, not to gradients and moments.
func (o *adamW) update(params, gradients [][]float32, masks [][]bool, rate float64) {
	o.steps++
	first := rate / (1 - math.Pow(adamBeta1, float64(o.steps)))
	root := float32(math.Sqrt(1 - math.Pow(adamBeta2, float64(o.steps))))
	keep, step := float32(1-rate*o.decay), float32(first)
	for t, p := range params {
		mean, square := o.mean[t], o.square[t]
		for i, d := range gradients[t] {
			if o.decay != 0 {
				p[i] *= keep
			}
			mean[i] += (d - mean[i]) * float32(1-adamBeta1)
			square[i] = square[i]*float32(adamBeta2) + float32(1-adamBeta2)*d*d
			p[i] -= step * mean[i] / (float32(math.Sqrt(float64(square[i])))/root + float32(adamEpsilon))
			if masks != nil && masks[t] != nil && !masks[t][i] {
				p[i] = 0
			}
		}
	}
}
