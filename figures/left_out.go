package figures

import (
	"slices"
	"sync"

	"github.com/network-fragility/fragility/protocols"
)

// leftOut has the parameters for whose sake published figures of a run are not
// drawn, while one of its plots is made: marks are left out deep in the plots,
// and the caption says so once.
var leftOut struct {
	sync.Mutex
	names map[protocols.Protocol][]string
}

// noteLeftOut notes that a published figure is left out.
func noteLeftOut(p protocols.Protocol, names []string) {
	leftOut.Lock()
	defer leftOut.Unlock()
	if leftOut.names == nil {
		leftOut.names = map[protocols.Protocol][]string{}
	}
	for _, name := range names {
		if !slices.Contains(leftOut.names[p], name) {
			leftOut.names[p] = append(leftOut.names[p], name)
		}
	}
}

// takeLeftOut returns what was noted for a run, and forgets it.
func takeLeftOut(p protocols.Protocol) []string {
	leftOut.Lock()
	defer leftOut.Unlock()
	names := leftOut.names[p]
	delete(leftOut.names, p)
	return names
}
