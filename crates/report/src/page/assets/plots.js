// Draws each plot when it scrolls into view.
"use strict";
const dataOf = new Map();
function data(id) {
  if (!dataOf.has(id)) dataOf.set(id, JSON.parse(document.getElementById(id).textContent));
  return dataOf.get(id);
}
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (mark) => style(mark.slot === 7 ? "--base" : `--s${mark.slot}`);
const DASHES = ["solid", "dash", "dot", "dashdot"];
const faint = (hex, alpha) => `rgba(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(",")},${alpha})`;
const line = (mark, width = 2) => ({ color: colour(mark), dash: DASHES[mark.dash], width: mark.slot === 7 ? width + 0.5 : width });
const narrow = () => innerWidth < 640;

function layout(x, y, more = {}) {
  const axis = { gridcolor: style("--line"), linecolor: style("--line"), zerolinecolor: style("--line"), automargin: true, ticks: "outside", tickcolor: style("--line") };
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: style("--ink") },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: style("--soft"), activecolor: style("--ink") },
    margin: { l: 50, r: 16, t: 8, b: 44 }, hovermode: "x unified", dragmode: narrow() ? false : "zoom",
    hoverlabel: { bgcolor: style("--paper"), bordercolor: style("--soft"), font: { color: style("--ink"), size: 11 } },
    xaxis: { ...axis, ...x }, yaxis: { ...axis, ...y }, ...more,
  };
}
const POWERS = { type: "log", exponentformat: "power", minexponent: 4, nticks: 4 };
// Buttons are listed explicitly, because by default plotly offers to upload the data to its server.
const CONFIG = { responsive: true, displaylogo: false, displayModeBar: narrow() ? false : "hover", modeBarButtons: [["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]] };

// The settings of a problem's controls.
function asked(of) {
  const controls = document.querySelector(`.controls[data-of="${CSS.escape(of)}"]`);
  const box = (name) => controls.querySelector(`[${name}]`).checked;
  const seconds = controls.querySelector("input[value=seconds]").checked, charged = box("data-charge");
  const on = all("[data-start]", controls).filter((one) => one.checked).map((one) => Number(one.dataset.start));
  return { on, seconds, charged, bands: box("data-bands"), axis: (seconds ? 2 : 0) + (charged ? 0 : 1) };
}
const over = (problem, { seconds, charged }) => (charged ? "charged " : "") + (seconds ? "seconds" : `${problem.unit}s`) + (charged ? "" : " without the charge");
// A start without a charge has the same curve charged and uncharged.
const along = (curves, axis) => curves[axis] ?? curves[axis - 1];

function convergence(problem, ask) {
  const traces = [], shown = ask.on.map((place) => problem.starts[place]);
  for (const start of ask.bands ? shown : []) {
    const curve = along(start.curves, ask.axis);
    if (curve) traces.push({ x: [...curve.x, ...curve.x.toReversed()], y: [...curve.high, ...curve.low.toReversed()], fill: "toself", fillcolor: faint(colour(start), 0.16), line: { width: 0 }, mode: "lines", hoverinfo: "skip" });
  }
  for (const start of shown) {
    const curve = along(start.curves, ask.axis);
    if (curve) traces.push({ x: curve.x, y: curve.middle, name: start.name, mode: "lines", line: line(start), hovertemplate: "%{y:.3~g}" });
  }
  const shapes = [], annotations = [];
  if (problem.target !== null) {
    shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, y0: problem.target, y1: problem.target, line: { color: style("--ink"), width: 1, dash: "dot" } });
    annotations.push({ xref: "paper", x: 1, xanchor: "right", yanchor: "bottom", y: problem.log ? Math.log10(problem.target) : problem.target, text: "target", showarrow: false, font: { size: 11 } });
  }
  const y = problem.log ? POWERS : { type: "linear" };
  return [traces, layout({ ...POWERS, title: { text: over(problem, ask) } }, { ...y, title: { text: problem.y_label.length > 30 ? "" : problem.y_label } }, { shapes, annotations })];
}

function solved(problem, ask) {
  const shown = ask.on.map((place) => problem.starts[place]);
  const ends = shown.map((start) => along(start.curves, ask.axis)).filter(Boolean);
  const from = Math.min(...ends.map((curve) => curve.x[0])), to = Math.max(...ends.map((curve) => curve.x.at(-1)));
  const traces = shown.map((start) => {
    const steps = along(start.solved, ask.axis) ?? { x: [], share: [] };
    const last = steps.share.at(-1) ?? 0;
    return { x: [Math.min(from, steps.x[0] ?? from), ...steps.x, Math.max(to, steps.x.at(-1) ?? to)], y: [0, ...steps.share, last], name: start.name, mode: "lines", line: { ...line(start), shape: "hv" }, hovertemplate: "%{y:.0%}" };
  });
  return [traces, layout({ ...POWERS, title: { text: over(problem, ask) } }, { range: [-0.02, 1.04], tickformat: ".0%" })];
}

function forest(problem, ask) {
  const rows = ask.on.map((place) => problem.starts[place]).filter((start) => start.slot !== 7);
  const pick = problem.by_work ? (ask.seconds ? [2] : ask.charged ? [0, 1] : [1]) : [3];
  const none = problem.ratio ? 1 : 0, place = (x) => (problem.ratio ? Math.log10(x) : x), back = (x) => (problem.ratio ? 10 ** x : x);
  const sound = (x) => x !== null && (!problem.ratio || x > 0);
  const found = rows.flatMap((start) => pick.map((one) => start.effects[one])).filter((effect) => effect && sound(effect[0]));
  const middle = [none, ...found.map((effect) => effect[0])].map(place);
  const reach = Math.max(Math.max(...middle) - Math.min(...middle), problem.ratio ? 0.3 : 1e-9);
  const floor = Math.min(...middle) - reach, ceiling = Math.max(...middle) + reach;
  // Infinite and distant ends are cut at the edge.
  const inside = (x, edge) => Math.min(Math.max(sound(x) ? place(x) : edge, floor), ceiling);
  const ends = [...middle, ...found.flatMap((effect) => [inside(effect[1], floor), inside(effect[2], ceiling)])];
  const low = Math.min(...ends), high = Math.max(...ends), pad = 0.06 * (high - low || 1);
  const traces = rows.flatMap((start) => pick.map((one, second) => {
    const effect = start.effects[one];
    if (!effect || !sound(effect[0])) return { x: [none], y: [start.name], mode: "markers", marker: { opacity: 0 }, hoverinfo: "skip" };
    const x = effect[0], ink = colour(start), filled = one !== 1;
    const shown = effect.map((end) => (end === null ? "∞" : end.toPrecision(3)));
    return {
      x: [x], y: [start.name], mode: "markers", name: start.name, yaxis: "y",
      marker: { size: 9, symbol: filled ? "circle" : "circle-open", color: ink, line: { color: ink, width: 2 } },
      error_x: { type: "data", symmetric: false, array: [back(inside(effect[2], ceiling)) - x], arrayminus: [x - back(inside(effect[1], floor))], color: ink, thickness: filled ? 2 : 1, width: 4 },
      hovertemplate: `${start.name}${second || one === 1 ? " without the charge" : ""}: ${shown[0]} [${shown[1]}, ${shown[2]}]<extra></extra>`,
    };
  }));
  const names = rows.map((start) => start.name);
  const title = problem.by_work ? `speed-up in ${ask.seconds ? "charged seconds" : `${problem.unit}s`}` : problem.effect;
  return [traces, layout(
    { ...(problem.ratio ? POWERS : {}), range: [low - pad, high + pad], title: { text: title }, ...(problem.ratio ? { nticks: narrow() ? 4 : 6 } : {}) },
    { type: "category", categoryorder: "array", categoryarray: names.toReversed(), range: [-0.6, names.length - 0.4] },
    { hovermode: "closest", height: Math.max(narrow() ? 220 : 330, 80 + 26 * names.length), shapes: [{ type: "line", x0: none, x1: none, yref: "paper", y0: 0, y1: 1, line: { color: style("--base"), width: 1.5 } }] },
  )];
}

function reuse(problem, ask) {
  const uses = Array.from({ length: 61 }, (_, step) => 10 ** (step / 20));
  const shown = ask.on.map((place) => problem.starts[place]);
  const traces = shown.map((start) => ({ x: uses, y: uses.map((count) => start.charge / count + start.use), name: start.name, mode: "lines", line: line(start), hovertemplate: "%{y:.4~g}" }));
  for (const start of shown.filter((one) => one.pays)) {
    const [at, low, high] = start.pays.map((end) => Math.min(Math.max(end ?? 1000, 1), 1000));
    traces.push({ x: [at], y: [start.charge / at + start.use], mode: "markers", marker: { color: colour(start), size: 10, symbol: "diamond" }, error_x: { type: "data", symmetric: false, array: [high - at], arrayminus: [at - low], color: colour(start), width: 4 }, hoverinfo: "skip" });
  }
  return [traces, layout({ type: "log", title: { text: "number of uses" }, tickvals: [1, 10, 100, 1000] }, { ...POWERS, exponentformat: "none", title: { text: `${problem.unit}s per use` } })];
}

function pair(kind, domain, plot) {
  const chosen = plot.closest(".domain").querySelector("[data-pairs] :checked");
  const one = domain.pairs[Number(chosen.value)], both = one[kind];
  if (!both) return [[], layout({}, {}, { annotations: [{ text: "no problem with this start ranks starts by work", showarrow: false, xref: "paper", yref: "paper", x: 0.5, y: 0.5 }] })];
  const step = (steps, mark, name) => ({ x: steps.x, y: steps.share, mode: "lines", name, line: { ...line(mark), shape: "hv" }, hovertemplate: "%{y:.1%}" });
  const traces = [step(both[1], domain.baseline, `${domain.baseline.name} (area ${both[1].area.toFixed(3)})`), step(both[0], one, `${one.name} (area ${both[0].area.toFixed(3)})`)];
  const title = kind === "profile" ? "ratio to the smaller work of the pair" : "share of the budget";
  return [traces, layout({ type: "log", title: { text: title }, ...(kind === "profile" ? { tickvals: [1, 2, 5, 10] } : POWERS) }, { range: [-0.02, 1.04], tickformat: ".0%" })];
}

function strip(domains) {
  const traces = domains.map((domain) => ({
    x: domain.points.map((point) => point.x), y: domain.points.map(() => domain.name), text: domain.points.map((point) => `${point.problem}: ${point.start}`),
    mode: "markers", marker: { size: 11, color: faint(style("--s0"), 0.55), line: { color: style("--s0"), width: 1 } }, hovertemplate: "%{text}, %{x:.3~g} times<extra></extra>",
  }));
  const height = 90 + 34 * domains.length;
  return [traces, layout({ type: "log", title: { text: "charged speed-up against the baseline" }, tickvals: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000].filter((value) => !narrow() || /^(0\.)?1/.test(value)) }, { type: "category", autorange: "reversed" }, { hovermode: "closest", height, shapes: [{ type: "line", x0: 1, x1: 1, yref: "paper", y0: 0, y1: 1, line: { color: style("--base"), width: 1.5 } }] })];
}

