// The keyboard's place on the battlefield: arrow keys move it over one's own segment, Enter does what a click would.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";
import { many } from "../../net/model.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Return {node, cell()}: what screen readers are told, and the cell under the cursor, null while nobody is at it. */
export function cursor(canvas, view, use, redraw) {
  let at = [8, 8];
  const node = h("p", { class: "unseen", "aria-live": "polite" });

  function cell() {
    return many(view.me()?.tile?.map, "cells").find(({ x, y }) => Number(x) === at[0] && Number(y) === at[1]) ?? null;
  }

  canvas.addEventListener("keydown", (event) => {
    if (!cell()) return;
    const step = STEPS[event.key];
    if (step) {
      const before = at;
      at = [at[0] + step[0], at[1] + step[1]];
      if (!cell()) at = before;
    } else if (event.key === "Enter" || event.key === " ") use(cell());
    else return;
    event.preventDefault();
    fill(node, described(cell()));
    redraw();
  });
  canvas.addEventListener("focus", redraw);
  canvas.addEventListener("blur", redraw);
  return { node, cell: () => (document.activeElement === canvas ? cell() : null) };
}

function described({ x, y, type, elements }) {
  const tower = [...(elements ?? [])].find((element) => element.kind === "Tower");
  const what = tower
    ? `${tower.type} ${tower.level ?? ""}`
    : t(type === "FREE" ? "creepsmash.free" : "creepsmash.blocked");
  return t("creepsmash.cell", { x: Number(x) + 1, y: Number(y) + 1, what });
}
