package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// state is what the users of a soak share.
type state struct {
	client *client.Client
	dir    string

	mu      sync.Mutex
	answers map[string]string // the digest of a request's first answer

	runs, again, cancelled, refused, kills, damaged, gcs, cells, faults atomic.Int64
	wrong, looked, lost                                                 atomic.Int64

	quiet sync.RWMutex // held while nobody may damage or tidy the store
}

func (s *state) counts() string {
	return fmt.Sprintf("%4d %6d %10d %8d %6d %8d %3d %10d | %d", s.runs.Load(), s.again.Load(), s.cancelled.Load(),
		s.refused.Load(), s.kills.Load(), s.damaged.Load(), s.gcs.Load(), s.cells.Load(), s.faults.Load())
}

func (s *state) fault(format string, args ...any) {
	s.faults.Add(1)
	fmt.Fprintf(os.Stderr, "FAULT "+format+"\n", args...)
}

// request draws a run that takes a moment; one in three was asked before.
func request(rng *rand.Rand) (chapter int, set map[string]string) {
	chapter = []int{1, 2, 3, 4, 5, 7}[rng.IntN(6)]
	set = map[string]string{"Profile": "smoke", "Seeds": fmt.Sprint(rng.IntN(50)), "Hidden": "24,24,16"}
	if rng.IntN(3) == 0 {
		set["Hidden"] = fmt.Sprintf("%d,%d", 8+rng.IntN(32), 8+rng.IntN(32))
	}
	return chapter, set
}

// brief draws a run of the shape that needs the fewest programs.
func brief(rng *rand.Rand) (chapter int, set map[string]string) {
	return 1, map[string]string{"Profile": "smoke", "Seeds": fmt.Sprint(rng.IntN(50)), "Hidden": "24,24,16"}
}

// check compares an answer with the first to the same request.
func (s *state) check(chapter int, set map[string]string, table []byte) {
	name := fmt.Sprint(chapter)
	for _, k := range slices.Sorted(maps.Keys(set)) {
		name += " " + k + "=" + set[k]
	}
	sum := sha256.Sum256(table)
	digest := hex.EncodeToString(sum[:])
	s.mu.Lock()
	first, known := s.answers[name]
	if !known {
		s.answers[name] = digest
	}
	s.mu.Unlock()
	if known {
		s.again.Add(1)
		if first != digest {
			s.wrong.Add(1)
			s.fault("%s gave other numbers than the first time", name)
		}
	}
}

// use is a client: runs, and some that are cancelled or are none.
func (s *state) use(ctx context.Context, i int) {
	rng := rand.New(rand.NewPCG(1, uint64(i)))
	for ctx.Err() == nil {
		chapter, set := request(rng)
		limit, cancel := ctx, context.CancelFunc(func() {})
		whim := rng.IntN(10)
		switch whim {
		case 0:
			limit, cancel = context.WithTimeout(ctx, time.Duration(rng.IntN(1500))*time.Millisecond)
		case 1:
			set["Gain"] = strings.Repeat("x", rng.IntN(100_000))
		}
		result, err := s.client.Run(limit, chapter, set, nil)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && whim != 1:
			s.runs.Add(1)
			var b bytes.Buffer
			protocols.WriteCSV(&b, result.Rows)
			s.check(chapter, set, b.Bytes())
		case whim == 0 && (errors.Is(err, context.DeadlineExceeded) || client.KindOf(err) == client.Cancelled):
			s.cancelled.Add(1)
		case whim == 1 && protocols.IsBadInput(err):
			s.refused.Add(1)
		default:
			s.fault("chapter %d, %v: %v", chapter, set, err)
		}
	}
}

// kill runs commands on the same store and kills them at some moment; one in
// twenty may end, and gives what the others give.
func (s *state) kill(ctx context.Context, i int) {
	rng := rand.New(rand.NewPCG(2, uint64(i)))
	for ctx.Err() == nil {
		chapter, set := request(rng)
		dies := rng.IntN(20) > 0
		if !dies { // each such process compiles its programs
			chapter, set = brief(rng)
		}
		args := []string{"run", fmt.Sprint(chapter), "--format", "csv"}
		for k, v := range set {
			args = append(args, "--set", k+"="+v)
		}
		limit, cancel := context.WithCancel(ctx)
		if dies {
			time.AfterFunc(time.Duration(100+rng.IntN(3000))*time.Millisecond, cancel)
		}
		table, err := exec.CommandContext(limit, s.client.Place().Binary, args...).Output()
		killed := limit.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case killed:
			s.kills.Add(1)
		case err != nil:
			s.fault("%v: %v", args, err)
		default:
			s.check(chapter, set, table)
		}
	}
}

