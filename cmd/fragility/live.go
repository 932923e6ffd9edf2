package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/live"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/protocols"
)

// livePage says how live an exported page is to be.
type livePage struct {
	subjects int
	still    bool
	asked    func() bool          // whether a number of subjects was given
	without  []protocols.Protocol // whose networks are not in the store, so that their pages stayed still
}

func (l *livePage) flags(c *cobra.Command) {
	c.Flags().IntVar(&l.subjects, "live-subjects", live.Usual, fmt.Sprintf("subjects whose networks an html page carries, so that its dials answer; what is not in the store is trained first, if this is given. More than %d have weights of 16 bits, and at most %d go", live.Usual, live.Most))
	c.Flags().BoolVar(&l.still, "still", false, "an html page without live dials")
	l.asked = func() bool { return c.Flags().Changed("live-subjects") }
}

// maker makes pages live; it is nil for one that is to stay still.
func (l *livePage) maker(name string) (notebook.Live, error) {
	if l.asked == nil || l.still && !l.asked() {
		return nil, nil
	}
	if l.still {
		return nil, usage("--still makes a page without live dials and --live-subjects one with them; choose one")
	}
	o := live.Options{Say: func(text string) { fmt.Fprintln(os.Stderr, text) }}
	if l.asked() {
		if o.Subjects = l.subjects; o.Subjects < 1 || o.Subjects > live.Most {
			return nil, usage("--live-subjects takes a number from 1 to %d, not %d", live.Most, o.Subjects)
		}
		// Of a file it is not known before it is read.
		if p, err := ofTheBook(name); err == nil {
			if err := live.Takes(p); err != nil {
				return nil, err
			}
		}
	}
	return func(ctx context.Context, page string, p protocols.Protocol, turn *notebook.Turn) error {
		progress := newProgress(os.Stderr)
		defer progress.end()
		o.Events = progress.show
		o.Turn = nil
		if turn != nil {
			o.Turn = &live.Turn{Plot: turn.Plot}
			for _, d := range turn.Dials {
				o.Turn.Dials = append(o.Turn.Dials, d)
			}
		}
		answers, err := live.Page(ctx, page, p, o)
		if err == nil && !answers && live.Takes(p) == nil {
			l.without = append(l.without, p)
		}
		return err
	}, nil
}

// sayStill says once, of all pages that a command made, which are still though they need not be.
func (l *livePage) sayStill() {
	if l.without == nil {
		return
	}
	var chapters []int
	subjects := live.Usual
	for _, p := range l.without {
		chapters = append(chapters, p.Chapter())
		subjects = min(subjects, len(p.Cohort()))
	}
	slices.Sort(chapters)
	page, them := "The page of chapter %s is", "it"
	if len(chapters) > 1 {
		page, them = "The pages of chapters %s are", "them"
	}
	names := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(chapters), "[]")), ", ")
	fmt.Fprintf(os.Stderr, page+" still: the store has readings of %s and no trained networks; with --live-subjects %d those are trained, and the dials answer.\n", names, them, subjects)
}
