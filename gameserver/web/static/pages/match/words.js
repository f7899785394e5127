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

/** What the clock of this person's turn says, or "". */
export function clock(view, others) {
  if (!others.turnSeconds() || view.visitor() || !view.running()) return "";
  const left = others.of(view.name)?.turn_s;
  return typeof left === "number"
    ? t("clock.left", { seconds: left })
    : t("clock.each", { seconds: others.turnSeconds() });
}

/** Who only watches, by name; "" for nobody. */
export function watching(view) {
  const names = view
    .players()
    .filter((player) => isTrue(player.visitor))
    .map((player) => player.user?.nickname ?? "?");
  return names.length ? t("others.watching", { names: names.join(", ") }) : "";
}

/** What somebody does at this moment: away, or whose turn it is. */
function doing(player, name, view, others) {
  const seat = others.of(name);
  if (typeof seat?.away_s === "number") {
    return h("span", { class: "bad" }, ` ${t("others.away", { seconds: seat.away_s })}`);
  }
  if (!view.running() || view.current() !== player) return null;
  const text = seat?.computer ? t("others.thinking") : t("others.turn");
  const left = typeof seat?.turn_s === "number" ? ` · ${t("clock.short", { seconds: seat.turn_s })}` : "";
  return h("span", { class: "turn" }, ` ${text}${left}`);
}

export function standing(player, view, board, others) {
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
    h("span", { class: "soft" }, board.standing(player)),
    doing(player, name, view, others),
  );
}
