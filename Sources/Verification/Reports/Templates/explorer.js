// The table of all segments, the timeline, links to one segment, and the filter of gates.
const pageLength = 50;
const explorer = { page: 0, rows: [] };

byId("only-open").onchange = (event) => byId("gates").classList.toggle("only-open", event.target.checked);

function option(value, text) { return element("option", { value }, text); }

function fillFilters() {
  core.metrics.forEach((metric, index) => byId("filter-metric").append(option(index, metric.unit === "1" ? metric.name : `${metric.name} [${metric.unit}]`)));
  core.labels.forEach((label, index) => byId("filter-label").append(option(index, label)));
  core.gates.forEach((gate, index) => byId("filter-gate").append(option(index, `${gate.decision}: ${gate.title}`)));
}

// How much worse a row is: than what it is compared with, for pairs; by its own badness otherwise; null without numbers.
function harmInGate(data, gate, row) {
  const parts = gate.series.map((series, index) => {
    const direction = core.metrics[core.series[series][1]].direction;
    const own = badness(data.values[series][row], direction);
    if (!gate.against.length) return own;
    const other = badness(data.values[gate.against[index]][row], direction);
    return own === null || other === null ? null : own - other;
  }).filter((part) => part !== null && !Number.isNaN(part));
  return parts.length ? parts.reduce((sum, part) => sum + part, 0) / parts.length : null;
}

function change(data, row, chosen) {
  const pairs = (chosen ? [chosen] : core.gates).filter((gate) => gate.against.length);
  const signs = pairs.map((gate) => harmInGate(data, gate, row)).filter((harm) => harm !== null).map(Math.sign);
  return signs.reduce((sum, sign) => sum + sign, 0);
}

async function list() {
  let data;
  try { data = await segments(); } catch (error) { byId("explorer-status").textContent = error.message; return; }
  const label = byId("filter-label").value, kind = byId("filter-change").value, sort = byId("filter-sort").value;
  const gate = byId("filter-gate").value === "" ? null : core.gates[Number(byId("filter-gate").value)];
  explorer.rows = data.start.map((_, row) => row).filter((row) =>
    (label === "" || data.label[row] === Number(label))
    && (!gate || harmInGate(data, gate, row) !== null)
    && (kind === "" || Math.sign(change(data, row, gate)) === (kind === "worse" ? 1 : -1)));
  const harm = (row) => (sort === "gate" && gate ? harmInGate(data, gate, row) : data.harm[row]) ?? -Infinity;
  if (sort !== "time") explorer.rows.sort((a, b) => harm(b) - harm(a) || a - b);
  explorer.page = 0;
  draw(data);
}

function cell(value) { return typeof value === "number" ? String(value) : value === null || value === undefined ? "–" : value; }

function draw(data) {
  const metric = Number(byId("filter-metric").value) || 0;
  const shown = core.series.map((one, index) => ({ version: core.versions[one[0]], metric: one[1], index })).filter((one) => one.metric === metric);
  const first = explorer.page * pageLength, rows = explorer.rows.slice(first, first + pageLength);
  const head = element("tr", {}, ...["Segment", "Content", "Harm", ...shown.map((one) => one.version)].map((text) => element("th", { scope: "col" }, text)));
  const body = rows.map((row) => element("tr", {},
    element("th", { scope: "row" }, element("a", { href: `#seg=${row}` }, `${clock(data.start[row])}–${clock(data.end[row])}`)),
    element("td", {}, element("span", { className: `tag ${core.labels[data.label[row]]}` }, core.labels[data.label[row]])),
    element("td", { className: "number" }, data.harm[row] === null || data.harm[row] === undefined ? "–" : `${Math.round(data.harm[row] * 100)} %`),
    ...shown.map((one) => element("td", { className: "number" }, cell(data.values[one.index][row])))));
  byId("segment-table").replaceChildren(element("thead", {}, head), element("tbody", {}, ...body));
  byId("explorer-status").textContent = `${explorer.rows.length} of ${core.rowCount} segments${rows.length ? `, ${first + 1} to ${first + rows.length} shown` : ""}`;
  byId("page-back").disabled = first === 0;
  byId("page-on").disabled = first + pageLength >= explorer.rows.length;
}

