package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// request is what run, compare and explain take: a chapter, its parameters and
// where the result goes.
type request struct {
	seeds   string
	set     []string
	format  string
	out     string
	verify  bool
	stored  bool
	anew    bool
	workers int
}

// chapterCommand makes a command on a chapter with the flags of a request.
func chapterCommand(name, short string, act func(ctx context.Context, p protocols.Protocol, r *request) error) *cobra.Command {
	r := &request{}
	c := &cobra.Command{
		Use:   name + " CHAPTER",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := r.protocol(args[0])
			if err != nil {
				return err
			}
			return interrupted(c.Context(), act(c.Context(), p, r))
		},
	}
	r.flags(c)
	return c
}

func (r *request) flags(c *cobra.Command) {
	c.Flags().StringVar(&r.seeds, "seeds", "", `subjects: "2" is subject 2, "0-9,42" a list`)
	c.Flags().StringArrayVar(&r.set, "set", nil, "a parameter, as Name=value; `fragility params CHAPTER` lists them (repeatable)")
	c.Flags().StringVar(&r.format, "format", "table", "table, csv or json")
	c.Flags().StringVar(&r.out, "out", "", "file that gets the result, whole or not at all")
	c.Flags().BoolVar(&r.verify, "verify", false, "compute everything anew and fail where that differs from the store")
	c.Flags().BoolVar(&r.stored, "stored", false, "compute nothing: fail, and name the subjects, where something is missing")
	c.Flags().BoolVar(&r.anew, "anew", false, "compute here what the record has from elsewhere")
	c.Flags().IntVar(&r.workers, "workers", 0, "cores to compute on; without it all that the process may use, or what Slurm gave the task")
}

// options are those of the engine that the request asks for.
func (r *request) options() (engine.Options, error) {
	if r.stored && r.verify {
		return engine.Options{}, usage("--stored computes nothing and --verify everything; choose one")
	}
	if most := models.Cores(); r.workers < 0 || r.workers > most {
		return engine.Options{}, usage("--workers takes a number from 1 to %d, which this process may use, or 0 for all, not %d", most, r.workers)
	}
	return engine.Options{Verify: r.verify, Stored: r.stored, Workers: r.workers, Record: record.Find()}, nil
}

// protocol reads the request: everything that can be wrong with it is said
// before any work.
func (r *request) protocol(chapter string) (protocols.Protocol, error) {
	n, err := protocols.ParseChapter(chapter)
	if err != nil {
		return nil, err
	}
	values, err := r.values()
	if err != nil {
		return nil, err
	}
	return protocols.Configure(n, values)
}

// chapters reads the request for one chapter, or for "all". Of those each takes the
// parameters that it has; one that none has is an error.
func (r *request) chapters(name string) ([]protocols.Protocol, error) {
	if name != "all" {
		p, err := r.protocol(name)
		return []protocols.Protocol{p}, err
	}
	values, err := r.values()
	if err != nil {
		return nil, err
	}
	var list []protocols.Protocol
	taken := map[string]bool{}
	for _, n := range protocols.Chapters() {
		p, err := protocols.Configure(n, nil)
		if err != nil {
			return nil, err
		}
		own := map[string]string{}
		for _, q := range protocols.Parameters(p) {
			if v, ok := values[q.Name]; ok {
				own[q.Name] = v
				taken[q.Name] = true
			}
		}
		if p, err = protocols.Configure(n, own); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !taken[name] {
			return nil, usage("%s is not a parameter of any chapter; `fragility params CHAPTER` lists those of one", name)
		}
	}
	return list, nil
}

// values are the parameters that the request sets.
func (r *request) values() (map[string]string, error) {
	if !slices.Contains([]string{"table", "csv", "json"}, r.format) {
		return nil, usage("--format takes table, csv or json, not %q", r.format)
	}
	values := map[string]string{}
	for _, text := range r.set {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, usage("--set takes Name=value, not %q", text)
		}
		if _, twice := values[name]; twice {
			return nil, usage("%s is set twice", name)
		}
		values[name] = value
	}
	if r.seeds != "" {
		if _, twice := values["Seeds"]; twice {
			return nil, usage("Seeds is set twice, by --seeds and by --set")
		}
		values["Seeds"] = r.seeds
	}
	if r.anew {
		values["Anew"] = "true"
	}
	return values, nil
}

