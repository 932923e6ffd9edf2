//go:build browser

package notebooks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/kernel/setup"
)

// A reader's first quarter of an hour, in a real browser: chapter 1 is opened
// and run, a parameter changed, a dial turned, a long cell interrupted and the
// kernel restarted.
func TestReader(t *testing.T) {
	l := startLab(t, "ch01")
	l.open("ch01.ipynb")

	t.Log("runs all cells")
	l.menu("Run", "Run All Cells")
	l.wait(time.Minute, "progress in the last cell, which waits", `last().querySelector("progress") && last().querySelector(".jp-InputPrompt").textContent.includes("[*]")`)
	l.picture("0-waits")
	l.wait(6*time.Minute, "dials that answer", `document.querySelector(".fragility-dials:enabled") && busy() === 1 && pictures(cell("Turn("))`)
	l.picture("1-run")
	l.want("a figure of the sweep", `pictures(cell('Plot("sweep")')) > 0`)
	l.want("table 1", `cell('Table("table 1")').querySelectorAll("table tr").length > 5`)
	l.want("no cell that failed", `failures() === 0`)
	l.want("no line of progress at the end", `!last().querySelector("progress")`)
	l.want("the font of the pictures", `[...document.fonts].some(f => f.family.includes("Fragility Sans") && f.status === "loaded")`)
	wordsInPlace(t, func(expression string) ([]string, error) { return ask[[]string](l, expression) }, "JupyterLab")

	t.Log("changes a parameter; the dials give way")
	before := l.text(`cell('Table("sweep")').querySelector(".jp-OutputArea")`)
	l.replaceLine(`"FinetuneEpochs"`, `"FinetuneEpochs": 15, "BaselineEpochs": 3,`)
	l.menu("Run", "Run Selected Cell and All Below")
	l.wait(4*time.Minute, "dials that answer again", `document.querySelector(".fragility-dials:enabled") && busy() === 1 && pictures(cell("Turn("))`)
	l.picture("2-changed")
	if after := l.text(`cell('Table("sweep")').querySelector(".jp-OutputArea")`); after == before {
		t.Errorf("the table of the sweep is the same with other training: %s", after)
	}

	t.Log("moves a slider")
	was := l.drawing(`cell("Turn(")`)
	const slider = `cell("Turn(").querySelector("input[type=range]:enabled")`
	place, err := ask[float64](l, `(s => { s.focus(); return +s.value; })(`+slider+`)`)
	if err != nil {
		t.Fatal(err)
	}
	l.do("press the left arrow", chromedp.KeyEvent(kb.ArrowLeft)) // the keyboard alone
	l.want("a slider one place further, with the focus", fmt.Sprintf(`%s.value == %v && document.activeElement === %[1]s`, slider, place-1))
	l.want("a picture that is marked as of the old value", `[...cell("Turn(").querySelectorAll(".vega-embed, .jp-RenderedSVG svg, .jp-RenderedSVG img")].some(p => p.style.opacity < 1)`)
	for begin := time.Now(); l.drawing(`cell("Turn(")`) == was; time.Sleep(100 * time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			l.picture("failed")
			t.Fatal("the picture stays the same when a dial is turned")
		}
	}
	l.picture("3-turned")
	l.click(`cell("Turn(").querySelector(".fragility-dials button")`)
	l.want("the place of the dials", `busy() === 0 && cell("Turn(").textContent.includes("PruneSparsity = ")`)

	t.Log("makes a PDF")
	l.menu("File", "Save Notebook")
	l.want("a saved notebook", `!document.querySelector(".lm-TabBar-tab.jp-mod-dirty")`)
	l.click(`document.querySelector(".jp-Notebook-footer")`) // a new cell
	l.write(`nf.Export("pdf")`)
	l.runLast()
	l.says("out/ch01.pdf")
	l.picture("4-export")
	if data, err := os.ReadFile(filepath.Join(filepath.Dir(l.store), "notebooks", "out", "ch01.pdf")); err != nil || !strings.HasPrefix(string(data), "%PDF-") {
		t.Errorf("there is no PDF (%v)", err)
	}
	l.click(`last().querySelector("a")`)
	l.wait(20*time.Second, "the PDF beside the notebook", `document.querySelector(".jp-PDFViewer, .jp-PDFContainer, [data-id*='ch01.pdf']")`)
	l.click(`labelled(".lm-TabBar-tabLabel", "ch01.ipynb")`)

	t.Log("asks what there is, and what it means")
	l.write("run.Pl")
	// gopls reads the whole module first, for which JupyterLab does not wait on a busy machine.
	const completed = `last().textContent.includes("run.Plot") || document.querySelector(".jp-Completer")?.textContent.includes("Plot")`
	for range 3 {
		l.do("press tab", chromedp.KeyEvent(kb.Tab))
		if l.comes(40*time.Second, completed) {
			break
		}
	}
	l.want("the completion", completed)
	l.picture("5-completion")
	l.do("press escape", chromedp.KeyEvent(kb.Escape))
	l.write("run.Plot")
	l.do("press shift and tab", chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
	l.want("the documentation", `document.querySelector(".jp-Tooltip")?.textContent.includes("is a plot of the run")`)
	l.picture("6-documentation")
	l.do("press escape", chromedp.KeyEvent(kb.Escape))

	t.Log("interrupts a long cell")
	l.write(`nf.Chapter(2).With(nf.Set{"BaselineEpochs": 400}).Run()`) // which no record has
	l.runLast()
	l.wait(30*time.Second, "progress", `last().querySelector("progress")`)
	l.picture("6-long")
	begin := time.Now()
	l.menu("Kernel", "Interrupt Kernel")
	l.says("interrupted; finished stages are kept")
	if took := time.Since(begin); took > 2*time.Second { // a second, and what the page takes
		t.Errorf("the interrupt took %v", took)
	}
	l.picture("7-interrupted")

	t.Log("makes mistakes")
	for _, mistake := range []struct{ code, says string }{
		{`run.Plto("sweep")`, `Line 2`},
		{`run.Plot("sweeep").Show()`, `chapter 1 has no plot "sweeep"`},
		{`run.With(nf.Set{"PruneSparsity": 7}).Run()`, `PruneSparsity takes a number in [0,1)`},
		{`panic("no")`, `the cell stopped at line 2: no`},
	} {
		l.write(mistake.code)
		l.runLast()
		l.says(mistake.says)
		if text := l.text(`last().querySelector(".jp-OutputArea")`); strings.Contains(text, "goroutine") {
			t.Errorf("%s: the cell shows a stack trace:\n%s", mistake.code, text)
		}
	}
	l.picture("8-mistakes")

	t.Log("loses the engine")
	l.write(`nf.Chapter(2).With(nf.Set{"BaselineEpochs": 400}).Run()`) // which no record has
	l.runLast()
	l.wait(30*time.Second, "progress", `last().querySelector("progress")`)
	l.kill()
	l.says("the engine stopped in the middle of its work")
	l.picture("9-lost")

	t.Log("goes on after all that")
	l.write("println(6 * 7)")
	l.runLast()
	l.says("42")

	t.Log("restarts the kernel and runs all again")
	l.menu("Kernel", "Restart Kernel and Run All Cells…")
	l.click(`labelled(".jp-Dialog-buttonLabel", "Restart")`)
	l.wait(time.Minute, "the answer of the last cell, after all others", `busy() === 0 && last().querySelector(".jp-InputPrompt").textContent.includes("["+cells().length+"]")`)
	l.says("42")
	l.want("no cell that failed", `failures() === 1`) // println writes to standard error
}

