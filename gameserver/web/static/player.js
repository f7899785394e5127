// People's names as links to their profiles, wherever they are shown.

import { h } from "./dom.js";

/** The address of a profile. */
export function profileOf(name) {
  return `#/player/${encodeURIComponent(name)}`;
}

/** A name that leads to its profile. */
export function playerLink(name, attributes = {}) {
  return h("a", { href: profileOf(name), ...attributes }, name);
}
