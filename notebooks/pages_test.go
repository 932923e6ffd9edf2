//go:build browser

package notebooks

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/network-fragility/fragility/kernel/client"
)

// narrow lists what makes a page hard to read on a narrow screen: a page that
// scrolls sideways as a whole, and words of pictures that are too small.
const narrow = `(() => {
	const found = [];
	if (document.documentElement.scrollWidth > innerWidth) found.push("the page is " + document.documentElement.scrollWidth + " wide");
	for (const svg of document.querySelectorAll("main svg")) {
		const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
		const smallest = Math.min(...[...svg.querySelectorAll("text")].map(t => parseFloat(getComputedStyle(t).fontSize) * scale));
		if (smallest < 6.5) found.push("words of " + smallest.toFixed(1) + " pixels in " + svg.getAttribute("aria-label").slice(0, 60));
	}
	return found;
})()`

// alikeLinks lists names that several links have which lead to different things.
const alikeLinks = `(() => {
	const to = new Map();
	for (const a of document.querySelectorAll("a[href]")) {
		const name = a.getAttribute("aria-label") ?? a.textContent.trim();
		to.set(name, (to.get(name) ?? new Set()).add(a.href));
	}
	return [...to].filter(([, places]) => places.size > 1).map(([name]) => name);
})()`

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
	t.Setenv(client.StoreVariable, filepath.Join(dir, "store")) // without networks pages are still; TestPagesThatTurn has the others
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
		// At night, and on a phone.
		list := func(expression string) []string {
			found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](expression))
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		for _, scheme := range []string{"dark", "light"} {
			if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			}); err != nil {
				t.Fatal(err)
			}
			if words := list(pale); len(words) > 0 {
				t.Errorf("%s, %s: words are too pale: %q", name, scheme, words)
			}
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 800)); err != nil {
			t.Fatal(err)
		}
		if words := list(narrow); len(words) > 0 {
			t.Errorf("%s on a phone: %q", name, words)
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(1100, 900)); err != nil {
			t.Fatal(err)
		}
		if links := list(alikeLinks); len(links) > 0 {
			t.Errorf("%s: links to different things have one name: %q", name, links)
		}
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
