"use strict";
// Filter and sort for tables of class js. Reading needs none of it. The state lies in the address after #, so that a
// link keeps it; rows of very large tables come as columns in a JSON element and are shown piece by piece.
document.querySelectorAll("table.js").forEach(function (table, index) {
  const body = table.tBodies[0], heads = Array.from(table.tHead.rows[0].cells);
  const names = heads.map(function (head) { return head.textContent.trim(); });
  const data = table.dataset.rows && document.getElementById(table.dataset.rows);
  const STEP = 200;
  let rows, limit = STEP;
  if (data) {
    const columns = JSON.parse(data.textContent);
    rows = columns[0].rows.map(function (_, i) {
      return { cells: columns.map(function (c) { return c.values[c.rows[i]]; }), row: null };
    });
  } else {
    rows = Array.from(body.rows).map(function (row) {
      return { cells: Array.from(row.cells).map(function (cell) { return cell.textContent.trim(); }), row: row };
    });
  }
  rows.forEach(function (entry, i) { entry.at = i; entry.text = entry.cells.join("\u0000").toLowerCase(); });
  const state = { q: "", sort: "", pick: {} };
  const prefix = index ? "t" + index + "." : "";
  const form = document.createElement("div"), out = document.createElement("output");
  form.className = "filters";
  form.setAttribute("role", "search");
  out.setAttribute("aria-live", "polite");
  function labelled(text, control) {
    const label = document.createElement("label");
    label.append(text, control);
    form.append(label);
    return control;
  }
  const search = labelled("Filter", document.createElement("input"));
  search.type = "search";
  search.addEventListener("input", function () { state.q = search.value; limit = STEP; show(true); });
  const selects = {};
  heads.forEach(function (head, column) {
    if (head.hasAttribute("data-choices")) {
      const values = Array.from(new Set(rows.map(function (r) { return r.cells[column]; }))).sort();
      if (values.length > 1 && values.length <= 300) {
        const select = labelled(names[column], document.createElement("select"));
        select.add(new Option("all", "*"));
        values.forEach(function (value) { select.add(new Option(value || "(none)", value)); });
        select.addEventListener("change", function () {
          if (select.value === "*") delete state.pick[column]; else state.pick[column] = select.value;
          limit = STEP;
          show(true);
        });
        selects[column] = select;
      }
    }
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", function () {
      state.sort = state.sort === String(column) ? "-" + column : String(column);
      show(true);
    });
  });
  form.append(out);
  const frame = table.closest(".scroll") || table;
  frame.before(form);
  const more = document.createElement("button");
  more.type = "button";
  more.className = "more";
  more.textContent = "Show more";
  more.hidden = true;
  more.addEventListener("click", function () { limit += 1000; show(false); });
  frame.after(more);
  function made(entry) {
    if (!entry.row) {
      entry.row = document.createElement("tr");
      entry.cells.forEach(function (text, column) {
        const cell = document.createElement(column ? "td" : "th");
        if (!column) cell.scope = "row";
        if (heads[column].classList.contains("n")) cell.className = "n";
        cell.textContent = text;
        entry.row.append(cell);
      });
    }
    return entry.row;
  }
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  function show(remember) {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    let found = rows.filter(function (r) {
      return words.every(function (w) { return r.text.includes(w); }) &&
        Object.keys(state.pick).every(function (c) { return r.cells[c] === state.pick[c]; });
    });
    if (state.sort) {
      const down = state.sort[0] === "-", column = Number(state.sort.replace("-", ""));
      found = found.slice().sort(function (a, b) {
        return (down ? -1 : 1) * compare(a.cells[column], b.cells[column]) || a.at - b.at;
      });
      heads.forEach(function (head, i) {
        if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
    }
    const shown = data ? found.slice(0, limit) : found;
    body.replaceChildren(...shown.map(made));
    more.hidden = shown.length === found.length;
    out.textContent = found.length.toLocaleString("en") + " of " + rows.length.toLocaleString("en") +
      (shown.length < found.length ? ", the first " + shown.length.toLocaleString("en") + " shown" : "");
    if (remember) {
      const parts = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
      Array.from(parts.keys()).forEach(function (key) { if (key.startsWith(prefix)) parts.delete(key); });
      if (state.q) parts.set(prefix + "q", state.q);
      if (state.sort) parts.set(prefix + "sort", state.sort);
      Object.keys(state.pick).forEach(function (c) { parts.set(prefix + "c" + c, state.pick[c]); });
      const hash = "#" + parts.toString();
      if (hash !== location.hash && (location.hash || hash !== "#")) location.replace(hash);
    }
  }
  function recall() {
    if (!location.hash.includes("=")) { show(false); return; }
    const parts = new URLSearchParams(location.hash.slice(1));
    state.q = parts.get(prefix + "q") || "";
    const sort = parts.get(prefix + "sort") || "";
    state.sort = /^-?\d+$/.test(sort) && Number(sort.replace("-", "")) < heads.length ? sort : "";
    state.pick = {};
    Object.keys(selects).forEach(function (c) {
      const value = parts.get(prefix + "c" + c);
      if (value !== null) state.pick[c] = value;
      selects[c].value = value === null ? "*" : value;
    });
    if (search.value !== state.q) search.value = state.q;
    show(false);
  }
  window.addEventListener("hashchange", recall);
  if (data && location.hash && !location.hash.includes("=")) show(false); else recall();
});
