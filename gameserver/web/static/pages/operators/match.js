// All about one match, open or over, and closing it.

import { askAsMe } from "../../account.js";
import { fill, h, notice } from "../../dom.js";
import { t } from "../../i18n.js";
import { seasons } from "../../net/seasons.js";
import { askedTwice, back, facts, gameOf, moment, playerView, playerViews, search } from "./parts.js";

export async function render(main, id) {
  const place = h("div");
  fill(main, place);
  await show(place, id);
}

async function show(place, id) {
  const found = await askAsMe(`/api/operator/match?id=${encodeURIComponent(id)}`);
  const season = (await seasons()).find(({ game }) => game === found.game);
  const over = found.finished_ms !== null;
  const words = { id: found.id, name: found.name, act: t("operators.match.close") };

  async function close() {
    try {
      await askAsMe("/api/operator/close", { match: found.id });
      notice(t("operators.match.closed"));
      location.hash = "#/operators";
    } catch (error) {
      notice(error.message);
    }
  }

  const names = over ? found.players : found.seated;
  fill(
    place,
    h("h1", {}, `${t("operators.match", words)}: ${found.name}`),
    search(),
    h(
      "section",
      { class: "card" },
      facts(
        [
          ["operators.game", gameOf(found.game)],
          ["operators.state", t(state(found))],
          [over ? "season.players" : "operators.match.seated", names.length ? playerViews(names) : "–"],
          ["operators.match.winner", found.winner && playerView(found.winner)],
          ["operators.match.creator", playerView(found.creator)],
          ["operators.match.created", moment(found.created_ms)],
          ["operators.match.finished", moment(found.finished_ms)],
          ["operators.match.latest", moment(found.last_ms)],
          ["operators.match.lines", found.lines],
          ["operators.match.owner", found.here ? t("operators.match.here", { node: found.owner }) : found.owner],
        ],
        { id: "facts" },
      ),
    ),
    h(
      "div",
      { class: "row" },
      over ? h("a", { id: "replay", href: `#/replay/${found.id}` }, t("operators.match.replay")) : null,
      !over && season
        ? h(
            "a",
            { id: "watch", href: `#/match/${season.name}/${encodeURIComponent(found.name)}` },
            t("operators.match.watch"),
          )
        : null,
    ),
    over ? null : askedTwice("close-match", words.act, t("operators.sure", words), close),
    back(),
  );
}

function state({ finished_ms: finished, running }) {
  if (finished !== null) return "operators.match.over";
  return running ? "state.running" : "state.open";
}
