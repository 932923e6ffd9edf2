package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// Stamp says what a run of p is here: its settings, and on what and under which
// keys it is computed. It computes nothing.
func (e *Engine) Stamp(p protocols.Protocol) (client.Stamp, error) {
	platform, readings, err := e.Keys(p)
	if err != nil {
		return client.Stamp{}, err
	}
	h := sha256.New()
	for _, r := range readings {
		h.Write([]byte(r.Key))
	}
	settings, _ := protocols.Settings(p)
	return client.Stamp{
		Chapter: p.Chapter(), Settings: client.SettingsText(settings), Subjects: len(p.Cohort()),
		Platform: platform, Program: executable(), Keys: hex.EncodeToString(h.Sum(nil)),
	}, nil
}

// executable is the digest of the program that runs; empty where its file is
// not to be read.
var executable = sync.OnceValue(func() string {
	p, err := openProgram()
	if err != nil {
		return ""
	}
	defer p.Close()
	sum, _ := p.digest()
	return sum
})
