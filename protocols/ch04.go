package protocols

import (
	"fmt"
	"slices"
)

// Ch04 is chapter 4: three treatments of one pruned network, without any gain,
// and a second pruning after each.
type Ch04 struct {
	Clinic
}

func (*Ch04) Chapter() int  { return 4 }
func (*Ch04) Title() string { return "Three treatments of one pruned network" }

// Defaults are the chapter's own: no treatment changes the gain.
func (*Ch04) Defaults() map[string]string { return withoutGain }

// withoutGain is how chapters 4 and 6 differ from 5, 7 and 8.
var withoutGain = map[string]string{"KetamineGain": "1", "SSRIMaxGain": "1", "NeurosteroidGain": "1"}

// Plant implements Protocol.
func (p *Ch04) Plant(seed int) *Tree {
	t := NewTree(seed)
	_, pruned := p.begin(t)
	p.acute(pruned, slices.Concat(p.book(), p.controls(), p.own()))
	for _, treatment := range p.Onset() {
		p.onset(pruned, treatment)
	}
	return t
}

// controls are ours: each takes one thing out of a treatment.
func (p *Ch04) controls() []Treatment {
	if !p.Controls {
		return nil
	}
	noisy := p.tune(p.FinetuneEpochs, p.FinetuneRate).under(Ramp{p.SSRIInitialSigma, 0}, Ramp{1, p.SSRIMaxGain})
	return append(p.tunedControls(), []Treatment{
		ours(ArmQuietSSRI, "SSRI-like without noise").as(p.ssri(p.SSRIEpochs, p.SSRIRate, 0, p.SSRIMaxGain)...),
		ours(ArmFastSSRI, "fading noise at the tuning rate").as(Step{"train under fading noise", noisy}),
		p.inhibitionOnly(),
	}...)
}

// Onset is the treatments that are measured on the way: those trained at the
// tuning rate, which can be compared epoch by epoch, and the SSRI-like one at
// its own. Ours; none without controls.
func (p *Ch04) Onset() []Treatment {
	if !p.Controls {
		return nil
	}
	var list []Treatment
	for _, t := range append(p.book(), p.controls()...) {
		if t.Arm != ArmQuietSSRI && t.OnsetEpochs() != nil {
			list = append(list, t)
		}
	}
	return list
}

// Derive implements Protocol.
func (p *Ch04) Derive(rows []Row) []Row { return p.derive(4, rows).rows }

// Tables implements Protocol.
func (p *Ch04) Tables() []Layout {
	list := p.acuteTables(append(p.healthyArm(), p.controls()...))
	if on := p.Onset(); on != nil {
		var metrics []Heading
		for _, measure := range []string{"combined", "standard"} {
			for _, e := range p.onsetPoints() {
				metrics = append(metrics, Heading{Name: OnsetMetric(e, measure), Words: fmt.Sprintf("%s, after %d epochs", measure, e)})
			}
		}
		list = append(list, Layout{Name: "onset", Ours: true, Title: "Accuracy (%) on the way through each training", Arms: armHeadings(on), Metrics: metrics})
	}
	return list
}

// onsetPoints are all epochs at which some treatment is measured, ascending.
func (p *Ch04) onsetPoints() []int {
	points := []int{0}
	for _, t := range p.Onset() {
		points = append(points, t.OnsetEpochs()...)
	}
	slices.Sort(points)
	return slices.Compact(points)
}

// sooner is the epoch at which onsets are compared: the last that is measured
// within the first half of the shortest training at the tuning rate.
func (p *Ch04) sooner() (epoch int, ok bool) {
	shortest := min(p.KetamineEpochs, p.NeurosteroidEpochs, p.FinetuneEpochs)
	for _, e := range onsetEpochs {
		if 2*e <= shortest {
			epoch = e
		}
	}
	return epoch, p.Controls && epoch > 0
}

// Contrasts implements Protocol.
func (p *Ch04) Contrasts() []Contrast {
	list := p.treatmentContrasts("combined", p.hardest(), "relapse_drop_same_noise")
	if p.Controls {
		list = append(list, asked([]string{"combined", p.hardest()},
			Contrast{Question: "Is it the noise that holds the SSRI-like arm back?", Arm: ArmQuietSSRI, Against: ArmSSRI},
			Contrast{Question: "Is it the low rate?", Arm: ArmFastSSRI, Against: ArmSSRI},
			Contrast{Question: "What does fading noise add to tuning?", Arm: ArmFastSSRI, Against: ArmTunedOnly},
			Contrast{Question: "What does tanh do beside the inhibition?", Arm: ArmNeurosteroid, Against: ArmInhibitionOnly})...)
	}
	if e, ok := p.sooner(); ok {
		list = append(list, asked([]string{OnsetMetric(e, "combined")},
			Contrast{Question: "At equal rates, which treatment works sooner?", Arm: ArmKetamine, Against: ArmNeurosteroid},
			Contrast{Question: "At equal rates, which treatment works sooner?", Arm: ArmKetamine, Against: ArmFastSSRI},
			Contrast{Question: "At equal rates, which treatment works sooner?", Arm: ArmNeurosteroid, Against: ArmFastSSRI},
			Contrast{Question: "Does regrowth make training work sooner?", Arm: ArmKetamine, Against: p.withoutRegrowth()})...)
	}
	return slices.Concat(list, p.healthyContrasts("combined", p.hardest()), p.ownContrasts("combined", p.hardest()))
}

