// Mines: open tiles, take the money before a mine does.

import { fill, h } from "../../dom.js";
import { tileChance } from "../../fair/odds.js";
import { GRIDS, minesMultiplier } from "../../fair/verify.js";
import { t } from "../../i18n.js";
import { oddsLine, payTable, percent } from "./odds.js";

const SIZES = { "3x3": 3, "5x5": 5, "7x7": 7 };

export function panel({ ask, stake, seed, done, act }) {
  const mines = h("input", { id: "mines", type: "number", min: 1, max: 24, value: 5, required: true });
  const grid = h(
    "select",
    { id: "grid" },
    Object.keys(SIZES).map((size) => h("option", { value: size }, size)),
  );
  grid.value = "5x5";
  const field = h("div", { class: "tiles" });
  const odds = h("div", { id: "odds" });
  const status = h("p", { id: "outcome", class: "outcome", "aria-live": "polite" });
  const cashOut = h("button", { type: "button", id: "cash-out", disabled: true, onclick: take }, t("fair.cashout"));
  let game = null;

  /** Before a round: how likely the first tile is safe, and what each further one pays. */
  function tell() {
    if (game) return;
    mines.max = GRIDS[grid.value] - 1;
    if (!mines.checkValidity()) {
      fill(odds, h("p", {}, t("fair.mines.wrong", { most: mines.max })));
      return;
    }
    const count = Number(mines.value);
    const first = minesMultiplier(grid.value, count, 1);
    const rows = [];
    let chance = 1;
    for (let safe = 1; safe <= GRIDS[grid.value] - count; safe++) {
      chance *= tileChance(grid.value, count, safe - 1);
      const multiplier = minesMultiplier(grid.value, count, safe);
      rows.push([safe, percent(chance), `${multiplier}×`, stake.pays(multiplier)]);
    }
    fill(
      odds,
      h("p", { class: "odds" }, oddsLine(tileChance(grid.value, count, 0), first, stake.pays(first))),
      h(
        "details",
        {},
        h("summary", {}, t("fair.table")),
        h(
          "div",
          { class: "scroll short", tabindex: 0, role: "region", "aria-label": t("fair.table") },
          payTable("pays", ["fair.safe", "fair.likely", "fair.multiplier", "fair.paid"], rows),
        ),
      ),
    );
  }

  function show(state, mineAt = []) {
    const size = SIZES[state.gridType];
    field.style.gridTemplateColumns = `repeat(${size}, 1fr)`;
    const opened = new Set(state.revealedTiles);
    const hidden = new Set(mineAt);
    fill(
      field,
      Array.from({ length: size * size }, (_, index) =>
        h(
          "button",
          {
            type: "button",
            "data-tile": index,
            disabled: !game,
            "aria-disabled": game && opened.has(index) ? "true" : null,
            class: hidden.has(index) ? "mine" : opened.has(index) ? "hit" : null,
            "aria-label": label(index, opened, hidden),
            onclick: () => game && !opened.has(index) && reveal(index),
          },
          hidden.has(index) ? "✹" : opened.has(index) ? "◆" : "",
        ),
      ),
    );
    cashOut.disabled = !game || !opened.size;
  }

  function label(index, opened, hidden) {
    return t(hidden.has(index) ? "fair.tile.mine" : opened.has(index) ? "fair.tile.safe" : "fair.tile", {
      number: index + 1,
    });
  }

  function finish(state, result) {
    game = null;
    show(state, result.minePositions);
    const won = Number(result.payout) > 0;
    fill(status, won ? t("fair.won", { amount: result.payout }) : t("fair.lost"));
    tell();
    done();
  }

  function go(state, current, next) {
    game = state.gameId;
    show(state);
    fill(status, t("fair.mines.now", { now: current ?? "1.00", next: next ?? "–" }));
    const chance = percent(tileChance(state.gridType, state.minesCount, state.revealedTiles.length));
    fill(odds, h("p", { class: "odds" }, t("fair.mines.next", { chance })));
  }

  async function begin(event) {
    event.preventDefault();
    const answer = await act("bet", () =>
      ask("PLACE_BET", {
        amount: stake.amount(),
        clientSeed: seed(),
        gameParams: { minesParams: { minesCount: Number(mines.value), gridType: grid.value } },
      }),
    );
    if (!answer) return;
    const state = answer.gameResult.minesOutcome;
    go(state, state.currentMultiplier, state.nextMultiplier);
  }

  async function reveal(tileIndex) {
    const answer = await act(`tile ${tileIndex}`, () => ask("MINES_REVEAL_TILE", { gameId: game, tileIndex }));
    if (!answer) return;
    if (answer.result) finish(answer.gameState, answer.result);
    else go(answer.gameState, answer.currentMultiplier, answer.nextMultiplier);
  }

  async function take() {
    const answer = await act("cash-out", () => ask("MINES_CASH_OUT", { gameId: game }));
    if (answer) finish(answer.gameState, answer.result);
  }

  /** A round that was left open goes on. */
  async function resume() {
    const active = await ask("MINES_CHECK_ACTIVE");
    if (!active.hasActiveGame) return;
    const answer = await act("resume", () => ask("MINES_RESUME_GAME", { gameId: active.gameId }));
    if (answer) go(answer.gameState, answer.currentMultiplier, answer.nextMultiplier);
  }

  mines.addEventListener("input", tell);
  grid.addEventListener("change", tell);
  stake.listen(tell);
  tell();
  resume().catch(() => {});
  return h(
    "form",
    { onsubmit: begin },
    h(
      "div",
      { class: "row" },
      h("label", {}, t("fair.mines"), mines),
      h("label", {}, t("fair.grid"), grid),
      h("button", { class: "primary", id: "bet" }, t("fair.begin")),
      cashOut,
    ),
    odds,
    status,
    field,
  );
}
