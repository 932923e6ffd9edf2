package live

import (
	"context"
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

// A Verdict is what a page finds of its readings.
type Verdict struct {
	Readings, Equal int
	Off             []string // those that are off by more than the page may be
}

// allowed is how many of so many points of a test set a page may be off.
func allowed(points int) int { return max(1, points/4000) }

// check evaluates every reading that the page carries, with the page's own kernel and
// with the weights that it will find in the page.
func (d *Data) check(ctx context.Context) (Verdict, error) {
	var v Verdict
	for _, i := range d.Subjects {
		if err := d.checkSubject(ctx, i, &v); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (d *Data) checkSubject(ctx context.Context, i Individual, v *Verdict) error {
	samples := 0
	for _, of := range d.Sets {
		samples = max(samples, of.Samples)
	}
	k, err := newKernel(ctx, samples) // one a subject, as the page has a worker
	if err != nil {
		return err
	}
	defer k.close()
	var sets []points
	for _, of := range d.Sets {
		values, labels := of.Draw(i.Seed)
		p, err := k.show(values, bytesOf(labels))
		if err != nil {
			return err
		}
		sets = append(sets, p)
	}
	var nets []*evaluator
	for _, n := range i.Nets {
		nets = append(nets, &evaluator{kernel: k, net: n.of})
	}
	for _, r := range i.Readings {
		s := i.States[r.State]
		got, err := nets[s.Net].right(pass{r.on(s.Modulation), i.Keys[r.Draw]}, sets[r.Set])
		if err != nil {
			return err
		}
		v.Readings++
		off := got - r.Right
		if off == 0 {
			v.Equal++
		}
		if of := d.Sets[r.Set].Samples; max(off, -off) > allowed(of) {
			v.Off = append(v.Off, fmt.Sprintf("reading %.12s of subject %d is %d of %d points, and came out as %d", r.Key, i.Seed, r.Right, of, got))
		}
	}
	return nil
}

// on is a subject's modulation under the conditions of a test.
func (c Conditions) on(m protocols.Modulation) protocols.Modulation {
	return protocols.Accuracy{InputSigma: c.InputSigma, Sigma: c.Sigma, Bias: c.Bias}.On(m)
}
