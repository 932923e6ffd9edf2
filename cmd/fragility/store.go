package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/store"
)

func storeCommand() *cobra.Command {
	var limits store.Limits
	var megabytes int64
	gc := inStore("gc", "Remove what was not used for long, and what nothing refers to", func(c *cobra.Command, s *store.Store) error {
		if limits.Unused < 0 || megabytes < 0 {
			return usage("--unused takes a time and --megabytes a size, neither below 0")
		}
		limits.Bytes = megabytes << 20
		freed, err := s.GC(c.Context(), limits)
		if err != nil && freed.Entries+freed.Files == 0 {
			return interrupted(c.Context(), err)
		}
		fmt.Fprintf(stdout, "removed %d entries and %d files, %s; kept %d entries, %s\n",
			freed.Entries, freed.Files, size(freed.Bytes), freed.Kept, size(freed.Size))
		return err
	})
	gc.Flags().DurationVar(&limits.Unused, "unused", 30*24*time.Hour, "remove entries not used for so long; 0 for no limit")
	gc.Flags().Int64Var(&megabytes, "megabytes", 0, "keep at most so much, the last used first; 0 for no limit")
	c := &cobra.Command{
		Use: "store", Short: "The finished stages and readings that every run shares",
		Long: `The finished stages and readings that every run shares, in the folder that ` + store.Variable + ` names or in
the user's cache folder. Several processes may use it at once, and several users: give a group a
folder with the group's bit (chgrp GROUP DIR; chmod 2775 DIR), name it in ` + store.Variable + `, and let its
members have a umask of 002. Who may only read takes what is there, and keeps nothing.`,
	}
	c.AddCommand(
		inStore("ls", "List the entries", func(_ *cobra.Command, s *store.Store) error {
			w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "KEY\tKIND\tSIZE\tSECONDS\tSETTINGS")
			for e := range s.All() {
				fmt.Fprintf(w, "%.12s\t%s\t%s\t%.2f\t%s\n", e.Key, e.Origin.Kind, size(e.Size), e.Seconds, e.Origin.Settings)
			}
			return w.Flush()
		}),
		inStore("verify", "Read everything and check every digest", func(c *cobra.Command, s *store.Store) error {
			check, err := s.Verify(c.Context())
			for _, d := range slices.Concat(check.Damaged, check.Unreadable) {
				fmt.Fprintln(stdout, harmless(d))
			}
			fmt.Fprintf(stdout, "%d entries, %s, %d damaged", check.Entries, size(check.Bytes), len(check.Damaged))
			if n := len(check.Unreadable); n > 0 {
				fmt.Fprintf(stdout, ", %d not to be read", n)
			}
			fmt.Fprintln(stdout)
			if err != nil {
				return interrupted(c.Context(), err)
			}
			return unsound(check)
		}),
		gc,
		mergeCommand(),
		inStore("path", "Print the store's folder", func(_ *cobra.Command, s *store.Store) error {
			fmt.Fprintln(stdout, s.Path())
			return nil
		}),
	)
	return c
}

// unsound is an error where not all entries of a store are right.
func unsound(c store.Check) error {
	var parts []string
	if c.Moved > 0 {
		parts = append(parts, fmt.Sprintf("%d damaged entries were moved aside and will be computed anew when they are needed", c.Moved))
	}
	if n := len(c.Damaged) - c.Moved; n > 0 {
		parts = append(parts, fmt.Sprintf("%d damaged entries could not be moved aside; who may write the store has to run this", n))
	}
	if n := len(c.Unreadable); n > 0 {
		parts = append(parts, fmt.Sprintf("%d entries or folders could not be read, and may be sound", n))
	}
	if parts == nil {
		return nil
	}
	return errors.New(strings.Join(parts, "; "))
}

func mergeCommand() *cobra.Command {
	var folders []string
	c := inStore("merge FOLDER...", "Take in what other stores have, as those of a cluster's jobs", func(c *cobra.Command, into *store.Store) error {
		for _, folder := range folders {
			if info, err := os.Stat(folder); err != nil || !info.IsDir() {
				return usage("merge takes folders of stores, and %s is none", folder)
			}
			from, err := openStore(folder)
			if err != nil {
				return err
			}
			m, err := into.Merge(c.Context(), from)
			fmt.Fprintf(stdout, "%s: %d entries taken, %s; %d were here, %d are damaged and left out\n", folder, m.Entries, size(m.Bytes), m.Known, m.Damaged)
			if err != nil {
				return interrupted(c.Context(), err)
			}
		}
		return nil
	})
	c.Args = func(c *cobra.Command, args []string) error {
		folders = args
		return cobra.MinimumNArgs(1)(c, args)
	}
	return c
}

// inStore makes a command that works on the store.
func inStore(use, short string, act func(c *cobra.Command, s *store.Store) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, RunE: func(c *cobra.Command, _ []string) error {
		s, err := usualStore()
		if err != nil {
			return err
		}
		return act(c, s)
	}}
}

// usualStore opens the store that runs use.
func usualStore() (*store.Store, error) {
	dir, err := store.Default()
	if err != nil {
		return nil, err
	}
	return openStore(dir)
}

// openStore opens a store whose warnings come on standard error.
func openStore(dir string) (*store.Store, error) {
	return store.Open(dir, func(text string) { fmt.Fprintln(os.Stderr, "warning: "+harmless(text)) })
}

// size prints bytes for a person.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
}
