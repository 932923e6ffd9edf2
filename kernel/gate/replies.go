package gate

import (
	"encoding/json"

	"github.com/network-fragility/fragility/kernel/cell"
)

// whole answers whether a text is a whole cell, which GoNB leaves open: a
// console would wait for ever.
func (r *relay) whole(m message) {
	var c struct {
		Code string `json:"code"`
	}
	json.Unmarshal(m.content, &c)
	answer := map[string]any{}
	status, indent := cell.Complete(c.Code)
	if answer["status"] = status; status == "incomplete" {
		answer["indent"] = indent
	}
	r.toPage(reply(m, "status", map[string]any{"execution_state": "busy"}))
	r.toClient(reply(m, "is_complete_reply", answer))
	r.toPage(reply(m, "status", map[string]any{"execution_state": "idle"}))
}

// valid is an answer of GoNB to a completion or an inspection as Jupyter wants
// it. Where GoNB finds nothing, as in a cell that is half typed, it says "error"
// and not what the error is; there is nothing to offer, and that is no error.
func valid(m message) message {
	var c map[string]any
	if json.Unmarshal(m.content, &c) != nil {
		return m
	}
	failed := c["status"] != "ok"
	fill := map[string]any{"status": "ok"}
	switch m.header.Type {
	case "complete_reply":
		fill["matches"], fill["metadata"] = []string{}, map[string]any{}
		fill["cursor_start"], fill["cursor_end"] = 0, 0
	case "inspect_reply":
		fill["found"], fill["data"], fill["metadata"] = false, map[string]any{}, map[string]any{}
	default:
		return m
	}
	for name, value := range fill {
		if c[name] == nil || failed && name != "cursor_start" && name != "cursor_end" {
			c[name] = value
		}
	}
	m.content = encodeJSON(c)
	return m
}
