"use strict";

// The panel that switches faults on and off. `element`, `make` and `providers` are those of inbox.js.

const faultGroups = [
  ["refused by the vendor", ["number_malformed", "number_blocked", "country_refused", "authorization_refused",
    "number_throttled", "throttled", "system_failed"]],
  ["breaks, nothing is sent", ["hang", "reset_before_body", "reset_after_body", "http_error"]],
  ["is sent, the caller cannot tell", ["hang_after_sending", "reset_after_sending", "garbage", "wrong_json",
    "slow_bytes"]],
  ["delivery report", ["report_failed", "report_late", "report_repeated", "reports_out_of_order",
    "report_missing"]],
];

function faultField(provider, name, node, label) {
  node.name = name;
  node.id = `fault-${provider}-${name}`;
  node.setAttribute("aria-label", `${provider}: ${label}`);
  const cell = make("td", {}, node);
  cell.dataset.label = { latency_ms: "delay, ms", share: "share, %", count: "calls", status: "status" }[name] ?? "";
  return cell;
}

function faultNumber(provider, name, label, attributes) {
  return faultField(provider, name, make("input", { type: "number", ...attributes }), label);
}

function faultRow(provider) {
  const select = make("select", {}, make("option", { value: "", textContent: "none" }));
  for (const [label, names] of faultGroups) {
    select.append(make("optgroup", { label },
      ...names.map((name) => make("option", { value: name, textContent: name.replaceAll("_", " ") }))));
  }
  const row = make("tr", {},
    make("th", { scope: "row", textContent: provider }),
    faultField(provider, "fault", select, "fault"),
    faultNumber(provider, "latency_ms", "delay in milliseconds", { min: "0", max: "120000", placeholder: "0" }),
    faultNumber(provider, "share", "share of calls in per cent", { min: "0", max: "100", placeholder: "100" }),
    faultNumber(provider, "count", "number of calls", { min: "1", placeholder: "all" }),
    faultNumber(provider, "status", "HTTP status", { min: "400", max: "599", placeholder: "500" }));
  row.dataset.provider = provider;
  const status = row.querySelector("[name=status]");
  const showStatus = () => { status.disabled = select.value !== "http_error"; };
  select.addEventListener("change", showStatus);
  showStatus();
  return row;
}

function showFaults(faults) {
  const on = new Map(faults.map((fault) => [fault.provider, fault]));
  element("faults-on").hidden = on.size === 0;
  element("faults-on").textContent = `${on.size} on`;
  for (const row of element("faults-rows").rows) {
    const fault = on.get(row.dataset.provider);
    const set = (name, value) => { row.querySelector(`[name=${name}]`).value = value ?? ""; };
    set("fault", fault?.fault);
    set("latency_ms", fault?.latency_ms);
    set("share", fault && fault.probability < 1 ? Math.round(fault.probability * 1000) / 10 : "");
    set("count", fault?.count);
    set("status", fault?.status);
    row.classList.toggle("on", Boolean(fault));
    row.querySelector("select").dispatchEvent(new Event("change"));
  }
}

function readRow(row) {
  const value = (name) => row.querySelector(`[name=${name}]`).value;
  const fault = { provider: row.dataset.provider };
  if (value("fault")) fault.fault = value("fault");
  if (Number(value("latency_ms")) > 0) fault.latency_ms = Number(value("latency_ms"));
  if (!fault.fault && !fault.latency_ms) return null;
  if (value("share") !== "") fault.probability = Number(value("share")) / 100;
  if (value("count") !== "") fault.count = Number(value("count"));
  if (fault.fault === "http_error" && value("status") !== "") fault.status = Number(value("status"));
  return fault;
}

async function askFaults(method, body) {
  const answer = await fetch("/faults", { method, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error?.message ?? answer.statusText);
  return json;
}

async function faultsDo(work, done) {
  const message = element("faults-message");
  try {
    showFaults(await work());
    message.classList.remove("bad");
    message.textContent = done;
  } catch (error) {
    message.classList.add("bad");
    message.textContent = String(error.message ?? error);
  }
}

function applyFaults() {
  const faults = [...element("faults-rows").rows].map(readRow).filter(Boolean);
  return faultsDo(async () => {
    // The whole table holds, also for rows that were emptied.
    await askFaults("DELETE");
    return askFaults("PUT", faults);
  }, faults.length === 0 ? "All is as usual." : "Switched on.");
}

async function startFaults() {
  element("faults-rows").append(...(await providers).map(({ provider }) => faultRow(provider)));
  await faultsDo(() => askFaults("GET"), "");
  // The number of calls runs down, and others switch too.
  setInterval(() => { if (!element("faults").open) faultsDo(() => askFaults("GET"), ""); }, 5000);
}

element("show-faults").addEventListener("click", () => {
  element("faults-message").textContent = "";
  element("faults").showModal();
});
element("faults-close").addEventListener("click", () => element("faults").close());
element("faults-clear").addEventListener("click", () => faultsDo(() => askFaults("DELETE"), "All is as usual."));
element("faults-form").addEventListener("submit", (event) => {
  event.preventDefault();
  applyFaults();
});
startFaults();
