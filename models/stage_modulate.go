package models

import (
	"context"
	"errors"
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

func init() { registerStage(modulate) }

// modulate sets the dials that the stage names.
func modulate(_ context.Context, _ *Session, stage protocols.Modulate, j Job) (*Subject, error) {
	parent := j.Parent
	if n := parent.classifier().hiddenLayers(); stage.InhibitedLayer > n {
		return nil, fmt.Errorf("InhibitedLayer is %d, and the network has %d hidden layers", stage.InhibitedLayer, n)
	}
	if stage.InhibitedLayer != 0 && stage.Inhibition == 0 {
		return nil, errors.New("InhibitedLayer is set without Inhibition")
	}
	out := parent.altered()
	m := &out.Modulation
	if stage.Activation != "" {
		m.Activation = stage.Activation
	}
	if stage.Gain != 0 {
		m.Gain = stage.Gain
	}
	if stage.Inhibition != 0 {
		m.Inhibition, m.InhibitedLayer = stage.Inhibition, stage.InhibitedLayer
	}
	return out, protocols.CheckRanges(*m)
}
