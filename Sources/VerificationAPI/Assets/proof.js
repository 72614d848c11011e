// The proof that comes with a request for a code: a picture that a person reads, work that the device does, or both.
// Either is worth the same; the service asks for both where much was asked for before.

import { Refusal, newChallenge, newPicture } from "/api.js";
import { element, say, sayRefusal, sayWrong } from "/language.js";

const answer = element("answer"), captcha = element("captcha"), pictureNote = element("picture-note");

let mode = "picture"; // or "work", or "both"
let pressure = 0;

// Moves the panel to where it is needed.
export function place(parent) {
  parent.append(element("proof"));
}

// Begins anew, with what the person chose before.
export function begin() {
  if (mode === "both") mode = "picture";
  pressure = 0;
  renew();
}

// Begins anew, with what the service says it needs. Who does not see pictures goes on without, by much more work.
export function demand({ needs = [], pressure: asked = 0, pressure_without_captcha: alone }) {
  if (mode === "work" && alone !== undefined) asked = alone;
  else if (needs.length > 1) mode = "both";
  else if (mode === "both" || needs.includes("proof_of_work")) mode = needs.includes("captcha") ? "picture" : "work";
  pressure = asked;
  renew();
}

// A proof is good once.
export function renew() {
  element("picture").hidden = mode === "work";
  element("work").hidden = mode === "picture";
  element("switch").hidden = mode === "both";
  say(element("switch"), mode === "work" ? "showPicture" : "noPicture");
  say(element("work-note"), mode === "both" ? "workBeside" : "workInstead");
  sayWrong(answer, "");
  stopWork();
  if (mode !== "work") renewPicture();
  if (mode !== "picture") startWork();
}

export const needsPicture = () => mode !== "work";

// The fields for the request, once the work is done. Null when something is missing, which is said next to it.
export async function collect() {
  const fields = {};
  if (mode !== "work") {
    if (!picture.id || picture.isOld) {
      await renewPicture();
      return missing("pictureRenewed");
    }
    if (!answer.value.trim()) return missing("answerMissing");
    fields.captcha_id = picture.id;
    fields.captcha_answer = answer.value.trim();
  }
  if (mode !== "picture") {
    if (work.hasFailed || Date.now() > work.expiresAt) startWork();
    fields.proof_of_work = await work.solved;
    if (!fields.proof_of_work) return null;
  }
  return fields;
}

function missing(key) {
  sayWrong(answer, key);
  answer.focus();
  return null;
}

// The picture.

let picture = { id: "", isOld: false, timer: 0 };

async function renewPicture() {
  clearTimeout(picture.timer);
  const mine = (picture = { id: "", isOld: false, timer: 0 });
  answer.value = "";
  say(pictureNote, "pictureLoading");
  try {
    const { id, image, expires_in: lifetime } = await newPicture();
    if (picture !== mine) return;
    captcha.src = image;
    mine.id = id;
    mine.timer = setTimeout(() => {
      mine.isOld = true;
      say(pictureNote, "pictureOld");
    }, lifetime * 1000);
    say(pictureNote, "");
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    if (picture === mine) sayRefusal(pictureNote, refusal);
  }
}

// The work.

// The policy against injected scripts wants to know where the address of a worker comes from.
const scripts = globalThis.trustedTypes?.createPolicy("proof-of-work", { createScriptURL: (address) => address });
const workerAddress = scripts ? scripts.createScriptURL("/proof-of-work.js") : "/proof-of-work.js";

let work = null; // { solved: a promise of the fields, null when given up; expiresAt; hasFailed; stop }

function stopWork() {
  work?.stop();
  work = null;
}

function startWork() {
  stopWork();
  const mine = (work = { expiresAt: Infinity, hasFailed: false });
  const isGivenUp = new Promise((resolve) => (mine.stop = resolve));
  mine.solved = Promise.race([solve(mine, isGivenUp), isGivenUp.then(() => null)]);
  showProgress(0);
  say(element("work-label"), "workRunning");
  mine.solved.then(
    (fields) => fields && work === mine && say(element("work-label"), "workDone"),
    () => {
      mine.hasFailed = true;
      if (work === mine) say(element("work-label"), "workFailed");
    });
}

async function solve(mine, isGivenUp) {
  const { challenge, expires_in: lifetime } = await newChallenge(pressure);
  mine.expiresAt = Date.now() + lifetime * 1000;
  if (work !== mine) return null;
  const worker = new Worker(workerAddress);
  isGivenUp.then(() => worker.terminate());
  return new Promise((resolve, reject) => {
    worker.onerror = () => reject(new Refusal("unexpected"));
    worker.onmessage = ({ data }) => {
      if (data.progress !== undefined) return showProgress(data.progress);
      worker.terminate();
      if (data.solution) resolve({ challenge, solution: data.solution });
      else reject(new Refusal("unexpected"));
    };
    worker.postMessage(challenge);
  });
}

function showProgress(share) {
  element("work-progress").value = share;
  element("work-share").textContent = `${Math.round(share * 100)} %`;
}

answer.addEventListener("input", () => sayWrong(answer, ""));
element("renew").addEventListener("click", async () => {
  sayWrong(answer, "");
  await renewPicture();
  answer.focus();
});
element("switch").addEventListener("click", () => {
  mode = mode === "work" ? "picture" : "work";
  renew();
});
