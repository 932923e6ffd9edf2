package nf

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// engine is the connection of this program, made when it is first needed.
var engine *client.Client

// work asks the engine for something whose progress p shows, and ends the
// program where that fails. An interrupt closes the connection, which makes the
// engine stop; between calls it does to a cell what it always does.
func work(p *progress, ask func(context.Context, *client.Client) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := func() (err error) {
		if engine == nil {
			restoreTemp()
			if engine, err = client.Ensure(ctx); err != nil {
				engine = nil
				return err
			}
		}
		return ask(ctx, engine)
	}()
	if err == nil {
		p.end()
		return
	}
	p.stop()
	switch {
	case ctx.Err() != nil, client.KindOf(err) == client.Cancelled:
		end(130, "interrupted; finished stages are kept")
	case protocols.IsBadInput(err):
		end(2, err.Error())
	case errors.Is(err, client.ErrNotRunning):
		end(1, "the engine is gone; run the cell again, and it goes on from the last finished stage")
	}
	end(1, err.Error())
}

// end says in one sentence why the program ends.
func end(status int, sentence string) {
	sync() // what was shown before comes first
	fmt.Fprintln(os.Stderr, strings.TrimSpace(sentence))
	os.Exit(status)
}

// restoreTemp undoes what the runner of notebooks does for GoNB's sake: the
// temporary folder that it gives the kernel is gone after the run, and the
// engine that a cell may start lives on.
func restoreTemp() {
	if dir := os.Getenv("FRAGILITY_TMPDIR"); dir != "" {
		os.Setenv("TMPDIR", dir)
	}
}
