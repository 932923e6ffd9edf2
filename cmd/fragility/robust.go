package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/figures"
)

func robustCommand() *cobra.Command {
	r := &request{}
	c := &cobra.Command{
		Use:   "robust CHAPTER CLAIM",
		Short: "Ask whether a claim holds under other reasonable choices: its specification curve",
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			r.set = append(r.set, "Robust="+args[1])
			p, err := r.protocol(args[0])
			if err != nil {
				return err
			}
			if r.format == "json" {
				return usage("--format takes table or csv here, not json")
			}
			out, err := openOutput(r.out)
			if err != nil {
				return err
			}
			results, err := r.run(c.Context(), p)
			if err != nil {
				return interrupted(c.Context(), err)
			}
			err = out.commit(func(w io.Writer) error {
				if r.format == "table" {
					return printTable(w, p, results[0], "robust")
				}
				table, err := figures.Table(p, results[0], "robust")
				if err != nil {
					return err
				}
				file, err := figures.Encode(table, r.format)
				if err == nil {
					_, err = w.Write(file)
				}
				return err
			})
			if err != nil {
				return err
			}
			return kept(results...)
		},
	}
	r.flags(c)
	return c
}
