//go:build browser

package notebooks

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/network-fragility/fragility/kernel/client"
)

// The site, opened from disk as a reader opens it: no page asks for anything, axe-core
// finds no serious fault by day or night, with the tables open or closed, and nothing
// but tables and pictures is wider than a phone; the switch holds from page to page, a
// word explains itself by key, and the search finds. FRAGILITY_SITE names a site to try
// in place of one that is made here.
func TestPagesOfTheSite(t *testing.T) {
	dir := os.Getenv("FRAGILITY_SITE")
	if dir == "" {
		dir = stillSite(t)
	}
	s := &sitePages{t: t, ctx: startBrowser(t), dir: dir, axe: axe(t)}
	if err := chromedp.Listen(s.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			s.asked = append(s.asked, e.Request.URL)
		}
	}); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(pages) < 15 {
		t.Fatalf("%d pages (%v)", len(pages), err)
	}
	for _, page := range pages {
		name := filepath.Base(page)
		s.open(name+"?view=plain", 1280)
		s.faultless(name, "light", "{}")
		s.open(name+"?view=all", 1280)
		s.faultless(name+" with everything", "light", "{}")
		s.faultless(name+" with everything", "dark", `{runOnly: ["color-contrast"]}`)
		for _, view := range []string{"plain", "all"} {
			s.open(name+"?view="+view, 390)
			if words := s.list(narrow); len(words) > 0 {
				t.Errorf("%s (%s) on a phone: %q", name, view, words)
			}
			if words := s.list(`(() => { document.querySelector(".site-menu").open = true; return ` + narrow + `; })()`); len(words) > 0 {
				t.Errorf("%s (%s) on a phone, with the menu open: %q", name, view, words)
			}
		}
	}
	for _, url := range s.asked {
		if !strings.HasPrefix(url, "file://"+dir+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:") {
			t.Errorf("a page asks for %s", url)
		}
	}
	if len(s.asked) < len(pages) {
		t.Errorf("%d requests were seen, not even those for the pages", len(s.asked))
	}
	s.seesFaults()
	s.keepsTheSwitch()
	s.explains()
	s.finds()
}

// stillSite makes a site without live dials.
func stillSite(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	t.Setenv(client.StoreVariable, filepath.Join(t.TempDir(), "store"))
	if said, err := exec.Command("bin/fragility", "notebook", "site", "--still", "--out", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return dir
}

// axe-core as npm has it; it is no part of the project.
const (
	axePackage = "axe-core@4.14.1"
	axeDigest  = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==" // SHA-512
)

// axe fetches the script that looks for faults of accessibility.
func axe(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	pack := exec.Command("npm", "pack", axePackage, "--silent")
	pack.Dir = dir
	if said, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("npm, which brings %s, is needed here (Debian: apt install npm): %v: %s", axePackage, err, said)
	}
	data, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(axePackage, "@", "-")+".tgz"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha512.Sum512(data); base64.StdEncoding.EncodeToString(sum[:]) != axeDigest {
		t.Fatalf("%s has another digest than expected", axePackage)
	}
	z, err := gzip.NewReader(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			t.Fatalf("%s has no script", axePackage)
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Name == "package/axe.min.js" {
			script, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			return string(script)
		}
	}
}

// sitePages is a browser before a site.
type sitePages struct {
	t        *testing.T
	ctx      context.Context
	dir, axe string
	asked    []string
}

// open opens a page as somebody who comes for the first time.
func (s *sitePages) open(page string, width int) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, chromedp.EmulateViewport(int64(width), 900), chromedp.Navigate("file://"+s.dir+"/"+page)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sitePages) list(expression string) []string {
	s.t.Helper()
	found, err := chromedp.Run(s.ctx, chromedp.Evaluate[[]string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

func (s *sitePages) ask(expression string) string {
	s.t.Helper()
	text, err := chromedp.Run(s.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		s.t.Fatalf("%s: %v", expression, err)
	}
	return text
}

func (s *sitePages) press(keys string) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, chromedp.KeyEvent(keys)); err != nil {
		s.t.Fatal(err)
	}
}

// faultless fails where axe finds a fault of the page.
func (s *sitePages) faultless(what, scheme, options string) {
	s.t.Helper()
	for _, f := range s.faults(scheme, options) {
		s.t.Errorf("%s, %s: %s", what, scheme, f)
	}
}

// faults are the serious and critical ones that axe finds.
func (s *sitePages) faults(scheme, options string) []string {
	s.t.Helper()
	if _, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	}); err != nil {
		s.t.Fatal(err)
	}
	if s.ask("typeof axe") == "undefined" {
		if _, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool](s.axe+"; true")); err != nil {
			s.t.Fatal(err)
		}
	}
	return s.list(`axe.run(document, {resultTypes: ["violations"], ...` + options + `}).then(r => r.violations.filter(v => ["serious", "critical"].includes(v.impact)).map(v =>
		v.id + " (" + v.impact + "), " + v.nodes.length + " times: " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 200)).join(" | ")))`)
}

