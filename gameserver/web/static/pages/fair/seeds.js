// The seeds in force: the server's commitment and nonce, one's own seed, and changing both.

import { fill, h, notice } from "../../dom.js";
import { t } from "../../i18n.js";
import { ask } from "../../net/api.js";
import { randomHex } from "../../net/random.js";

/** Return {node, refresh(), clientSeed(), rotate()}; `onrotated` is called when there is a new seed. */
export function seedsPanel(invoker, onrotated) {
  const commitment = h("code", { id: "commitment" });
  const nonce = h("span", { id: "nonce" });
  const own = h("input", { id: "client-seed", value: randomHex(), minlength: 8, maxlength: 256 });
  const revealed = h("div");

  async function refresh() {
    const { serverSeedInfo } = await invoker.ask("GET_GAME_STATE");
    fill(commitment, serverSeedInfo.hashedServerSeed);
    fill(nonce, serverSeedInfo.currentNonce);
  }

  /** Have the seed in use revealed and replaced. */
  async function rotate() {
    const { oldSeed } = await ask("/v1/seeds/rotate", {}, invoker.token);
    const shown = { serverSeed: oldSeed.seedValue, hashedServerSeed: oldSeed.seedHash, bets: oldSeed.totalBets };
    fill(revealed, h("p", {}, t("fair.revealed")), h("pre", { id: "revealed" }, JSON.stringify(shown, null, 1)));
    await refresh();
  }

  async function press() {
    try {
      await rotate();
      onrotated();
    } catch (error) {
      notice(error.message);
    }
  }

  const node = h(
    "section",
    { class: "card" },
    h("h2", {}, t("fair.seeds")),
    h("p", { class: "soft" }, t("fair.seeds.about")),
    h("p", {}, t("fair.commitment"), h("br"), h("span", { class: "scroll" }, commitment)),
    h("p", {}, t("fair.nonce"), " ", nonce),
    h("p", {}, h("label", {}, t("fair.client"), own)),
    h("button", { id: "rotate-seed", onclick: press }, t("fair.rotate")),
    revealed,
  );
  return { node, refresh: () => refresh().catch(() => {}), clientSeed: () => own.value, rotate };
}
