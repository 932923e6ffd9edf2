//go:build browser

package notebooks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// misplaced lists the words of a page's pictures that leave their picture or their
// box, or meet others. Boxes are the outlined shapes of four corners; words count as
// high as their capitals.
const misplaced = `(() => {
	const found = [];
	for (const svg of document.querySelectorAll("svg[aria-label], .vega-embed svg, .jp-RenderedSVG svg")) {
		const page = svg.getBoundingClientRect();
		const scale = svg.viewBox.baseVal.width ? page.width / svg.viewBox.baseVal.width : 1;
		const words = [...svg.querySelectorAll("text")].filter(t => t.textContent.trim() && getComputedStyle(t).opacity > 0 && !t.closest("[display=none]")).map(t => {
			const box = t.getBoundingClientRect();
			const size = parseFloat(getComputedStyle(t).fontSize) * scale;
			const upright = box.width >= box.height || t.textContent.length < 3;
			const lines = Math.max(t.querySelectorAll("tspan").length, 1);
			// An em is a line's box of 1.15 less what stands over capitals and below the base.
			const trim = Math.min(0.2 * size, 0.3 * (upright ? box.height : box.width));
			return {
				text: t.textContent.trim(), size, lines,
				left: box.left + (upright ? 0 : trim), right: box.right - (upright ? 0 : trim),
				top: box.top + (upright ? trim : 0), bottom: box.bottom - (upright ? trim : 0),
			};
		});
		const say = (what, ...list) => found.push(what + ": " + list.map(w => w.text.slice(0, 50)).join(" | ") + " [" + (svg.getAttribute("aria-label") ?? "").slice(0, 60) + "]");
		for (const w of words) {
			if (w.left < page.left - 0.5 || w.right > page.right + 0.5 || w.top < page.top - 0.5 || w.bottom > page.bottom + 0.5) say("leaves the picture", w);
		}
		for (const [i, a] of words.entries()) {
			for (const b of words.slice(i + 1)) {
				const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
				const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
				if (across > 0.6 && down > 0.6) say("meets", a, b);
			}
		}
		const boxes = [...svg.querySelectorAll("path")]
			.filter(p => /^M[^MLZ]+(L[^MLZ]+){3}Z$/.test(p.getAttribute("d") ?? "") && getComputedStyle(p).fill === "none")
			.map(p => p.getBoundingClientRect());
		for (const w of words) {
			const x = (w.left + w.right) / 2, y = (w.top + w.bottom) / 2;
			const around = boxes.filter(b => b.left < x && x < b.right && b.top < y && y < b.bottom).sort((a, b) => a.width * a.height - b.width * b.height)[0];
			if (around && (w.left < around.left || w.right > around.right || w.top < around.top - 0.5 || w.bottom > around.bottom + 0.5)) say("leaves its box", w);
		}
	}
	return found;
})()`

// pale lists words of a page that stand out from what is behind them by a contrast
// of less than 4.5 (WCAG 2). Words of pictures are held against white paper, but for
// white ones, which stand on marks.
const pale = `(() => {
	const parse = c => (c.match(/[\d.]+/g) ?? []).map(Number);
	const light = rgb => { const [r, g, b] = rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const over = (a, share, b) => a.map((v, i) => share * v + (1 - share) * b[i]);
	const found = new Set();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node; node = walker.nextNode();) {
		const e = node.parentElement;
		if (!node.textContent.trim() || !e.checkVisibility() || e.closest("style, script, title, desc, math")) continue;
		let behind, ink;
		if (e.closest("svg")) {
			behind = [255, 255, 255];
			ink = parse(getComputedStyle(e).fill).slice(0, 3);
			if (light(ink) > 0.99) continue;
		} else {
			let share = 1;
			for (let b = e; b; b = b.parentElement) share *= +getComputedStyle(b).opacity;
			for (let b = e; b && !behind; b = b.parentElement) {
				const c = parse(getComputedStyle(b).backgroundColor);
				if (c.length === 3 || c[3] > 0.99) behind = c.slice(0, 3);
			}
			behind ??= [255, 255, 255];
			const c = parse(getComputedStyle(e).color);
			ink = over(c.slice(0, 3), share * (c[3] ?? 1), behind);
		}
		const a = light(ink), b = light(behind);
		const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (contrast < 4.5) found.add(contrast.toFixed(2) + " " + node.textContent.trim().slice(0, 40));
	}
	return [...found];
})()`

// wordsInPlace fails where words of the page's pictures are out of place.
func wordsInPlace(t *testing.T, run func(expression string) ([]string, error), where string) {
	t.Helper()
	found, err := run(misplaced)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		t.Errorf("%s: %d words of pictures are out of place:\n%s", where, len(found), strings.Join(found, "\n"))
	}
}

// The checks of words see what they are for: a page with three faults has three.
func TestPagesWordsOutOfPlace(t *testing.T) {
	ctx := startBrowser(t)
	text := func(x, y int, words string) string {
		return fmt.Sprintf(`<text x="%d" y="%d" style="font-size:10px">%s</text>`, x, y, words)
	}
	page := `<svg aria-label="x" width="200" height="100" viewBox="0 0 200 100">` + text(150, 20, "beyond the edge") +
		text(10, 50, "one") + text(12, 52, "two") + `<path d="M10,70L60,70L60,90L10,90Z" fill="none"/>` + text(12, 83, "wide words here") + `</svg>`
	if err := chromedp.Do(ctx, chromedp.Navigate("data:text/html,"+strings.ReplaceAll(page, "#", "%23"))); err != nil {
		t.Fatal(err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](misplaced))
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(`data:text/html,<p style="color:rgb(140,140,140)">too pale</p><p style="opacity:0.5">half</p><p>clear</p><svg><text y="20" style="fill:rgb(230,159,0)">orange</text></svg>`)); err != nil {
		t.Fatal(err)
	}
	if found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](pale)); err != nil || len(found) != 3 {
		t.Errorf("of three pale words %q were found (%v)", found, err)
	}
	for i, what := range []string{"leaves the picture", "meets", "leaves its box"} {
		if len(found) != 3 || !strings.HasPrefix(found[i], what) {
			t.Fatalf("found %q", found)
		}
	}
}
