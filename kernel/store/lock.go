package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// ErrBusy is what TryLock returns while another holds the lock.
var ErrBusy = errors.New("somebody else computes this")

// How often a waiting Lock looks again: soon at first, for what takes
// milliseconds to compute, then seldom.
const (
	firstPoll = 2 * time.Millisecond
	lastPoll  = 100 * time.Millisecond
)

// TryLock takes the right to compute a key, against all goroutines and
// processes, or returns ErrBusy. Two keys may share a lock, so a goroutine
// must not hold one while it waits for another.
func (s *Store) TryLock(key protocols.Key) (release func(), err error) {
	return tryFlock(filepath.Join(s.dir, "locks", string(key[:3])), exclusive)
}

// Lock is TryLock that waits for its turn, or for the context to end.
func (s *Store) Lock(ctx context.Context, key protocols.Key) (release func(), err error) {
	return waitFor(ctx, func() (func(), error) { return s.TryLock(key) })
}

// lockAgainstGC keeps GC (which locks exclusively) and Put (shared) apart. Both
// come through a gate, where Put stays for a moment and GC until it is done:
// with the gate shut no new Put begins, so GC need not wait for the day when
// nobody writes.
func (s *Store) lockAgainstGC(ctx context.Context, how int) (release func(), err error) {
	lock := func(name string) (func(), error) {
		return waitFor(ctx, func() (func(), error) { return tryFlock(filepath.Join(s.dir, "locks", name), how) })
	}
	open, err := lock("gate")
	if err != nil {
		return nil, err
	}
	leave, err := lock("gc")
	if err != nil || how == shared {
		open()
		return leave, err
	}
	return func() { leave(); open() }, nil
}

func waitFor(ctx context.Context, try func() (func(), error)) (func(), error) {
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		release, err := try()
		if err != ErrBusy {
			return release, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

const (
	shared    = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
)

// tryFlock locks a file, which is made where it is missing. Each call opens
// the file anew, and the lock belongs to that opening, so goroutines of one
// process exclude each other as processes do.
func tryFlock(path string, how int) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return nil, err
		}
		f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	}
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		f.Close()
		if err == syscall.EWOULDBLOCK {
			return nil, ErrBusy
		}
		return nil, &os.PathError{Op: "flock", Path: path, Err: err}
	}
	return func() { f.Close() }, nil
}
