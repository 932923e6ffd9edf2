package notebook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/file"
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
	if v.Numbers == 0 || len(v.Differ) != 0 || len(v.Files) != 0 || v.Checked < 20 || len(v.Foreign) != 0 || v.Chapter != 5 || v.Subjects != 2 {
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
		"no environment": broken(environmentFile, ""), "null parameters": broken(parametersFile, "null"), "null environment": broken(environmentFile, "null"), "an empty environment": broken(environmentFile, "{}"), "no description": broken(crateFile, ""), "no chapter": broken(parametersFile, `{"chapter":99}`),
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

// A file that somebody changed is named, even where the description was changed
// with it.
func TestVerifyEveryFile(t *testing.T) {
	path := archived(t)
	files := unzip(t, path)
	swap := func(old, new string) func([]byte) []byte {
		return func(data []byte) []byte { return bytes.Replace(data, []byte(old), []byte(new), 1) }
	}
	digit := func(data []byte) []byte {
		i := bytes.LastIndexAny(data, "012345678")
		data = bytes.Clone(data)
		data[i]++
		return data
	}
	for name, change := range map[string]func([]byte) []byte{
		"tables/treatments.csv": digit, "tables/comparison.csv": digit, "figures/biased.csv": digit, "figures/biased.svg": digit,
		"ch05_tex/treatments.tex": digit, "ch05.md": swap("| a |", "| b |"), "ch05.ipynb": swap("Figure: [a]", "Figure: [b]"),
		readmeFile: swap("notebook", "book"), dictionaryFile: swap("n - 1", "n"), citationFile: swap("title", "tilte"), "tables/claims.csv": func([]byte) []byte { return nil },
	} {
		if len(files[name]) == 0 {
			t.Fatalf("the archive has no %s", name)
		}
		changed := rewritten(t, path, name, change)
		v, err := Verify(t.Context(), changed, Tolerance, fake)
		if err != nil || len(v.Files) == 0 || v.Files[0].Name != name {
			t.Errorf("%s: %v, %v", name, v, err)
			continue
		}
		var out bytes.Buffer
		if v.Write(&out); !strings.Contains(out.String(), "file: "+name+" ") {
			t.Errorf("%s: it says\n%s", name, out.String())
		}
		// Whoever also mends the sums is found out by what the long table gives.
		if strings.HasPrefix(name, "tables/") && change(files[name]) != nil || strings.HasPrefix(name, "figures/") || strings.HasSuffix(name, ".tex") || name == "ch05.md" {
			forged := rewritten(t, changed, crateFile, swap(file.Sum(files[name]), file.Sum(change(files[name]))))
			if v, err := Verify(t.Context(), forged, Tolerance, fake); err != nil || len(v.Files) != 1 || v.Files[0].Name != name {
				t.Errorf("%s with its sum: %+v, %v", name, v.Files, err)
			}
		}
	}
	// A page shows what the notebook does.
	var nb Notebook
	json.Unmarshal(files["ch05.ipynb"], &nb)
	page := []byte(`<svg role="img"><text style="font-weight:normal">x</text></svg><table><tr><td>1</td></tr></table>`)
	if !nb.stoodIn(page) || nb.stoodIn(bytes.Replace(page, []byte("<td>1"), []byte("<td>2"), 1)) || nb.stoodIn(bytes.Replace(page, []byte(">x<"), []byte(">y<"), 1)) {
		t.Error("a page with another number or word is taken for the notebook's, or its own is not")
	}
	// What does not belong there is named, and what stands twice is refused.
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, data := range files {
		w, _ := z.Create(n)
		w.Write(data)
	}
	w, _ := z.Create("extra.txt")
	w.Write([]byte("x"))
	z.Close()
	more := filepath.Join(t.TempDir(), "more.zip")
	os.WriteFile(more, b.Bytes(), 0o644)
	if v, err := Verify(t.Context(), more, Tolerance, fake); err != nil || len(v.Files) != 1 || v.Files[0].Name != "extra.txt" {
		t.Errorf("a file too many: %+v, %v", v, err)
	}
	b.Reset()
	z = zip.NewWriter(&b)
	for range 2 {
		w, _ := z.Create(longTableFile)
		w.Write([]byte("x"))
	}
	z.Close()
	os.WriteFile(more, b.Bytes(), 0o644)
	if _, err := Verify(t.Context(), more, Tolerance, fake); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a file twice: %v", err)
	}
}

// withMembers copies an archive, with further files; a name may stand twice.
func withMembers(t *testing.T, from string, more ...func(z *zip.Writer)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "more.zip")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, data := range unzip(t, from) {
		w, _ := z.Create(n)
		w.Write(data)
	}
	for _, add := range more {
		add(z)
	}
	z.Close()
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// What no export makes is refused before anything is computed.
func TestVerifyRefusesWhatIsNoExport(t *testing.T) {
	path := archived(t)
	never := func(context.Context, protocols.Protocol) (*Record, error) {
		t.Error("it was computed")
		return nil, context.Canceled
	}
	member := func(name string, size int64) func(z *zip.Writer) {
		return func(z *zip.Writer) {
			w, _ := z.Create(name)
			for block := make([]byte, 1<<20); size > 0; size -= int64(len(block)) {
				w.Write(block)
			}
		}
	}
	lying := func(z *zip.Writer) { // its head says that it is short
		var b bytes.Buffer
		deflate, _ := flate.NewWriter(&b, 9)
		for range maxMember>>20 + 1 {
			deflate.Write(make([]byte, 1<<20))
		}
		deflate.Close()
		w, _ := z.CreateRaw(&zip.FileHeader{Name: "more.csv", Method: zip.Deflate, CompressedSize64: uint64(b.Len()), UncompressedSize64: 10})
		w.Write(b.Bytes())
	}
	for what, c := range map[string]struct{ file, says string }{
		"a name twice":        {withMembers(t, path, member(longTableFile, 1)), "twice"},
		"a name that is away": {withMembers(t, path, member("../x", 1)), "leads out"},
		"a long file":         {withMembers(t, path, member("more.csv", maxMember+1)), "too long"},
		"a long file, hidden": {withMembers(t, path, lying), "does not read"},
		"a null environment":  {rewritten(t, path, environmentFile, func([]byte) []byte { return []byte("null") }), "no JSON object"},
		"no platform":         {rewritten(t, path, environmentFile, func([]byte) []byte { return []byte("{}") }), "on which platform"},
		"a file of its maker's": {rewritten(t, path, parametersFile, func([]byte) []byte {
			return []byte(`{"chapter":9,"parameters":{"Prompts":"/etc/passwd"}}`)
		}), "file of its maker's"},
		"a model of its maker's": {rewritten(t, path, parametersFile, func([]byte) []byte {
			return []byte(`{"chapter":9,"parameters":{"Model":"tinyllama","ModelPath":"/dev/zero"}}`)
		}), "file of its maker's"},
		"a name with a code": {rewritten(t, path, parametersFile, func([]byte) []byte {
			return []byte(`{"chapter":5,"parameters":{"Arms":"a\u001b]0;b: off"}}`)
		}), "does not fit"},
	} {
		if _, err := Verify(t.Context(), c.file, Tolerance, never); !protocols.IsBadInput(err) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", what, err, c.says)
		}
	}
}
