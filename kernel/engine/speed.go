package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/protocols"
)

// speeds are the seconds that a unit of weight took on this machine, by kind of
// work: an epoch of a pruned network takes a thirtieth of a dense one's. They are
// kept beside the store, so that a run can say beforehand what it will take; a
// guess in minutes is all that hangs on them.
type speeds struct {
	file string
	mu   sync.Mutex
	took map[string]float64
	new  bool // something that the file has not
}

// openSpeeds reads what was measured; a file that does not read is as good as
// none.
func openSpeeds(store string) *speeds {
	s := &speeds{file: filepath.Join(store, "speeds.json")}
	if raw, err := os.ReadFile(s.file); err != nil || json.Unmarshal(raw, &s.took) != nil || s.took == nil {
		s.took = map[string]float64{}
	}
	return s
}

// snapshot is what is known now.
func (s *speeds) snapshot() map[string]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.took)
}

// learn takes a measurement in. The last ones count most, since a machine is not
// always as busy.
func (s *speeds) learn(work string, seconds float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, known := s.took[work]; known {
		seconds = before + (seconds-before)/4
	}
	s.took[work], s.new = seconds, true
}

// keep writes what is known, where that is more than before; that it could not be
// written harms nothing.
func (s *speeds) keep() {
	s.mu.Lock()
	learned := s.new
	s.new = false
	s.mu.Unlock()
	if !learned {
		return
	}
	if raw, err := json.MarshalIndent(s.snapshot(), "", " "); err == nil {
		file.Write(s.file, raw)
	}
}

// workOf names what a task's time depends on: the network, what was last done to
// its masks, whether it trains under noise, and the stage or probe.
func workOf(t *task) string {
	network, masks, noise := "", "whole", ""
	if c, ok := t.point.stage.(protocols.Train); ok && t.reading == nil && c.Schedule != nil {
		noise = "with noise "
	}
	for n := t.point.node; n != nil && n.Stage != nil; n = n.Parent { // the root has none
		kind := n.Stage.Kind()
		switch s := n.Stage.(type) {
		case protocols.Initialise:
			network = fmt.Sprint(s.Network.Kind, " ", s.Network.Hidden)
		case protocols.Prune:
			kind = fmt.Sprint(kind, " ", s.Sparsity)
		}
		if masks == "whole" && (strings.HasPrefix(kind, "prune") || strings.HasPrefix(kind, "regrow")) {
			masks = kind
		}
	}
	what := t.point.stage.Kind()
	if t.reading != nil {
		what = t.reading.probe.Kind()
	}
	return fmt.Sprintf("%s%s, %s, %s", noise, what, network, masks)
}

// second is what a unit of weight of a task takes, by what was measured, and
// whether that was measured. Of what was not, it is the mean of what was.
func second(took map[string]float64, work string) (seconds float64, known bool) {
	if s, ok := took[work]; ok {
		return s, true
	}
	if len(took) == 0 {
		return 1, false
	}
	for _, s := range took {
		seconds += s / float64(len(took))
	}
	return seconds, false
}
