// Mines: open tiles, take the money before a mine does.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";

const SIZES = { "3x3": 3, "5x5": 5, "7x7": 7 };

export function panel({ ask, amount, seed, done, act }) {
  const mines = h("input", { id: "mines", type: "number", min: 1, max: 48, value: 5 });
  const grid = h(
    "select",
    { id: "grid" },
    Object.keys(SIZES).map((size) => h("option", { value: size }, size)),
  );
  grid.value = "5x5";
  const field = h("div", { class: "tiles" });
  const status = h("p", { id: "outcome", class: "outcome", "aria-live": "polite" });
  const cashOut = h("button", { type: "button", id: "cash-out", disabled: true, onclick: take }, t("fair.cashout"));
  let game = null;

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
    done(
      `${state.safeTilesRevealed} × ${result.finalMultiplier} · ${won ? `+${result.payout}` : t("fair.lost")}`,
      won,
    );
  }

  function go(state, current, next) {
    game = state.gameId;
    show(state);
    fill(status, t("fair.mines.now", { now: current ?? "1.00", next: next ?? "–" }));
  }

  async function begin(event) {
    event.preventDefault();
    const answer = await act(() =>
      ask("PLACE_BET", {
        amount: amount(),
        clientSeed: seed(),
        gameParams: { minesParams: { minesCount: Number(mines.value), gridType: grid.value } },
      }),
    );
    if (!answer) return;
    const state = answer.gameResult.minesOutcome;
    go(state, state.currentMultiplier, state.nextMultiplier);
  }

  async function reveal(tileIndex) {
    const answer = await act(() => ask("MINES_REVEAL_TILE", { gameId: game, tileIndex }));
    if (!answer) return;
    if (answer.result) finish(answer.gameState, answer.result);
    else go(answer.gameState, answer.currentMultiplier, answer.nextMultiplier);
  }

  async function take() {
    const answer = await act(() => ask("MINES_CASH_OUT", { gameId: game }));
    if (answer) finish(answer.gameState, answer.result);
  }

  /** A round that was left open goes on. */
  async function resume() {
    const active = await ask("MINES_CHECK_ACTIVE");
    if (!active.hasActiveGame) return;
    const answer = await act(() => ask("MINES_RESUME_GAME", { gameId: active.gameId }));
    if (answer) go(answer.gameState, answer.currentMultiplier, answer.nextMultiplier);
  }

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
    status,
    field,
  );
}
