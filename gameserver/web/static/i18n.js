// Texts by language. A text that a language lacks is shown in English.

import en from "./lang/en.js";
import de from "./lang/de.js";
import zh from "./lang/zh.js";

const LANGUAGES = { en, de, zh };

export let language = localStorage.getItem("language") || (navigator.language || "en").slice(0, 2);
if (!(language in LANGUAGES)) language = "en";

/** The text of a key in the language in force; {name} in it is filled from `values`. */
export function t(key, values = {}) {
  const text = LANGUAGES[language][key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The text of a key that is made of what a server says, or `otherwise` if nobody has foreseen it. */
export function known(key, otherwise) {
  return key in en ? t(key) : otherwise;
}

/** How a season's game is called. */
export function title(season) {
  return known(`game.${season.game}`, season.title);
}

export function setLanguage(next) {
  language = next;
  localStorage.setItem("language", next);
  document.documentElement.lang = next;
}

document.documentElement.lang = language;
