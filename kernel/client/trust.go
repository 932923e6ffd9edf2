package client

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// What answers on a socket decides which numbers a reader sees and what his page
// shows, so an engine is trusted that the user himself runs and no other. The
// socket's folder is the user's alone, and so is the socket; the system says
// whose process listens.

// untrusted is the error for something that another user may have put there.
type untrusted struct{ what string }

func (e *untrusted) Error() string {
	return e.what + ", so what answers there is not trusted; remove it, or name another store in " + StoreVariable
}

// PrivateFolder makes a folder that only the user can enter, or sees to it that
// it is one, and opens it.
func PrivateFolder(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the engine's folder cannot be made: %w", err)
	}
	f, err := openOwn(dir)
	if err == nil {
		if err = f.Chmod(0o700); err != nil {
			f.Close()
		}
	}
	return f, err
}

// openOwn opens a folder that belongs to the user.
func openOwn(dir string) (*os.File, error) {
	f, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENOTDIR) {
		return nil, &untrusted{"the engine's folder " + dir + " is no folder"}
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !own(info) {
		err = &untrusted{"the engine's folder " + dir + " belongs to another user"}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func own(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}

// Address is a socket's address through its opened folder: what was checked is
// what is used, and its length is not bound to the 107 bytes of the path.
func Address(folder *os.File, socket string) string {
	through := fmt.Sprintf("/proc/self/fd/%d", folder.Fd())
	if _, err := os.Stat(through); err != nil { // not Linux, or its system of files is hidden
		return socket
	}
	return filepath.Join(through, filepath.Base(socket))
}

// dial connects to the socket of an engine of the user's own.
func dial(ctx context.Context, socket string) (net.Conn, error) {
	dir := filepath.Dir(socket)
	folder, err := openOwn(dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	if info, err := folder.Stat(); err != nil || info.Mode().Perm()&0o022 != 0 {
		return nil, &untrusted{"the engine's folder " + dir + " can be written by other users"}
	}
	address := Address(folder, socket)
	info, err := os.Lstat(address)
	if err != nil {
		return nil, err
	}
	if !own(info) || info.Mode().Type() != fs.ModeSocket {
		return nil, &untrusted{"the engine's socket " + socket + " belongs to another user or is no socket"}
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", address)
	if err != nil {
		return nil, err
	}
	if uid, err := peer(conn.(*net.UnixConn)); err != nil || uid != os.Geteuid() {
		conn.Close()
		return nil, &untrusted{"on the engine's socket " + socket + " listens a process of another user"}
	}
	return conn, nil
}
