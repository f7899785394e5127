// A game that has no board of its own: its actions as forms, its objects as a tree.

import { h } from "../../dom.js";
import { forms } from "./forms.js";
import { brief } from "./outline.js";
import { tree } from "./tree.js";

/** What most games call the points of a player. */
const POINTS = ["points", "score", "victoryPoints", "lives"];

/** Make the board of a match view (see pages/view.js). */
export function create(view) {
  const commands = forms(view);
  const objects = tree(view.model);
  const node = h("div", { class: "generic" }, commands.node, h("div", { class: "card scroll" }, objects.node));

  function draw() {
    commands.draw();
    objects.draw();
  }

  const standing = (player) => brief(player, ["color", "visitor"]);
  function points(player) {
    const called = POINTS.find((name) => Number.isFinite(Number(player[name] ?? NaN)));
    return called ? Number(player[called]) : null;
  }

  return { node, long: true, draw, actions: () => [], standing, state: () => "", points };
}
