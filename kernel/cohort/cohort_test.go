package cohort

import (
	"testing"

	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/protocols"
)

// The plan's subjects are looked at once they are all there, in each chapter.
func TestWholePlan(t *testing.T) {
	if wholePlan < protocols.FewestPlanned || wholePlan > len(protocols.PlannedSubjects(1)) {
		t.Errorf("the plan is whole at %d subjects", wholePlan)
	}
	planned := map[int][]*record.Subject{}
	for _, n := range protocols.Chapters() {
		if protocols.PlannedSubjects(n) != nil {
			planned[n] = make([]*record.Subject, wholePlan)
		}
	}
	if !isWhole(planned) {
		t.Error("a whole plan is not looked at")
	}
	planned[8] = planned[8][:wholePlan-1]
	if isWhole(planned) {
		t.Error("a plan that lacks a subject of chapter 8 is looked at")
	}
}
