package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
)

// startLimit is how long an engine may take to answer; it opens nothing before
// there is work, so it takes a few hundred milliseconds even on a busy machine.
const startLimit = 30 * time.Second

// replaceGrace is how long the runs of a replaced engine may go on.
const replaceGrace = 10 * time.Second

// answerLimit is how long an engine may take to say what it is. It does so in
// a millisecond, whatever it computes.
const answerLimit = 10 * time.Second

// logLimit is the size in bytes above which an engine's log is begun anew.
const logLimit = 1 << 20

// ready sees to it that an engine of the build on disk answers.
func (c *Client) ready(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	status, err := c.Status(limit)
	var same bool
	if err == nil {
		same, err = c.same(limit, status.Build)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limit.Err() != nil:
		return fmt.Errorf("the engine does not answer: end its process and try again (its log is %s)", c.place.Log)
	case err == nil && same:
		return nil
	case err == nil:
		// Another client may have stopped it first; that is as good.
		if err := c.Stop(limit, replaceGrace); err != nil && !isGone(err) {
			return err
		}
	case !isGone(err):
		return err
	}
	return c.start(ctx)
}

// isGone tells an engine that is not there, or ended while it was asked.
func isGone(err error) bool {
	_, died := errors.AsType[*diedError](err)
	return died || errors.Is(err, ErrNotRunning)
}

// same reports whether the running build is the one on disk.
func (c *Client) same(ctx context.Context, running Build) (bool, error) {
	disk, err := c.place.build()
	if err != nil {
		return false, err
	}
	if running.Size != disk.Size {
		return false, nil
	}
	if running.Modified.Equal(disk.Modified) {
		return true, nil
	}
	// Built again, maybe to the same bytes.
	var full Status
	if err := c.call(ctx, http.MethodGet, "/v1/status?sha256=1", nil, &full); err != nil {
		return false, err
	}
	sum, err := file.Digest(c.place.Binary)
	return sum == full.Build.SHA256, err
}

// start starts an engine and waits until it answers. It belongs to no session
// and no terminal, so it outlives this program, and the kernel that runs it.
// Where two clients start one each, the engines agree on who stays.
func (c *Client) start(ctx context.Context) error {
	folder, err := PrivateFolder(filepath.Dir(c.place.Log))
	if err != nil {
		return err
	}
	folder.Close()
	flags := os.O_CREATE | os.O_APPEND | os.O_WRONLY
	if info, err := os.Stat(c.place.Log); err == nil && info.Size() > logLimit {
		flags |= os.O_TRUNC
	}
	log, err := os.OpenFile(c.place.Log, flags, 0o600)
	if err != nil {
		return fmt.Errorf("the engine's log cannot be written: %w", err)
	}
	defer log.Close()
	ended, err := c.launch(log)
	if err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		if _, err := c.Status(limit); err == nil {
			return nil
		}
		select {
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("the engine does not start (see %s): %s", c.place.Log, lastLine(c.place.Log))
			}
			ended = nil
		case <-limit.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("the engine did not answer within %v (see %s)", startLimit, c.place.Log)
		case <-time.After(pause):
			// It gave way to another: to one that a client started at the same
			// time and that answers by now, or to one that was killed and still
			// held the place. For the sake of the latter, once more.
			if ended == nil {
				if ended, err = c.launch(log); err != nil {
					return err
				}
			}
		}
	}
}

// launch starts an engine; its end comes over the channel.
func (c *Client) launch(log *os.File) (ended <-chan error, err error) {
	cmd := exec.Command(c.place.Binary, "engine", "serve")
	cmd.Env = append(os.Environ(), BinaryVariable+"="+c.place.Binary, StoreVariable+"="+c.place.Store)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("the engine does not start: %w", err)
	}
	end := make(chan error, 1)
	go func() { end <- cmd.Wait() }() // also so that it leaves no zombie
	return end, nil
}

// lastLine is the last line of a log.
func lastLine(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	text := strings.TrimSpace(string(b))
	return text[strings.LastIndex(text, "\n")+1:]
}
