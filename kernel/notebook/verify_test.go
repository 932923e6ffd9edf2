package notebook

import (
	"archive/zip"
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// rewritten copies an archive with one file changed; nil leaves it out.
func rewritten(t *testing.T, from, name string, change func([]byte) []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "changed.zip")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, data := range unzip(t, from) {
		if n == name {
			if data = change(data); data == nil {
				continue
			}
		}
		w, _ := z.Create(n)
		w.Write(data)
	}
	z.Close()
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVerify(t *testing.T) {
	path := archived(t)
	v, err := Verify(t.Context(), path, Tolerance, fake)
	if err != nil {
		t.Fatal(err)
	}
	if v.Numbers == 0 || len(v.Differ) != 0 || len(v.Foreign) != 0 || v.Chapter != 5 || v.Subjects != 2 {
		t.Errorf("an untouched archive: %+v", v)
	}

	// The last digit of one number is changed by hand.
	var old, changed string
	forged := rewritten(t, path, longTableFile, func(data []byte) []byte {
		lines := strings.Split(string(data), "\n")
		old = lines[7]
		last := old[len(old)-1]
		changed = old[:len(old)-1] + string('0'+(last-'0'+1)%10)
		lines[7] = changed
		return []byte(strings.Join(lines, "\n"))
	})
	if v, err = Verify(t.Context(), forged, Tolerance, fake); err != nil {
		t.Fatal(err)
	}
	if len(v.Differ) != 1 {
		t.Fatalf("%s for %s: %+v", changed, old, v.Differ)
	}
	d := v.Differ[0]
	if fields := strings.Split(old, ","); d.Arm != fields[1] || d.Metric != fields[3] || d.Seed != fields[4] || orMissing(d.Run) != fields[5] {
		t.Errorf("%+v is said to differ, and %s does", d, old)
	}
	var out bytes.Buffer
	if err := v.Write(&out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "equal to the last bit") || !strings.Contains(text, "differs: ") || !strings.Contains(text, orMissing(d.Archive)+" in the archive") {
		t.Errorf("it says\n%s", text)
	}

	// A row that was taken out is missed.
	short := rewritten(t, path, longTableFile, func(data []byte) []byte {
		lines := strings.SplitAfter(string(data), "\n")
		return []byte(strings.Join(append(lines[:3], lines[4:]...), ""))
	})
	if v, _ = Verify(t.Context(), short, Tolerance, fake); len(v.Differ) != 1 || !math.IsNaN(v.Differ[0].Archive) {
		t.Errorf("a row too few: %+v", v.Differ)
	}
}

// On another platform numbers may be apart by the tolerance, and no further.
func TestVerifyElsewhere(t *testing.T) {
	path := archived(t)
	elsewhere := func(factor float64) Compute {
		return func(ctx context.Context, p protocols.Protocol) (*Record, error) {
			r, err := fake(ctx, p)
			r.Stamp.Platform.CPU = "another"
			r.Result.Rows[4].Value *= factor
			return r, err
		}
	}
	v, err := Verify(t.Context(), path, 0.05, elsewhere(1.04))
	if err != nil {
		t.Fatal(err)
	}
	within := 0
	for _, m := range v.Metrics {
		within += m.Within
	}
	if len(v.Differ) != 0 || within != 1 || strings.Join(v.Foreign, " ") != "CPU" {
		t.Errorf("4 %% off: %+v", v)
	}
	var out bytes.Buffer
	if v.Write(&out); !strings.Contains(out.String(), "differs in CPU: a number may differ by 5 %") {
		t.Errorf("it says\n%s", out.String())
	}
	if v, _ = Verify(t.Context(), path, 0.05, elsewhere(1.06)); len(v.Differ) != 1 {
		t.Errorf("6 %% off: %+v", v.Differ)
	}
}

func TestVerifyRefuses(t *testing.T) {
	path := archived(t)
	text := filepath.Join(t.TempDir(), "text.zip")
	os.WriteFile(text, []byte("hello"), 0o644)
	broken := func(name, with string) string {
		return rewritten(t, path, name, func([]byte) []byte {
			if with == "" {
				return nil
			}
			return []byte(with)
		})
	}
	for what, file := range map[string]string{
		"no file": filepath.Join(t.TempDir(), "none.zip"), "no archive": text,
		"no numbers": broken(longTableFile, ""), "other numbers": broken(longTableFile, "a,b\n1,2\n"),
		"no parameters": broken(parametersFile, ""), "other parameters": broken(parametersFile, `{"chapter":5,"parameters":{"Gone":"1"}}`),
		"no environment": broken(environmentFile, ""), "no chapter": broken(parametersFile, `{"chapter":99}`),
	} {
		if _, err := Verify(t.Context(), file, Tolerance, fake); !protocols.IsBadInput(err) {
			t.Errorf("%s: %v, want bad input", what, err)
		}
	}
	for _, tolerance := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := Verify(t.Context(), path, tolerance, fake); !protocols.IsBadInput(err) {
			t.Errorf("tolerance %v: %v", tolerance, err)
		}
	}
}
