// The stake: half and double of it, and the limits of a bet.

import { h } from "../../dom.js";
import { amountText, decimalsOf, payout, units } from "../../fair/money.js";
import { t } from "../../i18n.js";

/**
 * Return {node, amount(), pays(multiplier), listen(changed)}. The limits are numbers, as GET_GAME_CONFIG has them,
 * `decimals` those of the currency; `changed` is called when the stake is another.
 */
export function stakePanel({ minBet, maxBet, defaultBet }, decimals) {
  const listeners = [];
  const onchange = () => listeners.forEach((listener) => listener());
  const text = (number) => number.toFixed(decimals);
  const input = h("input", {
    id: "amount",
    value: text(defaultBet),
    inputmode: "decimal",
    required: true,
    autocomplete: "off",
    oninput: onchange,
  });

  function set(found) {
    const [least, most] = [units(text(minBet)), units(text(maxBet))];
    input.value = amountText(found < least ? least : found > most ? most : found, decimals);
    onchange();
  }

  const button = (id, label, change) =>
    h(
      "button",
      {
        type: "button",
        id,
        // Who speaks to a browser says what is to be seen.
        "aria-label": `${label}: ${t(`fair.stake.${id}`)}`,
        onclick: () => set(change(units(input.value) ?? 0n)),
      },
      label,
    );
  const node = h(
    "div",
    { class: "row" },
    h("label", {}, t("fair.amount"), input),
    button("half", "½", (found) => found / 2n),
    button("double", "2×", (found) => found * 2n),
    h("span", { class: "soft" }, t("fair.limits", { low: text(minBet), high: text(maxBet) })),
  );
  return {
    node,
    decimals,
    listen: (changed) => listeners.push(changed),
    amount: () => input.value.trim(),
    /** What the stake pays at a multiplier; "–" while it is none. */
    pays: (multiplier) => {
      const wrong = units(input.value) === null || decimalsOf(input.value.trim()) > decimals;
      return wrong ? "–" : payout(input.value, multiplier, decimals);
    },
  };
}
