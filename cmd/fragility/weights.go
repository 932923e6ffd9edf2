package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/protocols"
)

func weightsCommand() *cobra.Command {
	r := &request{}
	var arm, out string
	seed := 0
	c := &cobra.Command{
		Use:   "weights CHAPTER",
		Short: "Write a subject of an arm as a safetensors file, with PyTorch's names (docs/weights.md)",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r.format, r.seeds = "table", fmt.Sprint(seed)
			p, err := r.protocol(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				return usage("--out takes the name of the file to write, as x.safetensors")
			}
			return interrupted(c.Context(), writeWeights(c.Context(), p, arm, out))
		},
	}
	c.Flags().StringVar(&arm, "arm", "", "the arm as the long table names it, as ketamine")
	c.Flags().IntVar(&seed, "seed", 0, "the subject")
	c.Flags().StringVar(&out, "out", "", "the file to write")
	c.Flags().StringArrayVar(&r.set, "set", nil, "a parameter, as Name=value (repeatable)")
	return c
}

// writeWeights writes the subject that an arm's first reading measures, and
// computes the run that leads to it where the store lacks it.
func writeWeights(ctx context.Context, p protocols.Protocol, arm, out string) error {
	e, err := engine.New(engine.Options{})
	if err != nil {
		return err
	}
	defer e.Close()
	_, readings, err := e.Keys(p)
	if err != nil {
		return err
	}
	var arms []string
	var key protocols.Key
	for _, k := range readings {
		if !slices.Contains(arms, k.Arm) {
			arms = append(arms, k.Arm)
		}
		if k.Arm == arm && key == "" {
			key = k.Subject
		}
	}
	if key == "" {
		return usage("--arm takes %s, not %q", strings.Join(arms, ", "), arm)
	}
	s, err := usualStore()
	if err != nil {
		return err
	}
	entry, ok := s.Get(key)
	if !ok {
		progress := newProgress(os.Stderr)
		_, err := e.Run(ctx, p, progress.show)
		progress.end()
		if err != nil {
			return err
		}
		if entry, ok = s.Get(key); !ok {
			return fmt.Errorf("the store has no subject %.12s", key)
		}
	}
	blob, ok := s.Blob(entry, "subject")
	if !ok {
		return fmt.Errorf("the store has no weights of subject %.12s", key)
	}
	defer blob.Close()
	file, err := openOutput(out)
	if err != nil {
		return err
	}
	return file.commit(func(w io.Writer) error {
		_, err := io.Copy(w, blob)
		return err
	})
}
