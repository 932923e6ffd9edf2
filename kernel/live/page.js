// Turns dials: asks a worker for each subject, and moves the marks of the picture.
"use strict";
(() => {
  const root = document.getElementById("live"), find = s => root.querySelector(s), all = s => [...root.querySelectorAll(s)];
  const data = JSON.parse(document.getElementById("live-data").textContent);
  const form = find("form"), picture = find(".live-picture"), says = find(".live-says"), aloud = find(".live-aloud"), verdict = find(".live-verdict");
  const tests = data.Tests, subjects = data.Subjects, arms = data.Arms, start = tests[data.Start];
  const carried = verdict.textContent;

  // What the dials say. A test's numbers stay as they are, to the last digit, until its
  // dial is turned.
  let test = { ...start }, turned = {}, id = 0, asked = 0;
  const results = subjects.map(() => null);

  const code = (() => {
    const raw = Uint8Array.from(atob(data.Kernel), c => c.charCodeAt(0));
    return typeof WebAssembly === "object" && WebAssembly.validate(raw) ? raw : null;
  })();
  const source = URL.createObjectURL(new Blob([document.getElementById("live-worker").textContent], { type: "text/javascript" }));
  let ready = 0, broken = false;
  const checks = { done: 0, equal: 0, near: 0, spent: 0, of: subjects.reduce((n, s) => n + s.Readings.length, 0) };
  let workers = [];
  try {
    workers = subjects.map(employ);
  } catch (e) { // where the page's host forbids it
    fail(e.message);
    return;
  }

  function employ(subject, s) {
    const worker = new Worker(source);
    worker.onerror = e => fail(e.message || "a worker does not start");
    worker.onmessage = ({ data: m }) => {
      if (m.failed) fail(m.failed);
      else if (m.ready) begin();
      else if (m.checked !== undefined) checked(m, s);
      else answer(m, s);
    };
    worker.postMessage({ subject, widths: data.Widths, sets: data.Sets, centres: data.Centres, slab: data.Slab, code });
    return worker;
  }

  function fail(why) {
    if (broken) return;
    broken = true;
    workers.forEach(w => w.terminate());
    form.hidden = true;
    root.dataset.state = "still";
    find(".live-still").textContent = `The dials do not work here (${why}). The picture is the one that this page was exported with.`;
  }

  function begin() {
    if (++ready < subjects.length || broken) return;
    form.hidden = false;
    for (const e of all("[data-places]")) e.closest("p").hidden = false;
    root.dataset.state = "ready";
    show();
  }

  function checked(m, s) {
    checks.done++;
    if (m.checked === 0) checks.equal++;
    else if (Math.abs(m.checked) === 1) checks.near++;
    checks[s] = m.spent;
    const off = checks.done - checks.equal - checks.near;
    if (checks.done < checks.of) {
      verdict.textContent = `${carried} Evaluated again on this machine so far: ${checks.done}, of which ${checks.equal} come out equal.`;
      return;
    }
    const seconds = Math.max(...subjects.map((_, s) => checks[s])) / 1000;
    const rest = checks.near + off === 0 ? "" : ` ${checks.near} ${checks.near === 1 ? "is" : "are"} off by one point of the test set${off ? `, ${off} by more` : ""}.`;
    verdict.textContent = `This page evaluated its ${checks.of} stored readings again on this machine: ${checks.equal} of ${checks.of} come out equal, to the last point of the test set.${rest} ` +
      `It took ${seconds.toFixed(1)} s, ${code ? "with WebAssembly" : "in plain JavaScript, since this browser has no WebAssembly with vectors"}.`;
    Object.assign(root.dataset, { equal: checks.equal, near: checks.near, readings: checks.of, seconds });
  }

  // Dials.
  const input = name => document.getElementById("live-" + name);
  const number = v => String(+(+v).toFixed(4));
  const alike = (a, b) => ["Set", "InputSigma", "Sigma", "Bias", "Draw"].every(k => a[k] === b[k]);
  const home = () => Object.keys(turned).length === 0;
  const metric = () => tests.find(t => alike(t, test));

  function show() {
    for (const d of data.Dials) {
      const e = input(d.Name), out = e.parentElement.querySelector("output"), stands = d.Own && turned[d.Name] === undefined;
      e.value = d.Own ? turned[d.Name] ?? d.Home : test[d.Name];
      const words = stands ? "as treated" : number(d.Own ? turned[d.Name] : test[d.Name]);
      out.value = words;
      e.setAttribute("aria-valuetext", words + (d.Unit && !stands ? " " + d.Unit : ""));
      const reset = find(`[data-reset=${d.Name}]`);
      if (reset) reset.disabled = stands;
    }
    for (const e of all("[data-menu]")) e.value = turned[e.dataset.menu] ?? "";
    const at = tests.findIndex(t => alike(t, test));
    input("test").value = at < 0 ? "own" : at;
  }

  function turn() {
    show();
    asked = performance.now();
    root.dataset.state = "turning";
    id++;
    for (const w of workers) w.postMessage({ turn: { id, test, turned: { ...turned, Stabiliser: data.Stabiliser } } });
  }

  form.addEventListener("submit", e => e.preventDefault());
  form.addEventListener("input", ({ target }) => {
    const name = target.dataset.dial;
    if (target.id === "live-test") {
      if (target.value !== "own") test = { ...tests[target.value] };
    } else if (target.dataset.menu) {
      if (target.value) turned[target.dataset.menu] = target.value;
      else delete turned[target.dataset.menu];
    } else if (name && target.dataset.own !== undefined) turned[name] = +target.value;
    else if (name) test = { ...test, [name]: +target.value };
    turn();
  });
  form.addEventListener("click", ({ target }) => {
    if (!target.dataset.reset) return;
    delete turned[target.dataset.reset];
    input(target.dataset.reset).focus();
    turn();
  });
  form.addEventListener("reset", e => {
    e.preventDefault();
    test = { ...start };
    turned = {};
    turn();
  });
  root.addEventListener("change", ({ target }) => {
    const i = target.dataset.places;
    if (i === undefined) return;
    for (const f of all(`[data-place^="${i},"]`)) f.hidden = f.dataset.place !== `${i},${target.value}`;
  });

  // Answers.
  function answer(m, s) {
    if (m.id !== id) return;
    results[s] = m;
    draw();
  }

  const mean = list => list.reduce((a, b) => a + b, 0) / list.length;
  const percent = v => v.toFixed(1);
  const place = v => `${2 + 0.96 * v}%`;

  function draw() {
    if (results.some(r => r?.id !== id)) return; // one picture is of one state
    const values = results.map(r => r.right.map(n => 100 * n / r.of)), whole = results.every(r => r.whole), printed = home() && metric();
    const set = (e, attributes) => { for (const name in attributes) e.setAttribute(name, attributes[name]); };
    const cell = (c, text) => { find(`[data-cell="${c}"]`).textContent = text; };
    const means = arms.map((_, a) => mean(values.map(v => v[a])));
    arms.forEach((arm, a) => {
      values.forEach((v, s) => {
        set(picture.querySelector(`[data-dot="${s},${a}"]`), { cx: place(v[a]) });
        const line = picture.querySelector(`[data-line="${s},${a}"]`);
        if (line) set(line, { x1: place(v[a]), x2: place(v[a + 1]) });
        cell(`${s},${a}`, v[a].toFixed(2));
      });
      set(picture.querySelector(`[data-mean="${a}"]`), { x1: place(means[a]), x2: place(means[a]) });
      picture.querySelector(`[data-value="${a}"]`).textContent = percent(means[a]) + " %";
      cell(`mean,${a}`, means[a].toFixed(2));
      const book = printed ? arm.Book?.[printed.Name] : undefined, mark = picture.querySelector(`[data-book="${a}"]`);
      mark.setAttribute("visibility", book === undefined ? "hidden" : "visible");
      if (book !== undefined) set(mark, { x: place(book) });
      cell(`book,${a}`, book === undefined ? "" : number(book));
    });
    const words = label(means);
    picture.setAttribute("aria-label", words);
    const took = (performance.now() - asked) / 1000;
    says.hidden = false;
    says.textContent = whole ? `${conditions()}. All ${results[0].of.toLocaleString("en")} test points, ${took.toFixed(2)} s.`
      : `${conditions()}. The first ${results[0].of} test points, the others follow.`;
    if (!whole) {
      root.dataset.first = Math.round(took * 1000);
      return;
    }
    root.dataset.state = "turned";
    root.dataset.took = Math.round(took * 1000);
    clearTimeout(draw.aloud);
    draw.aloud = setTimeout(() => { aloud.textContent = words; }, 600); // not every place that a dial runs over
  }

  function conditions() {
    const noise = [];
    if (test.InputSigma) noise.push(`input noise of SD ${number(test.InputSigma)}`);
    if (test.Sigma) noise.push(`internal noise of SD ${number(test.Sigma)}`);
    if (test.Bias) noise.push(`${test.Sigma ? "its mean" : "a bias of"} ${number(test.Bias)}`);
    const dials = [];
    if (turned.Drug) dials.push("the drug taken away");
    if (turned.Gain !== undefined) dials.push(`gain ${number(turned.Gain)}`);
    if (turned.Inhibition !== undefined) dials.push(`inhibition ${number(turned.Inhibition)}`);
    if (turned.Activation) dials.push({ relu: "ReLU", tanh: "tanh" }[turned.Activation]);
    if (turned.Level !== undefined) dials.push(`stabiliser at ${number(turned.Level)}`);
    return `The ${data.Sets[test.Set].Set} test set, ${noise.join(", ") || "no noise"}; networks as treated${dials.length ? ", but for " + dials.join(", ") : ""}`;
  }

  function label(means) {
    return `Accuracy in percent, ${subjects.length === 1 ? "one subject" : `means of ${subjects.length} subjects`}. ${conditions()}. ` +
      arms.map((arm, a) => `${arm.Words}: ${percent(means[a])}`).join("; ") + ".";
  }
})();
