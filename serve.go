package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/gate"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/kernel/spec"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// checkout is the folder that this command was built in: the one above bin/.
func checkout() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	if exe, err = filepath.EvalSymlinks(exe); err != nil {
		return "", err
	}
	root := filepath.Dir(filepath.Dir(exe))
	if _, err := os.Stat(filepath.Join(root, "environment.yml")); err != nil {
		return "", fmt.Errorf("%s stands in no checkout; build it with `make setup`, which puts it into the checkout's bin folder", exe)
	}
	return root, nil
}

// inCheckout makes a command that works on the checkout.
func inCheckout(use, short string, act func(c *cobra.Command, root string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, RunE: func(c *cobra.Command, _ []string) error {
		root, err := checkout()
		if err != nil {
			return err
		}
		return act(c, root)
	}}
}

func setupCommand() *cobra.Command {
	return inCheckout("setup", "Make the checkout ready: Python packages, XLA plugin, GoNB and the Jupyter kernel", func(c *cobra.Command, root string) error {
		return spec.Setup(c.Context(), spec.Options{Root: root, Out: stdout})
	})
}

func doctorCommand() *cobra.Command {
	return inCheckout("doctor", "Check everything that notebooks need, and say how to mend what is wrong", func(c *cobra.Command, root string) error {
		err := spec.Doctor(c.Context(), root, stdout)
		// How networks are computed here, as it stands in the keys of results.
		if p, problem := models.Platform(); problem == nil {
			fmt.Fprintf(stdout, "     %-9s %s, on %s\n", "paths", p.Path, models.Processor())
		}
		return err
	})
}

func kernelCommand() *cobra.Command {
	c := &cobra.Command{Use: "kernel", Short: "The Jupyter kernel of this checkout"}
	c.AddCommand(
		&cobra.Command{
			Use:   "serve CONNECTION-FILE -- GONB...",
			Short: "Be the kernel (Jupyter starts it)",
			Args:  cobra.MinimumNArgs(2),
			RunE:  func(c *cobra.Command, args []string) error { return gate.Serve(c.Context(), args[0], args[1:]) },
		},
		&cobra.Command{
			Use:    "style",
			Short:  "The style sheet that brings JupyterLab the font of the pictures",
			Hidden: true,
			RunE: func(*cobra.Command, []string) error {
				all := figures.PageCharacters()
				css, err := figures.FontFaces(all, all)
				fmt.Fprint(stdout, css)
				return err
			},
		},
		inCheckout("install", "Put the kernel into the checkout's Python environment", func(_ *cobra.Command, root string) error {
			return spec.Install(root, spec.Prefix(root))
		}),
		inCheckout("uninstall", "Take it out again", func(_ *cobra.Command, root string) error {
			return spec.Uninstall(spec.Prefix(root))
		}),
	)
	return c
}

func notebookCommand() *cobra.Command {
	c := &cobra.Command{Use: "notebook", Short: "Notebooks without a browser"}
	c.AddCommand(
		notebookRunner("run", "Execute a chapter's notebook, or a notebook file, and export it", []string{}, notebook.Run),
		notebookRunner("export", "Export a chapter's notebook, or a file that is executed already as it is", []string{"html"},
			func(ctx context.Context, o notebook.Options) ([]string, error) {
				o.Reuse = true
				return notebook.Run(ctx, o)
			}),
		notebookRunner("sweep", "Run a notebook for every value of the parameters that are given several times", []string{"html"}, notebook.Sweep),
		notebookRunner("refresh", "Execute a notebook of this checkout in its place, with its outputs for readers of a code host", nil, notebook.Refresh),
		inCheckoutOf("parameters CHAPTER|FILE.ipynb", "Write a notebook's parameters cell anew, with what the chapter's struct tags say beside each value", notebook.Document),
		verifyCommand(),
	)
	return c
}

// inCheckoutOf makes a command on a notebook of the checkout that prints the files
// it wrote.
func inCheckoutOf(use, short string, act func(root, name string) ([]string, error)) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1)}
	c.RunE = func(_ *cobra.Command, args []string) error {
		root, err := checkout()
		if err != nil {
			return err
		}
		files, err := act(root, args[0])
		for _, f := range files {
			fmt.Println(f)
		}
		return err
	}
	return c
}