const KINDS = { convergence, solved, forest, reuse };
const drawn = new Set();
function draw(plot) {
  const { kind, of } = plot.dataset;
  const made = kind === "strip" ? strip(data(of)) : KINDS[kind] ? KINDS[kind](data(of), asked(of)) : pair(kind, data(of), plot);
  drawn.add(plot);
  Plotly.react(plot, made[0], { height: plot.clientHeight || 330, ...made[1] }, CONFIG);
}

const sight = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    sight.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "300px" });
all(".plot").forEach((plot) => sight.observe(plot));

const again = (plots) => plots.filter((plot) => drawn.has(plot)).forEach(draw);
for (const controls of all(".controls")) {
  const plots = () => (controls.dataset.of ? all(".plot", controls.closest(".problem")) : all(".plot[data-kind=profile], .plot[data-kind=runtime]", controls.closest(".domain")));
  controls.addEventListener("change", () => again(plots()));
  all("[data-all]", controls).forEach((button) => button.addEventListener("click", () => {
    all("[data-start]", controls).forEach((box) => (box.checked = button.dataset.all === "1"));
    again(plots());
  }));
}
document.addEventListener("theme", () => again([...drawn].filter((plot) => plot.isConnected)));
addEventListener("beforeprint", () => all(".plot").filter((plot) => plot.offsetParent && !drawn.has(plot)).forEach(draw));
openTarget();
