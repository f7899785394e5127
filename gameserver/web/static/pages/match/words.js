// What a match page says: whose turn it is, what can be done, how everybody stands.

import { shapeOf } from "../../boards/marks.js";
import { h, s } from "../../dom.js";
import { known, t } from "../../i18n.js";
import { isTrue } from "../../net/model.js";

export function headline(view, board) {
  if (view.over()) return t("match.won", { name: view.model.root.winner.nickname });
  if (!view.running()) return view.visitor() ? t("match.waiting") : t("match.not.started");
  if (view.visitor()) return t("match.watching");
  if (board.headline) return board.headline();
  if (!view.myTurn()) return t(view.season.real_time ? "match.running" : "match.others");
  const [step] = view.prompt.split(/[ :(]/);
  return known(`prompt.${step}`, t("match.asked", { prompt: view.prompt }));
}

export function buttons(view, board) {
  if (!view.running() && !view.over() && !view.visitor()) {
    const before = board.before?.() || [];
    return [
      ...before,
      h("button", { class: "primary", id: "start-game", onclick: () => view.act("START_GAME") }, t("match.start")),
    ];
  }
  return board.actions();
}

export function standing(player, view, board) {
  const swatch = s(
    "svg",
    { class: "swatch", viewBox: "0 0 10 10", "aria-hidden": "true" },
    s("circle", { cx: 5, cy: 5, r: 5, fill: `#${player.color || "888888"}` }),
    s("text", { x: 5, y: 7.4, class: "shape" }, shapeOf(player, view.players())),
  );
  const name = player.user?.nickname || "?";
  return h(
    "li",
    { "data-seat": name },
    swatch,
    h("strong", {}, name),
    " ",
    h("span", { class: "soft" }, isTrue(player.visitor) ? t("match.visitor") : board.standing(player)),
  );
}
