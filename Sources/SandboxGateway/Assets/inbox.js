"use strict";

const maximum = 500;
const element = (id) => document.getElementById(id);
const phones = new Map();
let selected = null;
let total = 0;

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const dayAndTime = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });

function spaced(mobile) {
  return /^1\d{10}$/.test(mobile) ? mobile.replace(/(\d{3})(\d{4})(\d{4})/, "$1 $2 $3") : mobile;
}

function timeOf(message) {
  const time = new Date(message.received);
  const today = time.toDateString() === new Date().toDateString();
  return (today ? clockTime : dayAndTime).format(time);
}

function make(name, attributes = {}, ...children) {
  const node = Object.assign(document.createElement(name), attributes);
  node.append(...children);
  return node;
}

async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code);
  } catch {
    const field = make("textarea", { value: code });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  announce(`Code ${code.split("").join(" ")} copied`);
  const before = button.textContent;
  if (button.dataset.busy) return;
  button.dataset.busy = "true";
  button.textContent = button.id === "newest" ? "Copied" : before;
  setTimeout(() => {
    delete button.dataset.busy;
    showSuggestion();
  }, 1200);
}

function announce(text) {
  element("announcer").textContent = text;
}

function codeButton(code) {
  const button = make("button", { type: "button", textContent: code, title: "Copy this code" });
  button.setAttribute("aria-label", `Copy the code ${code.split("").join(" ")}`);
  button.addEventListener("click", () => copy(code, button));
  return button;
}

function bubble(message) {
  const item = make("li", { className: "bubble", lang: "zh-CN" });
  const position = message.code ? message.text.indexOf(message.code) : -1;
  if (position < 0) {
    item.append(message.text);
  } else {
    // The sign after the code stays on its line: Chinese lines do not begin with a comma.
    const end = position + message.code.length;
    const kept = make("span", { className: "kept" }, codeButton(message.code), message.text.slice(end, end + 1));
    item.append(message.text.slice(0, position), kept, message.text.slice(end + 1));
  }
  return item;
}

function appendToChat(message, previous, isNew) {
  const chat = element("chat");
  const gap = previous ? new Date(message.received) - new Date(previous.received) : Infinity;
  if (gap > 5 * 60 * 1000) chat.append(make("li", { className: "when", textContent: timeOf(message) }));
  const item = bubble(message);
  if (isNew) item.classList.add("new");
  chat.append(item);
}

function showSuggestion() {
  const button = element("newest");
  const message = selected === null ? undefined : phones.get(selected)?.at(-1);
  button.hidden = !message?.code;
  if (message?.code && !button.dataset.busy) button.textContent = `Copy ${message.code}`;
}

function showPhone() {
  const messages = selected === null ? undefined : phones.get(selected);
  element("phone").hidden = !messages;
  element("empty").hidden = Boolean(messages);
  if (!messages) return;
  element("owner").textContent = spaced(selected);
  element("sender").textContent = /^【(.+?)】/.exec(messages.at(-1).text)?.[1] ?? messages.at(-1).gateway;
  element("chat").replaceChildren();
  messages.forEach((message, index) => appendToChat(message, messages[index - 1], false));
  element("chat").scrollTop = element("chat").scrollHeight;
  showSuggestion();
}

function select(mobile) {
  selected = mobile;
  showPhone();
  showNumbers();
}

function showNumbers() {
  const wanted = element("filter").value.replace(/\D/g, "");
  const focused = document.activeElement?.dataset?.mobile;
  const newestFirst = [...phones].sort((a, b) => b[1].at(-1).id - a[1].at(-1).id);
  const items = newestFirst.filter(([mobile]) => mobile.includes(wanted)).slice(0, 200).map(([mobile, messages]) => {
    const newest = messages.at(-1);
    const button = make("button", { type: "button" },
      make("b", { textContent: spaced(mobile) }), make("time", { textContent: timeOf(newest) }),
      make("small", { textContent: newest.text, lang: "zh-CN" }));
    button.dataset.mobile = mobile;
    button.setAttribute("aria-current", String(mobile === selected));
    button.addEventListener("click", () => {
      element("follow").checked = false;
      select(mobile);
    });
    return make("li", {}, button);
  });
  element("numbers").replaceChildren(...items);
  if (focused) element("numbers").querySelector(`[data-mobile="${CSS.escape(focused)}"]`)?.focus();
}

function forgetOldest() {
  const [mobile, messages] = [...phones].reduce((oldest, phone) => (phone[1][0].id < oldest[1][0].id ? phone : oldest));
  messages.shift();
  total -= 1;
  if (messages.length === 0) phones.delete(mobile);
}

// Messages come in bursts; the page is drawn once for each burst.
let arrivals = [];

function receive(message) {
  if (arrivals.length === 0) requestAnimationFrame(draw);
  arrivals.push(message);
}

function draw() {
  const burst = arrivals;
  arrivals = [];
  for (const message of burst) {
    if (!phones.has(message.mobile)) phones.set(message.mobile, []);
    phones.get(message.mobile).push(message);
    total += 1;
    if (total > maximum) forgetOldest();
  }
  const newest = burst.at(-1);
  if (!newest) return;
  const follows = element("follow").checked || selected === null;
  if (follows) selected = newest.mobile;
  if (burst.length === 1 && selected === newest.mobile && element("owner").textContent === spaced(selected)) {
    const messages = phones.get(selected);
    appendToChat(newest, messages.at(-2), true);
    element("chat").scrollTop = element("chat").scrollHeight;
    element("phone").hidden = false;
    element("empty").hidden = true;
    showSuggestion();
  } else {
    showPhone();
  }
  showNumbers();
  announce(`Message to ${spaced(newest.mobile)}: ${newest.text}`);
}

function startAnew() {
  arrivals = [];
  phones.clear();
  total = 0;
  selected = null;
  element("owner").textContent = "";
  showPhone();
  showNumbers();
}

async function showCounts() {
  try {
    const counts = await (await fetch("/stats")).json();
    const rejected = Object.entries(counts.rejected);
    element("received").textContent = counts.received;
    element("accepted").textContent = counts.accepted;
    element("rejected").textContent = rejected.reduce((sum, [, count]) => sum + count, 0);
    const words = rejected.sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} × ${count}`).join(", ");
    element("rejected").parentElement.title = words;
    element("rejections").hidden = rejected.length === 0;
    element("rejections").textContent = `Rejected so far: ${words}`;
  } catch {
    // The event stream shows that the connection is lost.
  }
}

function setStatus(state, text) {
  if (element("status").dataset.state === state) return;
  element("status").dataset.state = state;
  element("status").textContent = text;
}

function listen() {
  const events = new EventSource("/events");
  events.addEventListener("open", () => setStatus("live", "live"));
  events.addEventListener("reset", startAnew);
  events.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    setStatus("lost", "connection lost, trying again");
    // A browser gives up after an answer that is no event stream, such as a proxy's error page.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

element("origin").textContent = location.origin;
element("newest").addEventListener("click", (event) => copy(phones.get(selected).at(-1).code, event.currentTarget));
element("filter").addEventListener("input", showNumbers);
element("reset").addEventListener("click", async () => {
  if (!confirm("Empty the inbox and clear all counts?")) return;
  await fetch("/reset", { method: "POST" });
  showCounts();
});

const tick = () => { element("clock").textContent = clockTime.format(new Date()); };
tick();
setInterval(tick, 5000);
showCounts();
setInterval(showCounts, 2000);
listen();
