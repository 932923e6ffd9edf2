package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// The test binary is its own child process: TestMain does what the first of
// these variables names, in the store of the second.
const (
	roleVariable  = "STORE_TEST_ROLE"
	storeVariable = "STORE_TEST_STORE"
)

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); role {
	case "":
		// In memory, where there is such a folder: a sync waits for whatever
		// else the disk is busy with.
		if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
			os.Setenv("TMPDIR", "/dev/shm")
		}
		os.Exit(m.Run())
	case "write":
		writeForEver(os.Getenv(storeVariable))
	case "compute":
		computeAll(os.Getenv(storeVariable))
	case "hold":
		holdLock(os.Getenv(storeVariable))
	case "put":
		putSlowly(os.Getenv(storeVariable))
	default:
		panic("no role " + role)
	}
}

func child(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, storeVariable+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// open is a store in a new folder that collects its warnings.
func open(t *testing.T, dir string) (*Store, func() []string) {
	t.Helper()
	var mu sync.Mutex
	var warnings []string
	s, err := Open(dir, func(text string) {
		mu.Lock()
		defer mu.Unlock()
		warnings = append(warnings, text)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(warnings)
	}
}

// random is a generator seeded by the test's name.
func random(t *testing.T) *rand.Rand {
	h := fnv.New64a()
	io.WriteString(h, t.Name())
	return rand.New(rand.NewPCG(h.Sum64(), 0))
}

func origin(i int) protocols.Origin {
	seed := i
	return protocols.Origin{Kind: "test/1", Settings: []byte(`{"A":"<&>"}`), Seed: &seed, Platform: &protocols.Platform{Backend: "none"}}
}

// content is the blob of the i-th node.
func content(i int) []byte { return bytes.Repeat([]byte{byte(i), byte(i >> 8), 7}, 5000) }

func putNode(s *Store, i int) error {
	return s.PutNode(origin(i), time.Second, func(w io.Writer) error { _, err := w.Write(content(i)); return err }, nil)
}

func readNode(t *testing.T, s *Store, i int) ([]byte, bool) {
	t.Helper()
	e, ok := s.Get(origin(i).Key())
	if !ok {
		return nil, false
	}
	f, ok := s.Blob(e, SubjectBlob)
	if !ok {
		return nil, false
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b, true
}

func TestWhatIsPutIsGot(t *testing.T) {
	s, warnings := open(t, t.TempDir())
	values := []float64{1.0 / 3, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.SmallestNonzeroFloat64, 93}
	if _, ok := s.Get(origin(1).Key()); ok {
		t.Fatal("an empty store has an entry")
	}
	if err := s.PutReading(origin(1), 1500*time.Millisecond, values); err != nil {
		t.Fatal(err)
	}
	e, ok := s.Get(origin(1).Key())
	if !ok || e.Kind != Reading || e.Seconds != 1.5 || len(e.Values) != len(values) {
		t.Fatalf("got %+v", e)
	}
	for i, v := range values {
		if math.Float64bits(e.Values[i]) != math.Float64bits(v) && !math.IsNaN(v) {
			t.Errorf("value %d is %v, was %v", i, e.Values[i], v)
		}
	}
	if err := putNode(s, 2); err != nil {
		t.Fatal(err)
	}
	if b, ok := readNode(t, s, 2); !ok || !bytes.Equal(b, content(2)) {
		t.Fatal("the blob differs")
	}
	if w := warnings(); len(w) > 0 {
		t.Fatal(w)
	}
}

// Whatever happens to a file, it is a miss with one warning, and never wrong.
func TestDamagedEntriesAreMisses(t *testing.T) {
	rng := random(t)
	damage := map[string]func([]byte) []byte{
		"empty":     func(b []byte) []byte { return nil },
		"truncated": func(b []byte) []byte { return b[:rng.IntN(len(b))] },
		"flipped": func(b []byte) []byte {
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			return b
		},
		"no JSON":  func(b []byte) []byte { return append([]byte("x"), b...) },
		"appended": func(b []byte) []byte { return append(b, 'x') },
	}
	for what, spoil := range damage {
		for _, file := range []string{"manifest", "blob"} {
			for round := range 5 {
				s, warnings := open(t, t.TempDir())
				if err := putNode(s, 1); err != nil {
					t.Fatal(err)
				}
				e, _ := s.Get(origin(1).Key())
				path := s.entryPath(e.Key)
				if file == "blob" {
					path = s.blobPath(e.Blobs[SubjectBlob].SHA256)
				}
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, spoil(b), 0o666); err != nil {
					t.Fatal(err)
				}
				got, ok := readNode(t, s, 1)
				if ok {
					// A flip of the manifest that is not within the entry or
					// its digest may do no harm.
					if file == "blob" || !bytes.Equal(got, content(1)) {
						t.Fatalf("%s %s, round %d: it was read", what, file, round)
					}
					continue
				}
				if _, ok := readNode(t, s, 1); ok {
					t.Fatalf("%s %s: it came back", what, file)
				}
				if w := warnings(); len(w) != 1 || !strings.Contains(w[0], "is damaged") {
					t.Fatalf("%s %s: warnings %q, want one", what, file, w)
				}
				if err := putNode(s, 1); err != nil {
					t.Fatal(err)
				}
				if got, ok := readNode(t, s, 1); !ok || !bytes.Equal(got, content(1)) {
					t.Fatalf("%s %s: it does not mend", what, file)
				}
			}
		}
	}
}

func TestEntryUnderAnotherKeyIsAMiss(t *testing.T) {
	s, warnings := open(t, t.TempDir())
	for i := range 2 {
		if err := s.PutReading(origin(i), 0, []float64{float64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(s.entryPath(origin(0).Key()))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.entryPath(origin(1).Key()), b, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Get(origin(1).Key()); ok || len(warnings()) != 1 {
		t.Fatalf("got another's entry; warnings %q", warnings())
	}
}

// writeForEver stores node after node until it is killed.
func writeForEver(dir string) {
	s, err := Open(dir, nil)
	if err != nil {
		panic(err)
	}
	for i := 0; ; i++ {
		if err := putNode(s, i); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

func TestKilledWriterLeavesNoBadEntry(t *testing.T) {
	dir, rng := t.TempDir(), random(t)
	for range 8 {
		cmd := child(t, "write", dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Kill it at some moment after it has begun.
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rng.IntN(20_000)) * time.Microsecond)
		cmd.Process.Kill()
		io.Copy(io.Discard, out)
		cmd.Wait()
	}
	s, warnings := open(t, dir)
	n := 0
	for _, ok := readNode(t, s, n); ok; _, ok = readNode(t, s, n) {
		if b, _ := readNode(t, s, n); !bytes.Equal(b, content(n)) {
			t.Fatalf("node %d has wrong bytes", n)
		}
		n++
	}
	check, err := s.Verify(context.Background())
	if err != nil || len(check.Damaged) > 0 || check.Entries != n || n == 0 {
		t.Fatalf("%d nodes, %+v, %v", n, check, err)
	}
	if w := warnings(); len(w) > 0 {
		t.Fatal(w)
	}
}

// computeAll "computes" nodes that are not in the store under their locks, and
// notes each in a shared file.
func computeAll(dir string) {
	s, err := Open(dir, nil)
	if err != nil {
		panic(err)
	}
	log, err := os.OpenFile(filepath.Join(dir, "computed"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	for i := range 40 {
		release, err := s.Lock(context.Background(), origin(i).Key())
		if err != nil {
			panic(err)
		}
		if _, ok := s.Get(origin(i).Key()); !ok {
			fmt.Fprintln(log, i)
			if err := putNode(s, i); err != nil {
				panic(err)
			}
		}
		release()
	}
	os.Exit(0)
}

func TestTwoProcessesComputeOnce(t *testing.T) {
	dir := t.TempDir()
	a, b := child(t, "compute", dir), child(t, "compute", dir)
	for _, cmd := range []*exec.Cmd{a, b} {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range []*exec.Cmd{a, b} {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.ReadFile(filepath.Join(dir, "computed"))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(log, []byte("\n")); n != 40 {
		t.Fatalf("%d computations of 40 nodes", n)
	}
}

// holdLock takes a lock, says so, and keeps it.
func holdLock(dir string) {
	s, err := Open(dir, nil)
	if err != nil {
		panic(err)
	}
	if _, err := s.TryLock(origin(0).Key()); err != nil {
		panic(err)
	}
	fmt.Println("held")
	time.Sleep(time.Hour) // an empty select would count as a deadlock
}

func TestLockEndsWithItsProcess(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	cmd := child(t, "hold", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	key := origin(0).Key()
	if _, err := s.TryLock(key); err != ErrBusy {
		t.Fatalf("TryLock: %v, want ErrBusy", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Lock(ctx, key); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Lock: %v, want the context's error", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	release, err := s.Lock(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	release()
}

func TestGoroutinesExcludeEachOther(t *testing.T) {
	s, _ := open(t, t.TempDir())
	inside, most := 0, 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				release, err := s.Lock(context.Background(), origin(0).Key())
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				inside++
				most = max(most, inside)
				mu.Unlock()
				mu.Lock()
				inside--
				mu.Unlock()
				release()
			}
		})
	}
	wg.Wait()
	if most != 1 {
		t.Fatalf("%d held the lock at once", most)
	}
}

// age makes an entry look unused for a time.
func age(t *testing.T, path string, d time.Duration) {
	t.Helper()
	then := time.Now().Add(-d)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
}

func TestGC(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	for i := range 4 {
		if err := putNode(s, i); err != nil {
			t.Fatal(err)
		}
		age(t, s.entryPath(origin(i).Key()), time.Duration(i)*24*time.Hour)
	}
	// An orphan, a temporary file of a dead and one of a living writer, a damaged file.
	orphan := s.blobPath(strings.Repeat("ab", 32))
	os.MkdirAll(filepath.Dir(orphan), 0o777)
	os.MkdirAll(filepath.Join(dir, "bad"), 0o777)
	stale, bad := filepath.Join(dir, "tmp", "stale"), filepath.Join(dir, "bad", "x")
	for _, path := range []string{orphan, stale, bad} {
		if err := os.WriteFile(path, []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file, err := s.temporary() // of a writer that lives
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fresh := file.Name()
	age(t, bad, 2*time.Hour)

	has := func() (list []int) {
		for i := range 4 {
			if s.Has(origin(i).Key()) {
				list = append(list, i)
			}
		}
		return list
	}
	f, err := s.GC(context.Background(), Limits{Unused: 60 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if got := has(); !slices.Equal(got, []int{0, 1, 2}) || f.Entries != 1 || f.Kept != 3 || f.Files != 4 {
		t.Fatalf("by age: left %v, %+v", got, f)
	}
	for path, want := range map[string]bool{orphan: false, stale: false, fresh: true, bad: false} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", path, err == nil, want)
		}
	}
	f, err = s.GC(context.Background(), Limits{Bytes: f.Size * 3 / 4})
	if err != nil {
		t.Fatal(err)
	}
	if got := has(); !slices.Equal(got, []int{0, 1}) {
		t.Fatalf("by size: left %v, %+v", got, f)
	}
	for i := range 2 {
		if b, ok := readNode(t, s, i); !ok || !bytes.Equal(b, content(i)) {
			t.Fatalf("node %d does not read any more", i)
		}
	}
}

// Use keeps an entry: reading it sets its time.
func TestUseIsMarked(t *testing.T) {
	s, _ := open(t, t.TempDir())
	if err := putNode(s, 1); err != nil {
		t.Fatal(err)
	}
	age(t, s.entryPath(origin(1).Key()), 48*time.Hour)
	s.Get(origin(1).Key())
	if f, err := s.GC(context.Background(), Limits{Unused: 24 * time.Hour}); err != nil || f.Entries != 0 {
		t.Fatalf("%+v, %v", f, err)
	}
}

// Writers, readers and GC at once: no read is wrong, no read warns.
func TestGCBesideWritersAndReaders(t *testing.T) {
	dir := t.TempDir()
	s, warnings := open(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i = (i + 1) % 6 {
				if err := putNode(s, i); err != nil {
					t.Error(err)
					return
				}
				if b, ok := readNode(t, s, (i+w)%6); ok && !bytes.Equal(b, content((i+w)%6)) {
					t.Error("wrong bytes")
				}
			}
		})
	}
	for range 25 {
		if _, err := s.GC(ctx, Limits{Bytes: 1}); err != nil {
			t.Error(err)
		}
	}
	cancel()
	wg.Wait()
	if w := warnings(); len(w) > 0 {
		t.Fatal(w)
	}
}

func TestUnwritableStoreSaysSo(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	// A file where a folder should be: as good as a read-only disk, also for root.
	if err := os.WriteFile(filepath.Join(dir, "tmp"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	err := putNode(s, 1)
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "cannot be written: not a directory") {
		t.Fatalf("got %v", err)
	}
	if s.Has(origin(1).Key()) {
		t.Fatal("it is there nevertheless")
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	s, _ := open(t, t.TempDir())
	for i := range 3 {
		if err := putNode(s, i); err != nil {
			t.Fatal(err)
		}
	}
	e, _ := s.Get(origin(1).Key())
	path := s.blobPath(e.Blobs[SubjectBlob].SHA256)
	b, _ := os.ReadFile(path)
	b[100] ^= 1
	os.WriteFile(path, b, 0o666)
	c, err := s.Verify(context.Background())
	if err != nil || c.Entries != 2 || len(c.Damaged) != 1 || !strings.Contains(c.Damaged[0], path) {
		t.Fatalf("%+v, %v", c, err)
	}
	if c, _ := s.Verify(context.Background()); c.Entries != 2 || len(c.Damaged) != 0 {
		t.Fatalf("again: %+v", c)
	}
}

func BenchmarkPutReading(b *testing.B) {
	s, err := Open(b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if err := s.PutReading(origin(i), 0, []float64{1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	s, err := Open(b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.PutReading(origin(0), 0, []float64{1}); err != nil {
		b.Fatal(err)
	}
	key := origin(0).Key()
	for b.Loop() {
		s.Get(key)
	}
}
