// Blackjack against the dealer.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";
import { payTable } from "./odds.js";

const SUITS = { hearts: "♥", diamonds: "♦", clubs: "♣", spades: "♠" };

export function panel({ ask, stake, seed, done, act }) {
  const table = h("div", { id: "table" });
  const status = h("p", { id: "outcome", class: "outcome", "aria-live": "polite" });
  const moves = h("div", { class: "row" });
  const odds = h("div", { class: "scroll", tabindex: 0 });
  const deal = h("button", { class: "primary", id: "bet" }, t("fair.deal"));

  /** What pays what: the same for every round. */
  function tell() {
    const pays = (key, multiplier) => [t(key), `${multiplier}×`, stake.pays(multiplier)];
    const rows = [pays("fair.pays.blackjack", "2.50"), pays("fair.pays.win", "2.00"), pays("fair.pays.push", "1.00")];
    fill(
      odds,
      payTable("odds", ["fair.ending", "fair.multiplier", "fair.paid"], rows),
      h("p", { class: "soft" }, t("fair.pays.insurance")),
    );
  }

  function show(state) {
    const finished = state.status === "finished";
    deal.disabled = !finished;
    fill(
      table,
      hand(t("fair.dealer"), state.dealerHand.cards ?? [state.dealerHand.showCard], !state.dealerHand.isRevealed),
      state.playerHands.map((one, index) =>
        hand(
          `${t("fair.hand")} ${index + 1} · ${one.bestValue}${one.result ? ` · ${t(`fair.result.${one.result}`)}` : ""}`,
          one.cards,
          false,
          index === state.activeHandIndex && !finished,
        ),
      ),
    );
    fill(moves, finished ? [] : choices(state));
    if (finished) {
      const won = Number(state.totalPayout) > 0;
      fill(status, won ? t("fair.won", { amount: state.totalPayout }) : t("fair.lost"));
      done();
    } else fill(status, state.canInsure ? t("fair.insure?") : "");
  }

  function choices(state) {
    const { roundId, activeHandIndex: handIndex } = state;
    const move = (name, type, payload) =>
      h(
        "button",
        {
          type: "button",
          id: `move-${name}`,
          onclick: async () => {
            const next = await act(name, () => ask(type, { roundId, ...payload }));
            if (next) show(next.gameState ?? next);
          },
        },
        t(`fair.${name}`),
      );
    if (state.canInsure) {
      return [
        move("insure", "BLACKJACK_INSURANCE", { acceptInsurance: true }),
        move("decline", "BLACKJACK_INSURANCE", { acceptInsurance: false }),
      ];
    }
    const active = state.playerHands[handIndex] || {};
    return [
      active.canHit && move("hit", "BLACKJACK_HIT", { handIndex }),
      active.canStand && move("stand", "BLACKJACK_STAND", { handIndex }),
      active.canDouble && move("double", "BLACKJACK_DOUBLE", { handIndex }),
      active.canSplit && move("split", "BLACKJACK_SPLIT", { handIndex }),
    ];
  }

  async function begin(event) {
    event.preventDefault();
    const state = await act("bet", () =>
      ask("PLACE_BET", { amount: stake.amount(), clientSeed: seed(), gameParams: { blackjackParams: {} } }),
    );
    if (state) show(state.gameState ?? state);
  }

  async function resume() {
    const active = await ask("BLACKJACK_CHECK_ACTIVE");
    if (active.hasActiveGame) show(active.gameState);
  }

  stake.listen(tell);
  tell();
  resume().catch(() => {});
  return h("div", {}, h("form", { onsubmit: begin }, deal, status, moves, table), odds);
}

function hand(title, cards, hole, active = false) {
  return h(
    "div",
    { class: active ? "hand active" : "hand" },
    h("h2", {}, title),
    cards
      .filter(Boolean)
      .map(({ suit, rank }) =>
        h(
          "span",
          { class: suit === "hearts" || suit === "diamonds" ? "playing-card red" : "playing-card" },
          `${rank}${SUITS[suit]}`,
        ),
      ),
    hole ? h("span", { class: "playing-card", "aria-label": t("fair.hole") }, "?") : null,
  );
}
