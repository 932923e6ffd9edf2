// Finds sections that have words which begin as those that were asked for do, all of them.
"use strict";
(() => {
  const sections = JSON.parse(document.getElementById("site-texts").textContent);
  const field = document.getElementById("site-asked"), hits = document.getElementById("site-hits"), found = document.getElementById("site-found");
  const most = 50;
  const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  for (const s of sections) s.plain = [plain(s.Title + " " + s.Page), plain(s.Text)];

  function marked(text, words) {
    const near = text.search(words[0]), at = near < 60 ? 0 : text.lastIndexOf(" ", near - 50) + 1, piece = document.createElement("p");
    const end = text.length < at + 260 ? text.length : text.lastIndexOf(" ", at + 240);
    const shown = text.slice(at, end), any = new RegExp(words.map(w => w.source).join("|"), "giu");
    let from = 0;
    if (at > 0) piece.append("… ");
    for (const m of shown.matchAll(any)) {
      piece.append(shown.slice(from, m.index), Object.assign(document.createElement("mark"), { textContent: m[0] }));
      from = m.index + m[0].length;
    }
    piece.append(shown.slice(from), end < text.length ? " …" : "");
    return piece;
  }

  function search() {
    const asked = plain(field.value).match(/[\p{L}\p{N}.]+/gu) ?? [];
    const words = asked.map(w => new RegExp("(?<![\\p{L}\\p{N}])" + w.replace(/[.]/g, "\\."), "iu"));
    hits.replaceChildren();
    if (words.length === 0) { found.textContent = "Type a word."; return; }
    const count = (text, w) => text.match(new RegExp(w.source, "giu"))?.length ?? 0;
    const list = sections.map(s => {
      let score = 0;
      for (const w of words) {
        const n = 20 * count(s.plain[0], w) + Math.min(count(s.plain[1], w), 10);
        if (n === 0) return null;
        score += n;
      }
      return { s, score };
    }).filter(x => x).sort((a, b) => b.score - a.score);
    found.textContent = list.length === 0 ? "Nothing was found." : `${list.length} ${list.length === 1 ? "section" : "sections"}${list.length > most ? `, the first ${most}` : ""}`;
    for (const { s } of list.slice(0, most)) {
      const hit = document.createElement("li"), link = document.createElement("a");
      link.href = s.File + (s.ID ? "#" + encodeURIComponent(s.ID) : "");
      link.textContent = s.Title === s.Page ? s.Page : `${s.Title} (${s.Page})`;
      hit.append(link, marked(s.Text, words));
      hits.append(hit);
    }
  }

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", search);
  field.form.addEventListener("submit", e => e.preventDefault());
  search();
  field.focus();
})();