// seesFaults plants two.
func (s *sitePages) seesFaults() {
	s.t.Helper()
	s.open("words.html", 1280)
	s.ask(`document.querySelector("main").insertAdjacentHTML("beforeend", '<button></button><p style="color:#bbb;background:#fff">pale</p>')`)
	for _, scheme := range []string{"light", "dark"} {
		if found := s.faults(scheme, "{}"); len(found) != 2 {
			s.t.Errorf("of two faults axe finds %q", found)
		}
	}
}

// keepsTheSwitch turns the switch by key, and goes on to the next page.
func (s *sitePages) keepsTheSwitch() {
	s.t.Helper()
	s.open("ch05.html?view=plain", 1280)
	const open = `[document.querySelector(".site-switch").getAttribute("aria-checked"), getComputedStyle(document.querySelector(".code")).display !== "none", document.querySelector(".site-more").open].join()`
	if state := s.ask(open); state != "false,false,false" {
		s.t.Errorf("a page begins as %s", state)
	}
	s.ask(`document.querySelector(".site-switch").focus()`)
	s.press(" ")
	if state := s.ask(open); state != "true,true,true" {
		s.t.Errorf("after the switch is turned: %s", state)
	}
	for _, memory := range []string{"", "localStorage.clear(),"} { // as in a browser that keeps nothing for files
		s.ask("(" + memory + `document.querySelector("[rel=next]").focus())`)
		s.press(kb.Enter)
		s.wait(`document.readyState === "complete" && !!document.querySelector(".site-switch") && document.querySelector(".site-switch").getAttribute("aria-checked") !== null`)
		if state := s.ask(open); state != "true,true,true" {
			s.t.Errorf("on the next page: %s, %s", s.ask("location.href"), state)
		}
	}
	s.ask("localStorage.clear()")
}

// explains opens the meaning of a word by key, and closes it.
func (s *sitePages) explains() {
	s.t.Helper()
	s.open("ch05.html?view=plain", 1280)
	s.ask(`document.querySelector(".site-word").focus()`)
	s.press(kb.Enter)
	const shown = `(b => { const p = document.getElementById(b.getAttribute("popovertarget")), r = p.getBoundingClientRect(); return p.matches(":popover-open") && r.width > 50 && r.top >= 0 && r.left >= 0 && r.right <= innerWidth && r.bottom <= innerHeight; })(document.activeElement)`
	s.wait(shown)
	s.press(kb.Escape)
	s.wait(`!document.querySelector(":popover-open") && document.activeElement.matches(".site-word")`)
}

// finds asks the search for words, and follows a hit to its place.
func (s *sitePages) finds() {
	s.t.Helper()
	s.open("search.html", 1280)
	s.press("biased noi")
	s.wait(`document.querySelectorAll("#site-hits li").length > 5`)
	if first := s.ask(`document.querySelector("#site-hits a").textContent`); !strings.Contains(strings.ToLower(first), "biased noise") {
		s.t.Errorf("the first hit is %q", first)
	}
	s.ask(`[...document.querySelectorAll("#site-hits a")].find(a => a.href.includes("ch05.html#")).focus()`)
	s.press(kb.Enter)
	s.wait(`location.pathname.endsWith("ch05.html") && !!document.getElementById(decodeURIComponent(location.hash.slice(1)))`)
	s.open("search.html?q=zzzz", 1280)
	s.wait(`document.querySelector("#site-found").textContent.startsWith("Nothing")`)
}

func (s *sitePages) wait(condition string) {
	s.t.Helper()
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if ok, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool]("!!("+condition+")")); err == nil && ok {
			return
		}
		if time.Since(begin) > 10*time.Second {
			s.t.Errorf("never: %s", fmt.Sprintf("%s, at %s", condition, s.ask("location.href")))
			return
		}
	}
}
