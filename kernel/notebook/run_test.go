package notebook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// root of the checkout, which must have been set up.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if err := installed(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

const chapter5 = "import \"github.com/network-fragility/fragility/kernel/nf\"\n\nvar run = nf.Chapter(5).With(nf.Set{\n\t\"KetamineGain\": 1.25,\n\t\"Seeds\":        \"0-3\",\n})"

// run executes a notebook of these code cells, the first one with the
// parameters, in temporary folders, and returns it as it was saved.
func run(t *testing.T, ctx context.Context, o Options, cells ...string) (*Notebook, string, error) {
	t.Helper()
	nb := &Notebook{Format: 4, FormatMinor: 5, Metadata: map[string]any{
		"kernelspec": map[string]any{"name": "fragility", "display_name": "Go", "language": "go"},
	}}
	nb.Cells = append(nb.Cells, Cell{ID: "title", Kind: MarkdownCell, Source: "# Scratch\n\nA formula: $w_i^2$, and a [link](https://example.org)."})
	for i, source := range cells {
		c := Cell{ID: "c" + string(rune('a'+i)), Kind: CodeCell, Source: source}
		if i == 0 {
			c.Metadata = map[string]any{"tags": []any{ParametersTag}}
		}
		nb.Cells = append(nb.Cells, c)
	}
	source := filepath.Join(t.TempDir(), "scratch.ipynb")
	if err := nb.Write(source); err != nil {
		t.Fatal(err)
	}
	o.Root, o.Notebook = root(t), source
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	// Whatever the kernel leaves in the temporary folder shows here.
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	var out bytes.Buffer
	o.Out = &out
	files, err := Run(ctx, o)
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("the run left %v behind", left)
	}
	if len(files) == 0 {
		return nil, out.String(), err
	}
	saved, readErr := Read(files[0])
	if readErr != nil {
		t.Fatal(readErr)
	}
	return saved, out.String(), err
}

