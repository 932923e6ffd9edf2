package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/protocols"
)

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
		siteCommand(),
		inCheckoutOf("text CHAPTER|FILE.ipynb", "Write a notebook's prose and code as Markdown into the folder text beside it, for reviews", notebook.WriteText),
		verifyCommand(), compareArchivesCommand(),
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
			var err error
			if o.Live, err = live.maker(args[0]); err != nil {
				return err
			}
			root, err := checkout()
			if err != nil {
				return err
			}
			o.Root, o.Notebook = root, args[0]
			files, err := act(c.Context(), o)
			for _, f := range files {
				fmt.Fprintln(stdout, f)
			}
			live.sayStill()
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
	c.Flags().StringVar(&o.By, "by", "", `who runs it, for the description in the zip file; with an ORCID, and an organisation, which then counts as its publisher, as "A. Reader, 0000-0002-1825-0097 (An Institute, https://institute.example)"`)
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

func compareArchivesCommand() *cobra.Command {
	format, file := "", ""
	c := &cobra.Command{
		Use:   "compare A.zip B.zip",
		Short: "Hold two exported zip files of a chapter beside each other, and compute nothing: settings, program and platform, every number; status 1 where settings or numbers differ",
		Args:  cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if format != "table" && format != "csv" {
				return usage("--format takes table or csv, not %q", format)
			}
			out, err := openOutput(file)
			if err != nil {
				return err
			}
			pair, err := notebook.CompareArchives(args[0], args[1])
			if err != nil {
				return err
			}
			write := pair.Write
			if format == "csv" {
				write = pair.WriteCSV
			}
			if err := out.commit(func(w io.Writer) error {
				var text strings.Builder
				if err := write(&text); err != nil {
					return err
				}
				_, err := io.WriteString(w, harmless(text.String()))
				return err
			}); err != nil {
				return err
			}
			if !pair.Equal() {
				return errors.New("the two archives differ")
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table or csv")
	c.Flags().StringVar(&file, "out", "", "file that gets the result, whole or not at all")
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
