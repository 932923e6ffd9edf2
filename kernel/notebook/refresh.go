package notebook

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// vegaPrefix begins the types of the interactive form of a plot.
const vegaPrefix = "application/vnd.vega"

// Refresh executes a notebook of the checkout and puts it, with its outputs,
// into the place of the one that was there, so that a reader on a code-hosting
// site sees what it shows. Parameters that are given stay in the notebook, as
// the cell that Inject makes. The interactive form of the plots, which such a
// site does not show, is left out.
func Refresh(ctx context.Context, o Options) ([]string, error) {
	source, err := find(o.Root, o.Notebook)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "fragility-refresh-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	o.Dir, o.To, o.Reuse = temp, nil, false
	if _, err := Run(ctx, o); err != nil {
		return nil, err
	}
	nb, err := Read(filepath.Join(temp, filepath.Base(source)))
	if err != nil {
		return nil, err
	}
	if err := nb.leaveOutVega(); err != nil {
		return nil, err
	}
	if err := nb.Write(source); err != nil {
		return nil, err
	}
	return withText(o.Root, source)
}

// leaveOutVega takes the interactive form out of every output that has another.
func (nb *Notebook) leaveOutVega() error {
	for _, c := range nb.Cells {
		for i, raw := range c.Outputs {
			var o map[string]any
			if err := json.Unmarshal(raw, &o); err != nil {
				return err
			}
			data, _ := o["data"].(map[string]any)
			for kind := range data {
				if len(data) > 1 && strings.HasPrefix(kind, vegaPrefix) {
					delete(data, kind)
				}
			}
			slim, err := marshal(o)
			if err != nil {
				return err
			}
			c.Outputs[i] = slim
		}
	}
	return nil
}
