// Theme, tables and sections that open; plots.js draws the plots.
"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// The theme of the system, until the button switches it.
const system = matchMedia("(prefers-color-scheme: dark)");
const setTheme = (dark) => {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.dispatchEvent(new Event("theme"));
};
setTheme(system.matches);
system.addEventListener("change", () => setTheme(system.matches));
document.getElementById("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));

// The first number of a cell; cells without a number are sorted last.
const numberOf = (text) => {
  if (/^-?∞/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const found = text.match(/-?\d+(\.\d+)?(e[+-]?\d+)?/i);
  return found ? Number(found[0]) : NaN;
};
const textOf = (row, column) => row.cells[column]?.textContent.trim() ?? "";
function sortBy(table, column, descending) {
  const body = table.tBodies[0], rows = [...body.rows];
  const numeric = column > 0 && rows.some((row) => !Number.isNaN(numberOf(textOf(row, column))) && /^[-∞\d>]|^after/.test(textOf(row, column)));
  const key = (row) => (numeric ? numberOf(textOf(row, column)) : textOf(row, column));
  const keyed = rows.map((row, place) => ({ row, place, key: key(row) }));
  const missing = (key) => (numeric ? Number.isNaN(key) : key === "" || key === "-");
  keyed.sort((a, b) => {
    if (missing(a.key) || missing(b.key)) return missing(a.key) - missing(b.key) || a.place - b.place;
    const order = numeric ? (a.key > b.key) - (a.key < b.key) : a.key.localeCompare(b.key);
    return (descending ? -order : order) || a.place - b.place;
  });
  body.append(...keyed.map((one) => one.row));
}
for (const table of all(".table table")) {
  all("thead th", table).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sortBy(table, column, descending);
    });
  });
}
for (const filter of all(".filter")) {
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    const rows = all("tbody tr", filter.parentElement);
    rows.forEach((row) => row.classList.toggle("filtered", !row.textContent.toLowerCase().includes(wanted)));
    showRows(rows);
  });
}
for (const only of all("[data-only]")) {
  const show = () => {
    const rows = all("tbody tr", document.getElementById(only.dataset.only));
    rows.forEach((row) => row.classList.toggle("still", only.checked && !row.classList.contains("moved")));
    showRows(rows);
  };
  only.addEventListener("change", show);
  show();
}
function showRows(rows) {
  rows.forEach((row) => (row.hidden = row.classList.contains("filtered") || row.classList.contains("still")));
}

for (const button of all(".open-all")) {
  button.addEventListener("click", () => {
    const problems = all(".problem", button.closest(".domain"));
    const open = !problems.every((problem) => problem.open);
    problems.forEach((problem) => (problem.open = open));
    button.textContent = open ? "Close all" : "Open all";
  });
}

// A link to an element inside closed sections opens them.
function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", openTarget);

// Claims, failures and legends are printed open.
let opened = [];
addEventListener("beforeprint", () => {
  opened = all(".claim:not([open]), .failure:not([open]), .legend:not([open])");
  opened.forEach((one) => (one.open = true));
});
addEventListener("afterprint", () => opened.forEach((one) => (one.open = false)));
