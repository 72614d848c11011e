"use strict";

const maximum = 500;
const element = (id) => document.getElementById(id);
const phones = new Map();
let selected = null;
// The message whose details are shown; null: the newest of the phone.
let chosen = null;
let total = 0;

const providers = fetch("/providers").then((answer) => answer.json());

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const dayAndTime = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });

function spaced(mobile) {
  return /^1\d{10}$/.test(mobile) ? mobile.replace(/(\d{3})(\d{4})(\d{4})/, "$1 $2 $3") : mobile;
}

const exactTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false });

const stateWords = {
  received: "received", accepted: "accepted", unanswered: "caller not answered", delivered: "delivered", failed: "not delivered",
};
const eventWords = {
  received: "The gateway got the call", accepted: "The caller was told: accepted",
  unanswered: "The caller got no answer it could use", delivered: "The phone got it", failed: "The phone did not get it",
  report: "Delivery report",
};

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

async function copyText(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = make("textarea", { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
}

async function copy(code, button) {
  await copyText(code, button);
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

function language(text) {
  return /[\u4e00-\u9fff]/.test(text) ? "zh-CN" : "en";
}

function fillBubble(item, message) {
  const text = make("p", { lang: language(message.text) });
  const position = message.code ? message.text.indexOf(message.code) : -1;
  if (position < 0) {
    text.append(message.text);
  } else {
    // The sign after the code stays on its line: Chinese lines do not begin with a comma.
    const end = position + message.code.length;
    const kept = make("span", { className: "kept" }, codeButton(message.code), message.text.slice(end, end + 1));
    text.append(message.text.slice(0, position), kept, message.text.slice(end + 1));
  }
  const more = make("button", { type: "button", className: "more" },
    make("span", { textContent: message.gateway }), stateMark(message));
  more.setAttribute("aria-label", `Details of message ${message.id}, ${message.gateway}, ${stateWords[message.state]}`);
  more.addEventListener("click", () => choose(message.id));
  item.replaceChildren(text, more);
  item.dataset.id = message.id;
  item.classList.toggle("chosen", message.id === (chosen ?? visible(selected).at(-1)?.id));
}

function bubble(message) {
  const item = make("li", { className: "bubble" });
  fillBubble(item, message);
  return item;
}

function stateMark(message) {
  const mark = make("span", { className: "state", textContent: stateWords[message.state] });
  mark.dataset.state = message.state;
  return mark;
}

// The messages of a phone that the choice of provider lets through.
function visible(mobile) {
  const provider = element("provider").value;
  const messages = phones.get(mobile) ?? [];
  return provider ? messages.filter((message) => message.gateway === provider) : messages;
}

function choose(id) {
  chosen = id;
  element("follow").checked = false;
  for (const item of element("chat").querySelectorAll(".bubble")) {
    item.classList.toggle("chosen", Number(item.dataset.id) === id);
  }
  showDetails();
}

function showDetails() {
  const messages = visible(selected);
  const message = messages.find(({ id }) => id === chosen) ?? messages.at(-1);
  element("details").hidden = !message;
  if (!message) return;
  element("details-id").textContent = message.id;
  element("details-state").textContent = stateWords[message.state];
  element("details-state").dataset.state = message.state;
  const facts = [
    ["provider", message.gateway], ["template", message.template ?? "none: text of the caller's own"],
    ["number", message.mobile], ["code", message.code ?? "none"], ["message id", message.message_id],
    ["text", message.text],
  ];
  element("details-facts").replaceChildren(...facts.map(([name, value]) => make("div", {},
    make("dt", { textContent: name }), make("dd", { textContent: value, lang: language(value) }))));
  element("details-events").replaceChildren(...message.events.map((event) => {
    const item = make("li", {},
      make("time", { textContent: exactTime.format(new Date(event.at)), dateTime: event.at }),
      make("span", { textContent: eventWords[event.kind] }));
    item.dataset.kind = event.kind;
    if (event.detail) item.append(make("small", { textContent: event.detail.replaceAll("_", " ") }));
    return item;
  }));
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
  const message = visible(selected).at(-1);
  button.hidden = !message?.code;
  if (message?.code && !button.dataset.busy) button.textContent = `Copy ${message.code}`;
}

function initials(sender) {
  return [...sender].filter((sign) => /[\p{L}\p{N}]/u.test(sign))[0]?.toUpperCase() ?? "?";
}

function showPhone() {
  const messages = selected === null ? [] : visible(selected);
  element("phone").hidden = messages.length === 0;
  element("empty").hidden = messages.length > 0;
  element("show-settings").hidden = messages.length === 0;
  showDetails();
  if (messages.length === 0) return;
  const sender = /^【(.+?)】/.exec(messages.at(-1).text)?.[1] ?? messages.at(-1).gateway;
  element("owner").textContent = spaced(selected);
  element("sender").textContent = sender;
  element("sender").lang = language(sender);
  element("avatar").textContent = initials(sender);
  element("chat").replaceChildren();
  messages.forEach((message, index) => appendToChat(message, messages[index - 1], false));
  element("chat").scrollTop = element("chat").scrollHeight;
  showSuggestion();
}

function select(mobile) {
  selected = mobile;
  chosen = null;
  showPhone();
  showNumbers();
}

function showNumbers() {
  const wanted = element("filter").value.replace(/\D/g, "");
  const focused = document.activeElement?.dataset?.mobile;
  const shown = [...phones.keys()].filter((mobile) => mobile.includes(wanted))
    .map((mobile) => [mobile, visible(mobile).at(-1)]).filter(([, newest]) => newest);
  const items = shown.sort((a, b) => b[1].id - a[1].id).slice(0, 200).map(([mobile, newest]) => {
    const button = make("button", { type: "button" },
      make("b", { textContent: spaced(mobile) }), make("time", { textContent: timeOf(newest) }),
      make("small", { textContent: newest.text, lang: language(newest.text) }),
      make("small", { className: "through", textContent: newest.gateway }), stateMark(newest));
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

// Puts a message in, or in the place of what was known of it. Whether it is new is the answer.
function keep(message) {
  if (!phones.has(message.mobile)) phones.set(message.mobile, []);
  const messages = phones.get(message.mobile);
  const position = messages.findLastIndex(({ id }) => id <= message.id);
  if (messages[position]?.id === message.id) {
    messages[position] = message;
    return false;
  }
  messages.splice(position + 1, 0, message);
  total += 1;
  if (total > maximum) forgetOldest();
  return true;
}

function draw() {
  const burst = arrivals;
  arrivals = [];
  // What changed last need not be what came last.
  const fresh = burst.filter(keep).sort((a, b) => a.id - b.id);
  const newest = fresh.at(-1);
  if (!newest) {
    showChanges(burst);
    return;
  }
  const provider = element("provider").value;
  const isWanted = !provider || newest.gateway === provider;
  if (isWanted && (element("follow").checked || selected === null)) {
    selected = newest.mobile;
    chosen = null;
  }
  if (fresh.length === 1 && selected === newest.mobile && isWanted && element("owner").textContent === spaced(selected)
    && !element("phone").hidden) {
    const messages = visible(selected);
    appendToChat(newest, messages.at(-2), true);
    element("chat").scrollTop = element("chat").scrollHeight;
    showChanges(messages);
    showSuggestion();
  } else {
    showPhone();
  }
  showNumbers();
  announce(`Message to ${spaced(newest.mobile)} through ${newest.gateway}: ${newest.text}`);
}

function showChanges(messages) {
  for (const message of messages) {
    if (message.mobile !== selected) continue;
    const item = element("chat").querySelector(`[data-id="${message.id}"]`);
    if (item) fillBubble(item, message);
  }
  showDetails();
  showNumbers();
}

function startAnew() {
  arrivals = [];
  phones.clear();
  total = 0;
  selected = null;
  chosen = null;
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

function showSettings(provider, all) {
  for (const tab of element("tabs").children) {
    const isShown = tab.dataset.provider === provider;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
  }
  const { settings } = all.find((one) => one.provider === provider);
  element("settings-panel").setAttribute("aria-labelledby", `tab-${provider}`);
  element("settings").textContent = [
    `SMS_PROVIDER=${provider}`, ...settings.map(({ name, value }) => `${name}=${value}`),
  ].join("\n");
}

async function startSettings() {
  const all = await providers;
  element("provider").append(...all.map(({ provider, title }) => make("option", { value: provider, textContent: title })));
  element("tabs").append(...all.map(({ provider, title }) => {
    const tab = make("button", { type: "button", textContent: title, id: `tab-${provider}` });
    tab.setAttribute("role", "tab");
    tab.dataset.provider = provider;
    tab.setAttribute("aria-controls", "settings-panel");
    tab.addEventListener("click", () => showSettings(provider, all));
    return tab;
  }));
  element("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...element("tabs").children];
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });
  showSettings(all[0].provider, all);
}

element("copy-settings").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  await copyText(element("settings").textContent, button);
  announce("Settings copied");
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1200);
});
element("show-settings").addEventListener("click", () => {
  element("follow").checked = false;
  selected = null;
  chosen = null;
  showPhone();
  showNumbers();
});
element("newest").addEventListener("click", (event) => copy(visible(selected).at(-1).code, event.currentTarget));
element("filter").addEventListener("input", showNumbers);
element("provider").addEventListener("change", () => {
  chosen = null;
  if (visible(selected).length === 0) {
    const newest = [...phones.keys()].flatMap((mobile) => visible(mobile).slice(-1)).sort((a, b) => b.id - a.id)[0];
    selected = newest?.mobile ?? null;
  }
  showPhone();
  showNumbers();
});
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
startSettings();
listen();
