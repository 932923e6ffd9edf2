package gpukit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/network-fragility/fragility/models"
	"github.com/network-fragility/fragility/protocols"
)

// TestMain computes on one core, as two would each compile the programs.
func TestMain(m *testing.M) {
	if err := os.Setenv("SLURM_CPUS_PER_TASK", "1"); err != nil {
		panic(err)
	}
	m.Run()
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
}

// A place is a machine as the script sees it: a kit whose command does as the
// reference's name says, and commands of the machine that come before the real
// ones.
type place struct {
	*testing.T
	dir string
	env []string
}

func newPlace(t *testing.T, checks ...string) place {
	p := place{t, t.TempDir(), nil}
	write(t, p.dir+"/kit/run.sh", string(script))
	write(t, p.dir+"/kit/about.txt", "a CPU\n")
	write(t, p.dir+"/kit/fragility", `#!/bin/sh
case $3 in
*-right.json) echo "a row of $(ls "$PJRT_PLUGIN_LIBRARY_PATH")" ;;
*-wrong.json) echo "a row"; exit 1 ;;
*-dead.json) kill -KILL $$ ;;
*-slow.json) echo $$ >"$TMPDIR/../pid"; exec sleep 600 ;;
esac
`)
	for _, c := range checks {
		write(t, p.dir+"/kit/reference/"+c+".json", "")
	}
	write(t, p.dir+"/bin/nvidia-smi", "#!/bin/sh\necho 'GPU 0: a GPU'\n")
	write(t, p.dir+"/bin/python3", "#!/bin/sh\necho\necho '"+p.dir+"/system packages'\n")
	write(t, p.dir+"/tmp/README", "")
	p.env = []string{"PATH=" + p.dir + "/bin:" + os.Getenv("PATH"), "TMPDIR=" + p.dir + "/tmp", "VIRTUAL_ENV=" + p.dir + "/venv", "CONDA_PREFIX=" + p.dir + "/conda"}
	return p
}

func (p place) command(args ...string) *exec.Cmd {
	c := exec.Command(p.dir+"/kit/run.sh", args...)
	c.Dir, c.Env = p.dir, p.env
	return c
}

// run returns what the script printed and its status, and sees that it leaves
// nothing behind.
func (p place) run(args ...string) (text string, status int) {
	p.Helper()
	c := p.command(args...)
	out, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		p.Fatal(err)
	}
	p.clean()
	return string(out), c.ProcessState.ExitCode()
}

func (p place) clean() {
	p.Helper()
	if left, _ := os.ReadDir(p.dir + "/tmp"); len(left) != 1 {
		p.Errorf("the script left %v", left)
	}
}

// The plugin is looked for in the active environments, then where python3 looks,
// and CUDA 13 comes before 12.
func TestScriptFindsThePlugin(t *testing.T) {
	p := newPlace(t, "1-right")
	for _, place := range []string{
		"system packages/jax_plugins/xla_cuda12", "system packages/jax_plugins/xla_cuda13",
		"conda/lib/python3.12/site-packages/jax_plugins/xla_cuda12", "venv/lib/python3.11/site-packages/jax_plugins/xla_cuda12",
	} {
		file := filepath.Join(p.dir, place, "xla_cuda_plugin.so")
		write(t, file, "")
		out, status := p.run()
		if status != 0 || !strings.Contains(out, "Plugin: "+file+"\n") || !strings.Contains(out, "a row of pjrt_c_api_cuda_plugin.so\n") {
			t.Errorf("%s: status %d\n%s", place, status, out)
		}
	}
	own := filepath.Join(p.dir, "pjrt_c_api_own_plugin.so")
	write(t, own, "")
	if out, status := p.run(filepath.Base(own)); status != 0 || !strings.Contains(out, "a row of pjrt_c_api_own_plugin.so\n") {
		t.Errorf("a plugin that is named: status %d\n%s", status, out)
	}
}