// onsetEpochs are where the trainings of chapter 4 are measured on the way, as
// far as each goes: how soon a treatment works. The book chose the numbers of
// epochs and took no course (ours).
var onsetEpochs = []int{1, 2, 5, 10}

// OnsetPrefix begins the names of the measures on the way.
const OnsetPrefix = "epoch_"

// OnsetMetric names an accuracy on the way, after so many epochs,
// "epoch_5_combined".
func OnsetMetric(epoch int, metric string) string {
	return fmt.Sprintf("%s%d_%s", OnsetPrefix, epoch, metric)
}

// OnsetEpochs are the epochs at which a treatment is measured, its last one
// included, and the epochs of its training; none where it does not end with a
// training.
func (t Treatment) OnsetEpochs() []int {
	call, ok := t.lastCall()
	if !ok || call.Length() == 0 {
		return nil
	}
	var list []int
	for _, e := range onsetEpochs {
		if e < call.Length() {
			list = append(list, e)
		}
	}
	return append(list, call.Length())
}

func (t Treatment) lastCall() (Call, bool) {
	if len(t.Steps) == 0 {
		return nil, false
	}
	call, ok := t.Steps[len(t.Steps)-1].Stage.(Call)
	return call, ok
}

// onset measures a treatment on the way through its training, from the subject
// that it begins with: points on the one call, which cost no epoch.
func (r *Repair) onset(from *Node, t Treatment) {
	call, ok := t.lastCall()
	if !ok {
		return
	}
	last := len(t.Steps) - 1
	begun := from.Take(Treatment{Steps: t.Steps[:last]})
	measure := func(n *Node, epoch int) {
		n.Measure(t.Arm, "", OnsetMetric(epoch, "combined"), r.combined(0))
		n.Measure(t.Arm, "", OnsetMetric(epoch, "standard"), Accuracy{Data: r.standard()})
	}
	measure(begun, 0)
	for _, e := range t.OnsetEpochs() {
		measure(begun.Then(t.Steps[last].Label, call.Upto(e)), e)
	}
}

