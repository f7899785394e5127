// One's own bets as the server keeps them, each with what it can be verified with, and one press that does it.

import { h, notice, refresh } from "../../dom.js";
import { gameOf, verdict } from "../../fair/verdict.js";
import { language, t } from "../../i18n.js";

const PAGE = 10;

/** Return {node, refresh()}. `seeds` changes the seeds when a bet's is still in use; `tables` are keno's. */
export function betsPanel(invoker, gameId, seeds, tables) {
  const list = h("ul", { class: "plain bets", id: "bets" });
  const none = h("p", { class: "soft" }, t("fair.bets.none"));
  const more = h(
    "button",
    { type: "button", id: "more-bets", onclick: () => load(shown + PAGE) },
    t("fair.bets.more"),
  );
  /** Verdicts by bet: what has been judged stays judged while the page is open. */
  const judged = new Map();
  let shown = PAGE;

  async function load(limit = shown) {
    const { history, hasMore } = await invoker.ask("GET_BET_HISTORY", { gameId, limit: Math.min(limit, 100) });
    shown = Math.min(limit, 100);
    none.hidden = history.length > 0;
    more.hidden = !hasMore || shown === 100;
    const open = new Set([...list.querySelectorAll("details[open]")].map(({ dataset }) => dataset.of));
    refresh(
      list,
      history.map((entry) => item(entry, open.has(entry.betId))),
    );
    // Nodes are compared as markup, which does not tell what they do: the list itself hears the presses.
    list.onclick = ({ target }) => {
      const entry = history.find(({ betId }) => betId === target.dataset?.check);
      if (entry) check(entry);
    };
  }

  function item(entry, open) {
    const { clientSeed, serverSeed, hashedServerSeed, nonce } = entry.provablyFair;
    const won = Number(entry.winAmount) > 0;
    const found = judged.get(entry.betId);
    return h(
      "li",
      { "data-bet": entry.betId },
      h(
        "details",
        { "data-of": entry.betId, open },
        h(
          "summary",
          {},
          h("span", { class: won ? "good" : null }, `${said(entry)} · ${entry.betAmount} → ${entry.winAmount}`),
        ),
        h(
          "dl",
          { class: "facts seeds" },
          fact("fair.at", new Date(entry.timestamp).toLocaleString(language)),
          fact("fair.nonce", nonce),
          fact("fair.commitment", hashedServerSeed),
          fact("fair.client", clientSeed),
          fact("fair.server", serverSeed || t("fair.server.used")),
        ),
      ),
      h("button", { type: "button", "data-check": entry.betId }, t(serverSeed ? "fair.check" : "fair.check.reveal")),
      found ? h("p", { class: found.fair ? "verdict good" : "verdict bad" }, found.text) : null,
    );
  }

  const fact = (key, value) => [h("dt", {}, t(key)), h("dd", {}, value)];

  async function check(entry) {
    try {
      if (!crypto.subtle) throw new Error(t("fair.verify.secure"));
      if (!entry.provablyFair.serverSeed) await seeds.rotate();
      const { history } = await invoker.ask("GET_BET_HISTORY", { gameId, limit: 100 });
      const revealed = history.find(({ betId }) => betId === entry.betId) ?? entry;
      if (!revealed.provablyFair.serverSeed) throw new Error(t("fair.check.later"));
      judged.set(entry.betId, inWords(await verdict(revealed, tables)));
      await load();
      list.querySelector(`[data-check="${entry.betId}"]`)?.focus({ preventScroll: true });
    } catch (error) {
      notice(error.message);
    }
  }

  const node = h("section", {}, h("h2", {}, t("fair.bets")), none, list, more);
  none.hidden = more.hidden = true;
  return { node, refresh: () => load().catch(() => {}) };
}

/** A verdict as a sentence. */
export function inWords({ fair, ...checks }) {
  const failed = Object.keys(checks).filter((one) => !checks[one]);
  const text = fair ? t("fair.verdict.fair") : failed.map((one) => t(`fair.verdict.${one}`)).join(" ");
  return { fair, text };
}

/** How a bet went, in a few words. */
function said(entry) {
  const outcome = Object.values(entry.gameOutcome)[0];
  switch (gameOf(entry)) {
    case "dice":
      return `${outcome.rolledNumber.toFixed(2)} ${t(`fair.${outcome.condition}`)} ${outcome.target}`;
    case "keno":
      return t("fair.said.keno", { hits: outcome.matchedCount, picks: outcome.selectedCount });
    case "mines":
      return t("fair.said.mines", { safe: outcome.safeTilesRevealed, mines: outcome.minesCount });
    default:
      return outcome.playerHands.map(({ result }) => t(`fair.result.${result}`)).join(", ");
  }
}
