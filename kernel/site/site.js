// The switch between what a reader opens first and everything, kept from page to page:
// in the browser's memory where a file may use it, and in the address of the next page.
"use strict";
(() => {
  const root = document.documentElement, key = "fragility-site";
  const asked = new URLSearchParams(location.search).get("view");
  let view = asked;
  try { view ??= localStorage.getItem(key); } catch { /* a browser that keeps nothing for files */ }
  root.classList.toggle("site-all", view === "all");

  function show() {
    const all = view === "all";
    root.classList.toggle("site-all", all);
    for (const b of document.querySelectorAll(".site-switch")) b.setAttribute("aria-checked", all);
    for (const d of document.querySelectorAll(".site-more")) d.open = all;
    try { if (view) localStorage.setItem(key, view); } catch { /* as above */ }
    if (view) for (const a of document.querySelectorAll("a[href]")) {
      a.setAttribute("href", a.getAttribute("href").replace(/^([a-z0-9]+\.html)(\?[^#]*)?/, "$1?view=" + view));
    }
  }

  // What scrolls sideways can be reached by key.
  function reach() {
    for (const e of document.querySelectorAll("main .html, main .fragility-table, main figure, main .math, main pre, main table")) {
      const scrolls = e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible";
      if (scrolls) e.tabIndex = 0;
      else e.removeAttribute("tabindex");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const b of document.querySelectorAll(".site-switch")) {
      b.hidden = false;
      b.addEventListener("click", () => { view = view === "all" ? "plain" : "all"; show(); reach(); });
    }
    show();
    reach();
    addEventListener("resize", reach);
    document.addEventListener("toggle", ({ target }) => { if (target.localName === "details") reach(); }, true);
    // A word's meaning opens below the word.
    for (const b of document.querySelectorAll(".site-word")) {
      b.addEventListener("click", () => {
        const at = b.getBoundingClientRect(), box = document.getElementById(b.getAttribute("popovertarget"));
        box.style.left = Math.max(8, Math.min(at.left, innerWidth - 340)) + "px";
        box.style.top = (at.bottom + 150 > innerHeight ? Math.max(8, at.top - 150) : at.bottom + 4) + "px";
      });
    }
    // The list of chapters closes when something else is pressed.
    const menu = document.querySelector(".site-menu");
    document.addEventListener("click", ({ target }) => { if (menu && !menu.contains(target)) menu.open = false; });
    menu?.addEventListener("keydown", e => { if (e.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); } });
  });
})();