// Claims are what the chapter says.
func (p *Ch04) Claims() []Claim {
	hardest := p.hardest()
	list := []Claim{
		{ID: "4.1", Where: "Effects of ketamine-like treatment, p. 87", Words: "All treatments restore the accuracy on the standard set: the ketamine-like one", Says: Same, Contrast: vs(ArmKetamine, ArmNeurosteroid, "standard"), Control: "the neurosteroid-like arm, which is at the ceiling"},
		{ID: "4.2", Where: "Effects of SSRI-like treatment, p. 87", Words: "... and the SSRI-like one", Says: Same, Contrast: vs(ArmSSRI, ArmKetamine, "standard"), Control: "the ketamine-like arm"},
		{ID: "4.3", Where: "Comparative summary, p. 88", Words: "The ketamine-like network stands internal noise best: better than SSRI-like", Says: Higher, Contrast: vs(ArmKetamine, ArmSSRI, hardest), Control: "the same pruned network"},
		{ID: "4.4", Where: "Comparative summary, p. 88", Words: "... and better than neurosteroid-like", Says: Higher, Contrast: vs(ArmKetamine, ArmNeurosteroid, hardest), Control: "not like for like: tanh bounds the signal, and inhibition scales signal and noise"},
		{ID: "4.5", Where: "Effects of neurosteroid-like treatment, p. 88", Words: "On the drug the neurosteroid-like network is as good as the ketamine-like one under combined noise", Says: Same, Contrast: vs(ArmNeurosteroid, ArmKetamine, "combined")},
		{ID: "4.6", Where: "Effects of SSRI-like treatment, p. 87", Words: "The SSRI-like treatment helps under combined noise", Says: Higher, Contrast: vs(ArmSSRI, ArmUntreated, "combined"), Control: "the pruned network as it was"},
		{ID: "4.7", Where: "Effects of SSRI-like treatment, p. 87", Words: "... and less than the ketamine-like one", Says: Lower, Contrast: vs(ArmSSRI, ArmKetamine, "combined")},
		{ID: "4.8", Where: "Effects of SSRI-like treatment, p. 87", Words: "... and it helps under the strongest noise, a little", Says: Higher, Contrast: vs(ArmSSRI, ArmUntreated, hardest), Control: "the pruned network as it was"},
		{ID: "4.9", Where: "Effects of neurosteroid-like treatment, p. 88", Words: "The neurosteroid-like gain collapses when the drug stops, under combined noise", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, "combined"), Control: "the same weights, dials on"},
		{ID: "4.10", Where: "Interpretation of results, p. 90", Words: "... and under strong internal noise", Says: Lower, Contrast: vs(ArmNeurosteroidOff, ArmNeurosteroid, hardest), Control: "the same weights, dials on; the book's own table has a rise"},
		{ID: "4.11", Where: "Effects of ketamine-like treatment, p. 87", Words: "A second pruning takes nothing from the ketamine-like network", Says: Same, Contrast: change(ArmKetamine, "post_relapse_same_noise", "combined"), Control: "the same network before it, under the same noise"},
		{ID: "4.12", Where: "Comparative summary, p. 88", Words: "The ketamine-like network loses less in a second pruning than the SSRI-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmSSRI, sameNoise), Control: "unequal challenges: the arms lose the same share of very different numbers of weights"},
		{ID: "4.13", Where: "Comparative summary, p. 88", Words: "... and less than the neurosteroid-like one", Says: Lower, Contrast: vs(ArmKetamine, ArmNeurosteroid, sameNoise), Control: "unequal challenges"},
		{ID: "4.14", Where: "Comparative summary, p. 88", Words: "... which loses less than the SSRI-like one", Says: Lower, Contrast: vs(ArmNeurosteroid, ArmSSRI, sameNoise), Control: "equal numbers of weights"},
		{ID: "4.15", Where: "Novelty and translational impact, p. 92", Words: "A neurosteroid-like course before the SSRI-like one is better than that alone", Says: Higher, Needs: "a treatment of both, as Arms=\"neurosteroid then ssri\", against the SSRI-like arm"},
		{ID: "4.16", Where: "Novelty and translational impact, p. 92", Words: "An SSRI-like course after the ketamine-like one keeps its gain", Says: Same, Needs: "a treatment of both, as Arms=\"ketamine then ssri\", against the ketamine-like arm after as long a time"},
	}
	if e, ok := p.sooner(); ok {
		m := OnsetMetric(e, "combined")
		list = append(list,
			Claim{ID: "4.17", Where: "Interpretation of results, p. 90", Words: "The ketamine-like treatment works sooner than the SSRI-like one", Says: Higher, Contrast: vs(ArmKetamine, ArmFastSSRI, m), Control: "as many epochs at the same rate; the book gives the one fifty times the other's rate"},
			Claim{ID: "4.18", Where: "Interpretation of results, p. 90", Words: "... and the neurosteroid-like one sooner than the SSRI-like one", Says: Higher, Contrast: vs(ArmNeurosteroid, ArmFastSSRI, m), Control: "as many epochs at the same rate"})
	}
	if p.Controls {
		without := p.withoutRegrowth()
		list = append(list,
			Claim{ID: "4.19", Where: "Interpretation of results, p. 90", Words: "Structural repair protects against a second pruning", Says: Lower, Contrast: vs(ArmKetamine, without, sameNoise), Family: Mechanisms, Control: "the same training without regrowth; unequal challenges: the arms lose the same share of very different numbers of weights"},
			Claim{ID: "4.20", Where: "Interpretation of results, p. 90", Words: "Structural repair is what restores accuracy under combined noise", Says: Higher, Contrast: vs(ArmKetamine, without, "combined"), Family: Mechanisms, Control: "the same training without regrowth"},
			Claim{ID: "4.21", Where: "Interpretation of results, p. 90", Words: "Structural repair is what gives resistance to strong internal noise", Says: Higher, Contrast: vs(ArmKetamine, without, hardest), Family: Mechanisms, Control: "the same training without regrowth"},
			Claim{ID: "4.22", Where: "Interpretation of results, p. 90", Words: "Quiet training at fixed sparsity is limited in itself", Says: Same, Contrast: vs(ArmFastSSRI, ArmSSRI, "combined"), Family: Mechanisms, Control: "the same fading noise at fifty times the rate"},
			Claim{ID: "4.23", Where: "Interpretation of results, p. 90", Words: "It is the noise in training that makes the SSRI-like network stand noise", Says: Higher, Contrast: vs(ArmSSRI, ArmQuietSSRI, "combined"), Family: Mechanisms, Control: "the same training without noise"},
			Claim{ID: "4.24", Where: "Interpretation of results, p. 90", Words: "The damping, not the saturation, is what calms the neurosteroid-like network", Says: Same, Contrast: vs(ArmNeurosteroid, ArmInhibitionOnly, "combined"), Family: Mechanisms, Control: "the same inhibition with ReLU"},
			Claim{ID: "4.25", Where: "Comparative summary, p. 88", Words: "The ketamine-like treatment brings the network back to health under combined noise", Says: Same, Contrast: vs(ArmKetamine, ArmFull, "combined"), Control: "the network that was never pruned"})
	}
	return settled(list)
}
