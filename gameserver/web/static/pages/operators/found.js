// Players and matches that have a text in their name.

import { askAsMe } from "../../account.js";
import { fill, h } from "../../dom.js";
import { t } from "../../i18n.js";
import { protocolsOf } from "../../player.js";
import { back, gameOf, matchView, moment, playerView, playerViews, search, section } from "./parts.js";

export async function render(main, text) {
  const { players, matches } = await askAsMe(`/api/operator/search?q=${encodeURIComponent(text)}`);
  const people = players.map(({ name, role, doors }) => [
    playerView(name),
    t(`operators.role.${role ?? "none"}`),
    protocolsOf(doors) || "–",
  ]);
  const games = matches.map((one) => [
    one.id,
    matchView(one),
    gameOf(one.game),
    one.players.length ? playerViews(one.players) : "–",
    moment(one.created_ms),
    moment(one.finished_ms),
  ]);
  fill(
    main,
    h("h1", {}, t("operators.find.title", { text })),
    search(text),
    players.length + matches.length ? null : h("p", { id: "nothing" }, t("operators.find.none")),
    section("operators.players", ["operators.player", "operators.role", "operators.here"], people, {
      id: "found-players",
    }),
    section(
      "operators.matches",
      [
        "operators.number",
        "season.name",
        "operators.game",
        "season.players",
        "operators.match.created",
        "operators.match.finished",
      ],
      games,
      { id: "found-matches" },
    ),
    back(),
  );
}
