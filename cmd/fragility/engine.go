package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/kernel/record"
)

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
			e, err := engine.New(engine.Options{Store: place.Store, Record: record.Find(), Show: notebook.Show})
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
