"use strict";

const texts = {
  zh: {
    title: "短信验证码演示",
    otherLanguage: "English",
    inbox: "收件箱 ↗",
    mobile: "手机号",
    answer: "图形验证码",
    renew: "换一张",
    picture: "图形验证码图片，请输入其中的字符",
    pictureUsed: "已使用",
    pictureOld: "图片已过期，请换一张",
    pictureFailed: "图片加载失败，请换一张",
    send: "发送短信验证码",
    sending: "正在发送…",
    resendIn: (seconds) => `${seconds} 秒后可重新发送`,
    code: "短信验证码",
    codeNote: "收到短信后，在此输入六位数字。",
    codeSent: (minutes) => `请输入短信中的六位数字，${minutes} 分钟内有效。`,
    codeEntered: "已输入六位数字。本页不校验：教程的接口只负责发送，由您的应用与下面的 Redis 键比较。",
    mobileWrong: "请输入 11 位中国大陆手机号，例如 13800138000。",
    answerMissing: "请输入图片中的字符。",
    wait: (seconds) => `请等待 ${seconds} 秒后再发送。`,
    sent: (mobile) => `短信正在发往 ${mobile}。`,
    "发送短信过于频繁": (seconds) => `发送过于频繁：同一号码 ${seconds} 秒内只发送一次。`,
    "缺少必传参数": "缺少必传参数。",
    "图形验证码失效": "图形验证码已失效，请输入新图片中的字符。",
    "输入图形验证码有误": "输入有误，请输入新图片中的字符。",
    unavailable: "短信服务暂时不可用，请稍后重试。",
    unreachable: "无法连接服务器，请检查网络后重试。",
    failed: (status) => `服务器返回了意外的结果（HTTP ${status}）。`,
    exchanges: "网络请求与 Redis 键",
    pictureKeys: (key, seconds) => `Redis 写入 ${key}，保留 ${seconds} 秒；校验一次即删除。`,
    codeKeys: (mobile, code, flag) =>
      `Redis 写入 sms_code_${mobile}（${code} 秒）、send_flag_${mobile}（${flag} 秒）；发送任务已入队。`,
    mobilePlaceholder: "<手机号>",
  },
  en: {
    title: "SMS code demo",
    otherLanguage: "中文",
    inbox: "Inbox ↗",
    mobile: "Mobile number",
    answer: "Characters in the picture",
    renew: "New picture",
    picture: "Captcha picture: type the characters it shows",
    pictureUsed: "Used",
    pictureOld: "The picture has expired. Take a new one.",
    pictureFailed: "The picture could not be loaded. Take a new one.",
    send: "Send me a code",
    sending: "Sending…",
    resendIn: (seconds) => `Send again in ${seconds} s`,
    code: "Code from the message",
    codeNote: "When the message is there, type its six digits here.",
    codeSent: (minutes) => `Type the six digits of the message. They are good for ${minutes} minutes.`,
    codeEntered: "6 digits entered. This page does not check them: the tutorial's routes only send, and comparing with the Redis key below is your application's part.",
    mobileWrong: "Type a mainland China mobile number of 11 digits, such as 13800138000.",
    answerMissing: "Type the characters in the picture.",
    wait: (seconds) => `Wait ${seconds} s before sending again.`,
    sent: (mobile) => `A message is on its way to ${mobile}.`,
    "发送短信过于频繁": (seconds) => `Too frequent: one message to a number in ${seconds} s.`,
    "缺少必传参数": "A required parameter is missing.",
    "图形验证码失效": "That picture has expired. Type the characters of the new one.",
    "输入图形验证码有误": "That is not what the picture showed. Type the characters of the new one.",
    unavailable: "The service cannot send at the moment. Try again shortly.",
    unreachable: "The server cannot be reached. Check the network and try again.",
    failed: (status) => `The server gave an unexpected answer (HTTP ${status}).`,
    exchanges: "Requests and Redis keys",
    pictureKeys: (key, seconds) => `Redis now holds ${key} for ${seconds} s; one look removes it.`,
    codeKeys: (mobile, code, flag) =>
      `Redis now holds sms_code_${mobile} for ${code} s and send_flag_${mobile} for ${flag} s; the job is on the queue.`,
    mobilePlaceholder: "<mobile>",
  },
};

const element = (id) => document.getElementById(id);
const mobile = element("mobile"), answer = element("answer"), captcha = element("captcha");
const send = element("send"), status = element("status"), code = element("code");

