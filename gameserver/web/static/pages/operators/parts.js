// What the operators' pages have in common: the search, titled tables, links, times.

import { h } from "../../dom.js";
import { known, language, t } from "../../i18n.js";
import { shownName } from "../../player.js";
import { table } from "../../table.js";

/** The address of a view about something. */
export function viewOf(view, what) {
  return `#/operators/${view}/${encodeURIComponent(what)}`;
}

/** A name that leads to all about a player; there is nothing about computers and former players. */
export function playerView(name) {
  if (shownName(name) !== name) return shownName(name);
  return /^computer\d+$/.test(name) ? name : h("a", { href: viewOf("player", name) }, name);
}

/** Several of them. */
export function playerViews(names) {
  return names.flatMap((name, index) => [index ? ", " : "", playerView(name)]);
}

/** A match that leads to all about it; a room of Techmino has no such page. */
export function matchView({ id, name }) {
  return id === undefined ? name : h("a", { href: viewOf("match", id) }, name);
}

/** How a game is called. */
export function gameOf(game) {
  return known(`game.${game}`, game === "techmino" ? t("nav.techmino") : game);
}

/** What a connection is doing: where it is, or whether anybody has logged in by it. */
export function doing({ player, state }) {
  if (state) return known(`operators.state.${state.toLowerCase()}`, state);
  return t(player === null ? "operators.state.out" : "operators.state.in");
}

/** A moment in the reader's language; none is a line. */
export function moment(ms, otherwise = "–") {
  return ms === null || ms === undefined ? otherwise : new Date(ms).toLocaleString(language);
}

/** A section with a table, or the word that there is nothing. */
export function section(key, heads, rows, attributes = {}) {
  const body = rows.length
    ? table(t(key), heads, rows, attributes)
    : h("p", { class: "soft", ...attributes }, t("operators.none"));
  return h("section", {}, h("h2", {}, t(key)), body);
}

/** Pairs of a text's key and a value as a list; what there is not is left out. */
export function facts(pairs, attributes = {}) {
  const there = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h(
    "dl",
    { class: "facts", ...attributes },
    there.map(([key, value]) => [h("dt", {}, t(key)), h("dd", {}, value)]),
  );
}

/** The form that looks for players and matches. */
export function search(text = "") {
  const field = h("input", { id: "find", type: "search", required: true, maxlength: 80, value: text });
  function find(event) {
    event.preventDefault();
    location.hash = viewOf("find", field.value.trim());
  }
  return h(
    "form",
    { class: "row card", role: "search", onsubmit: find },
    h("label", { class: "grow" }, t("operators.find.label"), field),
    h("button", { id: "do-find" }, t("operators.find")),
  );
}

/** Something that cannot be undone: it takes a second press, behind a sentence. */
export function askedTwice(id, label, sentence, act) {
  return h(
    "details",
    { id },
    h("summary", {}, label),
    h("p", {}, sentence, " ", h("button", { type: "button", id: `really-${id}`, onclick: act }, label)),
  );
}

/** The way back to everything at once. */
export function back() {
  return h("p", {}, h("a", { href: "#/operators" }, t("operators.back")));
}
