"use strict";
// What the page knows: a small part at once, all segment values when they are first asked for.
document.documentElement.classList.add("js");
const byId = (id) => document.getElementById(id);
const core = JSON.parse(byId("core-data").textContent);
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

function say(text) { byId("status").textContent = text; }

function clock(seconds) {
  const tenths = Math.round(seconds * 10), rest = tenths % 600;
  return `${Math.floor(tenths / 600)}:${rest < 100 ? "0" : ""}${Math.floor(rest / 10)}.${rest % 10}`;
}

function element(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key in made) made[key] = value; else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

let segmentsPromise = null;

// All segments: times, labels, harm, one list of values a series, paths of sounds.
function segments() {
  if (!segmentsPromise) segmentsPromise = inflate(byId("segment-data").textContent.trim());
  return segmentsPromise;
}

async function inflate(base64) {
  if (!base64) throw new Error("This report has no segments.");
  if (!("DecompressionStream" in window)) throw new Error("This browser cannot unpack the segments; update it.");
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// Larger is worse; ends of a scale are stored as the texts inf and -inf.
function badness(value, direction) {
  if (value === null || value === undefined) return null;
  const number = value === "inf" ? Infinity : value === "-inf" ? -Infinity : Number(value);
  if (Number.isNaN(number)) return null;
  return { higher: -number, lower: number, zero: Math.abs(number), none: 0 }[direction];
}

// The address of a view: #seg=143&ab=original,encodec6kbps
function readAddress() {
  const found = new URLSearchParams(location.hash.slice(1));
  if (!found.has("seg")) return null;
  return { row: Number(found.get("seg")), versions: (found.get("ab") || "").split(",").filter(Boolean) };
}

function writeAddress(row, slugs) {
  history.replaceState(null, "", `#seg=${row}&ab=${slugs.join(",")}`);
}
