package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// putSlowly stores a node whose bytes never end, and says when it writes.
func putSlowly(dir string) {
	s, err := Open(dir, nil)
	if err != nil {
		panic(err)
	}
	s.PutNode(origin(0), 0, func(w io.Writer) error {
		w.Write(make([]byte, 1<<17))
		fmt.Println("writes")
		time.Sleep(time.Hour)
		return nil
	}, nil)
}

// start runs a child up to its first words.
func start(t *testing.T, role, dir string) *os.Process {
	t.Helper()
	cmd := child(t, role, dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	return cmd.Process
}

// What the system does not let one read stays where it is.
func TestUnreadableIsNotDamaged(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, s *Store, path string) (mend func()){
		"too many open files": func(t *testing.T, s *Store, path string) func() {
			var old syscall.Rlimit
			syscall.Getrlimit(syscall.RLIMIT_NOFILE, &old)
			if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Max: old.Max}); err != nil {
				t.Skip(err)
			}
			return func() { syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old) }
		},
		"permission": func(t *testing.T, s *Store, path string) func() {
			if os.Geteuid() == 0 {
				t.Skip("root may read everything")
			}
			os.Chmod(path, 0)
			return func() { os.Chmod(path, 0o666) }
		},
	} {
		for _, file := range []string{"manifest", "blob"} {
			t.Run(name+" "+file, func(t *testing.T) {
				s, warnings := open(t, t.TempDir())
				if err := putNode(s, 1); err != nil {
					t.Fatal(err)
				}
				e, _ := s.Get(origin(1).Key())
				path := s.entryPath(e.Key)
				if file == "blob" {
					path = s.blobPath(e.Blobs[SubjectBlob].SHA256)
				}
				mend := spoil(t, s, path)
				if file == "manifest" {
					_, ok := s.Get(e.Key)
					s.Get(origin(7).Key()) // which was never there
					if ok {
						t.Error("it was read")
					}
				} else if f, ok := s.Blob(e, SubjectBlob); ok {
					f.Close()
					t.Error("it was read")
				}
				mend()
				if b, ok := readNode(t, s, 1); !ok || !bytes.Equal(b, content(1)) {
					t.Error("it is not there any more")
				}
				if w := warnings(); len(w) != 1 || !strings.Contains(w[0], "cannot be read") || strings.Contains(w[0], "damaged") {
					t.Errorf("warnings %q, want one", w)
				}
			})
		}
	}
}

// Whatever stands in the place of a file or folder of the store and is none is
// moved aside, whatever bad has already, and the entry is mended.
func TestWhatIsNoFileGivesWay(t *testing.T) {
	full := func(path string) {
		os.MkdirAll(path, 0o777)
		os.WriteFile(filepath.Join(path, "x"), nil, 0o666)
	}
	for name, put := range map[string]func(path string){
		"folder": full,
		"loop":   func(path string) { os.Symlink(path, path) },
		"pipe":   func(path string) { syscall.Mkfifo(path, 0o666) },
		"device": func(path string) { os.Symlink("/dev/zero", path) },
		"socket": func(path string) { os.Symlink("/proc/self/fd/nothing", path) },
	} {
		for _, file := range []string{"manifest", "blob", "folder of manifests", "folder of blobs"} {
			for _, bad := range []func(string){func(path string) { os.WriteFile(path, nil, 0o666) }, full} {
				dir := t.TempDir()
				s, _ := open(t, dir)
				if err := putNode(s, 1); err != nil {
					t.Fatal(err)
				}
				e, _ := s.Get(origin(1).Key())
				path := s.entryPath(e.Key)
				if strings.Contains(file, "blob") {
					path = s.blobPath(e.Blobs[SubjectBlob].SHA256)
				}
				if strings.HasPrefix(file, "folder") {
					path = filepath.Dir(path)
					if name == "folder" {
						continue
					}
				}
				os.MkdirAll(filepath.Join(dir, "bad"), 0o777)
				bad(filepath.Join(dir, "bad", filepath.Base(path)))
				os.RemoveAll(path)
				put(path)
				done := make(chan bool)
				go func() {
					defer close(done)
					if _, ok := readNode(t, s, 1); ok {
						t.Errorf("%s for the %s: it was read", name, file)
					}
					if err := putNode(s, 1); err != nil {
						t.Errorf("%s for the %s: %v", name, file, err)
					}
					if b, ok := readNode(t, s, 1); !ok || !bytes.Equal(b, content(1)) {
						t.Errorf("%s for the %s: it does not mend", name, file)
					}
				}()
				select {
				case <-done:
				case <-time.After(20 * time.Second):
					t.Fatalf("%s for the %s: it hangs", name, file)
				}
			}
		}
	}
}

