//go:build browser

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The exported page of every notebook asks no network for anything, has no
// empty picture, and nothing on it is wider than a laptop's window.
func TestPages(t *testing.T) {
	files, err := filepath.Glob("notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks (%v)", err)
	}
	ctx := startBrowser(t)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1100, 900)); err != nil {
		t.Fatal(err)
	}
	var asked []string
	if err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			asked = append(asked, e.Request.URL)
		}
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".ipynb")
		// They carry their outputs, so that nothing is run.
		if said, err := exec.Command("bin/fragility", "notebook", "export", name, "--to", "html", "--out", dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		page := "file://" + filepath.Join(dir, name+".html")
		asked = nil
		if err := chromedp.Do(ctx, chromedp.Navigate(page)); err != nil {
			t.Fatal(err)
		}
		type findings struct {
			Pictures int
			Empty    int      // pictures of no size
			Wide     []string // what does not fit
		}
		found, err := chromedp.Run(ctx, chromedp.Evaluate[findings](`(() => {
			const pictures = [...document.querySelectorAll("main svg, main img")];
			const wide = [...document.querySelectorAll("pre, table, .fragility-table, main img, main svg")].filter(
				e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== "inline" || e.getBoundingClientRect().right > innerWidth);
			return {
				Pictures: pictures.length,
				Empty: pictures.filter(e => e.getBoundingClientRect().height < 20).length,
				Wide: wide.map(e => e.tagName + " " + e.textContent.trim().slice(0, 60)),
			};
		})()`))
		if err != nil {
			t.Fatal(err)
		}
		if name != "index" && found.Pictures < 4 || found.Empty > 0 || len(found.Wide) > 0 {
			t.Errorf("%s: %d pictures, %d of them empty; too wide: %q", name, found.Pictures, found.Empty, found.Wide)
		}
		wordsInPlace(t, func(expression string) ([]string, error) {
			return chromedp.Run(ctx, chromedp.Evaluate[[]string](expression))
		}, name)
		for _, url := range asked {
			if url != page && !strings.HasPrefix(url, "data:") {
				t.Errorf("%s asks for %s", name, url)
			}
		}
		if len(asked) == 0 {
			t.Errorf("%s: no request was seen, not even for the page", name)
		}
	}
}
