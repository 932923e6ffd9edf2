package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// ErrBusy is what TryLock returns while another holds the lock.
var ErrBusy = errors.New("somebody else computes this")

// errNoLocks is what a file system without flock gives.
var errNoLocks = errors.New("its file system has no locks")

// How often a waiting Lock looks again: soon at first, for what takes
// milliseconds to compute, then seldom.
const (
	firstPoll = 2 * time.Millisecond
	lastPoll  = 100 * time.Millisecond
)

// How long one waits for another process without a word, for one that is
// stopped, and for one that reads or writes the store.
var (
	quietWait   = time.Second
	stoppedWait = 5 * time.Second
	longestWait = 10 * time.Minute
)

// TryLock takes the right to compute a key, against all goroutines and
// processes, or returns ErrBusy. Two keys may share a lock, so a goroutine
// must not hold one while it waits for another.
func (s *Store) TryLock(key protocols.Key) (release func(), err error) {
	return tryFlock(s.keyLock(key), exclusive)
}

// Lock is TryLock that waits for its turn, for the context to end, or for some
// seconds where who has it is stopped: then it is an error.
func (s *Store) Lock(ctx context.Context, key protocols.Key) (release func(), err error) {
	return s.wait(ctx, s.keyLock(key), exclusive, "computes the same", 0)
}

func (s *Store) keyLock(key protocols.Key) string {
	return filepath.Join(s.dir, "locks", string(key[:3]))
}

// lockAgainstGC keeps GC (which locks exclusively) and Put (shared) apart. Both
// come through a gate, where Put stays for a moment and GC until it is done:
// with the gate shut no new Put begins, so GC need not wait for the day when
// nobody writes. GC gives up, and opens the gate, where a writer is stopped; Put
// does where GC is.
func (s *Store) lockAgainstGC(ctx context.Context, how int) (release func(), err error) {
	lock := func(name string) (func(), error) {
		return s.wait(ctx, filepath.Join(s.dir, "locks", name), how, "uses the store", longestWait)
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

// wait takes a lock when its turn has come. It says whom it waits for, and what
// that one does; a limit of 0 is none.
func (s *Store) wait(ctx context.Context, path string, how int, does string, limit time.Duration) (func(), error) {
	began := time.Now()
	look := began.Add(quietWait) // at the holder
	var stopped time.Time        // since when
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		release, err := tryFlock(path, how)
		if err != ErrBusy {
			return release, err
		}
		if now := time.Now(); now.After(look) {
			look = now.Add(quietWait)
			h := holderOf(path)
			if !h.self {
				text := fmt.Sprintf("waits for %s, which %s", h.name, does)
				if h.stopped {
					text += " and is stopped"
				}
				s.once(text, text)
			}
			switch {
			case !h.stopped:
				stopped = time.Time{}
			case stopped.IsZero():
				stopped = now
			}
			if !stopped.IsZero() && now.Sub(stopped) >= stoppedWait || limit > 0 && now.Sub(began) >= limit {
				return nil, fmt.Errorf("%v has its lock", h)
			}
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
	if errors.Is(err, os.ErrPermission) {
		f, err = os.Open(path) // another user's, who lets others read: enough to lock it
	}
	if err != nil {
		return nil, err
	}
	if err := flock(f, how); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// sysFlock is a variable for tests of file systems that have no locks.
var sysFlock = syscall.Flock

// flock locks an open file, or returns ErrBusy or errNoLocks.
func flock(f *os.File, how int) error {
	for {
		switch err := sysFlock(int(f.Fd()), how|syscall.LOCK_NB); err {
		case syscall.EINTR:
		case nil:
			return nil
		case syscall.EWOULDBLOCK:
			return ErrBusy
		case syscall.ENOSYS, syscall.EOPNOTSUPP, syscall.ENOLCK:
			return errNoLocks
		default:
			return &os.PathError{Op: "flock", Path: f.Name(), Err: err}
		}
	}
}
