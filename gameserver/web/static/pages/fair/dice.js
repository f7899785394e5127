// Dice: over or under a target.

import { fill, h } from "../../dom.js";
import { diceChance } from "../../fair/odds.js";
import { diceMultiplier } from "../../fair/verify.js";
import { t } from "../../i18n.js";
import { autoPanel } from "./auto.js";
import { oddsLine } from "./odds.js";

export function panel({ ask, stake, seed, done, act }) {
  const target = h("input", { id: "target", type: "number", min: 4, max: 96, value: 50, required: true });
  const condition = h(
    "select",
    { id: "condition" },
    ["OVER", "UNDER"].map((one) => h("option", { value: one }, t(`fair.${one}`))),
  );
  const odds = h("p", { id: "odds", class: "odds" });
  const shown = h("p", { id: "outcome", class: "outcome", "aria-live": "polite" });

  function tell() {
    const number = Number(target.value);
    if (!target.checkValidity()) {
      fill(odds, t("fair.target.wrong"));
      return;
    }
    const multiplier = diceMultiplier(number, condition.value);
    fill(odds, oddsLine(diceChance(number, condition.value), multiplier, stake.pays(multiplier)));
  }

  /** One bet; resolves to {stake, win}, or null if there was none. */
  async function bet() {
    const answer = await act("bet", () =>
      ask("PLACE_BET", {
        amount: stake.amount(),
        clientSeed: seed(),
        gameParams: { diceParams: { target: Number(target.value), condition: condition.value } },
      }),
    );
    if (!answer) return null;
    const { diceOutcome, isWin, winAmount, betAmount } = answer.gameResult;
    fill(
      shown,
      h("strong", { class: isWin ? "good" : "bad" }, Number(diceOutcome.rolledNumber).toFixed(2)),
      " ",
      isWin ? t("fair.won", { amount: winAmount }) : t("fair.lost"),
    );
    done();
    return { stake: betAmount, win: winAmount };
  }

  target.addEventListener("input", tell);
  condition.addEventListener("change", tell);
  stake.listen(tell);
  tell();
  return h(
    "div",
    {},
    h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          bet();
        },
      },
      h(
        "div",
        { class: "row" },
        h("label", {}, t("fair.condition"), condition),
        h("label", {}, t("fair.target"), target),
        h("button", { class: "primary", id: "bet" }, t("fair.roll")),
      ),
      odds,
    ),
    shown,
    autoPanel(bet, stake),
  );
}
