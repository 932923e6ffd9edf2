//go:build browser

package notebooks

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/live"
)

// A page with live dials, opened from disk as a reader opens it: it checks itself,
// turns by the keyboard, asks for nothing, and stays a page where its script may not
// run. FRAGILITY_LIVE_PAGE names a page to try in place of a small one that is made here.
func TestPagesThatTurn(t *testing.T) {
	file, many := os.Getenv("FRAGILITY_LIVE_PAGE"), ""
	if file == "" {
		file = smallLivePage(t, 2)
		many = smallLivePage(t, live.Usual+1)
	}
	r := &turnedPage{t: t, ctx: startBrowser(t), file: file}
	if err := chromedp.Listen(r.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			r.asked = append(r.asked, e.Request.URL)
		}
	}); err != nil {
		t.Fatal(err)
	}

	r.open(1280)
	r.checksItself("WebAssembly")
	r.turnsByKey()
	if many != "" {
		r.isQuick()
	}
	r.showsTests()
	r.reads()
	for _, url := range r.asked {
		if !strings.HasPrefix(url, "file://") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:") {
			t.Errorf("the page asks for %s", url)
		}
	}

	if many != "" {
		t.Log("with weights of 16 bits")
		r.file = many
		r.open(390)
		r.checksItself("WebAssembly")
		r.file = file
	}

	t.Log("without WebAssembly")
	if _, err := chromedp.Call(r.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: "delete globalThis.WebAssembly"}); err != nil {
		t.Fatal(err)
	}
	r.open(1280)
	r.checksItself("plain JavaScript")
	r.turnsByKey()

	t.Log("without a script")
	if _, err := chromedp.Call(r.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	r.open(1280)
	if text := r.ask(`[getComputedStyle(document.querySelector(".live-dials")).display, document.querySelector(".live-picture").getBoundingClientRect().height > 100, document.querySelector("#live").dataset.state, getComputedStyle(document.querySelector(".live-still")).display].join()`); text != "none,true,still,block" {
		t.Errorf("without a script: %s", text)
	}
}

// smallLivePage makes a page of chapter 7 with tiny networks.
func smallLivePage(t *testing.T, subjects int) (file string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv(client.StoreVariable, filepath.Join(dir, "store"))
	said, err := exec.Command("bin/fragility", "notebook", "run", "ch07", "-p", "Profile=smoke", "-p", fmt.Sprintf("Seeds=0-%d", subjects-1),
		"--to", "html", "--live-subjects", fmt.Sprint(subjects), "--out", dir).CombinedOutput()
	exec.Command("bin/fragility", "engine", "stop").Run()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return filepath.Join(dir, "ch07.html")
}

// A turnedPage is a live page in a browser.
type turnedPage struct {
	t     *testing.T
	ctx   context.Context
	file  string
	asked []string
}

func (r *turnedPage) open(width int) {
	r.t.Helper()
	if err := chromedp.Do(r.ctx, chromedp.EmulateViewport(int64(width), 900), chromedp.Navigate("file://"+r.file)); err != nil {
		r.t.Fatal(err)
	}
}

// ask evaluates an expression that gives a text.
func (r *turnedPage) ask(expression string) string {
	r.t.Helper()
	text, err := chromedp.Run(r.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		r.t.Fatalf("%s: %v", expression, err)
	}
	return text
}

func (r *turnedPage) wait(limit time.Duration, condition string) {
	r.t.Helper()
	for begin := time.Now(); r.ask(condition) != "true"; time.Sleep(20 * time.Millisecond) {
		if time.Since(begin) > limit {
			r.picture("failed")
			r.t.Fatalf("never: %s; the page says: %s", condition, r.ask(`document.querySelector("#live").dataset.state + " " + document.querySelector(".live-still").textContent + document.querySelector(".live-verdict").textContent`))
		}
	}
}

// checksItself reads the verdict at the page's foot.
func (r *turnedPage) checksItself(kernel string) {
	r.t.Helper()
	r.wait(5*time.Minute, `document.querySelector("#live").dataset.readings > 0`)
	verdict := r.ask(`document.querySelector(".live-verdict").textContent`)
	r.t.Log(verdict)
	var readings, equal, near int
	fmt.Sscan(r.ask(`(d => d.readings + " " + d.equal + " " + d.near)(document.querySelector("#live").dataset)`), &readings, &equal, &near)
	if readings == 0 || equal+near != readings || !strings.Contains(verdict, kernel) || !strings.Contains(verdict, fmt.Sprintf("%d of %d come out equal", equal, readings)) {
		r.t.Errorf("the page finds %d of %d readings equal, %d off by a point, and says %q", equal, readings, near, verdict)
	}
	if kernel == "WebAssembly" && equal < readings*9/10 {
		r.t.Errorf("only %d of %d readings are equal", equal, readings)
	}
}

// limit is the time in which a turn of all subjects answers, in the page's own kernel
// on a machine that does other things too.
const turnLimit = 30 * time.Second

