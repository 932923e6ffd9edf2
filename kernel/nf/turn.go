package nf

import (
	"context"
	_ "embed"
	"html/template"
	"maps"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"

	"github.com/network-fragility/fragility/kernel/client"
)

// How long a cell with dials waits for its page: at first, when the page may
// have a whole notebook to draw, and between two signs of life, which a browser
// sends once a minute at worst when the page is in the background.
const (
	pageLimit    = 30 * time.Second
	silenceLimit = 3 * time.Minute
)

// callAgain is when GoNB's channel is asked for once more: a page that draws
// misses the half second in which it must answer.
const callAgain = 4 * time.Second

// pageVariable is in the environment of kernels that a Jupyter server has
// started for a page; a kernel that is run without a reader lacks it.
const pageVariable = "JPY_SESSION_NAME"

//go:embed turn.html
var turnPage string

// Turn shows the display below dials. When one is turned, what depends on it is
// computed and the display changes in place; a turn meanwhile takes the place
// of the one before.
//
//	run.Plot("sweep").Turn(nf.Slider("PruneSparsity", 0.5, 0.7, 0.9, 0.95))
//
// The cell runs as long as the dials can be turned: until another cell is to
// run, it is interrupted, the button is pressed or the page is closed. It says
// then at which values they stood. Where no page is attached, Turn is Show;
// there, With and another cell do what a dial does.
func (d Display) Turn(dials ...Dial) {
	states, err := dialsOf(d.run, dials)
	if err != nil {
		end(2, err.Error())
	}
	if !gonbui.IsNotebook || os.Getenv(pageVariable) == "" {
		d.Show()
		return
	}
	t := &turning{display: d, dials: states, id: "fragility-" + gonbui.UniqueId(), messages: make(chan string, 16)}
	t.serve()
}

// turning is a cell whose dials are being turned.
type turning struct {
	display  Display
	dials    []*dialState
	id       string
	messages chan string // from the page: "here", "rest", or a dial and its new place
}

// page is the dials as HTML.
func (t *turning) page() string {
	var page strings.Builder
	type dial struct {
		Name, Words, Unit string
		Values            []string
		Place, Last       int
		Menu              bool
	}
	var dials []dial
	for _, d := range t.dials {
		dials = append(dials, dial{d.parameter, d.words, d.unit, d.values, d.place, len(d.values) - 1, d.menu})
	}
	// Parsed here: most cells that import the package have no dials.
	if err := template.Must(template.New("turn").Parse(turnPage)).Execute(&page, map[string]any{"ID": t.id, "Dials": dials}); err != nil {
		panic(err) // the template is ours
	}
	return page.String()
}

// answers reports whether a page is there.
func (t *turning) answers(ctx context.Context) bool {
	limit := time.After(pageLimit)
	for {
		comms.Start()
		select {
		case <-t.messages:
			return true
		case <-time.After(callAgain):
		case <-limit:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// serve follows the dials until the page or the user has enough.
func (t *turning) serve() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	comms.Subscribe(t.id, func(_ string, message string) { t.messages <- message })
	t.put("dials", t.page(), t.words())
	t.put("state", "", "")
	drawing := t.draw(ctx)
	if !t.answers(ctx) {
		<-drawing.done
		t.put("dials", "", "")
		if *drawing.err != nil {
			fail(ctx, *drawing.err)
		}
		return
	}
	defer func() { t.rest(drawing) }()
	silence := time.NewTimer(silenceLimit)
	for {
		select {
		case m := <-t.messages:
			silence.Reset(silenceLimit)
			dial, place, turned := strings.Cut(m, " ")
			switch {
			case m == "rest":
				return
			case turned && t.turn(dial, place):
				drawing.stop()
				drawing = t.draw(ctx)
			}
		case <-silence.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// turn moves a dial and reports whether that is a change.
func (t *turning) turn(dial, place string) bool {
	i, err1 := strconv.Atoi(dial)
	k, err2 := strconv.Atoi(place)
	if err1 != nil || err2 != nil || i < 0 || i >= len(t.dials) || k < 0 || k >= len(t.dials[i].values) || t.dials[i].place == k {
		return false
	}
	t.dials[i].place = k
	return true
}

// rest ends the cell with the values at which the dials stand.
func (t *turning) rest(d drawing) {
	if d.stop() {
		t.put("state", "", "") // how far it was is of no use to a reader
	}
	t.put("dials", `<div style="font-size:90%;opacity:0.75">`+template.HTMLEscapeString(t.words())+`</div>`, t.words())
}

// words are the values at which the dials stand.
func (t *turning) words() string {
	var parts []string
	for _, d := range t.dials {
		parts = append(parts, d.parameter+" = "+d.value())
	}
	return strings.Join(parts, ", ") + "; run the cell again to turn"
}

// A drawing is a display that is being computed.
type drawing struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    *error // of what is done
}

// stop ends it and reports whether it was under way.
func (d drawing) stop() bool {
	select {
	case <-d.done:
		return false
	default:
	}
	d.cancel()
	<-d.done
	return true
}

// draw shows the display for the values at which the dials stand.
func (t *turning) draw(ctx context.Context) drawing {
	set := Set{}
	for _, d := range t.dials {
		set[d.parameter] = d.value()
	}
	shown := t.display
	shown.from = map[string]string{}
	maps.Copy(shown.from, t.display.run.set)
	shown.run = shown.run.With(set)
	ctx, cancel := context.WithCancel(ctx)
	d := drawing{cancel, make(chan struct{}), new(error)}
	go func() {
		defer close(d.done)
		p := &progress{id: t.id + "-state"}
		bundle, err := shown.drawn(ctx, p, "")
		*d.err = err
		switch {
		case ctx.Err() != nil:
		case err != nil:
			p.update(sentenceOf(err), "")
		default:
			if p.last.Progress.Stages > 0 { // not one that the engine had drawn before
				p.end()
			}
			showNoted(*bundle, t.id+"-picture")
		}
	}()
	return d
}

// put fills a part of the cell's output.
func (t *turning) put(part, page, text string) {
	show(client.Bundle{Data: map[string]any{"text/html": page, "text/plain": text}}, t.id+"-"+part)
}