const lifetime = {
  captcha: Number(document.body.dataset.captchaLifetime),
  code: Number(document.body.dataset.codeLifetime),
  resend: Number(document.body.dataset.resendInterval),
};

// Every text on the page is said through `say`, which remembers it, so that a change of language can say it again.
let language = "zh";
const said = new Map();

function text(key, values) {
  const entry = texts[language][key];
  return typeof entry === "function" ? entry(...values) : entry;
}

function say(target, key, ...values) {
  said.set(target, [key, values]);
  const words = key ? text(key, values) : "";
  if (target.textContent !== words) target.textContent = words;
}

function speak(choice) {
  language = choice;
  document.documentElement.lang = choice === "zh" ? "zh-CN" : "en";
  document.title = texts[choice].title;
  captcha.alt = texts[choice].picture;
  for (const [target, [key, values]] of said) say(target, key, ...values);
  showCommand();
}

function sayStatus(kind, key, ...values) {
  status.dataset.kind = kind;
  say(status, key, ...values);
}

function sayWrong(field, key, ...values) {
  field.setAttribute("aria-invalid", String(Boolean(key)));
  say(element(`${field.id}-error`), key, ...values);
}

// The exchanges with the server, newest first.
async function exchange(path) {
  const start = performance.now();
  const result = { status: 0, body: "" };
  try {
    const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10000) });
    result.status = response.status;
    const picture = (response.headers.get("content-type") ?? "").startsWith("image/");
    if (picture) result.picture = await response.blob();
    else result.body = await response.text();
  } catch {
    result.status = 0;
  }
  result.note = record(path, result, performance.now() - start);
  return result;
}

function record(path, result, milliseconds) {
  const item = document.createElement("li");
  const add = (name, className, words, parent = item) => {
    const child = document.createElement(name);
    child.className = className;
    child.textContent = words;
    parent.append(child);
    return child;
  };
  // The tutorial's refusals are HTTP 200 too; what was refused stands in their body.
  const fine = result.status === 200 && (result.picture || result.body.includes('"code":0,'));
  item.dataset.kind = fine ? "done" : "wrong";
  const head = add("div", "head", "");
  add("b", "", result.status || "—", head);
  add("span", "", `${Math.max(1, Math.round(milliseconds))} ms`, head);
  const size = result.picture ? `${result.picture.type}, ${result.picture.size} B` : "";
  if (size) add("span", "", size, head);
  add("code", "", `GET ${path}`);
  if (result.body) add("div", "", "").append(add("code", "", result.body));
  const note = add("div", "note", "");
  const list = element("exchanges");
  list.prepend(item);
  while (list.children.length > 6) {
    said.delete(list.lastChild.querySelector(".note"));
    list.lastChild.remove();
  }
  return note;
}

// The captcha. Its id is made here, as the tutorial's pages do.
let captchaID = "";
let pictureTimer = 0;

function makeID() {
  // randomUUID exists on secure origins only, and a demo is often opened by an address in the local network.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function renewPicture() {
  const id = makeID();
  captchaID = id;
  clearTimeout(pictureTimer);
  const result = await exchange(`/image_codes/${id}/`);
  if (captchaID !== id) return;
  answer.value = "";
  if (!result.picture) {
    say(element("picture-note"), "pictureFailed");
    if (result.status === 503) sayStatus("wrong", "unavailable");
    else if (result.status === 0) sayStatus("wrong", "unreachable");
    else sayStatus("wrong", "failed", result.status);
    return;
  }
  URL.revokeObjectURL(captcha.src);
  captcha.src = URL.createObjectURL(result.picture);
  say(element("picture-note"), "");
  say(result.note, "pictureKeys", `img_${id}`, lifetime.captcha);
  pictureTimer = setTimeout(() => say(element("picture-note"), "pictureOld"), lifetime.captcha * 1000);
}

// The button, and the countdown to the moment when the same number may be sent to again.
const countdown = { mobile: "", until: 0, timer: 0 };

const secondsLeft = () => Math.max(0, Math.ceil((countdown.until - Date.now()) / 1000));

function showButton(busy = false) {
  const seconds = secondsLeft();
  // Not `disabled`: that would take the focus away from whoever pressed it.
  send.setAttribute("aria-disabled", String(busy || seconds > 0));
  if (busy) say(send, "sending");
  else if (seconds > 0) say(send, "resendIn", seconds);
  else say(send, "send");
}

function startCountdown(number) {
  countdown.mobile = number;
  countdown.until = Date.now() + lifetime.resend * 1000;
  countdown.timer = setInterval(() => (secondsLeft() > 0 ? showButton() : stopCountdown()), 250);
  showButton();
}

