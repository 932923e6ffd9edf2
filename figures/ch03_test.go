package figures

import (
	"slices"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
)

// The cycles begin at the pruned network and follow the arm with the most of
// them.
func TestCycleSeries(t *testing.T) {
	protocol, r := fakeRepair(t, 3, map[string]string{"Seeds": "4,9", "ChronicCycles": "2,1"})
	p := protocol.(*protocols.Ch03)
	s := cycleSeries(p, r, protocols.ChronicArm(2), "cycle_sparsity_weights", "sparsity_weights", 2)
	if !slices.Equal(s.at, []float64{0, 1, 2}) {
		t.Errorf("cycles at %v", s.at)
	}
	for k, want := range []float64{95, 57, 34.2} {
		for _, v := range s.values[k] {
			if v < want-1e-9 || v > want+1e-9 {
				t.Errorf("cycle %d has %v, want %v", k, v, want)
			}
		}
	}
}

// Every arm of parts A and B has a row, and no two rows have the same words.
func TestRegimens(t *testing.T) {
	for _, controls := range []string{"true", "false"} {
		protocol, err := protocols.Configure(3, map[string]string{"Controls": controls})
		if err != nil {
			t.Fatal(err)
		}
		words, rows := map[string]bool{}, map[string]bool{}
		for _, g := range regimens(protocol.(*protocols.Ch03)) {
			for _, arm := range g {
				if words[arm.Words] {
					t.Errorf("two arms are called %q", arm.Words)
				}
				words[arm.Words], rows[arm.Name] = true, true
			}
		}
		for _, l := range protocol.Tables() {
			for _, arm := range l.Arms {
				if !rows[arm.Name] && slices.Contains([]string{"table 2", "table 3", "table 4", "tuning alone"}, l.Name) {
					t.Errorf("%s, controls %s: arm %q has no row", l.Name, controls, arm.Name)
				}
			}
		}
	}
}

func TestNamesake(t *testing.T) {
	for arm, want := range map[string]chart.Colour{
		protocols.ConsolidationArm(5):   ArmColour(protocols.ArmRecoveredGradient),
		protocols.ChronicArm(3):         ArmColour(protocols.ArmRecoveredGradient),
		protocols.ChronicRandomArm(3):   ArmColour(protocols.ArmRecoveredRandom),
		protocols.TunedForArm(5):        ArmColour(protocols.ArmTunedOnly),
		protocols.ArmTunedOnly:          chart.Vermillion,
		"acute_moderate_60pct_15ep":     chart.Blue,
		protocols.ArmKetamineNoRegrow:   ArmColour(protocols.ArmKetamine),
		protocols.ArmRegrownOnly + "ed": ArmColour("no arm at all"),
	} {
		if got := ArmColour(arm); got != want {
			t.Errorf("%s is %s, want %s", arm, got, want)
		}
	}
}
