// Package papermill holds the Python package that teaches papermill the
// parameters of Go notebooks, and its tests.
package papermill

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/kernel/setup"
)

// python runs the Python of the checkout, which must have been set up.
func python(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(setup.Python(root)); err != nil {
		t.Fatal("Jupyter is not set up in this checkout; run make setup first")
	}
	cmd := exec.Command(setup.Python(root), args...)
	cmd.Env = append(os.Environ(), setup.JupyterEnv(root)...)
	cmd.Env = append(cmd.Env, "PYTHONNOUSERSITE=1", "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestTranslator(t *testing.T) {
	if said, err := python(t, "test_translator.py"); err != nil || !strings.Contains(said, "OK") {
		t.Errorf("%v: %s", err, said)
	}
}

// papermill runs a chapter with parameters, and marks cells and notebook as it
// does those of other languages.
func TestPapermill(t *testing.T) {
	// A short name, as a socket's must be; the engine that the cells start is
	// that of the checkout and goes with the store.
	store, err := os.MkdirTemp("", "pm")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(store)
	binary, _ := filepath.Abs("../../bin/fragility")
	t.Setenv(client.StoreVariable, store)
	t.Setenv(client.BinaryVariable, binary)
	t.Setenv("SLURM_CPUS_PER_TASK", "1") // two cores would each compile the programs
	defer exec.Command(binary, "engine", "stop").Run()

	// The chapter up to its first pictures; the rest of it runs with the tests of the notebooks.
	chapter, err := notebook.Read("../../notebooks/ch01.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	shown := slices.IndexFunc(chapter.Cells, func(c notebook.Cell) bool { return strings.Contains(c.Source, ".Plot(") })
	chapter.Cells = chapter.Cells[:shown+1]
	source := filepath.Join(t.TempDir(), "ch01.ipynb")
	if err := chapter.Write(source); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "out.ipynb")
	said, err := python(t, "-I", "-m", "papermill", source, target,
		"-p", "Seeds", "0-1", "-p", "Profile", "smoke", "-p", "Hidden", "8,8,8", "-p", "DataSigma", "1", "--no-progress-bar")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	nb, err := notebook.Read(target)
	if err != nil {
		t.Fatal(err)
	}
	var before, injected, pictures int
	for i, c := range nb.Cells {
		if c.HasTag(notebook.ParametersTag) {
			before = i
		}
		if c.HasTag(notebook.InjectedTag) {
			injected = i
			for _, want := range []string{`"Seeds": "0-1",`, `"Profile": "smoke",`, "\t\"DataSigma\": 1,\n})"} {
				if !strings.Contains(c.Source, want) {
					t.Errorf("injected\n%s\nwithout %s", c.Source, want)
				}
			}
		}
		for _, raw := range c.Outputs {
			var o struct {
				Data map[string]json.RawMessage `json:"data"`
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			if o.Data["image/svg+xml"] != nil {
				pictures++
			}
			if strings.Contains(string(o.Data["text/plain"]), " stages: ") && !strings.Contains(string(o.Data["text/plain"]), `"2 subjects`) {
				t.Errorf("not two subjects: %s", o.Data["text/plain"])
			}
		}
	}
	if injected != before+1 || pictures == 0 {
		t.Errorf("parameters in cell %d, injected in cell %d, %d pictures", before, injected, pictures)
	}
	noted, _ := nb.Metadata["papermill"].(map[string]any)
	values, _ := noted["parameters"].(map[string]any)
	// Its version papermill notes only where a notebook has no notes of an injection yet, as ours may.
	if values["Seeds"] != "0-1" || noted["exception"] != nil || noted["end_time"] == nil {
		t.Errorf("papermill's metadata is %v", noted)
	}
}

// A value that its parameter does not take, or a name that the chapter lacks,
// ends papermill with a sentence, before anything is compiled.
func TestPapermillRefuses(t *testing.T) {
	for _, c := range [][3]string{
		{"KetamineEpochs", "2.5", `KetamineEpochs takes a whole number in [0,10000] (epochs), not "2.5"`},
		{"KetamineGain", "1,4", `KetamineGain takes a number in [0.01,10] (factor), not "1,4": write 1.4`},
		{"KetamineGian", "1.4", "KetamineGian is not a parameter of chapter 5; did you mean KetamineGain?"},
	} {
		target := filepath.Join(t.TempDir(), "out.ipynb")
		said, err := python(t, "-I", "-m", "papermill", "../../notebooks/ch05.ipynb", target, "-p", c[0], c[1], "--no-progress-bar")
		if err == nil || !strings.Contains(said, c[2]) {
			t.Errorf("%v: %s", err, said)
		}
	}
}
