"use strict";
// What moves on pages: charts, running totals, keys, files dropped, what was typed when a session ends. Pages do without.
(() => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  const formats = document.documentElement.lang;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- htmx: its requests carry the form token; who is signed out is sent to the sign-in, and comes back
  document.addEventListener("htmx:configRequest", (event) => { if (token) event.detail.headers["X-CSRF-Token"] = token; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/sign-in")) location.reload();
    // what is wrong with a form is shown like any answer
    if (xhr.status === 422 || xhr.status === 409) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  // ---- charts: colours of the page's theme
  const charts = [];
  function draw(canvas) {
    const style = getComputedStyle(document.documentElement);
    const colour = (n) => style.getPropertyValue(`--chart-${(n % 6) + 1}`).trim();
    const kind = canvas.dataset.chart, round = kind === "doughnut";
    const labels = JSON.parse(canvas.dataset.labels), series = JSON.parse(canvas.dataset.series);
    const ink = style.getPropertyValue("--soft").trim(), line = style.getPropertyValue("--line").trim();
    const datasets = series.map((each, n) => ({
      label: each.label, data: each.data.map(Number), borderColor: colour(n), borderWidth: kind === "line" ? 2 : 0, tension: .2,
      backgroundColor: round ? labels.map((_, m) => colour(m)) : colour(n), borderRadius: kind === "line" ? 0 : 3, maxBarThickness: 42,
      ...(each.data.length && kind === "stacked" && each.label.startsWith("=") ? { type: "line", label: each.label.slice(1).trim(), borderWidth: 2, pointRadius: 2 } : {}),
    }));
    const axis = { ticks: { color: ink }, grid: { color: line }, stacked: kind === "stacked" };
    const options = {
      responsive: true, maintainAspectRatio: false, animation: false, locale: formats,
      plugins: { legend: { display: round || series.length > 1, labels: { color: ink } } },
      scales: round ? {} : { x: { ...axis, grid: { display: false } }, y: { ...axis, beginAtZero: true } },
    };
    charts.push(new Chart(canvas, { type: round ? "doughnut" : kind === "line" ? "line" : "bar", data: { labels, datasets }, options }));
  }
  function drawAll() {
    charts.splice(0).forEach((each) => each.destroy());
    all("canvas[data-chart]").forEach(draw);
  }
  function wantCharts() {
    if (!document.querySelector("canvas[data-chart]")) return;
    if (window.Chart) { drawAll(); return; }
    const script = document.createElement("script");
    script.src = document.querySelector("script[data-charts]").dataset.charts;
    script.addEventListener("load", drawAll);
    document.head.append(script);
  }
  new MutationObserver(() => { if (window.Chart) drawAll(); })
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });

  // ---- the running total of what is ticked, exact: minor units as big integers
  function written(minor, digits) {
    const sign = minor < 0n ? "-" : "", text = String(minor < 0n ? -minor : minor).padStart(digits + 1, "0");
    const whole = BigInt(digits ? text.slice(0, -digits) : text).toLocaleString(formats);
    const point = (1.5).toLocaleString(formats).charAt(1);
    return sign + whole + (digits ? point + text.slice(-digits) : "");
  }
  function total(form) {
    const sums = new Map(), ticked = all("input[data-minor]:checked", form);
    for (const each of ticked) {
      const { currency, minor, digits } = each.dataset, known = sums.get(currency) || { sum: 0n, digits: Number(digits || 2) };
      sums.set(currency, { ...known, sum: known.sum + BigInt(minor) });
    }
    for (const place of all("[data-total]", form)) {
      place.value = [...sums].map(([code, { sum, digits }]) => `${code} ${written(sum, digits)}`).join(" · ") || "–";
    }
    for (const place of all("[data-ticked]", form)) place.value = ticked.length.toLocaleString(formats);
    for (const button of all("button[data-needs-ticks]", form)) button.disabled = !ticked.length;
    for (const row of all("tr", form)) row.classList.toggle("ticked", !!row.querySelector("input[data-minor]:checked"));
  }
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form");
    if (target.matches("[data-select-all]")) {
      for (const each of all("input[data-minor]:not(:disabled)", form)) each.checked = target.checked;
    }
    if (form && form.querySelector("[data-total], [data-ticked]")) total(form);
  });

  // ---- keys: j and k move between rows, x ticks, Enter opens, / searches, ? explains
  let at = -1;
  const rows = () => all("table[data-keys] tbody tr");
  function move(step) {
    const lines = rows();
    if (!lines.length) return;
    lines.forEach((each) => each.classList.remove("here"));
    at = Math.min(Math.max(at + step, 0), lines.length - 1);
    const line = lines[at];
    line.classList.add("here");
    const first = line.querySelector("input:not(:disabled), a, button");
    if (first) first.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }
  const moves = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    x: () => { const box = rows()[at] && rows()[at].querySelector("input[type=checkbox]:not(:disabled)"); if (box) box.click(); },
    "/": () => document.querySelector("[data-shortcut='/']").focus(),
    "?": () => { const help = document.querySelector("dialog.keys-help"); if (help) help.showModal(); },
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, dialog");
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.matches("table[data-keys] input[type=checkbox]")) {
      const link = event.target.closest("tr").querySelector("a");
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const found = moves[event.key];
    if (event.key.startsWith("Arrow") && !document.querySelector("table[data-keys]")) return;
    if (named && !named.disabled) { event.preventDefault(); named.click(); } else if (found) { event.preventDefault(); found(); }
  });
  document.addEventListener("focusin", ({ target }) => {
    const row = target.closest && target.closest("table[data-keys] tbody tr");
    if (row) { at = rows().indexOf(row); rows().forEach((each) => each.classList.toggle("here", each === row)); }
  });

  // ---- files dropped onto the place of a file field
  for (const place of all("[data-drop]")) {
    const field = place.querySelector("input[type=file]");
    const over = (event, is) => { event.preventDefault(); place.classList.toggle("over", is); };
    place.addEventListener("dragover", (event) => over(event, true));
    place.addEventListener("dragleave", (event) => over(event, false));
    place.addEventListener("drop", (event) => {
      over(event, false);
      if (!event.dataTransfer.files.length) return;
      field.files = event.dataTransfer.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // ---- a slider and the field that shows its value
  document.addEventListener("input", ({ target }) => {
    const shown = target.dataset && target.dataset.range && document.getElementById(target.dataset.range);
    if (shown) shown.value = target.value;
  });

  // ---- what was typed is kept until the form has arrived: an ended session or a second factor may come between
  const KEPT = "kept-form";
  const secret = (field) => field.type === "password" || field.type === "file" || ["csrf_token", "form_key", "code"].includes(field.name);
  document.addEventListener("submit", ({ target }) => {
    if (target.method !== "post" || location.pathname.startsWith("/sign-in")) return;
    const fields = [...target.elements].filter((each) => each.name && !secret(each))
      .map((each) => [each.name, each.value, each.type === "checkbox" || each.type === "radio" ? each.checked : null]);
    sessionStorage.setItem(KEPT, JSON.stringify({ page: location.pathname, action: new URL(target.action).pathname, fields, sent: false }));
  });
  function restore() {
    const text = sessionStorage.getItem(KEPT);
    if (!text) return;
    const kept = JSON.parse(text);
    if (location.pathname.startsWith("/sign-in")) { sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, sent: true })); return; }
    if (!kept.sent) { sessionStorage.removeItem(KEPT); return; }
    if (location.pathname !== kept.page) return;
    sessionStorage.removeItem(KEPT);
    const form = [...document.forms].find((each) => each.method === "post" && new URL(each.action).pathname === kept.action);
    if (!form) return;
    for (const [name, value, ticked] of kept.fields) {
      for (const field of [...form.elements].filter((each) => each.name === name && each.type !== "hidden")) {
        // what was typed out of sight is seen again
        if (ticked === null && value !== field.value) field.closest("details")?.setAttribute("open", "");
        if (ticked === null) field.value = value;
        else if (field.value === value) field.checked = ticked;
      }
    }
    document.getElementById("kept").hidden = false;
    total(form);
    const button = form.querySelector("button:not([type=button])");
    if (button) button.focus();
  }

  // ---- filters are folded on a telephone until one is used
  const folded = document.querySelector("details.filters-fold");
  if (folded && matchMedia("(max-width: 52rem)").matches && !location.search) folded.open = false;

  // ---- the rest
  for (const button of all("[data-print]")) { button.hidden = false; button.addEventListener("click", () => print()); }
  const totals = () => { for (const form of all("form")) if (form.querySelector("[data-total], [data-ticked]")) total(form); };
  totals();
  document.addEventListener("htmx:afterSwap", () => { at = -1; wantCharts(); totals(); });
  restore();
  wantCharts();
})();