// Where it cannot begin, one sentence says why.
func TestScriptRefuses(t *testing.T) {
	p := newPlace(t, "1-right")
	if out, status := p.run(); status != 2 || !strings.HasPrefix(out, "run.sh: no CUDA plugin of JAX was found") || strings.Count(out, "\n") != 1 {
		t.Errorf("no plugin: status %d\n%s", status, out)
	}
	if out, status := p.run("nowhere.so"); status != 2 || out != "run.sh: there is no plugin nowhere.so\n" {
		t.Errorf("no such plugin: status %d\n%s", status, out)
	}
	if devices, _ := filepath.Glob("/dev/nvidia[0-9]*"); len(devices) > 0 {
		return
	}
	write(t, p.dir+"/bin/nvidia-smi", "#!/bin/sh\necho 'No devices found.'\n")
	if out, status := p.run(); status != 2 || !strings.HasPrefix(out, "run.sh: no NVIDIA GPU was found") || strings.Count(out, "\n") != 1 {
		t.Errorf("no GPU: status %d\n%s", status, out)
	}
}

// What fails, dies or hangs has its row, the others go on, and all ends in time.
func TestScriptEndsOnEveryFault(t *testing.T) {
	p := newPlace(t, "1-dead", "2-wrong", "3-right", "4-slow")
	write(t, p.dir+"/a.so", "")
	p.env = append(p.env, "LIMIT=8")
	began := time.Now()
	out, status := p.run("a.so")
	out = strings.Replace(out, "Killed\n", "", 1) // what the shell says about it, beside the table
	if status != 1 || time.Since(began) > 30*time.Second {
		t.Errorf("status %d after %v", status, time.Since(began))
	}
	_, table, _ := strings.Cut(out, "remark\n")
	lines := strings.Split(table, "\n")
	for i, want := range []string{"dead         FAULT ", "a row", "a row of a.so", "slow         TIME "} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d is not %q:\n%s", i, want, out)
		}
	}
	p.gone()
}

