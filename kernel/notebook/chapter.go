package notebook

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/network-fragility/fragility/kernel/cell"
	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/gate"
	"github.com/network-fragility/fragility/protocols"
)

// chapterOf is the chapter of a file's name, 0 for another notebook.
func chapterOf(path string) int {
	n, err := protocols.ParseChapter(strings.TrimSuffix(filepath.Base(path), ".ipynb"))
	if err != nil {
		return 0
	}
	return n
}

// mark is what the metadata of an output say of it: the texts that made it, and
// what was run.
type mark struct {
	cell, after string
	stamp       *client.Stamp // nil where the engine had no part
}

// markOf reads the mark of an output; ok is false where it has none.
func markOf(raw json.RawMessage) (m mark, ok bool) {
	var o struct {
		Metadata map[string]any `json:"metadata"`
	}
	if json.Unmarshal(raw, &o) != nil {
		return m, false
	}
	own, ok := o.Metadata[client.StampKey].(map[string]any)
	m.cell, _ = own["cell"].(string)
	m.after, _ = own["after"].(string)
	m.stamp = client.StampOf(o.Metadata)
	return m, ok && m.cell != ""
}

// stamp is what a notebook ran, by the first of its outputs that says so; nil
// where none does.
func (nb *Notebook) stamp() *client.Stamp {
	for _, c := range nb.Cells {
		for _, raw := range c.Outputs {
			if m, ok := markOf(raw); ok && m.stamp != nil {
				return m.stamp
			}
		}
	}
	return nil
}

// stale says which cells of an executed notebook show something else than what
// stands in them: a sentence each, with the cell's number among the code cells.
// A cell was changed where its outputs are marked with another text, or where it
// declares something and the outputs below it were made after another.
func (nb *Notebook) stale() []string {
	headings := nb.headings()
	place := func(i int) string {
		number := 0
		for _, c := range nb.Cells[:i+1] {
			if c.Kind == CodeCell && strings.TrimSpace(c.Source) != "" {
				number++
			}
		}
		if headings[i] != "" {
			return fmt.Sprintf("cell %d (%s)", number, headings[i])
		}
		return fmt.Sprintf("cell %d", number)
	}
	if nb.unmarked() {
		return []string{"it was run by an older version, and no output says what made it"}
	}
	stamp := nb.stamp()
	var list []string
	said := map[int]bool{}
	say := func(i int, what string) {
		if !said[i] {
			said[i] = true
			list = append(list, place(i)+" "+what)
		}
	}
	for i, c := range nb.Cells {
		if c.Kind != CodeCell {
			continue
		}
		for _, raw := range c.Outputs {
			m, ok := markOf(raw)
			switch {
			case !ok && isDisplay(raw):
				say(i, "does not say what made its output")
			case !ok:
			case m.cell != gate.Digest(c.Source):
				say(i, "was changed after it ran")
			default:
				for k, before := range nb.Cells[:i] {
					if before.Kind == CodeCell && !strings.Contains(m.after, gate.Digest(before.Source)) && cell.Parse(before.Source).Declares != nil {
						say(k, "was changed, or not run, before what stands below it")
					}
				}
				if m.stamp != nil {
					if other := nb.otherwise(*stamp, *m.stamp, c); other != "" {
						say(i, other)
					}
				}
			}
		}
	}
	return list
}

// unmarked reports whether there are outputs and none of them is marked.
func (nb *Notebook) unmarked() bool {
	displays := 0
	for _, c := range nb.Cells {
		for _, raw := range c.Outputs {
			if _, ok := markOf(raw); ok {
				return false
			}
			if isDisplay(raw) {
				displays++
			}
		}
	}
	return displays > 0
}

// isDisplay reports whether an output is one that the kernel marks.
func isDisplay(raw json.RawMessage) bool {
	var o output
	return json.Unmarshal(raw, &o) == nil && (o.Type == "display_data" || o.Type == "execute_result")
}

// otherwise says how an output's run differs from the notebook's, but for what
// the notebook's own text sets outside the parameters cell; "" where it does not.
func (nb *Notebook) otherwise(a, b client.Stamp, at Cell) string {
	var own strings.Builder
	for _, c := range nb.Cells {
		if c.Kind == CodeCell && !c.HasTag(ParametersTag) && !c.HasTag(InjectedTag) {
			own.WriteString(c.Source)
		}
	}
	text := own.String()
	sets := func(name string) bool {
		return strings.Contains(text, `"`+name+`"`) || strings.Contains(text, name+"(")
	}
	switch {
	case a.Platform != b.Platform:
		return "was computed on another platform"
	case a.Chapter != b.Chapter:
		if strings.Contains(text, fmt.Sprintf("Chapter(%d)", b.Chapter)) {
			return ""
		}
		return fmt.Sprintf("shows chapter %d", b.Chapter)
	case sets("Profile"):
		return ""
	}
	var names []string
	settings := b.Set()
	for name, value := range a.Set() {
		if settings[name] != value && !sets(name) {
			names = append(names, name)
		}
	}
	if names == nil {
		return ""
	}
	first := names[0]
	for _, name := range names {
		first = min(first, name)
	}
	return fmt.Sprintf("was run with %s %s, and the notebook with %s", first, settings[first], a.Set()[first])
}
