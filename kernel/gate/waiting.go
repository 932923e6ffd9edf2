package gate

import (
	"encoding/json"

	"github.com/network-fragility/fragility/kernel/client"
)

// The reader of a notebook that runs as a whole looks at its last cell, and what
// is under way stands far above it. So the last cell that waits shows the same
// line for as long as it waits.

// progressed shows a line of progress in the last cell that waits.
func (r *relay) progressed(m message) {
	var c struct {
		Data     map[string]any `json:"data"`
		Metadata map[string]any `json:"metadata"`
	}
	json.Unmarshal(m.content, &c)
	own, _ := c.Metadata[client.StampKey].(map[string]any)
	if own["progress"] != true || len(r.waiting) == 0 {
		return
	}
	q := r.waiting[len(r.waiting)-1]
	kind := "update_display_data"
	if r.line == nil || r.line.header.ID != q.header.ID {
		r.lineDone()
		r.line, kind = &q.message, "display_data"
	}
	page, _ := c.Data["text/html"].(string)
	text, _ := c.Data["text/plain"].(string)
	r.toPage(reply(q.message, kind, map[string]any{
		"data":      map[string]any{"text/html": page, "text/plain": text},
		"metadata":  map[string]any{},
		"transient": map[string]any{"display_id": "fragility-waits-" + q.header.ID},
	}))
}

// lineDone takes the line away.
func (r *relay) lineDone() {
	if r.line != nil {
		r.toPage(reply(*r.line, "clear_output", map[string]any{"wait": false}))
		r.line = nil
	}
}
