// Before a page is printed, what would leave the foot of a sheet empty is made to fit on
// it: figures that only just miss the room are drawn smaller, together with those that
// stand there already where that is needed, and tables go on over the sheet's end.
// Paper's rules cannot say so, because they know nothing of the room that is left.
addEventListener("beforeprint", () => {
	const rules = [...document.styleSheets].flatMap(s => [...s.cssRules]);
	const measures = (paper, name) => paper.style.getPropertyValue(name).match(/[\d.]+(?=mm)/g).map(mm => mm * 96 / 25.4);
	const paper = rules.find(r => r instanceof CSSPageRule);
	const [wide, high] = measures(paper, "size"), [top, side, foot = top] = measures(paper, "margin");
	const width = wide - 2 * side, height = high - top - foot;
	const pitch = width + side;
	const empty = 0.15 * height; // what may stay
	const letters = 6 * 96 / 72; // of figures, no smaller
	const main = document.querySelector("main");
	const all = (selector, within = main) => [...within.querySelectorAll(selector)].filter(e => e.getClientRects().length);

	// Sheets as columns beside each other are broken by the same rules, and can be measured.
	for (const rule of rules)
		if (rule.media?.mediaText === "print") rule.media.mediaText = "all";
	main.style.cssText = `width: ${width}px; height: ${height}px; columns: ${width}px; column-gap: ${pitch - width}px; column-fill: auto`;
	const at = main.getBoundingClientRect();
	const sheet = rect => Math.floor(((rect.left + rect.right) / 2 - at.left) / pitch);
	const parts = e => [...e.getClientRects()];
	const first = e => sheet(parts(e)[0]);
	const bottom = (e, n) => Math.max(0, ...parts(e).filter(r => sheet(r) === n).map(r => r.bottom - at.top));

	// A table that goes on repeats its head on paper, which columns do not.
	const heads = n => all("table").filter(t => t.tHead && first(t) < n && sheet(parts(t).at(-1)) === n)
		.reduce((sum, t) => sum + t.tHead.offsetHeight * (n - first(t)), 0);
	const room = n => height - heads(n) - Math.max(...all("p, li, tr, figure, pre, dl, h1, h2, h3").map(e => bottom(e, n)));
	const on = (block, n) => first(block) === n && (block.matches("figure") ? bottom(block, n) + heads(n) <= height : room(n) >= 0);

	const figures = all("figure:has(> svg)");
	const least = new Map(figures.map(figure => {
		const svg = figure.querySelector("svg");
		const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
		return [figure, Math.min(1, letters / scale / Math.min(...all("text", svg).map(t => parseFloat(getComputedStyle(t).fontSize))))];
	}));
	const draw = (list, scale) => list.forEach(f => f.querySelector("svg").style.zoom = scale && Math.max(scale, least.get(f)));
	const whole = (block, rule) => [block, ...all("table", block)].forEach(e => e.style.breakInside = rule);

	function fit(block, n) {
		const there = figures.filter(f => first(f) === n && !f.querySelector("svg").style.zoom);
		for (const list of least.has(block) ? [[block], [block, ...there]] : [there]) {
			for (let scale = 0.95; scale > 0.62; scale -= 0.05) {
				draw(list, scale);
				if (on(block, n)) return;
			}
			draw(list, "");
		}
		if (all("tbody tr", block).length < 8) return;
		whole(block, "auto");
		if (first(block) !== n) whole(block, "");
	}
	for (const block of all("figure, .fragility-table")) {
		const n = first(block);
		if (!on(block, n)) fit(block, n);
		else if (n > 0 && room(n - 1) > empty) fit(block, n - 1);
	}
	main.style.cssText = "";
});