// turnsByKey moves a dial by the keyboard alone.
func (r *turnedPage) turnsByKey() {
	r.t.Helper()
	const numbers = `[...document.querySelectorAll("#live tbody td")].map(c => c.textContent).join()`
	const label = `document.querySelector(".live-picture").getAttribute("aria-label")`
	before, said := r.ask(numbers), r.ask(label)
	marks := r.ask(`[...document.querySelectorAll("[data-dot]")].map(c => c.getAttribute("cx")).join()`)
	r.ask(`document.getElementById("live-Sigma").focus()`)
	if err := chromedp.Do(r.ctx, chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight)); err != nil {
		r.t.Fatal(err)
	}
	r.wait(turnLimit, `document.querySelector("#live").dataset.state === "turned"`)
	r.t.Logf("a turn showed its first points after %s ms, all after %s ms", r.ask(`document.querySelector("#live").dataset.first || document.querySelector("#live").dataset.took`), r.ask(`document.querySelector("#live").dataset.took`))
	if r.ask(numbers) == before || r.ask(label) == said || r.ask(`[...document.querySelectorAll("[data-dot]")].map(c => c.getAttribute("cx")).join()`) == marks {
		r.t.Error("a dial moves, and numbers, picture or its words stay")
	}
	if focus := r.ask(`document.activeElement.id + document.activeElement.getAttribute("aria-valuetext")`); !strings.HasPrefix(focus, "live-Sigma") || !strings.HasSuffix(focus, "SD") {
		r.t.Errorf("after a key the focus is at %q", focus)
	}
}

// isQuick moves a dial a few times: at best picture, numbers and words follow within 300
// ms, whatever else the machine does.
func (r *turnedPage) isQuick() {
	r.t.Helper()
	best := math.Inf(1)
	for range 5 {
		if err := chromedp.Do(r.ctx, chromedp.KeyEvent(kb.ArrowRight)); err != nil {
			r.t.Fatal(err)
		}
		r.wait(turnLimit, `document.querySelector("#live").dataset.state === "turned"`)
		took := 0.0
		fmt.Sscan(r.ask(`document.querySelector("#live").dataset.took`), &took)
		best = min(best, took)
	}
	if best > 300 {
		r.t.Errorf("a turn takes %v ms at best", best)
	}
}

// showsTests chooses every test of the chapter, and reads the stored readings back.
func (r *turnedPage) showsTests() {
	r.t.Helper()
	const worst = `(() => {
		const data = JSON.parse(document.getElementById("live-data").textContent), test = data.Tests[document.getElementById("live-test").value];
		let worst = 0;
		data.Subjects.forEach((s, i) => s.Arms.forEach((state, a) => {
			const r = s.Readings.find(r => r.State === state && ["Set", "InputSigma", "Sigma", "Bias", "Draw"].every(k => r[k] === test[k]));
			if (r) worst = Math.max(worst, Math.abs(document.querySelector('[data-cell="' + i + ',' + a + '"]').textContent - 100 * r.Right / data.Sets[test.Set].Samples));
		}));
		return worst;
	})()`
	tests := 0
	fmt.Sscan(r.ask(`document.querySelectorAll("#live-test option:not([hidden])").length`), &tests)
	if tests < 4 {
		r.t.Errorf("the page has %d tests", tests)
	}
	for i := range tests {
		r.ask(fmt.Sprintf(`(e => { e.value = "%d"; e.dispatchEvent(new Event("input", { bubbles: true })); })(document.getElementById("live-test"))`, i))
		r.wait(turnLimit, `document.querySelector("#live").dataset.state === "turned"`)
		off := math.Inf(1)
		fmt.Sscan(r.ask(worst), &off)
		if off > 0.051 { // a point of the smaller test set
			r.t.Errorf("test %d: a number is off by %v points of a percentage", i, off)
		}
	}
}

// reads looks at what can be seen, on a screen and on a phone, by day and by night.
func (r *turnedPage) reads() {
	r.t.Helper()
	list := func(expression string) []string {
		found, err := chromedp.Run(r.ctx, chromedp.Evaluate[[]string](expression))
		if err != nil {
			r.t.Fatal(err)
		}
		return found
	}
	for _, width := range []int64{1280, 390} {
		for _, scheme := range []string{"dark", "light"} {
			if _, err := chromedp.Call(r.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			}); err != nil {
				r.t.Fatal(err)
			}
			if err := chromedp.Do(r.ctx, chromedp.EmulateViewport(width, 900)); err != nil {
				r.t.Fatal(err)
			}
			for what, expression := range map[string]string{"too pale": pale, "out of place": misplaced} {
				if words := list(expression); len(words) > 0 {
					r.t.Errorf("%d pixels, %s: words are %s: %q", width, scheme, what, words)
				}
			}
			if wide := r.ask(`document.documentElement.scrollWidth`); width == 390 && wide != "390" {
				r.t.Errorf("on a phone the page is %s wide", wide)
			}
			r.ask(`document.getElementById("Turn-it-yourself").scrollIntoView()`)
			r.picture(fmt.Sprintf("live-%d-%s", width, scheme))
			r.ask(`document.querySelector(".live-foot").scrollIntoView({block: "end"})`)
			r.picture(fmt.Sprintf("live-%d-%s-foot", width, scheme))
		}
	}
}

// picture keeps what the page looks like, where FRAGILITY_PICTURES names a folder.
func (r *turnedPage) picture(name string) { (&lab{t: r.t, ctx: r.ctx}).picture(name) }
