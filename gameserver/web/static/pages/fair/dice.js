// Dice: over or under a target.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";

export function panel({ ask, amount, seed, done, act }) {
  const target = h("input", { id: "target", type: "number", min: 4, max: 96, value: 50 });
  const condition = h(
    "select",
    { id: "condition" },
    ["OVER", "UNDER"].map((one) => h("option", { value: one }, t(`fair.${one}`))),
  );
  const shown = h("p", { id: "outcome", class: "outcome", "aria-live": "polite" });

  async function bet(event) {
    event.preventDefault();
    const answer = await act(() =>
      ask("PLACE_BET", {
        amount: amount(),
        clientSeed: seed(),
        gameParams: { diceParams: { target: Number(target.value), condition: condition.value } },
      }),
    );
    if (!answer) return;
    const { diceOutcome, isWin, winAmount } = answer.gameResult;
    const rolled = Number(diceOutcome.rolledNumber).toFixed(2);
    fill(
      shown,
      h("strong", { class: isWin ? "good" : "bad" }, rolled),
      " ",
      isWin ? t("fair.won", { amount: winAmount }) : t("fair.lost"),
    );
    done(
      `${rolled} · ${t(`fair.${condition.value}`)} ${target.value} · ${isWin ? `+${winAmount}` : t("fair.lost")}`,
      isWin,
    );
  }

  return h(
    "form",
    { onsubmit: bet },
    h(
      "div",
      { class: "row" },
      h("label", {}, t("fair.condition"), condition),
      h("label", {}, t("fair.target"), target),
      h("button", { class: "primary", id: "bet" }, t("fair.roll")),
    ),
    shown,
  );
}
