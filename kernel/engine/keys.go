package engine

import (
	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// Keys are the platform that runs are computed on here, and the store keys of a
// protocol's readings in tree order. It computes nothing.
func (e *Engine) Keys(p protocols.Protocol) (protocols.Platform, []client.ReadingKey, error) {
	platform, err := e.lab.platform()
	if err != nil {
		return platform, nil, err
	}
	var list []client.ReadingKey
	for _, at := range newPlan(p, platform).places {
		k := client.ReadingKey{Seed: at.seed, Arm: at.as.Arm, Label: at.as.Label,
			Probe: at.reading.probe.Kind(), Key: at.reading.key, Subject: at.reading.at.key}
		if k.Arm == "" && len(at.as.Names) > 0 {
			k.Arm = at.as.Names[0].Arm
		}
		list = append(list, k)
	}
	return platform, list, nil
}