// outputs of a cell, as they stand in the file.
func outputs(c Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		b.Write(o)
	}
	return b.String()
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	nb, out, err := run(t, t.Context(), Options{
		Parameters: []Assignment{{"KetamineGain", "2"}},
		To:         []string{"html"},
		Dir:        dir,
	},
		chapter5,
		"fmt.Println(run)",
		"",
	)
	if err != nil {
		t.Fatal(err)
	}
	// The injected cell wins over the one before it.
	if got := outputs(nb.Cells[3]); !strings.Contains(got, `KetamineGain:2 Seeds:0-3`) {
		t.Errorf("the cell printed %s", got)
	}
	if n := nb.Cells[3].ExecutionCount; n == nil || *n != 3 {
		t.Errorf("execution count %v", n)
	}
	if !regexp.MustCompile(`^\S+ is none of this checkout's notebooks: .*\ncell 1/3  Scratch  \d+\.\d s\n(.*\n){2}$`).MatchString(out) {
		t.Errorf("progress was\n%s", out)
	}
	page, err := os.ReadFile(filepath.Join(dir, "scratch.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>Scratch</title>", "parameters of this run", "KetamineGain:2", "<math"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	// A page asks for something with one of these. (A link in prose asks for
	// nothing before a reader follows it.)
	asks := regexp.MustCompile(`(?i)<script|<link|<iframe|@import|\b(src|srcset|poster|data)="(?:[^d"]|d[^a"])[^"]*"|url\((?:[^d]|d[^a])`)
	if found := asks.FindString(string(page)); found != "" {
		t.Errorf("the page asks for something with %s", found)
	}
}

// A cell that does not compile, and one that ends with a status, stop the run;
// what was put out is in the file.
func TestRunFailingCell(t *testing.T) {
	nb, out, err := run(t, t.Context(), Options{},
		chapter5,
		"%%\nfmt.Println(\"before\")",
		"%%\nx := 1\nfmt.Println(gone)",
		"%%\nfmt.Println(\"never\")",
	)
	cell, ok := errors.AsType[*CellError](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	if cell.Number != 3 || cell.Total != 4 || cell.Message != "line 2: declared and not used: x\nline 3: undefined: gone" {
		t.Errorf("error %v", err)
	}
	if !strings.HasSuffix(out, "cell 3/4  Scratch  failed\n") {
		t.Errorf("progress was\n%s", out)
	}
	if got := outputs(nb.Cells[2]); !strings.Contains(got, "before") {
		t.Errorf("the cell before has %s", got)
	}
	if got := outputs(nb.Cells[3]); !strings.Contains(got, "undefined: gone") {
		t.Errorf("the failing cell has %s, without the compiler's text", got)
	}
	if got := outputs(nb.Cells[4]); got != "" {
		t.Errorf("the cell after has %s", got)
	}

	_, _, err = run(t, t.Context(), Options{},
		chapter5,
		"%%\nfmt.Fprintln(os.Stderr, \"Gain takes a number in [1,3], not 9\")\nos.Exit(1)",
	)
	if err == nil || err.Error() != "cell 2 of 2 (Scratch) failed: Gain takes a number in [1,3], not 9" {
		t.Errorf("error %v", err)
	}
}

// A cell that needs no compiler, after ones that do, fails as those would.
func TestRunPlainCell(t *testing.T) {
	nb, _, err := run(t, t.Context(), Options{},
		chapter5,
		"%test\nfunc TestOne(t *testing.T) { fmt.Println(\"compiled\") }",
		"run.Plot(\"gain\").Turn(nf.Slider(\"Brightness\", 1, 2))",
		"run.Run()",
	)
	if want := "cell 3 of 4 (Scratch) failed: Brightness is not a parameter of chapter 5, so there is nothing to turn"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if got := outputs(nb.Cells[2]); !strings.Contains(got, "compiled") {
		t.Errorf("the cell before has %s", got)
	}
	if n := nb.Cells[3].ExecutionCount; n == nil || *n != 3 {
		t.Errorf("execution count %v", n)
	}
}

// interruptedCell runs a cell that writes its process's number into a file, interrupts
// it so long after that, and returns what it shows. The run ends in most, and the
// cell's program with it.
func interruptedCell(t *testing.T, after, most time.Duration, before, then string) string {
	t.Helper()
	mark := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	var asked time.Time
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(mark); err == nil {
				time.Sleep(after)
				asked = time.Now()
				cancel()
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	nb, _, err := run(t, ctx, Options{},
		chapter5,
		"%%\n"+before+"os.WriteFile(\""+mark+"\", []byte(fmt.Sprint(os.Getpid())), 0o644)\n"+then,
	)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if d := time.Since(asked); d > most {
		t.Errorf("ended %v after the interrupt", d)
	}
	text, _ := os.ReadFile(mark)
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Errorf("the cell's program %d still runs", pid)
	}
	return outputs(nb.Cells[2])
}

// An interrupt ends the cell's program, keeps what ran, and leaves no process.
func TestRunInterrupted(t *testing.T) {
	got := interruptedCell(t, 200*time.Millisecond, 5*time.Second, "fmt.Println(\"started\")\n", "time.Sleep(time.Hour)")
	if !strings.Contains(got, "started") || !strings.Contains(got, "interrupt") {
		t.Errorf("the cell has %s", got)
	}
}

// A cell that prints without end has a bounded output, heeds an interrupt and
// leaves no process.
func TestRunPrintsWithoutEnd(t *testing.T) {
	got := interruptedCell(t, time.Second, 20*time.Second, "", "for {\n\tfmt.Println(\"without end\")\n}")
	printed := strings.Count(got, "without end\\n") * len("without end\n")
	if printed < 100_000 || printed > 1<<20 || !strings.Contains(got, "beyond 1 MB is not shown") {
		t.Errorf("the cell shows %d bytes, ending in %s", printed, got[max(0, len(got)-200):])
	}
}

// A kernel that is killed ends the run with a sentence and leaves neither gopls
// nor its folder.
func TestRunKernelDies(t *testing.T) {
	nb, _, err := run(t, t.Context(), Options{},
		chapter5,
		"%%\nsyscall.Kill(os.Getppid(), syscall.SIGKILL)\ntime.Sleep(time.Hour)",
	)
	if err == nil || err.Error() != "cell 2 of 2 (Scratch) failed: the kernel died" {
		t.Errorf("error %v", err)
	}
	if got := outputs(nb.Cells[2]); !strings.Contains(got, "the kernel died") {
		t.Errorf("the cell has %s", got)
	}
}

// A kernel that ends before its first word, as where another program took its
// port, is started again.
func TestRunKernelStartsAgain(t *testing.T) {
	whole := runScript
	t.Cleanup(func() { runScript = whole })
	runScript = strings.Replace(whole, "asyncio.run(main())", `
class Late(AsyncKernelManager):
    started = 0

    def format_kernel_cmd(self, extra_arguments=None):
        Late.started += 1
        return ["false"] if Late.started == 1 else super().format_kernel_cmd(extra_arguments)


AsyncKernelManager = Late
asyncio.run(main())
print(f"started {Late.started} times", file=sys.stderr)
sys.exit(Late.started != 2)`, 1)
	if _, _, err := run(t, t.Context(), Options{}, chapter5); err != nil {
		t.Error(err)
	}
}

// Whoever of those that run a cell is killed, the cell's program and the kernel
// end, too.
func TestNoOrphans(t *testing.T) {
	for name, victim := range map[string]func(cell int) int{
		"Jupyter": func(cell int) int { return parent(t, parent(t, parent(t, cell))) },
		"gate":    func(cell int) int { return parent(t, parent(t, cell)) },
		"GoNB":    func(cell int) int { return parent(t, cell) },
	} {
		t.Run(name, func(t *testing.T) {
			mark := filepath.Join(t.TempDir(), "pid")
			var family []int
			go func() {
				for t.Context().Err() == nil {
					text, _ := os.ReadFile(mark)
					if pid, err := strconv.Atoi(string(text)); err == nil {
						family = []int{pid, parent(t, pid), parent(t, parent(t, pid))}
						syscall.Kill(victim(pid), syscall.SIGKILL)
						return
					}
					time.Sleep(20 * time.Millisecond)
				}
			}()
			_, _, err := run(t, t.Context(), Options{}, chapter5,
				"var _ = nf.Chapter\n%%\nos.WriteFile(\""+mark+"\", []byte(fmt.Sprint(os.Getpid())), 0o644)\ntime.Sleep(time.Hour)")
			if err == nil {
				t.Error("the run ended well")
			}
			for began := time.Now(); len(family) > 0; time.Sleep(50 * time.Millisecond) {
				family = slices.DeleteFunc(family, func(pid int) bool {
					stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
					return err != nil || strings.Contains(string(stat), ") Z ")
				})
				if time.Since(began) > 20*time.Second {
					t.Fatalf("%v still run", family)
				}
			}
		})
	}
}

// parent is the process that started another.
func parent(t *testing.T, pid int) (ppid int) {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Error(err)
		return 0
	}
	var state string
	fmt.Sscan(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), &state, &ppid)
	return ppid
}

func TestRunRefuses(t *testing.T) {
	for _, o := range []Options{
		{Parameters: []Assignment{{"KetamineGain", "high"}}},
		{To: []string{"docx"}},
	} {
		o.Dir = filepath.Join(t.TempDir(), "out")
		if _, _, err := run(t, t.Context(), o, chapter5); !protocols.IsBadInput(err) {
			t.Errorf("%+v: %v", o, err)
		}
		if _, err := os.Stat(o.Dir); err == nil {
			t.Errorf("%+v wrote something", o)
		}
	}
	if err := installed(t.TempDir()); err == nil || !strings.Contains(err.Error(), "run make setup first") {
		t.Errorf("without set-up: %v", err)
	}
}
