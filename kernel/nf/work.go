package nf

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// engine is the connection of this program, made when it is first needed.
var (
	engine     *client.Client
	connecting sync.Mutex // guards engine
)

// connect finds the engine, and starts it where none runs.
func connect(ctx context.Context) (*client.Client, error) {
	connecting.Lock()
	defer connecting.Unlock()
	if engine != nil {
		return engine, nil
	}
	restoreTemp()
	c, err := client.Ensure(ctx)
	if err == nil {
		engine = c
	}
	return c, err
}

// work does something whose progress p shows, and ends the program where that
// fails. An interrupt closes the connection, which makes the engine stop;
// between calls it does to a cell what it always does.
func work(p *progress, do func(context.Context) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := do(ctx)
	if err == nil {
		p.end()
		return
	}
	p.stop()
	fail(ctx, err)
}

// fail ends the program with what went wrong.
func fail(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil, client.KindOf(err) == client.Cancelled:
		end(130, "interrupted; finished stages are kept")
	case protocols.IsBadInput(err):
		end(2, err.Error())
	}
	end(1, sentenceOf(err))
}

// sentenceOf says what went wrong, and what to do.
func sentenceOf(err error) string {
	if errors.Is(err, client.ErrNotRunning) {
		return "the engine is gone; run the cell again, and it goes on from the last finished stage"
	}
	return err.Error()
}

// end says in one sentence why the program ends.
func end(status int, sentence string) {
	flush() // what was shown before comes first
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
