package client

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// foreigner is a user who is not the one of the tests.
const foreigner = 54321

// plant answers on a socket like an engine of this build, and counts the
// requests. As another user it listens on a thread of that user's.
func plant(t *testing.T, p Place, asOther bool) (asked *int) {
	t.Helper()
	asked = new(int)
	build, err := p.build()
	if err != nil {
		t.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		modified, _ := build.Modified.MarshalText()
		fmt.Fprintf(w, `{"build":{"size":%d,"modified":%q},"result":{"head":{"Chapter":1},"rows":[{"Chapter":1}],"values":[99.9],"series":[]}}`, build.Size, modified)
	})
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrUnix{Name: p.Socket})
	}
	if err != nil {
		t.Fatal(err)
	}
	listening := make(chan error)
	go func() {
		if asOther { // whoever calls listen is the peer
			// The thread ends with the goroutine, so nothing else gets its user.
			runtime.LockOSThread()
			if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, ^uintptr(0), foreigner, ^uintptr(0)); errno != 0 {
				listening <- errno
				return
			}
		}
		listening <- syscall.Listen(fd, 8)
	}()
	if err := <-listening; err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), p.Socket)
	l, err := net.FileListener(file)
	file.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go http.Serve(l, handler)
	return asked
}

// Whatever another user can have put in the engine's place is refused by name,
// and is not told a byte.
func TestOnlyTheUsersOwnEngineIsTrusted(t *testing.T) {
	chown := func(path string) {
		if os.Geteuid() != 0 {
			t.Skip("files of another user take root to make")
		}
		if err := os.Lchown(path, foreigner, -1); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		asOther bool
		spoil   func(t *testing.T, p Place)
		says    string
	}{
		"own engine":              {},
		"folder of another user":  {false, func(t *testing.T, p Place) { chown(filepath.Dir(p.Socket)) }, "folder"},
		"folder open to all":      {false, func(t *testing.T, p Place) { os.Chmod(filepath.Dir(p.Socket), 0o777) }, "folder"},
		"link for the folder":     {false, func(t *testing.T, p Place) { link(t, filepath.Dir(p.Socket)) }, "folder"},
		"socket of another user":  {false, func(t *testing.T, p Place) { chown(p.Socket) }, "socket"},
		"link for the socket":     {false, func(t *testing.T, p Place) { link(t, p.Socket) }, "socket"},
		"process of another user": {true, nil, "process"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			self, _ := os.Executable()
			p := Place{Binary: self, Socket: filepath.Join(dir, "e", "s.sock"), Log: filepath.Join(dir, "e", "s.log")}
			if err := os.Mkdir(filepath.Dir(p.Socket), 0o700); err != nil {
				t.Fatal(err)
			}
			if c.asOther && os.Geteuid() != 0 {
				t.Skip("a process of another user takes root to make")
			}
			asked := plant(t, p, c.asOther)
			if c.spoil != nil {
				c.spoil(t, p)
			}
			result, err := New(p).Run(context.Background(), 1, nil, nil)
			if c.says == "" {
				if err != nil || len(result.Rows) != 1 || *asked == 0 {
					t.Fatalf("%v, %v, asked %d times", result, err, *asked)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.says+" ") || !strings.Contains(err.Error(), "not trusted") || !strings.Contains(err.Error(), dir) {
				t.Errorf("got %v, %v", result, err)
			}
			if *asked > 0 {
				t.Errorf("it was asked %d times", *asked)
			}
		})
	}
}

// link moves something away and puts a link to it in its place.
func link(t *testing.T, path string) {
	t.Helper()
	if err := os.Rename(path, path+".real"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path+".real", path); err != nil {
		t.Fatal(err)
	}
}

// In a store of another user the engine's folder is the user's own.
func TestPlaceInAnotherUsersStore(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	store := filepath.Join(dir, "store")
	os.Mkdir(store, 0o777)
	if p := newPlace("binary", store); filepath.Dir(p.Socket) != filepath.Join(store, "engine") {
		t.Errorf("in the user's own store: %+v", p)
	}
	if os.Geteuid() != 0 {
		t.Skip("a store of another user takes root to make")
	}
	if err := os.Chown(store, foreigner, -1); err != nil {
		t.Fatal(err)
	}
	if p := newPlace("binary", store); filepath.Dir(p.Socket) != filepath.Join(dir, "cache", "fragility", "engine") || filepath.Dir(p.Log) != filepath.Dir(p.Socket) || p.Store != store {
		t.Errorf("in another's store: %+v", p)
	}
}
