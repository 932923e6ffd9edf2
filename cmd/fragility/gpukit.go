package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/gpukit"
)

// gpuKitCommand is what `make gpu-kit` and the kit's script call.
func gpuKitCommand() *cobra.Command {
	c := &cobra.Command{Use: "gpu-kit", Short: "A folder that tries a GPU on another machine", Hidden: true}
	var z gpukit.Size
	pack := &cobra.Command{
		Use:   "pack FOLDER",
		Short: "Compute the CPU's side and make the kit, in a new folder",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return gpukit.Pack(c.Context(), args[0], z, os.Stderr)
		},
	}
	pack.Flags().StringVar(&z.Profile, "profile", "paper", "how large chapters are")
	pack.Flags().StringVar(&z.Seeds, "seeds", "0-9", "subjects")
	c.AddCommand(pack, &cobra.Command{
		Use:   "check FILE",
		Short: "Compute a reference of the kit with the plugin that is found, and print how far off it is",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return gpukit.Check(c.Context(), stdout, args[0])
		},
	})
	return c
}