// run runs protocols one after the other in this process and shows their
// progress on standard error.
func (r *request) run(ctx context.Context, list ...protocols.Protocol) ([]*protocols.Result, error) {
	o, err := r.options()
	if err != nil {
		return nil, err
	}
	e, err := engine.New(o)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	progress := newProgress(os.Stderr)
	defer progress.end()
	var results []*protocols.Result
	for _, p := range list {
		result, err := e.Run(ctx, p, progress.show)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

func runCommand() *cobra.Command {
	return chapterCommand("run", "Run a chapter's protocol and print its tables, or the long table", func(ctx context.Context, p protocols.Protocol, r *request) error {
		return r.onProtocols(ctx, []protocols.Protocol{p}, writeRun)
	})
}

// writeRun writes the long table, or the chapter's tables.
func writeRun(w io.Writer, list []protocols.Protocol, results []*protocols.Result, format string) error {
	p, result := list[0], results[0]
	switch format {
	case "csv":
		return protocols.WriteCSV(w, result.Rows)
	case "json":
		return protocols.WriteJSON(w, result.Rows)
	}
	for _, t := range figures.Tables(p) {
		if t.Name == "parameters" { // `params` lists them
			continue
		}
		if err := printTable(w, p, result, t.Name); err != nil {
			return err
		}
	}
	return nil
}

func compareCommand() *cobra.Command {
	return chaptersCommand("compare", "Hold a chapter's results, or those of all, against every figure that the book prints", writeComparison)
}

// kept is an error where results are right and the store could not take them.
func kept(results ...*protocols.Result) error {
	for _, r := range results {
		if r.Cost.Unkept {
			return errors.New("the results are right, and could not be kept (see the warning): the next run computes them again")
		}
	}
	return nil
}

// writeComparison writes the comparisons of chapters: as csv and json in one
// table, with the author's stored outputs after what the book prints, else in one
// for each, and a count of all verdicts where there are several.
func writeComparison(w io.Writer, list []protocols.Protocol, results []*protocols.Result, format string) error {
	var all, stored []protocols.Comparison
	for _, result := range results {
		all = append(all, protocols.Compare(result)...)
		stored = append(stored, protocols.CompareOutputs(result)...)
	}
	switch format {
	case "csv":
		return protocols.WriteComparisonCSV(w, append(all, stored...))
	case "json":
		return protocols.WriteComparisonJSON(w, append(all, stored...))
	}
	if err := writeTables(w, list, results, "comparison"); err != nil {
		return err
	}
	if len(list) > 1 {
		fmt.Fprintln(w, "The author's stored outputs: "+protocols.Tally(stored))
		fmt.Fprintln(w, protocols.Tally(all))
	}
	return nil
}

func explainCommand() *cobra.Command {
	return chapterCommand("explain", "Say which stages a run would compute, and what made each of them new", func(ctx context.Context, p protocols.Protocol, r *request) error {
		out, err := openOutput(r.out)
		if err != nil {
			return err
		}
		e, err := engine.New(engine.Options{})
		if err != nil {
			return err
		}
		defer e.Close()
		list, err := e.Explain(p)
		if err != nil {
			return err
		}
		return out.commit(func(w io.Writer) error { return writeExplanations(w, list, r.format) })
	})
}

// writeExplanations writes what a run would compute, and why; as a table it
// leaves out what is stored and the readings of a new stage, as csv and json it
// has everything.
func writeExplanations(w io.Writer, list []engine.Explanation, format string) error {
	switch format {
	case "json":
		out := json.NewEncoder(w)
		out.SetIndent("", " ")
		return out.Encode(list)
	case "csv":
		out := csv.NewWriter(w)
		out.Write([]string{"path", "arm", "probe", "what", "stored", "why", "subjects"})
		for _, x := range list {
			out.Write([]string{strings.Join(x.Path, " > "), x.Arm, x.Probe, x.What, fmt.Sprint(x.Stored), x.Why, protocols.Seeds(x.Seeds).String()})
		}
		out.Flush()
		return out.Error()
	}
	fresh := 0
	for _, x := range list {
		if x.Stored {
			continue
		}
		fresh++
		if x.Probe == "" || !x.Follow {
			fmt.Fprintln(w, x)
		}
	}
	if fresh == 0 {
		fmt.Fprintln(w, "everything is stored: a run would compute nothing")
	}
	return nil
}

// ofTheBook is a chapter with the book's parameters.
func ofTheBook(chapter string) (protocols.Protocol, error) {
	n, err := protocols.ParseChapter(chapter)
	if err != nil {
		return nil, err
	}
	return protocols.Configure(n, nil)
}

func paramsCommand() *cobra.Command {
	format := ""
	c := &cobra.Command{
		Use:   "params CHAPTER",
		Short: "List a chapter's parameters with default, range, unit and meaning",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := ofTheBook(args[0])
			if err != nil {
				return err
			}
			list := protocols.Parameters(p)
			switch format {
			case "json":
				out := json.NewEncoder(stdout)
				out.SetIndent("", " ")
				return out.Encode(list)
			case "table":
				w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "NAME\tDEFAULT\tTAKES\tUNIT\tMEANING")
				for _, q := range list {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", q.Name, q.Default, strings.TrimSpace(q.Type+" "+q.Range), q.Unit, q.Meaning)
				}
				return w.Flush()
			}
			return usage("--format takes table or json, not %q", format)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table or json")
	return c
}

// printTable writes one of a chapter's tables as text.
func printTable(w io.Writer, p protocols.Protocol, r *protocols.Result, name string) error {
	t, err := figures.Table(p, r, name)
	if err != nil {
		return err
	}
	text, err := t.Text()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, text)
	return err
}
