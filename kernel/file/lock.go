package file

import (
	"errors"
	"os"
	"syscall"
)

// ErrLocked is what Lock returns while another process or goroutine has the
// file.
var ErrLocked = errors.New("somebody else has it")

// Lock makes a file and has it until release, which removes it. Where the file
// system has no locks everybody has it.
func Lock(path string) (release func(), err error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		err = Flock(f, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == syscall.EWOULDBLOCK {
			f.Close()
			return nil, ErrLocked
		}
		// Whoever had it may have removed it since it was opened here.
		here, e1 := f.Stat()
		there, e2 := os.Lstat(path)
		if e1 == nil && e2 == nil && os.SameFile(here, there) {
			return func() { os.Remove(path); f.Close() }, nil
		}
		f.Close()
	}
}

// Flock locks an open file as syscall.Flock does, until it is closed; a signal that
// comes meanwhile is no error.
func Flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}
