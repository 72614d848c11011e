// The service's /v1, as far as this page needs it.
//
// Who asks is told by a cookie that no script can read. Only where the browser keeps no cookies, the same token is sent
// in each request's body.

const problems = "urn:sms-queue:problem:";
const timeout = 15000;

// Why the service did not do what was asked. `kind` is the problem's type and decides what to do; `members` is the rest
// of the problem. Three kinds are this page's own: "content-too-large", "unreachable" and "unexpected".
export class Refusal extends Error {
  constructor(kind, members = {}) {
    super(kind);
    this.kind = kind;
    this.members = members;
  }
}

export const newPicture = () => post("captchas");
export const newChallenge = (pressure) => post("proof-of-work", { pressure });
export const check = (id, mobile, code) => post("verifications/check", { id, mobile, code });
export const resend = (id, proof) => post("verifications/resend", { id, locale: locale(), ...proof });

// The language of the page is that of the message, where there are templates in both.
const locale = () => document.documentElement.lang;

export function start(mobile, proof) {
  const request = { mobile, ...proof };
  return post("verifications", { ...request, locale: locale() }, { "Idempotency-Key": nameOf(request) });
}

// The same request has the same name. So when an answer was lost and the request is made again, the service gives the
// lost answer, and no second message is sent.
const named = { request: "", name: "" };

function nameOf(body) {
  const request = JSON.stringify(body);
  if (request !== named.request) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    named.name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    named.request = request;
  }
  return named.name;
}

export function forgetName() {
  named.request = "";
}

// One request at a time: the first answer brings the cookie, and two first answers would bring two.
let turn = Promise.resolve();

function post(path, body = {}, headers = {}) {
  const answer = turn.then(() => exchange(path, body, headers));
  turn = answer.catch(() => {});
  return answer;
}

// `navigator.cookieEnabled` does not tell what a person's settings forbid.
document.cookie = "sms_probe=1; SameSite=Strict; Max-Age=60";
const hasCookies = document.cookie.includes("sms_probe=1");
let token;

async function exchange(path, body, headers) {
  if (!hasCookies) body = { ...body, client_token: token };
  let response, answer;
  try {
    response = await fetch(`/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(timeout),
    });
    answer = await response.text();
  } catch {
    throw new Refusal("unreachable");
  }
  let members;
  try {
    members = JSON.parse(answer);
  } catch {
    throw new Refusal("unexpected", { status: response.status });
  }
  if (!response.ok) throw refusal(response, members);
  if (!hasCookies) token = members.client_token ?? token;
  return members;
}

function refusal(response, problem) {
  const wait = problem.retry_after ?? Number(response.headers.get("Retry-After") ?? 1);
  const members = { ...problem, status: response.status, retry_after: wait };
  if (String(problem.type).startsWith(problems)) return new Refusal(problem.type.slice(problems.length), members);
  return new Refusal(response.status === 413 ? "content-too-large" : "unexpected", members);
}
