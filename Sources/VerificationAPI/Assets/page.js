// The three steps: a request with a number, the message with its code, verified with a receipt.

import { Refusal, check, forgetName, resend, start } from "/api.js";
import { element, say, sayRefusal, sayWrong, startSpeaking } from "/language.js";
import { recall, remember } from "/memory.js";
import * as proof from "/proof.js";
import { showReceipt } from "/receipt.js";

const steps = ["request", "message", "verified"];
const codeLength = 6;
const mobile = element("mobile"), answer = element("answer"), code = element("code");
const problem = element("problem"), status = element("status");

// What this tab remembers of its verification, see memory.js.
let verification = recall();
// The button whose request runs.
let busy = null;
let receipt = null;

function keep(values) {
  verification = { ...verification, ...values };
  remember(verification);
}

const inMilliseconds = (seconds) => Date.now() + seconds * 1000;
const secondsUntil = (time) => Math.max(0, Math.ceil(((time ?? 0) - Date.now()) / 1000));

// Full-width digits and signs of Chinese keyboards become ASCII; what is a number, the service decides.
const plain = (words) => words.normalize("NFKC").trim();

function show(step) {
  for (const name of steps) {
    element(name).hidden = name !== step;
    const item = element(`step-${name}`);
    item.toggleAttribute("data-done", steps.indexOf(name) < steps.indexOf(step) || step === "verified");
    if (name === step) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
  clear();
}

function clear() {
  say(problem, "");
  say(status, "");
  for (const field of [mobile, answer, code]) sayWrong(field, "");
}

// Runs a request that a button stands for; one at a time.
async function run(button, step, refused) {
  if (busy) return;
  clear();
  busy = button;
  tick();
  try {
    await step();
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    refused(refusal);
  } finally {
    busy = null;
    tick();
  }
}

// What a refused request for a message has in common, whether it is the first or one more.
function messageRefused(refusal) {
  switch (refusal.kind) {
    case "proof-required":
      proof.demand(refusal.members);
      break;
    case "proof-refused":
      proof.renew();
      if (!proof.needsPicture()) return say(problem, "workRefused");
      sayWrong(answer, refusal.kind);
      return answer.focus();
    case "idempotency-conflict":
      forgetName();
      break;
    case "unavailable":
    case "unreachable":
      // The proof is still good, and the same request may be made again.
      break;
    default:
      proof.renew();
  }
  sayRefusal(problem, refusal);
  if (refusal.kind === "proof-required" && proof.needsPicture()) answer.focus();
}

// The first step.

function enterRequest(number = "") {
  stopListening();
  show("request");
  mobile.value = number;
  proof.place(element("request-proof"));
  proof.begin();
  (number ? answer : mobile).focus();
}

// The wait holds for one number; another may be sent to at once.
const requestWait = () => (plain(mobile.value) === verification.mobile ? secondsUntil(verification.resendAt) : 0);

function requestCode() {
  const number = plain(mobile.value);
  if (requestWait() > 0) return say(status, "wait", requestWait());
  return run(element("send"), async () => {
    if (!number) {
      sayWrong(mobile, "mobileMissing");
      return mobile.focus();
    }
    const fields = await proof.collect();
    if (!fields) return;
    keepStarted(await start(number, fields), number);
    enterMessage();
  }, (refusal) => {
    if (refusal.kind === "number-not-accepted") {
      // Nothing was counted yet, and the proof is still good.
      sayWrong(mobile, refusal.kind);
      return mobile.focus();
    }
    if (refusal.kind === "too-many-requests") {
      keep({ mobile: number, id: null, resendAt: inMilliseconds(refusal.members.retry_after) });
    }
    messageRefused(refusal);
  });
}

function keepStarted({ id, expires_in: lifetime, resend_after: wait }, number) {
  keep({ mobile: number, id, expiresAt: inMilliseconds(lifetime), resendAt: inMilliseconds(wait) });
}

// The second step.

function enterMessage() {
  show("message");
  isOver(false);
  element("resend-proof").hidden = true;
  say(element("sent-to"), "sentTo", verification.mobile);
  code.value = "";
  wrong = null;
  code.focus();
  listen();
}

// The code that was wrong last: it is not asked about again, since each time uses up a try.
let wrong = null;

function sayWrongCode() {
  sayWrong(code, "wrong-code", wrong.members);
  code.focus();
  code.select();
}

function checkCode() {
  const typed = code.value;
  if (typed === wrong?.code) return sayWrongCode();
  return run(element("confirm"), async () => {
    if (typed.length !== codeLength) {
      sayWrong(code, "codeMissing");
      return code.focus();
    }
    enterVerified(await check(verification.id, verification.mobile, typed));
  }, (refusal) => {
    if (refusal.kind === "verification-ended") return end(refusal.kind);
    if (refusal.kind !== "wrong-code") return sayRefusal(problem, refusal);
    if (refusal.members.attempts_left === 0) return end("codeVoid");
    wrong = { code: typed, members: refusal.members };
    sayWrongCode();
  });
}

function sendAgain() {
  const wait = secondsUntil(verification.resendAt);
  if (wait > 0) return say(status, "wait", wait);
  return run(element("send-again"), async () => {
    // One more message mostly needs no more proof.
    const fields = element("resend-proof").hidden ? {} : await proof.collect();
    if (!fields) return;
    keepStarted(await resend(verification.id, fields), verification.mobile);
    element("resend-proof").hidden = true;
    say(status, "resent");
    code.focus();
    listen();
  }, (refusal) => {
    if (refusal.kind === "verification-ended") return end(refusal.kind);
    if (refusal.kind === "too-many-requests") keep({ resendAt: inMilliseconds(refusal.members.retry_after) });
    if (refusal.kind === "proof-required") {
      proof.place(element("resend-proof"));
      element("resend-proof").hidden = false;
    }
    if (element("resend-proof").hidden) sayRefusal(problem, refusal);
    else messageRefused(refusal);
  });
}

// The code is no longer good; only a new one helps.
function end(key) {
  stopListening();
  keep({ id: null });
  clear();
  say(problem, key);
  isOver(true);
  element("restart").focus();
}

function isOver(over) {
  say(element("message-title"), over ? "overTitle" : "messageTitle");
  element("sent").hidden = over;
  element("check").hidden = over;
  element("resend").hidden = over;
  element("restart").hidden = !over;
}

function take(words) {
  // A whole message may be pasted; the code is its six digits that stand alone.
  const text = words.normalize("NFKC");
  const alone = text.match(/(?<![0-9])[0-9]{6}(?![0-9])/)?.[0];
  code.value = alone ?? text.replace(/[^0-9]/g, "").slice(0, codeLength);
  sayWrong(code, "");
  if (code.value.length === codeLength) checkCode();
}

// WebOTP: the browser reads the code, where the person allows it and the message ends with `@<host> #<code>`.
// Source: <https://wicg.github.io/web-otp/>
let listening = null;

async function listen() {
  stopListening();
  if (!("OTPCredential" in window)) return;
  const mine = (listening = new AbortController());
  try {
    const credential = await navigator.credentials.get({ otp: { transport: ["sms"] }, signal: mine.signal });
    if (credential && listening === mine) take(credential.code);
  } catch {
    // Not allowed, not possible or given up: the person types.
  }
}

function stopListening() {
  listening?.abort();
  listening = null;
}

// The third step.

function enterVerified({ token, expires_in: lifetime }) {
  stopListening();
  const { mobile: number, resendAt } = verification;
  // Only the wait goes on.
  keep({ id: null, mobile: number, resendAt });
  receipt = token;
  show("verified");
  say(element("verified-title"), "verifiedTitle");
  say(element("verified-note"), "verifiedNote", number, Math.floor(lifetime / 60));
  showReceipt(token);
  element("verified-title").focus();
}

// What changes by itself.

// Not `disabled`: that would take the focus away from whoever pressed it.
function label(button, isReady, key, ...values) {
  button.setAttribute("aria-disabled", String(!isReady));
  say(button, key, ...values);
}

function labelWaiting(button, wait, ready, running, waiting) {
  if (busy === button) label(button, false, running);
  else if (wait > 0) label(button, false, waiting, wait);
  else label(button, !busy, ready);
}

function tick() {
  labelWaiting(element("send"), requestWait(), "send", "sending", "sendIn");
  labelWaiting(element("send-again"), secondsUntil(verification.resendAt), "resend", "sending", "resendIn");
  labelWaiting(element("confirm"), 0, "confirm", "confirming");
  if (!verification.id) return;
  say(element("code-note"), "codeNote", secondsUntil(verification.expiresAt));
  if (!busy && secondsUntil(verification.expiresAt) === 0) end("codeExpired");
}

const onSubmit = (form, action) => element(form).addEventListener("submit", (event) => {
  event.preventDefault();
  action();
});
onSubmit("request", requestCode);
onSubmit("check", checkCode);
onSubmit("resend", sendAgain);
mobile.addEventListener("input", () => {
  sayWrong(mobile, "");
  tick();
});
code.addEventListener("input", () => take(code.value));
const restart = () => {
  const number = verification.mobile;
  keep({ id: null });
  enterRequest(number);
};
element("restart").addEventListener("click", restart);
element("change").addEventListener("click", restart);
element("another").addEventListener("click", () => enterRequest());

startSpeaking(() => receipt && showReceipt(receipt));
if (verification.id && secondsUntil(verification.expiresAt) > 0) enterMessage();
else enterRequest();
tick();
setInterval(tick, 250);
