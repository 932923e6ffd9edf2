package file

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func TestOneHasALock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	release, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); err != ErrLocked {
		t.Errorf("a second one: %v", err)
	}
	release()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("it is left: %v", err)
	}
	var inside, most, had atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				release, err := Lock(path)
				if err != nil {
					continue
				}
				had.Add(1)
				if n := inside.Add(1); n > most.Load() {
					most.Store(n)
				}
				inside.Add(-1)
				release()
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 || had.Load() == 0 {
		t.Errorf("%d at once", most.Load())
	}
}