// notebookRunner makes a command that executes notebooks and exports them to
// what to lists unless its user says otherwise; nil is for one that does not.
func notebookRunner(name, short string, to []string, act func(context.Context, notebook.Options) ([]string, error)) *cobra.Command {
	o := notebook.Options{Out: os.Stderr, Compute: func(ctx context.Context, p protocols.Protocol) (*notebook.Record, error) {
		return compute(ctx, engine.Options{Record: record.Find()}, p)
	}}
	var values []string
	live := &livePage{}
	c := &cobra.Command{
		Use:   name + " CHAPTER|FILE.ipynb",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, text := range values {
				a, err := notebook.ParseAssignment(text)
				if err != nil {
					return err
				}
				o.Parameters = append(o.Parameters, a)
			}
			root, err := checkout()
			if err != nil {
				return err
			}
			o.Root, o.Notebook = root, args[0]
			if o.Live, err = live.maker(); err != nil {
				return err
			}
			files, err := act(c.Context(), o)
			for _, f := range files {
				fmt.Fprintln(stdout, f)
			}
			return interrupted(c.Context(), err)
		},
	}
	c.Flags().StringArrayVarP(&values, "parameter", "p", nil, "a parameter of the chapter, as Name=value; `fragility params CHAPTER` lists them (repeatable)")
	if to == nil { // what stays in the checkout is not exported
		return c
	}
	c.Flags().StringSliceVar(&o.To, "to", to, "what to export besides the notebook: html, pdf, md, tex, zip")
	c.Flags().StringVar(&o.Dir, "out", "out", "folder for the files")
	if name == "export" {
		c.Flags().BoolVar(&o.Saved, "saved", false, "refuse a notebook that was not run as a whole, rather than run it")
		c.Flags().BoolVar(&o.Anew, "run", false, "run a notebook anew that shows other results than its cells say")
	}
	if name != "sweep" {
		live.flags(c)
	}
	c.Flags().BoolVar(&o.NoCode, "no-code", false, "leave the code out of html, pdf and md")
	c.Flags().StringVar(&o.By, "by", "", `who runs it, for the description in the zip file; with an organisation, which then counts as its publisher, as "A. Reader (An Institute, https://institute.example)"`)
	return c
}

func verifyCommand() *cobra.Command {
	tolerance, anew, yes := notebook.Tolerance, false, false
	c := &cobra.Command{
		Use:   "verify FILE.zip",
		Short: "Run the chapter of an exported zip file again and compare every number and every file; status 1 where one differs",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var o engine.Options
			if anew {
				dir, err := os.MkdirTemp("", "fragility-verify-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(dir)
				o.Store = dir
			}
			v, err := notebook.Verify(c.Context(), args[0], tolerance, func(ctx context.Context, p protocols.Protocol) (*notebook.Record, error) {
				if epochs, products := protocols.Effort(p); products > mostAsked && !yes {
					return nil, usage("%s asks for %d epochs, days of work for one machine; --yes computes what of them is not stored", args[0], epochs)
				}
				return compute(ctx, o, p)
			})
			if err != nil {
				return interrupted(c.Context(), err)
			}
			var text strings.Builder
			if err := v.Write(&text); err != nil {
				return err
			}
			fmt.Fprint(stdout, harmless(text.String()))
			if n := len(v.Differ); n > 0 {
				return fmt.Errorf("%d of the %d numbers of %s are not what the run gives", n, v.Numbers, args[0])
			}
			if n := len(v.Files); n > 0 {
				return fmt.Errorf("%d files of %s do not show what the run gives, the first is %s", n, args[0], v.Files[0])
			}
			return nil
		},
	}
	c.Flags().Float64Var(&tolerance, "tolerance", tolerance, "how far a number may be off on another platform, as a share of the larger one")
	c.Flags().BoolVar(&anew, "anew", false, "compute everything, with a store of its own that goes afterwards")
	c.Flags().BoolVar(&yes, "yes", false, "compute also what takes days")
	return c
}

// mostAsked is the work, in products of a weight with a point, that an archive
// may ask for without a word: no chapter takes as much with the book's settings.
const mostAsked = 1e16

// compute runs a protocol in this process, and says on what and under which
// keys.
func compute(ctx context.Context, o engine.Options, p protocols.Protocol) (*notebook.Record, error) {
	e, err := engine.New(o)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	progress := newProgress(os.Stderr)
	defer progress.end()
	result, err := e.Run(ctx, p, progress.show)
	if err != nil {
		return nil, err
	}
	_, readings, err := e.Keys(p)
	if err != nil {
		return nil, err
	}
	stamp, err := e.Stamp(p)
	return &notebook.Record{Result: result, Stamp: stamp, Readings: readings}, err
}

