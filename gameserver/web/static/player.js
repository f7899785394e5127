// People's names as links to their profiles, wherever they are shown.

import { h } from "./dom.js";
import { known, t } from "./i18n.js";

/** The address of a profile. */
export function profileOf(name) {
  return `#/player/${encodeURIComponent(name)}`;
}

/** How somebody is called; whoever has deleted their account is nobody any more. */
export function shownName(name) {
  return /^former-player(-\d+)?$/.test(name) ? t("player.former") : name;
}

/** A name that leads to its profile. */
export function playerLink(name, attributes = {}) {
  if (shownName(name) !== name) return h("span", { class: "soft" }, shownName(name));
  return h("a", { href: profileOf(name), ...attributes }, name);
}

/** By which protocols somebody is here, in words. */
export function protocolsOf(names) {
  return names.map((name) => known(`door.${name}`, name)).join(", ");
}
