// A form for every action of a game, with a field for every argument.

import { h, refresh } from "../../dom.js";
import { t } from "../../i18n.js";
import { isAsked, suggestions, words } from "./outline.js";

/** What every match page has a place for anyhow (see pages/match.js), or does by itself. */
const ELSEWHERE = new Set(["START_GAME", "LEAVE_GAME", "MESSAGE", "NOOP"]);

/** Return {node, draw()}. Who only watches, or looks at a game that is over, has nothing to fill in. */
export function forms(view) {
  const all = view.season.actions.filter(({ action }) => !ELSEWHERE.has(action)).map((one) => form(view, one));
  const node = h(
    "div",
    { class: "card forms", id: "forms", role: "group", "aria-label": t("generic.actions") },
    all.map((one) => one.node),
  );
  return {
    node,
    draw() {
      node.hidden = view.visitor() || view.over();
      if (!node.hidden) all.forEach((one) => one.draw());
    },
  };
}

function form(view, { action, arguments: names }) {
  const fields = names.map((name) => {
    const list = h("datalist", { id: `known-${action}-${name}` });
    const input = h("input", {
      name,
      list: list.id,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    return { name, list, input };
  });
  const button = h("button", { type: "submit" }, words(action));
  const node = h(
    "form",
    { class: "row", "data-action": action, onsubmit: send },
    fields.map(({ name, list, input }) => h("label", {}, name, input, list)),
    button,
  );

  /** What has been left empty is left out; the server says what it needs. */
  function send(event) {
    event.preventDefault();
    const given = fields.map(({ name, input }) => [name, input.value.trim()]).filter(([, value]) => value);
    view.act(action, Object.fromEntries(given));
  }

  return {
    node,
    draw() {
      button.classList.toggle("primary", isAsked(view.prompt, action));
      for (const { name, list } of fields) {
        const known = suggestions(view, action, name);
        refresh(
          list,
          known.map(([value, text]) => h("option", { value, label: text })),
        );
      }
    },
  };
}
