package nf

import (
	"fmt"
	"html"
	"time"

	"github.com/janpfeifer/gonb/gonbui"

	"github.com/network-fragility/fragility/kernel/client"
)

// interval is the least time between two updates of a display, which a browser
// draws without trouble.
const interval = 200 * time.Millisecond

// progress is the display of a run's progress. It comes up with the first
// stage that has to be computed; a run that finds all in the store shows none,
// unless its end is to be shown always.
type progress struct {
	always   bool
	id       string // of the display, empty before it is up
	shown    time.Time
	last     client.Event
	warnings []string
}

// event updates the display.
func (p *progress) event(e client.Event) {
	p.last = e
	switch e.Kind {
	case client.Warning:
		p.warnings = append(p.warnings, e.Text)
		return
	case client.StageStarted, client.StageEpoch, client.StageFinished, client.ReadingFinished:
	default:
		return
	}
	if !gonbui.IsNotebook || time.Since(p.shown) < interval {
		return
	}
	p.shown = time.Now()
	bar := fmt.Sprintf(`<progress value="%.3f" max="1" style="width:12em;vertical-align:-0.15em;margin-right:0.7em"></progress>`, e.Progress.Share)
	p.update(e.String(), bar)
}

// end leaves the summary of the run, and what it warned of.
func (p *progress) end() {
	if !p.always && p.id == "" && len(p.warnings) == 0 {
		return
	}
	text := summary(p.last.Progress)
	if s := p.last.Stamp; s != nil {
		text += "\n" + setting(*s)
	}
	for _, w := range p.warnings {
		text += "\nwarning: " + w
	}
	p.show(text, "", p.last.Stamp)
}

// stop leaves how far the run came before it failed or was interrupted.
func (p *progress) stop() {
	if p.id != "" {
		p.update(fmt.Sprintf("stopped at %.0f %%: %s", 100*p.last.Progress.Share, summary(p.last.Progress)), "")
	}
}

// update shows a text, after a bar where there is one.
func (p *progress) update(text, bar string) { p.show(text, bar, nil) }

func (p *progress) show(text, bar string, stamp *client.Stamp) {
	if p.id == "" {
		p.id = "fragility-" + gonbui.UniqueId()
	}
	b := client.Bundle{Data: map[string]any{
		"text/plain": text,
		"text/html":  `<div style="font-size:90%;opacity:0.75;white-space:pre-line">` + bar + html.EscapeString(text) + `</div>`,
	}}
	if bar != "" {
		b.Metadata = map[string]any{client.StampKey: map[string]any{"progress": true}} // the gate shows it where the reader looks, too
	}
	if stamp != nil {
		b.Stamp(*stamp)
		b.Metadata[client.StampKey].(map[string]any)["summary"] = true
	}
	show(b, p.id)
}

// setting says what of a run is not the book's.
func setting(s client.Stamp) string {
	if differs := s.Differs(); differs != "" {
		return "set otherwise than in the book: " + differs
	}
	return "set as in the book"
}

// summary says in one line what a run took.
func summary(p client.Progress) string {
	return fmt.Sprintf("%s, %s: %d reused, %d computed, %s, %.1f s", count(p.Seeds, "subject"), count(p.Stages, "stage"),
		p.StagesReused, p.StagesDone, count(p.EpochsDone, "epoch"), p.Elapsed.Seconds())
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
