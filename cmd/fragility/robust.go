package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/protocols"
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
			return interrupted(c.Context(), r.onProtocols(c.Context(), []protocols.Protocol{p}, writeCurve))
		},
	}
	r.flags(c)
	return c
}

// writeCurve writes the table of a specification curve.
func writeCurve(w io.Writer, list []protocols.Protocol, results []*protocols.Result, format string) error {
	if format == "table" {
		return printTable(w, list[0], results[0], "robust")
	}
	curve, err := figures.Table(list[0], results[0], "robust")
	if err != nil {
		return err
	}
	file, err := figures.Encode(curve, format)
	if err != nil {
		return err
	}
	_, err = w.Write(file)
	return err
}
