package engine

import (
	"math"
	"testing"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// A device that all slots share, with two seeds in one program, gives what two
// sessions give, but for the order of sums. It is a GPU's way, on a CPU here.
func TestSharedDevice(t *testing.T) {
	p := ch01(t, small)
	l := &sharedLab{patience: 200 * time.Millisecond}
	e, err := newEngine(Options{Store: t.TempDir(), Workers: 2}, l)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	shared, err := e.Run(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if l.device.grouped == 0 {
		t.Error("no two subjects were trained in one program")
	}
	apart, err := realEngine(t, t.TempDir(), 2, false).Run(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(shared.Rows) != len(apart.Rows) {
		t.Fatalf("%d rows, and %d", len(shared.Rows), len(apart.Rows))
	}
	for _, arm := range []string{protocols.ArmFull} {
		for _, metric := range []string{"clean", "standard"} {
			a, b := shared.Values(arm, "", metric), apart.Values(arm, "", metric)
			for i := range a {
				// Of 200 points one may fall to the other side.
				if math.Abs(a[i]-b[i]) > 1 {
					t.Errorf("%s %s, subject %d: %v, and %v apart", arm, metric, i, a[i], b[i])
				}
			}
		}
	}
}
