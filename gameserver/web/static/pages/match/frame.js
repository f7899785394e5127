// The parts of a match page that stay while its connection comes and goes.

import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { invitation } from "../../invitation.js";

export function frame() {
  const parts = {
    state: h("p", { class: "soft", id: "state" }),
    prompt: h("p", { id: "prompt", "aria-live": "polite" }),
    clock: h("p", { class: "soft", id: "clock" }),
    watching: h("p", { class: "soft", id: "watching" }),
    actions: h("div", { class: "row", id: "actions" }),
    players: h("ul", { class: "plain", id: "standings" }),
    log: h("ul", { class: "log plain", id: "log", "aria-live": "polite", tabindex: 0, "aria-label": t("match.log") }),
    talk: h("ul", {
      class: "log plain",
      id: "match-talk",
      "aria-live": "polite",
      tabindex: 0,
      "aria-label": t("match.talk"),
    }),
    text: h("input", {
      class: "grow",
      id: "match-say",
      "aria-label": t("chat.say"),
      maxlength: 2000,
      autocomplete: "off",
    }),
  };
  parts.unread = h("span", { class: "unread", id: "match-unread", hidden: true });
  parts.goodbye = h("button", { type: "button", id: "leave-game" }, t("match.leave.do"));
  parts.leave = h(
    "details",
    { class: "leave", hidden: true },
    h("summary", {}, t("match.leave")),
    h("p", { class: "soft" }, t("match.leave.about")),
    parts.goodbye,
  );
  parts.say = h("form", { class: "row" }, parts.text, h("button", {}, t("chat.send")));
  return parts;
}

/** The page of a match: its heading, the board with what belongs under it, and what stands beside. */
export function page(heading, address, parts, board) {
  return [
    h("h1", {}, heading),
    h(
      "div",
      { class: "columns" },
      h(
        "div",
        {},
        parts.prompt,
        parts.clock,
        board.long ? parts.actions : null,
        parts.result,
        board.node,
        parts.state,
      ),
      h(
        "aside",
        {},
        board.long ? null : parts.actions,
        h("h2", {}, t("match.players")),
        parts.players,
        parts.watching,
        invitation(address),
        h("h2", {}, t("match.log")),
        parts.log,
        h("h2", {}, t("match.talk"), parts.unread),
        parts.talk,
        parts.say,
        parts.wishes,
        parts.leave,
      ),
    ),
  ];
}