async function turn(by) { explorer.page += by; draw(await segments()); }

// A card of a segment that the page was not made with: numbers from the packed data, sounds from beside the report.
async function makeCard(row) {
  const data = await segments();
  if (!(row >= 0 && row < core.rowCount)) throw new Error(`This report has no segment ${row}.`);
  const card = byId("card-template").content.firstElementChild.cloneNode(true);
  const label = core.labels[data.label[row]];
  card.id = `seg-${row}`;
  card.dataset.row = row;
  card.querySelector("b").textContent = `${clock(data.start[row])}–${clock(data.end[row])}`;
  Object.assign(card.querySelector(".tag"), { textContent: label, className: `tag ${label}` });
  card.querySelector(".harm").textContent = data.harm[row] === null ? "" : `harm ${Math.round(data.harm[row] * 100)} %`;
  card.querySelector(".player").dataset.seconds = data.end[row] - data.start[row];
  for (const sound of data.audio[row] || []) {
    const title = data.titles[sound.title];
    card.querySelector(".versions").append(element("figure", { className: "version", "data-title": title, "data-slug": title.toLowerCase().replace(/[^a-z0-9]/g, ""), "data-gain": "0.0" },
      element("figcaption", {}, title), element("audio", { preload: "none", src: sound.path })));
  }
  if (!data.audio[row]) card.append(element("p", { className: "faint" }, "No sound was kept for this segment."));
  card.append(numbers(data, row));
  byId("cards").prepend(card);
  return card;
}

function numbers(data, row) {
  const body = element("dl", {});
  core.metrics.forEach((metric, index) => {
    const found = core.series.map((one, series) => [one, data.values[series][row]]).filter(([one, value]) => one[1] === index && value !== null && value !== undefined);
    if (found.length) body.append(element("dt", {}, metric.name), element("dd", {}, ...found.map(([one, value]) => element("span", {}, `${core.versions[one[0]]} ${value} `))));
  });
  return element("div", { className: "values reveal" }, body);
}

async function openAddress() {
  const address = readAddress();
  if (!address) return;
  try {
    const card = byId(`seg-${address.row}`) || await makeCard(address.row);
    card.open = true;
    enhance(card);
    const index = card.player ? card.player.figures.findIndex((figure) => figure.dataset.slug === address.versions[0]) : -1;
    if (index >= 0) card.player.choose(index);
    Player.active = card.player || Player.active;
    card.scrollIntoView({ behavior: isStill ? "auto" : "smooth" });
    card.querySelector("summary").focus({ preventScroll: true });
  } catch (error) { say(error.message); }
}

if (byId("explorer")) {
  fillFilters();
  byId("filters").onchange = list;
  byId("filters").onsubmit = (event) => event.preventDefault();
  byId("page-back").onclick = () => turn(-1);
  byId("page-on").onclick = () => turn(1);
  new IntersectionObserver((entries, observer) => {
    if (entries.some((entry) => entry.isIntersecting)) { observer.disconnect(); list(); }
  }).observe(byId("explorer"));
  for (const card of document.querySelectorAll(".segment")) {
    if (card.open) enhance(card);
    card.addEventListener("toggle", () => { if (card.open) { enhance(card); Player.active = card.player || Player.active; } });
  }
  if (byId("timeline")) byId("timeline").querySelector(".strip").onclick = async (event) => {
    const data = await segments();
    const strip = event.currentTarget || byId("timeline").querySelector(".strip");
    const at = (event.offsetX / strip.clientWidth) * Number(byId("timeline").dataset.seconds);
    const row = data.start.findIndex((start, index) => start <= at && at < data.end[index]);
    if (row >= 0) location.hash = `seg=${row}`;
  };
  window.addEventListener("hashchange", openAddress);
  openAddress();
}
