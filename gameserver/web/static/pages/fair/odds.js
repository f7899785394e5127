// What is shown before a bet: how likely it is, and what it pays.

import { h } from "../../dom.js";
import { language, t } from "../../i18n.js";
import { plainTable } from "../../table.js";

/** A chance as percent: two decimals, more where it is small. */
export function percent(chance) {
  const digits = { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: chance < 0.0001 ? 6 : 2 };
  return new Intl.NumberFormat(language, digits).format(chance);
}

/** A line: the chance, the multiplier, what the stake would pay. */
export function oddsLine(chance, multiplier, pays) {
  return [
    h("span", {}, t("fair.chance", { chance: percent(chance) })),
    h("span", {}, t("fair.pays", { multiplier, amount: pays })),
  ];
}

/** A table of what pays what: rows of texts under heads (keys of texts). `id` names it. */
export const payTable = (id, heads, rows) => plainTable(heads, rows, { id, class: "pays" });
