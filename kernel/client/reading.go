package client

import "github.com/network-fragility/fragility/protocols"

// ReadingKey says under which keys the store has a reading of a run, and the
// subject that was measured.
type ReadingKey struct {
	Seed    int           `json:"seed"`
	Arm     string        `json:"arm"`
	Label   string        `json:"label,omitempty"` // of a series
	Probe   string        `json:"probe"`
	Key     protocols.Key `json:"key"`
	Subject protocols.Key `json:"subject"`
}
