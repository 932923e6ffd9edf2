//go:build browser

package notebooks

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// Firefox opens the pages from disk, too: a page with dials gives its readings again,
// and the site keeps its switch, although Firefox keeps nothing for files from one page
// to the next.
func TestPagesInFirefox(t *testing.T) {
	site := os.Getenv("FRAGILITY_SITE")
	if site == "" {
		site = stillSite(t)
	}
	live := os.Getenv("FRAGILITY_LIVE_PAGE")
	if live == "" {
		live = smallLivePage(t, 2)
	}
	f := startFirefox(t)

	f.open("file://" + live)
	f.wait(5*time.Minute, `document.querySelector("#live").dataset.readings > 0`)
	verdict := f.ask(`document.querySelector(".live-verdict").textContent`)
	t.Log(verdict)
	var readings, equal, near int
	fmt.Sscan(f.ask(`(d => d.readings + " " + d.equal + " " + d.near)(document.querySelector("#live").dataset)`), &readings, &equal, &near)
	if readings == 0 || equal+near != readings || equal < readings*9/10 || !strings.Contains(verdict, "WebAssembly") {
		t.Errorf("of %d readings %d are equal, %d off by a point", readings, equal, near)
	}
	label := f.ask(`document.querySelector(".live-picture").getAttribute("aria-label")`)
	f.ask(`(e => { e.value = +e.value + 1; e.dispatchEvent(new Event("input", {bubbles: true})); })(document.getElementById("live-Sigma"))`)
	f.wait(turnLimit, `document.querySelector("#live").dataset.state === "turned"`)
	if f.ask(`document.querySelector(".live-picture").getAttribute("aria-label")`) == label {
		t.Error("a dial moves, and the picture's words stay")
	}

	pages, err := filepath.Glob(filepath.Join(site, "*.html"))
	if err != nil || len(pages) < 15 {
		t.Fatalf("%d pages (%v)", len(pages), err)
	}
	for _, page := range pages {
		f.open("file://" + page + "?view=all")
		if state := f.ask(`[document.documentElement.className, [...document.querySelectorAll(".site-switch")].every(b => !b.hidden && b.getAttribute("aria-checked") === "true"), [...document.querySelectorAll("main svg, main img")].every(p => p.getBoundingClientRect().height > 20 || p.closest("[hidden]"))].join()`); state != "site-all,true,true" {
			t.Errorf("%s in Firefox: %s", filepath.Base(page), state)
		}
	}
	f.open("file://" + filepath.Join(site, "ch05.html") + "?view=plain")
	f.ask(`document.querySelector(".site-switch").click()`)
	f.ask(`document.querySelector("[rel=next]").click()`)
	f.wait(10*time.Second, `location.pathname.endsWith("ch06.html") && document.readyState === "complete" && document.querySelector(".site-switch").getAttribute("aria-checked") === "true"`)
	f.ask(`document.querySelector(".site-word").click()`)
	f.wait(10*time.Second, `!!document.querySelector(":popover-open")`)
	f.open("file://" + filepath.Join(site, "search.html") + "?q=kindling")
	f.wait(10*time.Second, `document.querySelectorAll("#site-hits li").length > 5`)
}

// firefox is one that is driven by WebDriver BiDi.
type firefox struct {
	t       *testing.T
	ws      *websocket.Conn
	id      int
	context string // of the page
}

// startFirefox opens an empty page. A machine without Firefox skips the test: Chromium
// is what the pages are tried in, and this is the second look.
func startFirefox(t *testing.T) *firefox {
	t.Helper()
	binary, err := exec.LookPath("firefox-esr")
	if err != nil {
		if binary, err = exec.LookPath("firefox"); err != nil {
			t.Skip("Firefox was not found (Debian: apt install firefox-esr)")
		}
	}
	const origin = "http://localhost"
	c := exec.Command(binary, "--headless", "--no-remote", "--profile", t.TempDir(), "--remote-debugging-port=0", "--remote-allow-origins="+origin)
	said, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Signal(os.Interrupt); c.Wait() })
	address := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if m := regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`).FindStringSubmatch(lines.Text()); m != nil {
				address <- m[1]
			}
		}
	}()
	f := &firefox{t: t}
	select {
	case at := <-address:
		if f.ws, err = websocket.Dial(at+"/session", "", origin); err != nil {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Firefox does not answer")
	}
	f.ws.MaxPayloadBytes = 1 << 26
	f.call("session.new", map[string]any{"capabilities": map[string]any{}})
	var tree struct{ Contexts []struct{ Context string } }
	f.into(f.call("browsingContext.getTree", map[string]any{}), &tree)
	f.context = tree.Contexts[0].Context
	return f
}

// call sends a command and waits for its answer; events go by.
func (f *firefox) call(method string, params any) json.RawMessage {
	f.t.Helper()
	f.id++
	f.ws.SetDeadline(time.Now().Add(2 * time.Minute))
	if err := websocket.JSON.Send(f.ws, map[string]any{"id": f.id, "method": method, "params": params}); err != nil {
		f.t.Fatal(err)
	}
	for {
		var answer struct {
			ID      int
			Type    string
			Message string
			Result  json.RawMessage
		}
		if err := websocket.JSON.Receive(f.ws, &answer); err != nil {
			f.t.Fatal(err)
		}
		if answer.ID == f.id {
			if answer.Type != "success" {
				f.t.Fatalf("%s: %s", method, answer.Message)
			}
			return answer.Result
		}
	}
}

func (f *firefox) into(data json.RawMessage, v any) {
	f.t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		f.t.Fatalf("%s: %v", data, err)
	}
}

func (f *firefox) open(url string) {
	f.t.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"})
}

// ask evaluates an expression that gives a text.
func (f *firefox) ask(expression string) string {
	f.t.Helper()
	var answer struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	f.into(f.call("script.evaluate", map[string]any{
		"expression": "String(" + expression + ")", "target": map[string]any{"context": f.context}, "awaitPromise": false,
	}), &answer)
	if answer.Type != "success" {
		return "error: " + answer.ExceptionDetails.Text // as between two pages
	}
	return answer.Result.Value
}

func (f *firefox) wait(limit time.Duration, condition string) {
	f.t.Helper()
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		said := f.ask("!!(" + condition + ")")
		if said == "true" {
			return
		}
		if time.Since(begin) > limit {
			f.t.Fatalf("never: %s (%s), at %s", condition, said, f.ask("location.href"))
		}
	}
}
