package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/kernel/gate"
	"github.com/network-fragility/fragility/kernel/setup"
	"github.com/network-fragility/fragility/models"
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
		return setup.Setup(c.Context(), setup.Options{Root: root, Out: stdout})
	})
}

func doctorCommand() *cobra.Command {
	return inCheckout("doctor", "Check everything that notebooks need, and say how to mend what is wrong", func(c *cobra.Command, root string) error {
		err := setup.Doctor(c.Context(), root, stdout)
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
				all := chart.PageCharacters()
				css, err := chart.FontFaces(all, all)
				fmt.Fprint(stdout, css)
				return err
			},
		},
		inCheckout("install", "Put the kernel into the checkout's Python environment", func(_ *cobra.Command, root string) error {
			return setup.Install(root, setup.Prefix(root))
		}),
		inCheckout("uninstall", "Take it out again", func(_ *cobra.Command, root string) error {
			return setup.Uninstall(setup.Prefix(root))
		}),
	)
	return c
}
