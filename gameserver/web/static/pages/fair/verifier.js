// The verifier: seeds and nonce in, the outcome out, computed by this browser and by nobody else.

import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";
import { isCommitted, verifyBlackjack, verifyDice, verifyKeno, verifyMines } from "../../fair/verify.js";

const VERIFY = { dice: verifyDice, mines: verifyMines, keno: verifyKeno, blackjack: verifyBlackjack };

/** An outcome as a sentence. */
const WORDS = {
  dice: ({ roll }) => t("fair.found.dice", { roll: roll.toFixed(2) }),
  mines: ({ minePositions }) => t("fair.found.mines", { tiles: minePositions.map((tile) => tile + 1).join(", ") }),
  keno: ({ drawnNumbers }) => t("fair.found.keno", { numbers: drawnNumbers.join(", ") }),
  blackjack: ({ playerCards, dealerCards }) =>
    t("fair.found.blackjack", { own: playerCards.join(" "), dealer: dealerCards.join(" ") }),
};

export function verifier() {
  const field = (id, attributes = {}) => h("input", { id: `verify-${id}`, ...attributes });
  const game = h(
    "select",
    { id: "verify-game" },
    ["dice", "mines", "keno", "blackjack"].map((one) => h("option", { value: one }, t(`fair.${one}`))),
  );
  const server = field("server", { required: true });
  const committed = field("commitment", { pattern: "\\s*[0-9a-fA-F]{64}\\s*" });
  const client = field("client", { required: true });
  const nonce = field("nonce", { type: "number", min: 0, value: 0, required: true });
  const mines = field("mines", { type: "number", min: 1, max: 48, value: 5 });
  const grid = h(
    "select",
    { id: "verify-grid" },
    ["3x3", "5x5", "7x7"].map((one) => h("option", { value: one }, one)),
  );
  grid.value = "5x5";
  const out = h("div", { id: "verified", "aria-live": "polite" });

  async function run(event) {
    event.preventDefault();
    try {
      if (!crypto.subtle) throw new Error(t("fair.verify.secure"));
      const found = await VERIFY[game.value]({
        serverSeed: server.value.trim(),
        clientSeed: client.value,
        nonce: Number(nonce.value),
        minesCount: Number(mines.value),
        gridType: grid.value,
      });
      const held = committed.value.trim() && (await isCommitted(server.value.trim(), committed.value.trim()));
      fill(
        out,
        h("p", { class: "outcome", id: "verified-outcome" }, WORDS[game.value](found)),
        held === ""
          ? h("p", { class: "soft" }, t("fair.verify.hash"))
          : h(
              "p",
              { class: held ? "good" : "bad", id: "verified-commitment" },
              t(held ? "fair.verify.held" : "fair.verdict.commitment"),
            ),
        h("details", {}, h("summary", {}, t("fair.steps")), h("pre", {}, JSON.stringify(found, null, 2))),
      );
    } catch (error) {
      fill(out, h("p", { class: "bad" }, error.message));
    }
  }

  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("fair.verify")),
    h("p", {}, t("fair.verify.about")),
    h(
      "form",
      { onsubmit: run },
      h(
        "div",
        { class: "row" },
        h("label", {}, t("fair.game"), game),
        h("label", {}, t("fair.nonce"), nonce),
        h("label", {}, t("fair.mines"), mines),
        h("label", {}, t("fair.grid"), grid),
      ),
      h("p", {}, h("label", {}, t("fair.server"), server)),
      h("p", {}, h("label", {}, t("fair.committed"), committed)),
      h("p", {}, h("label", {}, t("fair.client"), client)),
      h("button", { class: "primary", id: "verify" }, t("fair.verify.do")),
    ),
    out,
  );
}
