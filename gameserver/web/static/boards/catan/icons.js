// The goods of Catan as small drawings: a shape each, so that nobody has to tell them by their colours.

import { h, s } from "../../dom.js";
import { t } from "../../i18n.js";

/** A colour and a path in a square of 16 by 16. */
const GOODS = {
  BRICK: ["#b5533c", "M1,4h6v4h-6z M9,4h6v4h-6z M5,9h6v4h-6z M1,9h3v4h-3z M12,9h3v4h-3z"],
  GRAIN: [
    "#d9a520",
    "M7.4,15V8 M7,8 q-4,-1 -3,-5 q4,1 3,5z M9,8 q4,-1 3,-5 q-4,1 -3,5z M8,5 q-2,-2 0,-4 q2,2 0,4z M7.2,8h1.6v7h-1.6z",
  ],
  LUMBER: ["#3f7d3a", "M8,1l5,6h-3l4,5h-5v3h-2v-3h-5l4,-5h-3z"],
  ORE: ["#6d7684", "M2,13l2,-7 4,-4 5,3 2,8z"],
  WOOL: ["#8fae6b", "M4,6a3,3 0 0 1 5,-2a3,3 0 0 1 4,4a3,3 0 0 1 -2,4v3h-1.5v-2.5h-4v2.5h-1.5v-3a3,3 0 0 1 -1,-6z"],
  CLOTH: ["#8e5bb5", "M3,2h8v11a2,2 0 0 0 2,1h-8a2,2 0 0 1 -2,-2z M12,2a2,2 0 0 1 2,2v3h-2z"],
  COIN: ["#c9a227", "M8,1.5a6.5,6.5 0 1 0 .01,0z M7,5h2v6h-2z"],
  PAPER: ["#6b8fb5", "M3,1h7l3,3v11h-10z M5,6h6v1h-6z M5,9h6v1h-6z M5,12h4v1h-4z"],
};

/** The drawing of a good; its name is said beside it. */
export function goodIcon(good) {
  const [color, d] = GOODS[good];
  return s(
    "svg",
    { class: "good-icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    s("path", { d, fill: color, "fill-rule": "evenodd" }),
  );
}

/** What something costs: as many drawings as cards, and in words for who does not see them. */
export function cost(goods) {
  const each = Object.entries(goods);
  return [
    h(
      "span",
      { class: "cost", "aria-hidden": "true" },
      each.flatMap(([good, count]) => Array.from({ length: count }, () => goodIcon(good))),
    ),
    h("span", { class: "unseen" }, ` (${each.map(([good, count]) => `${count} ${t(`good.${good}`)}`).join(", ")})`),
  ];
}
