// Keno: up to ten of forty numbers, ten are drawn.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";

export function panel({ ask, amount, seed, done, act }) {
  const chosen = new Set();
  const board = h("div", { class: "keno" });
  const shown = h("p", { id: "outcome", class: "outcome", "aria-live": "polite" });
  const difficulty = h(
    "select",
    { id: "difficulty" },
    ["", "classic", "low", "medium", "high"].map((one) =>
      h("option", { value: one }, t(`fair.keno.${one || "default"}`)),
    ),
  );

  function show(drawn = []) {
    const hits = new Set(drawn);
    fill(
      board,
      Array.from({ length: 40 }, (_, index) => index + 1).map((number) =>
        h(
          "button",
          {
            type: "button",
            "data-number": number,
            "aria-pressed": String(chosen.has(number)),
            class: [chosen.has(number) && "on", hits.has(number) && "hit"].filter(Boolean).join(" ") || null,
            onclick: () => toggle(number),
          },
          number,
        ),
      ),
    );
  }

  function toggle(number) {
    if (chosen.has(number)) chosen.delete(number);
    else if (chosen.size < 10) chosen.add(number);
    show();
  }

  async function bet(event) {
    event.preventDefault();
    const kenoParams = { selectedNumbers: [...chosen].sort((a, b) => a - b) };
    if (difficulty.value) kenoParams.difficulty = difficulty.value;
    const answer = await act(() =>
      ask("PLACE_BET", { amount: amount(), clientSeed: seed(), gameParams: { kenoParams } }),
    );
    if (!answer) return;
    const { kenoOutcome, isWin, winAmount } = answer.gameResult;
    show(kenoOutcome.drawnNumbers);
    fill(
      shown,
      t("fair.keno.hits", { hits: kenoOutcome.matchedCount }),
      " ",
      isWin ? t("fair.won", { amount: winAmount }) : t("fair.lost"),
    );
    done(
      `${kenoOutcome.matchedCount} / ${kenoOutcome.selectedCount} · ${isWin ? `+${winAmount}` : t("fair.lost")}`,
      isWin,
    );
  }

  show();
  return h(
    "form",
    { onsubmit: bet },
    h(
      "div",
      { class: "row" },
      h("label", {}, t("fair.keno.table"), difficulty),
      h("button", { class: "primary", id: "bet" }, t("fair.draw")),
    ),
    shown,
    board,
  );
}