// A lab is JupyterLab on a loopback address, and a browser before it.
type lab struct {
	t          *testing.T
	ctx        context.Context // of the page
	url, token string
	store      string
}

// startLab serves a copy of a notebook, set to its smoke profile, with a store
// of its own.
func startLab(t *testing.T, name string) *lab {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	// A short name, as a socket's must be.
	dir, err := os.MkdirTemp("", "lab")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	nb, err := notebook.Read(filepath.Join("notebooks", name+".ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	nb.ClearOutputs()
	nb.Cells = slices.DeleteFunc(nb.Cells, func(c notebook.Cell) bool { return c.HasTag(notebook.InjectedTag) }) // the book's values
	for i := range nb.Cells {
		nb.Cells[i].Source = regexp.MustCompile(`("Profile": *)"paper"`).ReplaceAllString(nb.Cells[i].Source, `$1"smoke"`)
	}
	served := filepath.Join(dir, "notebooks")
	if err := os.Mkdir(served, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(filepath.Join(served, name+".ipynb")); err != nil {
		t.Fatal(err)
	}

	token := rand.Text()
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	store := filepath.Join(dir, "store")
	t.Setenv(client.StoreVariable, store)
	t.Setenv(client.BinaryVariable, filepath.Join(root, "bin", "fragility"))
	server := exec.Command("make", "lab",
		"JUPYTER_CONFIG_DIR="+filepath.Join(dir, "config"), // no settings of the user's
		"JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"),
		"NOTEBOOKS="+served,
		"LAB=--no-browser --ServerApp.ip=127.0.0.1 --ServerApp.port_retries=0 --ServerApp.port="+port+
			" --IdentityProvider.token="+token)
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
		server.Wait()
		exec.Command("bin/fragility", "engine", "stop").Run()
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("JupyterLab said:\n%s", said)
		}
	})
	url := "http://" + address
	for begin := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		if resp, err := http.Get(url + "/api"); err == nil {
			resp.Body.Close()
			break
		}
		if time.Since(begin) > time.Minute {
			t.Fatal("JupyterLab does not answer")
		}
	}

	ctx := startBrowser(t)
	return &lab{t, ctx, url, token, store}
}