// gone waits until the slow check's process is no more.
func (p place) gone() {
	p.Helper()
	pid, err := os.ReadFile(p.dir + "/pid")
	if err != nil {
		p.Fatal(err)
	}
	for range 100 {
		if exec.Command("kill", "-0", strings.TrimSpace(string(pid))).Run() != nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.Errorf("process %s is still there", pid)
}

func TestScriptIsInterrupted(t *testing.T) {
	p := newPlace(t, "1-slow", "2-right")
	write(t, p.dir+"/a.so", "")
	c := p.command("a.so")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if b, _ := os.ReadFile(p.dir + "/pid"); len(b) > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	c.Process.Signal(syscall.SIGTERM)
	c.Wait()
	if status := c.ProcessState.ExitCode(); status != 130 {
		t.Errorf("status %d", status)
	}
	p.gone()
	p.clean()
}

func TestHold(t *testing.T) {
	want := []Series{{"a", []float64{3, 4}}, {"b", []float64{50, 60, 70}}}
	near, spread := []float64{3, 4.0004}, []float64{60, 50, 77}
	for name, c := range map[string]struct {
		judge  func(got, want []float64) (off, allowed float64)
		got    []Series
		result string
		remark string
	}{
		"equal":          {distance, want, "pass", "off by 0 "},
		"near":           {distance, []Series{{"a", near}, want[1]}, "pass", "off by 8e-05 where 0.0001 is allowed, in a"},
		"far":            {distance, []Series{{"a", []float64{3, 4.0006}}, want[1]}, "FAIL", "off by 0.00012 where 0.0001 is allowed, in a"},
		"no number":      {distance, []Series{want[0], {"b", []float64{50, math.NaN(), 70}}}, "FAIL", "off by NaN where 0.0001 is allowed, in b"},
		"few":            {distance, want[:1], "FAIL", "1 series"},
		"nothing":        {distance, nil, "FAIL", "0 series"},
		"another":        {distance, []Series{want[0], {"c", want[1].Values}}, "FAIL", "3 numbers of c"},
		"within points":  {paired(2), []Series{{"a", []float64{5, 6}}, want[1]}, "pass", "off by 2 where 2 is allowed, in a"},
		"beyond points":  {paired(2), []Series{{"a", []float64{5.1, 6.1}}, want[1]}, "FAIL", "off by 2.1 where 2 is allowed, in a"},
		"within spread":  {paired(2), []Series{want[0], {"b", spread}}, "pass", "off by 2.3 where "},
		"one subject":    {paired(2), []Series{want[0], {"b", []float64{56, 60, 70}}}, "pass", "off by 2 where 14 is allowed, in b"},
		"not any number": {paired(2), []Series{want[0], {"b", []float64{math.Inf(1), 60, 70}}}, "FAIL", "in b"},
	} {
		result, remark := check{judge: c.judge}.hold(c.got, want)
		if result != c.result || !strings.Contains(remark, c.remark) {
			t.Errorf("%s: %s, %s; want %s, %s", name, result, remark, c.result, c.remark)
		}
	}
}

// The rows stand under the script's head.
func TestRow(t *testing.T) {
	_, after, _ := strings.Cut(string(script), "line() { printf '")
	format, _, _ := strings.Cut(after, "'")
	head, err := exec.Command("printf", format, "check", "result", "seconds", "CPU's", "faster", "remark").Output()
	if err != nil {
		t.Fatal(err)
	}
	line := row("chapter-10", "pass", 12.34, 617, "off")
	for _, column := range [][2]string{{"seconds", " 12.3 "}, {"CPU's", " 617.0 "}, {"faster", " 50.00 "}} {
		if at := strings.Index(string(head), column[0]) + len(column[0]); at != strings.Index(line, column[1])+len(column[1])-1 {
			t.Errorf("%s:\n%s%s", column[0], head, line)
		}
	}
	if strings.Index(string(head), "remark") != strings.Index(line, "off") {
		t.Errorf("%s%s", head, line)
	}
}

// What the CPU came to passes on a device that is not called the CPU, and what is
// altered in it does not.
func TestCheck(t *testing.T) {
	plugin, err := models.FindPlugin()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(plugin, filepath.Join(dir, "pjrt_c_api_feigned_plugin.so")); err != nil {
		t.Fatal(err)
	}
	z := Size{"smoke", "0-1"}
	var list []Reference
	for _, c := range checks {
		if c.name != "mlp" && c.name != "together" {
			continue
		}
		series, err := c.measure(t.Context(), z)
		if err != nil {
			t.Fatal(c.name, err)
		}
		list = append(list, Reference{c.name, z, 1, series})
	}
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", dir)
	altered := list[0]
	altered.Series = append([]Series{{altered.Series[0].Name, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}}, altered.Series[1:]...)
	for i, r := range append(list, altered) {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "reference.json")
		write(t, file, string(text))
		var out bytes.Buffer
		err = Check(t.Context(), &out, file)
		result := strings.Fields(out.String())[1]
		if right := i < len(list); right != (err == nil) || right != (result == "pass") {
			t.Errorf("%v: %s", err, out.String())
		}
	}
	if err := Pack(context.Background(), filepath.Join(dir, "kit"), z, os.Stderr); err == nil || !strings.Contains(err.Error(), "CPU's plugin") {
		t.Error("a kit of another device's numbers:", err)
	}
}

// Every check finds its stages in the chapters, and ends when it is told to.
func TestChecksEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range checks {
		if list, err := c.measure(ctx, Size{"smoke", "0-1"}); err == nil {
			t.Errorf("%s: %d series, %v", c.name, len(list), err)
		}
	}
}

func TestPackRefuses(t *testing.T) {
	for _, z := range []Size{{"large", "0-1"}, {"smoke", "one"}} {
		if err := Pack(t.Context(), t.TempDir(), z, os.Stderr); !protocols.IsBadInput(err) {
			t.Errorf("%+v: %v", z, err)
		}
	}
	if err := Pack(t.Context(), ".", Size{"smoke", "0"}, os.Stderr); !protocols.IsBadInput(err) {
		t.Error("a folder that has something:", err)
	}
}
