// Command fragility runs the protocols of the book "Network Fragility" (Cheung,
// 2026), compares them with the published figures, executes the notebooks, and
// serves them as their engine. `fragility help` lists what it does.
//
// It ends with status 0 when all went well, 2 when the input was wrong (one
// sentence says which parameter and what it takes), 130 when it was
// interrupted, and 1 on any other fault.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the second one ends the process at once, as it does
	// where nobody listens. What the store has is whole at any moment.
	context.AfterFunc(ctx, stop)
	log.SetFlags(0) // a warning is a line of text; a server's log has times
	os.Exit(execute(ctx, os.Args[1:]))
}

// rootCommand has all commands below it.
func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "fragility",
		Short:         "Protocols, notebooks and figures of the book \"Network Fragility\"",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(
		runCommand(), paramsCommand(), compareCommand(), robustCommand(), claimsCommand(), planCommand(), explainCommand(),
		notebookCommand(), kernelCommand(), engineCommand(), storeCommand(), weightsCommand(), recordCommand(),
		doctorCommand(), setupCommand(), gpuKitCommand(),
	)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v", err) })
	strict(root)
	return root
}

// execute runs one command line and returns the exit status.
func execute(ctx context.Context, args []string) int {
	root := rootCommand()
	root.SetArgs(args)
	stdout.err = nil
	root.SetOut(stdout)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = stdout.err
	}
	if err == nil {
		return 0
	}
	// One sentence, whatever went wrong.
	fmt.Fprintln(os.Stderr, "fragility: "+harmless(strings.TrimSpace(err.Error())))
	switch {
	case ctx.Err() != nil:
		return 130
	case protocols.IsBadInput(err), client.KindOf(err) == client.Input:
		return 2
	}
	return 1
}

// usage is an error in how a command was called.
func usage(format string, args ...any) error {
	return protocols.BadInput{Sentence: fmt.Sprintf(format, args...)}
}

// strict makes wrong arguments and unknown subcommands errors of usage, for a
// command and all below it.
func strict(c *cobra.Command) {
	check := c.Args
	c.Args = func(c *cobra.Command, args []string) error {
		if c.HasSubCommands() && len(args) > 0 {
			return usage("%s takes %s, not %q", c.CommandPath(), names(c), args[0])
		}
		if check == nil {
			check = cobra.NoArgs
		}
		if err := check(c, args); err != nil {
			return usage("the command is `%s`; `%s --help` explains it", c.UseLine(), c.CommandPath())
		}
		return nil
	}
	if c.HasSubCommands() && c.RunE == nil {
		c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	}
	for _, sub := range c.Commands() {
		strict(sub)
	}
}

// names lists the subcommands of c.
func names(c *cobra.Command) string {
	var list []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			list = append(list, sub.Name())
		}
	}
	return strings.Join(list, ", ")
}

// interrupted makes a stop by the user read as one.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted; what was finished is kept, and the same command goes on from there")
	}
	return err
}
