// The best at each game.

import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";
import { playerLink } from "../player.js";
import { table } from "../table.js";
import { gameTitle } from "./player.js";

export async function render(main, chosen = "") {
  let found = await ask(`/api/leaders?game=${encodeURIComponent(chosen)}`);
  const game = chosen || found.games[0];
  if (!chosen && game) found = await ask(`/api/leaders?game=${encodeURIComponent(game)}`);
  const tabs = found.games.map((one) =>
    h("a", { href: `#/leaders/${one}`, class: "tab", "aria-current": one === game ? "page" : null }, gameTitle(one)),
  );
  const rows = found.leaders.map(({ name, rating, deviation, played, won }, index) => [
    index + 1,
    playerLink(name),
    `${rating} ± ${2 * deviation}`,
    played,
    won,
  ]);
  fill(
    main,
    h("h1", {}, t("nav.leaders")),
    h("p", { class: "soft" }, t("leaders.about")),
    h("div", { class: "row", role: "navigation", "aria-label": t("nav.leaders") }, tabs),
    rows.length
      ? table(
          gameTitle(game),
          ["leaders.rank", "player.name", "player.rating", "player.played", "player.won"],
          rows,
          { id: "leaders" },
        )
      : h("p", { id: "no-leaders" }, t("leaders.none")),
  );
  return null;
}
