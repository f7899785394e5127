// Betting the same again and again, until the bets are through, so much is lost, or somebody says stop.

import { fill, h } from "../../dom.js";
import { amountText, units } from "../../fair/money.js";
import { t } from "../../i18n.js";
import { DOUBLE_MS } from "./once.js";

/** Return the node. `bet()` makes one bet and resolves to {stake, win} as texts, or to null when it was refused. */
export function autoPanel(bet, stake) {
  const { decimals } = stake;
  const times = h("input", { id: "auto-times", type: "number", min: 1, max: 1000, value: 10, required: true });
  const limit = h("input", { id: "auto-loss", inputmode: "decimal", value: amountText(units("10"), decimals) });
  const said = h("p", { id: "auto-said", "aria-live": "polite" });
  const button = h("button", { type: "button", id: "auto", onclick: press }, t("fair.auto.start"));
  let running = false;

  async function press() {
    if (running) {
      running = false;
      return;
    }
    const most = units(limit.value);
    if (most === null || !times.checkValidity()) {
      fill(said, t("fair.auto.wrong"));
      return;
    }
    running = true;
    fill(button, t("fair.auto.stop"));
    const { why, made, gain } = await run(Number(times.value), most);
    running = false;
    fill(button, t("fair.auto.start"));
    fill(said, t(`fair.auto.${why}`), " ", soFar(made, gain));
  }

  /** Bet until there is a reason to end. A bet that could lose more than is left of the limit is not made. */
  async function run(many, most) {
    let gain = 0n;
    for (let made = 0; made < many; made++) {
      // Who has gone to another page bets no more.
      if (!running || !button.isConnected) return { why: "stopped", made, gain };
      const next = units(stake.amount());
      if (next !== null && next - gain > most) return { why: "limit", made, gain };
      const done = await bet();
      if (done === null) return { why: "refused", made, gain };
      gain += units(done.win) - units(done.stake);
      fill(said, soFar(made + 1, gain));
      await new Promise((resolve) => setTimeout(resolve, DOUBLE_MS));
    }
    return { why: "done", made: many, gain };
  }

  function soFar(made, gain) {
    const text = amountText(gain < 0n ? -gain : gain, decimals);
    return t("fair.auto.so", { made, gain: gain < 0n ? `−${text}` : `+${text}` });
  }

  return h(
    "details",
    { class: "auto", id: "auto-bet" },
    h("summary", {}, t("fair.auto")),
    h(
      "div",
      { class: "row" },
      h("label", {}, t("fair.auto.times"), times),
      h("label", {}, t("fair.auto.loss"), limit),
      button,
    ),
    said,
  );
}
