package engine

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
)

// What a test says to an engine that runs as a process of its own.
const (
	holdVariable = "ENGINE_TEST_HOLD" // no training ends before this file exists
	logVariable  = "ENGINE_TEST_LOG"  // gets a line for each stage, epoch and reading
)

// TestMain makes the test binary its own engine: as `... engine serve` it does
// what the fragility command does, with the fake lab.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "engine" && os.Args[2] == "serve" {
		if err := serveFake(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	// In memory, where there is such a folder: a sync waits for whatever else
	// the disk is busy with.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	os.Exit(m.Run())
}

func serveFake() error {
	place, err := client.Find("")
	if err != nil {
		return err
	}
	l := newFakeLab()
	l.before = hold
	if path := os.Getenv(logVariable); path != "" {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		l.log = f
	}
	e, err := newEngine(Options{Store: place.Store, Workers: 2}, l)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	// The idle time is a backstop for a test that fails.
	return e.Serve(ctx, place.Socket, time.Minute)
}

// hold keeps a training until the file that the environment names exists.
func hold(ctx context.Context, kind string, seed, epoch int) error {
	file := os.Getenv(holdVariable)
	for file != "" && kind == "train/1" && epoch > 0 && ctx.Err() == nil {
		if _, err := os.Stat(file); err == nil {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	return ctx.Err()
}
