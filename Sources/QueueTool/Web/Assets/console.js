"use strict";

// What the pages do without this file: everything but to stay up to date by themselves, to tell what lies under the pointer
// in a plot, and to choose all letters at once.

const live = document.getElementById("live");
const period = Number(document.body.dataset.refresh ?? 0);

function say(state, words) {
  if (!live) return;
  live.hidden = false;
  if (live.dataset.state === state && live.textContent === words) return;
  live.dataset.state = state;
  live.textContent = words;
}

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { "X-Refresh": "1" }, signal: AbortSignal.timeout(10000) });
    if (!answer.ok && answer.status !== 503) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 503 && document.querySelector("[data-live]")) {
      return say("lost", page.querySelector("h1")?.textContent ?? "Redis does not serve");
    }
    if (!answer.ok) return;
    // A page that says what is wrong has no parts that live: it makes room for the one that has.
    if (!document.querySelector("[data-live]")) {
      if (page.querySelector("[data-live]")) location.reload();
      return;
    }
    if (!page.querySelector("[data-live]")) return say("lost", "signed out");
    for (const part of document.querySelectorAll("[data-live]")) {
      const next = page.getElementById(part.id);
      // Nobody's focus is taken away.
      if (next && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(next));
    }
    readPlots();
    say("live", "live");
  } catch {
    say("lost", "no connection");
  }
}

// One at a time: a slow answer must not make more of them.
let next;
let isAsking = false;

async function keepUp() {
  if (isAsking) return;
  isAsking = true;
  clearTimeout(next);
  await refresh();
  isAsking = false;
  next = setTimeout(keepUp, period);
}

if (period > 0) {
  if (document.querySelector("[data-live]")) say("live", "live");
  next = setTimeout(keepUp, period);
  document.addEventListener("visibilitychange", keepUp);
}

// Plots: the values under the pointer.

let pointer = null;

function nearest(ages, age) {
  let best = 0;
  ages.forEach((other, index) => { if (Math.abs(other - age) < Math.abs(ages[best] - age)) best = index; });
  return best;
}

function words(value, unit) {
  if (value === "-") return "–";
  const number = Number(value);
  if (unit) return number.toLocaleString("en", { maximumFractionDigits: 1 });
  const [amount, name] = number < 1000 ? [number, "ms"] : [number / 1000, "s"];
  return `${amount.toLocaleString("en", { maximumSignificantDigits: 3 })} ${name}`;
}

function ago(seconds) {
  return seconds < 60 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ${seconds % 60} s ago`;
}

function readPlots() {
  for (const plot of document.querySelectorAll(".plot")) {
    const frame = plot.querySelector("svg");
    const box = frame.getBoundingClientRect();
    const isInside = pointer && pointer.y >= box.top && pointer.y <= box.bottom
      && pointer.x >= box.left && pointer.x <= box.right;
    const reading = plot.querySelector(".reading");
    plot.classList.toggle("read", Boolean(isInside));
    for (const entry of plot.querySelectorAll("[data-values]")) {
      const value = entry.querySelector("b");
      entry.dataset.now ??= value.textContent;
      if (!isInside) value.textContent = entry.dataset.now;
    }
    if (!isInside) { reading.textContent = ""; continue; }
    const ages = plot.dataset.ages.split(" ").map(Number);
    const index = nearest(ages, 3600 * (1 - (pointer.x - box.left) / box.width));
    for (const entry of plot.querySelectorAll("[data-values]")) {
      entry.querySelector("b").textContent = words(entry.dataset.values.split(" ")[index], plot.dataset.unit);
    }
    reading.textContent = ago(ages[index]);
    let rule = plot.querySelector(".rule");
    if (!rule) {
      rule = document.createElement("i");
      rule.className = "rule";
      plot.querySelector(".frame").append(rule);
    }
    rule.style.left = `${box.left - plot.querySelector(".frame").getBoundingClientRect().left
      + box.width * (1 - ages[index] / 3600)}px`;
  }
}

document.addEventListener("pointermove", (event) => {
  pointer = { x: event.clientX, y: event.clientY };
  readPlots();
});
document.addEventListener("pointerleave", () => { pointer = null; readPlots(); });

// Dead letters: all of the page at once.

const all = document.getElementById("all");
if (all) {
  const boxes = [...document.querySelectorAll('tbody input[type="checkbox"]')];
  all.hidden = false;
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}

// Another queue, as soon as it is chosen.

const chooser = document.getElementById("queue");
if (chooser) {
  chooser.form.querySelector("button").hidden = true;
  chooser.addEventListener("change", () => chooser.form.submit());
}