// startBrowser opens an empty page. Where there is no browser it fails: a
// skipped test would look like one that passed.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	browser := setup.Browser()
	if browser == "" {
		t.Fatal("Chromium was not found; install it (Debian, Ubuntu: apt install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.WindowSize(1300, 1100), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts it, without the limit of a first action
		t.Fatal(err)
	}
	return ctx
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// helpers are what the questions to the page are put in.
const helpers = `
	const cells = () => [...document.querySelectorAll(".jp-CodeCell")];
	const cell = text => cells().find(c => c.querySelector(".jp-InputArea-editor")?.textContent.includes(text));
	const last = () => cells().at(-1);
	const busy = () => cells().filter(c => c.querySelector(".jp-InputPrompt").textContent.includes("[*]")).length;
	const pictures = c => c.querySelectorAll(".vega-embed, .jp-RenderedSVG, .jp-RenderedImage").length;
	const failures = () => document.querySelectorAll("[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']").length;
	const labelled = (selector, text) => [...document.querySelectorAll(selector)].find(e => e.textContent === text);
`

// ask evaluates an expression in the page.
func ask[T any](l *lab, expression string) (T, error) {
	return chromedp.Run(l.ctx, chromedp.Evaluate[T]("(() => {"+helpers+"return ("+expression+");})()"))
}

// want fails where a condition does not hold within seconds.
func (l *lab) want(what, condition string) {
	l.t.Helper()
	l.wait(10*time.Second, what, condition)
}

// wait waits for a condition.
func (l *lab) wait(limit time.Duration, what, condition string) {
	l.t.Helper()
	if !l.comes(limit, condition) {
		_, err := ask[bool](l, "!!("+condition+")")
		l.picture("failed")
		l.t.Fatalf("the page lacks %s (%v)", what, err)
	}
}

// comes reports whether a condition holds within a time.
func (l *lab) comes(limit time.Duration, condition string) bool {
	for begin := time.Now(); time.Since(begin) < limit; time.Sleep(100 * time.Millisecond) {
		if ok, _ := ask[bool](l, "!!("+condition+")"); ok {
			return true
		}
	}
	return false
}

// do acts on the page.
func (l *lab) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		l.picture("failed")
		l.t.Fatalf("%s: %v", what, err)
	}
}