// keep looks for entries that get lost without damage and gc: what one run has
// computed the next one finds, whoever is killed beside it.
func (s *state) keep(ctx context.Context) {
	rng := rand.New(rand.NewPCG(4, 0))
	for pause(ctx, 5*time.Second) {
		chapter, set := brief(rng)
		s.quiet.Lock()
		_, err := s.client.Run(ctx, chapter, set, nil)
		if err == nil {
			var result *protocols.Result
			if result, err = s.client.Run(ctx, chapter, set, nil); err == nil {
				c := result.Cost
				s.looked.Add(int64(c.Stages + c.Readings))
				if n := c.Stages + c.Readings - c.StagesReused - c.ReadingsReused; n > 0 {
					s.lost.Add(int64(n))
					s.fault("chapter %d, %v: %d entries that were there are gone", chapter, set, n)
				}
			}
		}
		s.quiet.Unlock()
		if err != nil && ctx.Err() == nil {
			s.fault("chapter %d, %v: %v", chapter, set, err)
		}
	}
}

// damage changes bytes of some files of the store every second: in 25 minutes
// more than 10,000.
func (s *state) damage(ctx context.Context) {
	rng := rand.New(rand.NewPCG(3, 0))
	for pause(ctx, time.Second) {
		s.quiet.RLock()
		s.damageSome(rng)
		s.quiet.RUnlock()
	}
}

func (s *state) damageSome(rng *rand.Rand) {
	var files []string
	for _, dir := range []string{"entries", "blobs"} {
		filepath.WalkDir(filepath.Join(s.dir, "store", dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files = append(files, path)
			}
			return nil
		})
	}
	for range min(20, len(files)/100) {
		path := files[rng.IntN(len(files))]
		b, err := os.ReadFile(path)
		if err != nil || len(b) == 0 {
			continue
		}
		b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		// In its place, as a fault of the disk would.
		if os.WriteFile(path, b, 0o666) == nil {
			s.damaged.Add(1)
		}
	}
}

// tidy calls gc, which keeps the store small.
func (s *state) tidy(ctx context.Context) {
	for pause(ctx, 20*time.Second) {
		s.quiet.RLock()
		out, err := exec.CommandContext(ctx, s.client.Place().Binary, "store", "gc", "--megabytes", "20").CombinedOutput()
		s.quiet.RUnlock()
		if ctx.Err() != nil {
			return
		}
		s.gcs.Add(1)
		if err != nil {
			s.fault("gc: %v: %s", err, out)
		}
	}
}

// notebooks runs a cell that asks the engine.
func (s *state) notebooks(ctx context.Context) {
	const text = `{"cells":[{"cell_type":"code","id":"a","metadata":{},"execution_count":null,"outputs":[],"source":["import \"github.com/network-fragility/fragility/kernel/nf\"\n","%%%%\n","nf.Chapter(1).With(nf.Set{\"Profile\": \"smoke\", \"Seeds\": %d}).Run()"]}],"metadata":{},"nbformat":4,"nbformat_minor":5}`
	for i := 0; pause(ctx, 15*time.Second); i++ {
		path := filepath.Join(s.dir, fmt.Sprintf("n%d.ipynb", i))
		if err := os.WriteFile(path, fmt.Appendf(nil, text, i%50), 0o666); err != nil {
			s.fault("a notebook: %v", err)
			return
		}
		out, err := exec.CommandContext(ctx, s.client.Place().Binary, "notebook", "run", path, "--out", filepath.Join(s.dir, "out")).CombinedOutput()
		if ctx.Err() != nil {
			return
		}
		s.cells.Add(1)
		if err != nil {
			s.fault("a notebook: %v: %s", err, out)
		}
	}
}

// pause waits, and reports whether there is time left.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err() == nil
}
