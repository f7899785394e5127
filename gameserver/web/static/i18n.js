// Texts by language: one file each in lang/, of which one is loaded.

import { speak } from "./net/refusal.js";

/** The languages there are: those that the page offers. */
const choice = document.getElementById("language");
const languages = [...choice.options].map(({ value }) => value);

export let language = localStorage.getItem("language") || (navigator.language || "en").slice(0, 2);
if (!languages.includes(language)) language = "en";
let texts = await load(language);
put();

async function load(name) {
  return (await import(`./lang/${name}.js`)).default;
}

/** The text of a key in the language in force; {name} in it is filled from `values`. */
export function t(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The text of a key that is made of what a server says, or `otherwise` if nobody has foreseen it. */
export function known(key, otherwise, values = {}) {
  return key in texts ? t(key, values) : otherwise;
}

/** How a season's game is called. */
export function title(season) {
  return known(`game.${season.game}`, season.title);
}

/** Speak another language; resolves when its texts are there. */
export async function setLanguage(next) {
  texts = await load(next);
  language = next;
  localStorage.setItem("language", next);
  put();
}

function put() {
  document.documentElement.lang = language;
  choice.value = language;
}

speak((code, sentence) => known(`error.${code}`, sentence));
