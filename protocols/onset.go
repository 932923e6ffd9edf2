package protocols

import "fmt"

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
