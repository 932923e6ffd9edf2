package main

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/live"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/kernel/site"
	"github.com/network-fragility/fragility/protocols"
)

// siteCommand makes the pages of the whole book.
func siteCommand() *cobra.Command {
	var o site.Options
	l := &livePage{}
	c := &cobra.Command{
		Use:   "site",
		Short: "Make a folder of the whole book, to be opened from disk: chapters, comparison of treatments, data, search (a minute; nothing is run)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			maker, err := l.maker("")
			if err != nil {
				return err
			}
			if o.Root, err = checkout(); err != nil {
				return err
			}
			o.Live = oneByOne(maker)
			o.Say = func(text string) { fmt.Fprintln(os.Stderr, text) }
			files, err := site.Make(c.Context(), o)
			for _, f := range files {
				fmt.Fprintln(stdout, f)
			}
			l.sayStill()
			return interrupted(c.Context(), err)
		},
	}
	c.Flags().StringVar(&o.Dir, "out", "out/site", "folder for the site: a new one, or that of an earlier site")
	l.flags(c)
	return c
}

// oneByOne makes pages live one after the other, since each takes all cores, and leaves
// those still that can carry no networks; nil stays nil.
func oneByOne(maker notebook.Live) notebook.Live {
	if maker == nil {
		return nil
	}
	var mu sync.Mutex
	return func(ctx context.Context, page string, p protocols.Protocol, turn *notebook.Turn) error {
		if live.Takes(p) != nil {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		return maker(ctx, page, p, turn)
	}
}
