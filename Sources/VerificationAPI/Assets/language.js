// Every text on the page is said through `say`, which remembers it, so that a change of language can say it again.

import { texts } from "/texts.js";
import { chooseLanguage, chosenLanguage } from "/memory.js";

let language = "en";
const said = new Map();

export const element = (id) => document.getElementById(id);

export function text(key, ...values) {
  const entry = texts[language][key];
  return typeof entry === "function" ? entry(...values) : entry;
}

// Without a key it says nothing.
export function say(target, key, ...values) {
  said.set(target, [key, values]);
  const words = key ? text(key, ...values) : "";
  if (target.textContent !== words) target.textContent = words;
}

// What a refusal means for the person.
export function sayRefusal(target, refusal) {
  say(target, refusal.kind in texts.en ? refusal.kind : "unexpected", refusal.members);
}

// Next to the field, which is marked; without a key the mark and the words go away.
export function sayWrong(field, key, ...values) {
  field.setAttribute("aria-invalid", String(Boolean(key)));
  say(element(`${field.id}-error`), key, ...values);
}

function speak(choice) {
  language = choice;
  document.documentElement.lang = choice === "zh" ? "zh-CN" : "en";
  document.title = text("title");
  element("captcha").alt = text("picture");
  element("receipt").ariaLabel = text("receipt");
  for (const [target, [key, values]] of said) say(target, key, ...values);
}

// Chinese where the browser is Chinese, else English, until somebody chooses. `changed` is called after each change.
export function startSpeaking(changed) {
  for (const target of document.querySelectorAll("[data-text]")) say(target, target.dataset.text);
  say(element("language"), "otherLanguage");
  const button = element("language");
  const show = (choice) => {
    speak(choice);
    button.lang = choice === "zh" ? "en" : "zh-CN";
  };
  button.addEventListener("click", () => {
    show(language === "zh" ? "en" : "zh");
    chooseLanguage(language);
    changed();
  });
  const chosen = chosenLanguage();
  show(chosen in texts ? chosen : navigator.language.startsWith("zh") ? "zh" : "en");
}
