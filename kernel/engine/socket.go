package engine

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/file"
)

// An address is a socket that is this process's to serve: it holds the lock beside
// it.
type address struct {
	socket string
	file   os.FileInfo // of the socket
	lock   *os.File
	once   sync.Once
}

// errServed is the error for a place that another process has.
var errServed = errors.New("another engine serves here")

// takePlace listens on a socket, in the place of a dead engine's if need be.
func takePlace(socket string) (*address, *net.UnixListener, error) {
	folder, err := client.PrivateFolder(filepath.Dir(socket))
	if err != nil {
		return nil, nil, err
	}
	defer folder.Close()
	lock, err := os.OpenFile(socket+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("the engine's lock cannot be made: %w", err)
	}
	if err := file.Flock(lock, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if err == syscall.EWOULDBLOCK {
			return nil, nil, errServed
		}
		return nil, nil, fmt.Errorf("the engine's lock %s.lock: %w", socket, err)
	}
	p := &address{socket: socket, lock: lock}
	// The lock goes with the process that holds it, so whoever made this socket
	// is gone.
	os.Remove(socket)
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: client.Address(folder, socket), Net: "unix"})
	if err != nil {
		lock.Close()
		return nil, nil, fmt.Errorf("the engine cannot listen: %w", err)
	}
	// leave removes it, while the lock is held; later it may be another's.
	listener.SetUnlinkOnClose(false)
	err = os.Chmod(socket, 0o600)
	if err == nil {
		p.file, err = os.Lstat(socket)
	}
	if err != nil {
		listener.Close()
		lock.Close()
		return nil, nil, fmt.Errorf("the engine's socket: %w", err)
	}
	return p, listener, nil
}

// held reports whether the socket's name still leads to this process.
func (p *address) held() bool {
	now, err := os.Lstat(p.socket)
	return err == nil && os.SameFile(now, p.file)
}

// leave removes the socket and lets another engine have the place.
func (p *address) leave() {
	p.once.Do(func() {
		if p.held() {
			os.Remove(p.socket)
		}
		p.lock.Close()
	})
}
