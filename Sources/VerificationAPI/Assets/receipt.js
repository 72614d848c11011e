// Shows what a receipt says. To believe it is the backend's part: only there the signature is verified.

import { element, text } from "/language.js";

const order = ["sub", "aud", "purpose", "amr", "iat", "nbf", "exp", "iss", "jti"];
const times = ["iat", "nbf", "exp"];

function claimsOf(token) {
  const base64 = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

export function showReceipt(token) {
  const format = new Intl.DateTimeFormat(
    document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  const row = ([name, value]) => {
    const term = document.createElement("dt");
    const key = document.createElement("code");
    key.textContent = name;
    term.append(key, ` ${text(`claim_${name}`) ?? ""}`);
    const description = document.createElement("dd");
    description.textContent = times.includes(name) ? format.format(value * 1000) : [value].flat().join(", ");
    return [term, description];
  };
  const claims = Object.entries(claimsOf(token)).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  element("claims").replaceChildren(...claims.flatMap(row));
  element("receipt").textContent = token;
}
