package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// holding is what an engine holds of the system, and its store of leftovers.
type holding struct{ rss, maps, fds, threads, tmp, bad int }

func (h holding) String() string {
	return fmt.Sprintf("%6d  %6d %5d %5d   %5d %4d", h.rss, h.maps, h.fds, h.threads, h.tmp, h.bad)
}

// look asks the system about a process.
func look(pid int, store string) (h holding, err error) {
	proc := fmt.Sprintf("/proc/%d/", pid)
	status, err := os.ReadFile(proc + "status")
	if err != nil {
		return h, err
	}
	for line := range strings.Lines(string(status)) {
		fmt.Sscanf(line, "VmRSS: %d kB", &h.rss)
		fmt.Sscanf(line, "Threads: %d", &h.threads)
	}
	h.rss /= 1 << 10
	maps, err := os.ReadFile(proc + "maps")
	h.maps = bytes.Count(maps, []byte("\n"))
	count := func(dir string) int {
		names, _ := os.ReadDir(dir)
		return len(names)
	}
	h.fds, h.tmp, h.bad = count(proc+"fd"), count(filepath.Join(store, "tmp")), count(filepath.Join(store, "bad"))
	return h, err
}

// grown compares the medians of the second and of the last third of a series:
// what the caches take they have taken by then.
func grown(held []holding) error {
	if len(held) < 9 {
		return nil
	}
	median := func(part []holding, of func(holding) int) int {
		var values []int
		for _, h := range part {
			values = append(values, of(h))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	third := len(held) / 3
	var errs []error
	for name, c := range map[string]struct {
		of    func(holding) int
		slack int
	}{
		"RSS":          {func(h holding) int { return h.rss }, 50},
		"maps":         {func(h holding) int { return h.maps }, 500},
		"open files":   {func(h holding) int { return h.fds }, 8},
		"threads":      {func(h holding) int { return h.threads }, 4},
		"files in tmp": {func(h holding) int { return h.tmp }, 8},
	} {
		before, after := median(held[third:2*third], c.of), median(held[2*third:], c.of)
		if after > before+before/10+c.slack {
			errs = append(errs, fmt.Errorf("%s grew from %d to %d", name, before, after))
		}
	}
	return errors.Join(errs...)
}