// idleVariable sets how long an engine that a notebook starts waits for work.
const idleVariable = "FRAGILITY_IDLE"

func engineCommand() *cobra.Command {
	idle := 30 * time.Minute
	serve := &cobra.Command{
		Use:   "serve",
		Short: "Be the engine of this checkout's notebooks (they start it themselves)",
		RunE: func(c *cobra.Command, _ []string) error {
			if text := os.Getenv(idleVariable); text != "" && !c.Flags().Changed("idle") {
				var err error
				if idle, err = time.ParseDuration(text); err != nil {
					return usage("%s takes a time above 0 such as 30m, not %q", idleVariable, text)
				}
			}
			if idle <= 0 {
				return usage("--idle and %s take a time above 0 such as 30m, not %s", idleVariable, idle)
			}
			place, err := client.Find("")
			if err != nil {
				return err
			}
			e, err := engine.New(engine.Options{Store: place.Store, Record: record.Find(), Show: show})
			if err != nil {
				return err
			}
			defer e.Close()
			log.SetFlags(log.LstdFlags)
			return e.Serve(c.Context(), place.Socket, idle)
		},
	}
	serve.Flags().DurationVar(&idle, "idle", idle, "stop after so long without work; "+idleVariable+" sets it too")
	status := &cobra.Command{
		Use:   "status",
		Short: "Say whether an engine runs, and what it does",
		RunE: func(c *cobra.Command, _ []string) error {
			running, err := connect(c)
			if running == nil {
				return err
			}
			s, err := running.Status(c.Context())
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintf(w, "process\t%d, up %s, stops after %s without work\n", s.PID, s.Uptime.Round(time.Second), s.Idle)
			fmt.Fprintf(w, "cores\t%d, %d at hand\n", s.Workers, s.Sessions)
			fmt.Fprintf(w, "store\t%s\nsocket\t%s\n", s.Store, s.Socket)
			for _, a := range s.Active {
				fmt.Fprintf(w, "run %d\tchapter %d, %.0f %% done, %s\n", a.Run, a.Chapter, 100*a.Progress.Share, a.Progress.Reused())
			}
			return w.Flush()
		},
	}
	stop := &cobra.Command{
		Use:   "stop",
		Short: "Stop the engine; what it has finished is kept",
		RunE: func(c *cobra.Command, _ []string) error {
			running, err := connect(c)
			if running == nil {
				return err
			}
			return running.Stop(c.Context(), 0)
		},
	}
	c := &cobra.Command{Use: "engine", Short: "The process that computes for notebooks"}
	c.AddCommand(serve, status, stop)
	return c
}

// connect returns the client of a running engine, or nil where none runs, which
// it says.
func connect(c *cobra.Command) (*client.Client, error) {
	running, err := client.Connect(c.Context())
	if errors.Is(err, client.ErrNotRunning) {
		text := "no engine runs"
		if place, err := client.Find(""); err == nil {
			text += "; its socket would be " + place.Socket
		}
		fmt.Fprintln(stdout, text)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return running, nil
}

// show finds what a notebook asks for.
func show(p protocols.Protocol, ask client.ShowRequest) (func(*protocols.Result) (*client.Bundle, error), error) {
	find, err := figures.Find(p, ask.What, ask.Name)
	if err != nil {
		return nil, err
	}
	if ask.Kind != "" {
		if err := figures.CheckKind(ask.What, ask.Kind); err != nil {
			return nil, err
		}
	}
	return func(r *protocols.Result) (*client.Bundle, error) {
		drawn, err := find(r)
		if err != nil {
			return nil, err
		}
		if ask.Kind != "" {
			file, err := figures.Encode(drawn, ask.Kind)
			return client.FileBundle(file), err
		}
		name := fmt.Sprintf("ch%02d %s", p.Chapter(), strings.ReplaceAll(ask.Name, " | ", " against "))
		data, err := figures.Bundle(drawn, name)
		if err != nil {
			return nil, err
		}
		bundle := &client.Bundle{Data: data, Metadata: figures.Metadata(drawn)}
		note, err := figures.Note(drawn, name)
		if note != nil {
			bundle.Note = &client.Bundle{Data: note}
		}
		return bundle, err
	}, nil
}

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
		dir, err := store.Default()
		if err != nil {
			return err
		}
		s, err := openStore(dir)
		if err != nil {
			return err
		}
		return act(c, s)
	}}
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
