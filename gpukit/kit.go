// Package gpukit is for the first meeting with a GPU: it packs the command, a
// script and a CPU's numbers into a folder, and holds a GPU against them there
// (docs/gpu.md).
package gpukit

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// Size says how much is computed: a profile of the chapters and the subjects, of
// whom chapter 9 and the comparisons of single steps take the first.
type Size struct{ Profile, Seeds string }

// A Series is numbers with a name: values of a tensor, or a measure of each
// subject.
type Series struct {
	Name   string
	Values []float64
}

// A Reference is what a check came to on a CPU.
type Reference struct {
	Check   string
	Size    Size
	Seconds float64 // with compilation
	Series  []Series
}

//go:embed run.sh
var script []byte

// most is the size of a kit at most, in bytes.
const most = 60_000_000

// Pack computes the references of all checks on this machine's CPU and makes a kit
// of them in a folder, which must be new or empty. It tells progress to log.
func Pack(ctx context.Context, folder string, z Size, log io.Writer) error {
	for _, n := range []int{1, 9, 10} {
		if _, err := z.protocol(n); err != nil {
			return err
		}
	}
	if there, _ := os.ReadDir(folder); len(there) > 0 {
		return protocols.BadInput{Sentence: fmt.Sprintf("the kit takes a folder that is new or empty, not %s", folder)}
	}
	if !onCPU() {
		return errors.New("a kit has the CPU's numbers: pack it with the CPU's plugin (unset PJRT_PLUGIN_LIBRARY_PATH)")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	command, err := os.ReadFile(exe)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(folder, "reference"), 0o777); err != nil {
		return err
	}
	size := len(command) + len(script)
	for i, c := range checks {
		fmt.Fprintf(log, "%s on the CPU\n", c.name)
		began := time.Now()
		list, err := c.measure(ctx, z)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		r := Reference{c.name, z, time.Since(began).Seconds(), list}
		text, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		size += len(text)
		if err := os.WriteFile(filepath.Join(folder, "reference", fmt.Sprintf("%d-%s.json", i+1, c.name)), text, 0o666); err != nil {
			return err
		}
	}
	if size > most {
		return fmt.Errorf("the kit has %d bytes, and may have %d", size, most)
	}
	about := fmt.Sprintf("%s, %d cores; subjects %s, profile %s\n", models.Processor(), models.Cores(), z.Seeds, z.Profile)
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "about.txt"), []byte(about), 0o666),
		os.WriteFile(filepath.Join(folder, "fragility"), command, 0o777),
		os.WriteFile(filepath.Join(folder, "run.sh"), script, 0o777),
	)
}

// Check repeats the computation of a reference file with the plugin that is found,
// and writes a row of the table, or nothing where ctx ended. It returns an error
// where the row does not say that it passed.
func Check(ctx context.Context, w io.Writer, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var r Reference
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	i := slices.IndexFunc(checks, func(c check) bool { return c.name == r.Check })
	if i < 0 {
		return fmt.Errorf("%s: no check is called %q", file, r.Check)
	}
	began := time.Now()
	list, err := checks[i].measure(ctx, r.Size)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	result, remark := "FAULT", ""
	if err != nil {
		remark, _, _ = strings.Cut(err.Error(), "\n")
	} else if result, remark = checks[i].hold(list, r.Series); result != "pass" {
		err = fmt.Errorf("%s did not pass", r.Check)
	}
	io.WriteString(w, row(r.Check, result, time.Since(began).Seconds(), r.Seconds, remark))
	return err
}
