// The provably fair mini-games: one panel a game, the seeds beside it, and the verifier.

import { account } from "../account.js";
import { fill, h, notice } from "../dom.js";
import { entrance } from "../entrance.js";
import { known, t } from "../i18n.js";
import { Invoker } from "../net/invoker.js";
import { seedsPanel } from "./fair/seeds.js";
import { verifier } from "./fair/verifier.js";

const GAMES = {
  dice: () => import("./fair/dice.js"),
  mines: () => import("./fair/mines.js"),
  keno: () => import("./fair/keno.js"),
  blackjack: () => import("./fair/blackjack.js"),
};

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
  const history = h("ul", { class: "log plain", id: "bets" });
  const table = {
    currency: "USD",
    amount: h("input", { id: "amount", value: "1.00", inputmode: "decimal", required: true }),
  };
  const invoker = await Invoker.open(`inhousegame:${chosen}`, (type, payload) => {
    if (type === "BALANCE_UPDATE") fill(balance, payload.balance);
  });
  const seeds = seedsPanel(invoker);
  const done = (text, good) => {
    history.prepend(h("li", { class: good ? "good" : null }, text));
    while (history.children.length > 50) history.lastChild.remove();
    seeds.refresh();
  };
  const act = async (work) => {
    try {
      return await work();
    } catch (error) {
      notice(known(`fair.error.${error.code}`, error.message));
      return null;
    }
  };
  fill(
    main,
    heading,
    h("p", {}, t("fair.balance"), " ", balance, ` ${table.currency}`),
    h(
      "div",
      { class: "columns" },
      h(
        "div",
        { class: "card" },
        h("label", {}, t("fair.amount"), table.amount),
        panel({
          ask: (type, payload) => invoker.ask(type, payload),
          amount: () => table.amount.value,
          seed: seeds.clientSeed,
          done,
          act,
        }),
      ),
      h("aside", {}, seeds.node, h("h2", {}, t("fair.bets")), history),
    ),
  );
  const state = await invoker.ask("GET_BALANCE");
  fill(balance, state.balance);
  seeds.refresh();
  return () => invoker.close();
}