func (l *lab) open(name string) {
	l.t.Helper()
	l.do("open "+name, chromedp.Navigate(fmt.Sprintf("%s/lab/tree/%s?reset&token=%s", l.url, name, l.token)), chromedp.WaitVisible(".jp-CodeCell .cm-content"))
	// Until a first cell ran, the page shows no state of the kernel that says whether it is there.
	for begin := time.Now(); !l.connected(); time.Sleep(200 * time.Millisecond) {
		if time.Since(begin) > 30*time.Second {
			l.t.Fatal("the page finds no kernel")
		}
	}
}

// connected reports whether the page talks to a kernel.
func (l *lab) connected() bool {
	resp, err := http.Get(fmt.Sprintf("%s/api/kernels?token=%s", l.url, l.token))
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	var kernels []struct{ Connections int }
	return json.NewDecoder(resp.Body).Decode(&kernels) == nil && len(kernels) == 1 && kernels[0].Connections > 0
}

// menu chooses an entry of the menu bar.
func (l *lab) menu(bar, entry string) {
	l.t.Helper()
	l.click(fmt.Sprintf(`labelled(".lm-MenuBar-itemLabel", %q)`, bar))
	l.click(fmt.Sprintf(`labelled(".lm-Menu-itemLabel", %q)`, entry))
}

// click clicks on the middle of an element.
func (l *lab) click(element string) {
	l.t.Helper()
	l.want(element, element)
	at, err := ask[[]float64](l, `(e => {
		e.scrollIntoView({block: "nearest"});
		const box = e.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})(`+element+`)`)
	if err != nil {
		l.t.Fatal(err)
	}
	// A menu takes a click only where the pointer was seen to come.
	l.do("click on "+element, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]), chromedp.MouseClickXY(at[0], at[1]))
}

// replaceLine types another line over the one that begins so.
func (l *lab) replaceLine(begin, line string) {
	l.t.Helper()
	l.click(fmt.Sprintf(`[...document.querySelectorAll(".cm-line")].find(line => line.textContent.trim().startsWith(%q))`, begin))
	l.do("type "+line, chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.Home, chromedp.KeyModifiers(kb.ModifierShift)), chromedp.KeyEvent(line))
}

// write replaces what the last cell has. A page that is busy may lose the focus
// while it is typed, and then it is typed again.
func (l *lab) write(statement string) {
	l.t.Helper()
	for range 3 {
		l.click(`last().querySelector(".cm-line")`)
		l.do("type "+statement, chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl)), chromedp.KeyEvent("%%"+kb.Enter+statement))
		if l.comes(5*time.Second, fmt.Sprintf(`last().querySelector(".jp-InputArea-editor").textContent.includes(%q)`, statement)) {
			return
		}
	}
}

// runLast runs the last cell, in which the cursor is.
func (l *lab) runLast() {
	l.t.Helper()
	l.do("press control and enter", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierCtrl)))
}

// says waits until the last cell has ended and put something out.
func (l *lab) says(words string) {
	l.t.Helper()
	l.wait(time.Minute, words, fmt.Sprintf(`busy() === 0 && last().querySelector(".jp-OutputArea").textContent.includes(%q)`, words))
}

// kill ends the engine as a lack of memory would.
func (l *lab) kill() {
	l.t.Helper()
	place, err := client.Find(l.store)
	if err != nil {
		l.t.Fatal(err)
	}
	status, err := client.New(place).Status(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	if err := syscall.Kill(status.PID, syscall.SIGKILL); err != nil {
		l.t.Fatal(err)
	}
}

// drawing is the picture of a cell as data.
func (l *lab) drawing(cell string) string {
	l.t.Helper()
	data, err := ask[string](l, `(c => c.querySelector(".vega-embed svg")?.outerHTML ?? c.querySelector(".jp-OutputArea img")?.src ?? "")(`+cell+`)`)
	if err != nil {
		l.t.Fatal(err)
	}
	return data
}

// text is what an element says.
func (l *lab) text(element string) string {
	l.t.Helper()
	text, err := ask[string](l, element+".textContent")
	if err != nil {
		l.t.Fatal(err)
	}
	return text
}

// picture keeps what the page looks like, where FRAGILITY_PICTURES names a folder.
func (l *lab) picture(name string) {
	dir := os.Getenv("FRAGILITY_PICTURES")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(l.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		l.t.Log(err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		l.t.Log(err)
	}
}
