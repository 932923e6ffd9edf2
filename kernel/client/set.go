package client

import (
	"maps"

	"github.com/network-fragility/fragility/protocols"
)

// LeaveToProfile takes out of a run's values those that a notebook's cell lists
// and does not choose: empty text, and, where a Profile is set, a value that is
// the book's, so that a cell that lists all of the book's values can be run in a
// smaller profile.
func LeaveToProfile(chapter int, values map[string]string) {
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	if _, ok := values["Profile"]; !ok {
		return
	}
	p, err := protocols.Configure(chapter, nil)
	if err != nil {
		return // no such chapter, as the engine will say
	}
	for _, q := range protocols.Parameters(p) {
		if q.Name != "Profile" && values[q.Name] == q.Default {
			delete(values, q.Name)
		}
	}
}
