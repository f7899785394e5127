// The provably fair mini-games: one panel a game, the seeds and one's bets beside it, and the verifier.

import { account } from "../account.js";
import { fill, h, notice } from "../dom.js";
import { entrance } from "../entrance.js";
import { decimalsOf } from "../fair/money.js";
import { known, t } from "../i18n.js";
import { Invoker } from "../net/invoker.js";
import { betsPanel } from "./fair/bets.js";
import { oneAtATime } from "./fair/once.js";
import { seedsPanel } from "./fair/seeds.js";
import { stakePanel } from "./fair/stake.js";
import { verifier } from "./fair/verifier.js";

const GAMES = {
  dice: () => import("./fair/dice.js"),
  mines: () => import("./fair/mines.js"),
  keno: () => import("./fair/keno.js"),
  blackjack: () => import("./fair/blackjack.js"),
};

const CURRENCY = "USD";

export async function render(main, chosen = "dice") {
  if (chosen !== "verify" && !Object.hasOwn(GAMES, chosen)) throw new Error(t("page.none"));
  const tabs = h(
    "div",
    { class: "row", role: "navigation", "aria-label": t("nav.fair") },
    [...Object.keys(GAMES), "verify"].map((game) =>
      h(
        "a",
        { href: `#/fair/${game}`, class: "tab", "aria-current": game === chosen ? "page" : null },
        t(`fair.${game}`),
      ),
    ),
  );
  const heading = [h("h1", {}, t("nav.fair")), h("p", { class: "soft" }, t("fair.about")), tabs];
  if (chosen === "verify") {
    fill(main, heading, verifier());
    return null;
  }
  if (!account) {
    fill(main, heading, entrance(t("season.come")));
    return null;
  }
  const { panel } = await GAMES[chosen]();
  const balance = h("strong", { id: "balance" }, "…");
  const gameId = `inhousegame:${chosen}`;
  const invoker = await Invoker.open(gameId, (type, payload) => {
    if (type === "BALANCE_UPDATE") fill(balance, payload.balance);
  });
  const [state, { configs }] = await Promise.all([
    invoker.ask("GET_BALANCE"),
    invoker.ask("GET_GAME_CONFIG", { gameId }),
  ]);
  const { config } = configs[0];
  const limits = config.betInfo.find(({ currency }) => currency === CURRENCY);
  const seeds = seedsPanel(invoker, () => bets.refresh());
  const bets = betsPanel(invoker, gameId, seeds, config.payoutTables);
  const stake = stakePanel(limits, decimalsOf(state.balance));
  const card = h("div", { class: "card" });
  const alone = oneAtATime((busy) => card.setAttribute("aria-busy", String(busy)));
  const tried = async (work) => {
    try {
      return await work();
    } catch (error) {
      notice(known(`fair.error.${error.code}`, error.message));
      // Whether the server has heard of it stands among the bets, which come over another connection.
      if (error.unreachable) {
        seeds.refresh();
        bets.refresh();
      }
      return null;
    }
  };
  fill(balance, state.balance);
  fill(
    card,
    stake.node,
    panel({
      ask: (type, payload) => invoker.ask(type, payload),
      stake,
      seed: seeds.clientSeed,
      config,
      /** What is to be called when a bet is over. */
      done: () => {
        seeds.refresh();
        bets.refresh();
      },
      /** Do something alone; null if it was refused, or something is under way, or this has just been done. */
      act: (what, work) => alone(what, () => tried(work)),
    }),
  );
  fill(
    main,
    heading,
    h("p", {}, t("fair.balance"), " ", balance, ` ${CURRENCY} · `, t("fair.return", { percent: config.defaultRTP })),
    h("div", { class: "columns" }, card, h("aside", {}, seeds.node, bets.node)),
  );
  seeds.refresh();
  bets.refresh();
  return () => invoker.close();
}