function stopCountdown() {
  clearInterval(countdown.timer);
  countdown.until = 0;
  showButton();
  sayStatus("", "");
  renewPicture();
}

// Full-width digits, blanks and the country's prefix are forgiven here; the service takes 11 ASCII digits only.
function typedMobile() {
  const plain = mobile.value.normalize("NFKC").replace(/[\s-]/g, "").replace(/^(\+|00)86/, "");
  return /^1[3-9][0-9]{9}$/.test(plain) ? plain : "";
}

let busy = false;

async function requestCode(event) {
  event.preventDefault();
  if (busy) return;
  if (secondsLeft() > 0) return sayStatus("wrong", "wait", secondsLeft());
  const number = typedMobile();
  const characters = answer.value.trim();
  sayStatus("", "");
  sayWrong(mobile, number ? "" : "mobileWrong");
  sayWrong(answer, characters ? "" : "answerMissing");
  if (!number) return mobile.focus();
  if (!characters) return answer.focus();

  busy = true;
  showButton(true);
  const query = new URLSearchParams({ image_code: characters, image_code_id: captchaID });
  const result = await exchange(`/sms_codes/${number}/?${query}`);
  busy = false;
  showButton();
  let reply = {};
  try {
    reply = JSON.parse(result.body);
  } catch {
    // Anything but the tutorial's form is reported by its HTTP status.
  }
  if (result.status === 200 && reply.code === 0) return accepted(number, result);
  await refused(result, reply);
}

function accepted(number, result) {
  sayStatus("done", "sent", number);
  say(result.note, "codeKeys", number, lifetime.code, lifetime.resend);
  say(element("picture-note"), "pictureUsed");
  say(element("code-note"), "codeSent", Math.floor(lifetime.code / 60));
  clearTimeout(pictureTimer);
  startCountdown(number);
  answer.value = "";
  code.value = "";
  showCommand();
  code.focus();
}

async function refused(result, reply) {
  // Whatever the reason was, the server may have looked at the captcha, and one look consumes it.
  const renewed = renewPicture();
  if (reply.errmsg?.includes("图形验证码")) sayWrong(answer, reply.errmsg);
  else if (result.status === 200 && reply.errmsg in texts.zh) sayStatus("wrong", reply.errmsg, lifetime.resend);
  else if (result.status === 503) sayStatus("wrong", "unavailable");
  else if (result.status === 0) sayStatus("wrong", "unreachable");
  else sayStatus("wrong", "failed", result.status);
  await renewed;
  answer.focus();
}

// The code. No route checks it yet, so the page says where it can be compared.
function showCommand() {
  const number = countdown.mobile || typedMobile() || texts[language].mobilePlaceholder;
  const complete = code.value.length === 6;
  element("command").hidden = !complete;
  element("command").textContent = `redis-cli -n 2 GET sms_code_${number}`;
  if (complete) say(element("code-note"), "codeEntered");
}

code.addEventListener("input", () => {
  const wasComplete = !element("command").hidden;
  code.value = code.value.normalize("NFKC").replace(/[^0-9]/g, "").slice(0, 6);
  showCommand();
  if (wasComplete && code.value.length < 6) say(element("code-note"), "codeNote");
});
mobile.addEventListener("input", () => {
  if (typedMobile()) sayWrong(mobile, "");
  // The interval holds for one number; another may be sent to at once.
  if (secondsLeft() > 0 && typedMobile() !== countdown.mobile) stopCountdown();
});
answer.addEventListener("input", () => sayWrong(answer, ""));
element("request").addEventListener("submit", requestCode);
element("check").addEventListener("submit", (event) => event.preventDefault());
captcha.addEventListener("click", () => renewPicture().then(() => answer.focus()));
element("renew").addEventListener("click", () => renewPicture().then(() => answer.focus()));
element("language").addEventListener("click", () => {
  speak(language === "zh" ? "en" : "zh");
  try {
    localStorage.setItem("language", language);
  } catch {
    // Without storage the choice lasts until the page is left.
  }
});

let chosen = null;
try {
  chosen = localStorage.getItem("language");
} catch {
  // As above.
}
for (const target of document.querySelectorAll("[data-text]")) say(target, target.dataset.text);
say(element("language"), "otherLanguage");
say(element("code-note"), "codeNote");
showButton();
speak(chosen in texts ? chosen : navigator.language.startsWith("en") ? "en" : "zh");
renewPicture();
