package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/protocols"
)

func claimsCommand() *cobra.Command {
	return chaptersCommand("claims", "Judge what a chapter claims, or all of them, by its results", writeClaims)
}

// writeClaims writes the claims of chapters: as csv and json in one table, else
// in one for each, and a count of all verdicts where there are several.
func writeClaims(w io.Writer, list []protocols.Protocol, results []*protocols.Result, format string) error {
	var all []protocols.Judged
	for i, p := range list {
		all = append(all, protocols.Judge(p, results[i])...)
	}
	switch format {
	case "csv":
		return protocols.WriteClaimsCSV(w, all)
	case "json":
		return protocols.WriteClaimsJSON(w, all)
	}
	if err := writeTables(w, list, results, "claims"); err != nil {
		return err
	}
	if len(list) > 1 {
		fmt.Fprintln(w, protocols.TallyClaims(all))
	}
	return nil
}

func planCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "plan",
		Short: "Print the analysis plan: claims, margins, tests, subjects, and its digest",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(stdout, protocols.Plan())
			return err
		},
	}
}

// A writer writes what comes of runs, in a format.
type writer func(w io.Writer, list []protocols.Protocol, results []*protocols.Result, format string) error

// chaptersCommand makes a command that runs a chapter, or all of them, and writes what
// comes of it.
func chaptersCommand(name, short string, write writer) *cobra.Command {
	r := &request{}
	c := &cobra.Command{
		Use:   name + " CHAPTER|all",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			list, err := r.chapters(args[0])
			if err != nil {
				return err
			}
			return interrupted(c.Context(), r.onProtocols(c.Context(), list, write))
		},
	}
	r.flags(c)
	return c
}

// onProtocols runs protocols and writes what comes of them.
func (r *request) onProtocols(ctx context.Context, list []protocols.Protocol, write writer) error {
	out, err := openOutput(r.out)
	if err != nil {
		return err
	}
	results, err := r.run(ctx, list...)
	if err != nil {
		return err
	}
	err = out.commit(func(w io.Writer) error { return write(w, list, results, r.format) })
	if err != nil {
		return err
	}
	return kept(results...)
}

// writeTables writes a table of each chapter, with the chapter's name where there
// are several.
func writeTables(w io.Writer, list []protocols.Protocol, results []*protocols.Result, name string) error {
	for i, p := range list {
		if len(list) > 1 {
			fmt.Fprintf(w, "Chapter %d: %s\n\n", p.Chapter(), p.Title())
		}
		if err := printTable(w, p, results[i], name); err != nil {
			return err
		}
	}
	return nil
}
