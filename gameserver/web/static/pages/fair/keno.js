// Keno: up to ten of forty numbers, ten are drawn.

import { fill, h } from "../../dom.js";
import { kenoChance } from "../../fair/odds.js";
import { t } from "../../i18n.js";
import { autoPanel } from "./auto.js";
import { payTable, percent } from "./odds.js";

export function panel({ ask, stake, seed, done, act, config }) {
  const chosen = new Set();
  const board = h("div", { class: "keno" });
  const odds = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("fair.keno.table") });
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
    tell();
  }

  /** What the picked numbers pay, by hits. */
  function tell() {
    const picks = chosen.size;
    const name = difficulty.value || config.gameParameters.defaultDifficulty;
    const row = config.payoutTables.find((one) => one.difficulty === name).rows[picks - 1];
    if (!row) {
      fill(odds, h("p", { class: "soft" }, t("fair.keno.pick")));
      return;
    }
    const rows = row.multipliers.map((multiplier, hits) => [
      hits,
      percent(kenoChance(picks, hits)),
      `${multiplier}×`,
      stake.pays(multiplier),
    ]);
    fill(odds, payTable("odds", ["fair.hits", "fair.likely", "fair.multiplier", "fair.paid"], rows));
  }

  /** One bet; resolves to {stake, win}, or null if there was none. */
  async function bet() {
    const kenoParams = { selectedNumbers: [...chosen].sort((a, b) => a - b) };
    if (difficulty.value) kenoParams.difficulty = difficulty.value;
    const answer = await act("bet", () =>
      ask("PLACE_BET", { amount: stake.amount(), clientSeed: seed(), gameParams: { kenoParams } }),
    );
    if (!answer) return null;
    const { kenoOutcome, isWin, winAmount, betAmount } = answer.gameResult;
    show(kenoOutcome.drawnNumbers);
    fill(
      shown,
      t("fair.keno.hits", { hits: kenoOutcome.matchedCount }),
      " ",
      isWin ? t("fair.won", { amount: winAmount }) : t("fair.lost"),
    );
    done();
    return { stake: betAmount, win: winAmount };
  }

  difficulty.addEventListener("change", tell);
  stake.listen(tell);
  show();
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
        h("label", {}, t("fair.keno.table"), difficulty),
        h("button", { class: "primary", id: "bet" }, t("fair.draw")),
      ),
      shown,
      board,
    ),
    odds,
    autoPanel(bet, stake),
  );
}
