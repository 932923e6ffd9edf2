package gate

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/client"
)

// pageShown is a table, or the words below a picture, that a page has: what it is
// of, and after how many changes of a run it was made.
type pageShown struct {
	content    json.RawMessage
	code       string // of its cell
	stamp      client.Stamp
	generation int
	older      bool // whether it is marked as older than the last run
}

// shownStamped remembers an output that is stamped, and once a run that was
// declared anew has ended, marks those of its other settings.
func (r *relay) shownStamped(m message, id string, metadata map[string]any) {
	stamp := client.StampOf(metadata)
	if stamp == nil {
		return
	}
	if own, _ := metadata[client.StampKey].(map[string]any); own["summary"] == true {
		r.markOlder(m, *stamp)
		return
	}
	if id != "" {
		r.pages[id] = &pageShown{content: m.content, code: r.codes[m.parent.ID], stamp: *stamp, generation: r.memory.generation}
	}
}

// markOlder marks the outputs of other settings than the last run's, and takes the
// marks away where they are the last run's again.
func (r *relay) markOlder(m message, last client.Stamp) {
	for _, id := range slices.Sorted(maps.Keys(r.pages)) {
		p := r.pages[id]
		words := ""
		if p.generation < r.memory.generation && p.stamp.Chapter == last.Chapter {
			words = p.otherThan(last)
		}
		if (words != "") == p.older {
			continue
		}
		p.older = words != ""
		update := reply(message{header: m.parent, rawHead: [2]json.RawMessage{m.rawHead[1]}}, "update_display_data", nil)
		update.content = withNotice(p.content, words)
		r.toPage(update)
	}
}

// otherThan says in which settings an output differs from a run, but for those
// that its own cell sets; "" where in none.
func (p *pageShown) otherThan(last client.Stamp) string {
	was, is := p.stamp.Set(), last.Set()
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if was[name] != is[name] && !strings.Contains(p.code, `"`+name+`"`) && !strings.Contains(p.code, name+"(") {
			parts = append(parts, fmt.Sprintf("%s %s, now %s", name, was[name], is[name]))
		}
	}
	if len(parts) > 3 {
		parts = append(parts[:3], fmt.Sprintf("and %d more", len(parts)-3))
	}
	return strings.Join(parts, "; ")
}

// withNotice is an output's content with a notice above it; without one where
// words are empty.
func withNotice(content json.RawMessage, words string) json.RawMessage {
	if words == "" {
		return content
	}
	var c map[string]any
	json.Unmarshal(content, &c)
	data, _ := c["data"].(map[string]any)
	notice := "Of an earlier run (" + words + "): run this cell again."
	if page, ok := data["text/html"].(string); ok {
		data["text/html"] = `<div class="fragility-older" style="border-left:4px solid #b45309;padding:0.2em 0.6em;margin:0.3em 0;font-weight:600">` + html.EscapeString(notice) + "</div>" + page
	}
	if text, ok := data["text/plain"].(string); ok {
		data["text/plain"] = notice + "\n" + text
	}
	delete(data, "text/markdown") // the page of an export refuses such a notebook
	return encodeJSON(c)
}