// Verify tells what it moved from what it could not, and gc what it removed.
func TestMaintenanceSaysWhatHappened(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	for i := range 2 {
		if err := putNode(s, i); err != nil {
			t.Fatal(err)
		}
	}
	path := s.entryPath(origin(0).Key())
	os.WriteFile(path, []byte("x"), 0o666)
	// A file where the folder should be: nothing can be moved there.
	os.WriteFile(filepath.Join(dir, "bad"), nil, 0o666)
	c, err := s.Verify(context.Background())
	if err != nil || len(c.Damaged) != 1 || c.Moved != 0 || c.Entries != 1 {
		t.Errorf("nothing can be moved: %+v, %v", c, err)
	}
	os.Remove(filepath.Join(dir, "bad"))
	if c, err := s.Verify(context.Background()); err != nil || len(c.Damaged) != 1 || c.Moved != 1 {
		t.Errorf("it can be moved: %+v, %v", c, err)
	}
	// Without its folder a manifest cannot be read, and gc knows nobody's blobs.
	entries := filepath.Dir(s.entryPath(origin(1).Key()))
	os.Rename(entries, entries+"x")
	os.Symlink(entries, entries)
	if c, err := s.Verify(context.Background()); err != nil || len(c.Unreadable) != 1 || !strings.Contains(c.Unreadable[0], entries) {
		t.Errorf("a folder that cannot be read: %+v, %v", c, err)
	}
	if f, err := s.GC(context.Background(), Limits{}); err == nil || f.Files+f.Entries > 0 || !strings.Contains(err.Error(), entries) {
		t.Errorf("gc without all entries: %+v, %v", f, err)
	}
	os.Remove(entries)
	os.Rename(entries+"x", entries)
	if b, ok := readNode(t, s, 1); !ok || !bytes.Equal(b, content(1)) {
		t.Error("it lost a blob")
	}
}

// A killed writer's file goes when the store is opened next, a living one's
// stays.
func TestTemporaryFilesOfKilledWriters(t *testing.T) {
	dir := t.TempDir()
	left := func() int {
		names, _ := os.ReadDir(filepath.Join(dir, "tmp"))
		return len(names)
	}
	p := start(t, "put", dir)
	open(t, dir)
	if n := left(); n != 1 {
		t.Fatalf("%d files while a process writes", n)
	}
	p.Kill()
	p.Wait()
	s, _ := open(t, dir)
	if n := left(); n != 0 {
		t.Errorf("%d files of a killed writer are left", n)
	}
	if s.Has(origin(0).Key()) {
		t.Error("half an entry is there")
	}
}

// impatient makes waiting short.
func impatient(t *testing.T) {
	quiet, stopped := quietWait, stoppedWait
	quietWait, stoppedWait = 20*time.Millisecond, 100*time.Millisecond
	t.Cleanup(func() { quietWait, stoppedWait = quiet, stopped })
}

// A writer that is stopped keeps gc from its work, which says so and gives up,
// and nobody else from his.
func TestStoppedWriterStopsNobody(t *testing.T) {
	impatient(t)
	dir := t.TempDir()
	s, warnings := open(t, dir)
	p := start(t, "put", dir)
	p.Signal(syscall.SIGSTOP)
	gc := make(chan error, 1)
	go func() { _, err := s.GC(context.Background(), Limits{}); gc <- err }()
	time.Sleep(30 * time.Millisecond)
	done := make(chan error, 1)
	go func() { done <- putNode(s, 1) }()
	for name, end := range map[string]chan error{"put": done, "gc": gc} {
		select {
		case err := <-end:
			if name == "put" && err != nil {
				t.Error(err)
			}
			if who := fmt.Sprintf("process %d, which is stopped", p.Pid); name == "gc" && (err == nil || !strings.Contains(err.Error(), who)) {
				t.Errorf("gc: %v, want %q", err, who)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s hangs", name)
		}
	}
	if w := strings.Join(warnings(), "\n"); !strings.Contains(w, fmt.Sprintf("waits for process %d, which uses the store and is stopped", p.Pid)) {
		t.Errorf("warnings %q", w)
	}
}

// One that is stopped while it computes is not waited for.
func TestStoppedHolderOfALock(t *testing.T) {
	impatient(t)
	dir := t.TempDir()
	s, _ := open(t, dir)
	p := start(t, "hold", dir)
	p.Signal(syscall.SIGSTOP)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if _, err := s.Lock(ctx, origin(0).Key()); err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("got %v", err)
	}
}

// The modes of files are what the umask makes them.
func TestModesAreTheUmasks(t *testing.T) {
	for _, mask := range []int{0o022, 0o002, 0o077} {
		dir := filepath.Join(t.TempDir(), "s")
		old := syscall.Umask(mask)
		s, _ := open(t, dir)
		err := putNode(s, 1)
		syscall.Umask(old)
		if err != nil {
			t.Fatal(err)
		}
		filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			info, err := d.Info()
			if err != nil {
				t.Fatal(err)
			}
			want := fs.FileMode(0o666 &^ mask)
			if d.IsDir() {
				want = fs.FileMode(0o777 &^ mask)
			}
			if info.Mode().Perm() != want {
				t.Errorf("umask %03o: %s has mode %v, want %v", mask, path, info.Mode().Perm(), want)
			}
			return nil
		})
	}
}

// On a file system without locks everything is kept, and nothing removed.
func TestWithoutLocks(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.ENOSYS, syscall.EOPNOTSUPP, syscall.ENOLCK} {
		sysFlock = func(int, int) error { return errno }
		t.Cleanup(func() { sysFlock = syscall.Flock })
		s, _ := open(t, t.TempDir())
		if _, err := s.TryLock(origin(1).Key()); err == nil || err == ErrBusy {
			t.Errorf("%v: a lock gives %v", errno, err)
		}
		if err := putNode(s, 1); err != nil {
			t.Error(err)
		}
		if b, ok := readNode(t, s, 1); !ok || !bytes.Equal(b, content(1)) {
			t.Errorf("%v: it is not kept", errno)
		}
		if f, err := s.GC(context.Background(), Limits{Bytes: 1}); err == nil || f.Entries > 0 || !strings.Contains(err.Error(), "no locks") {
			t.Errorf("%v: gc gives %+v, %v", errno, f, err)
		}
	}
}
