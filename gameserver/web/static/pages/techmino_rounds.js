// The Techmino rounds somebody has played, with a client of any generation, and one of them second by second.

import { account, askAsMe } from "../account.js";
import { fill, h } from "../dom.js";
import { entrance } from "../entrance.js";
import { t } from "../i18n.js";
import { bySecond, LONGEST } from "../net/techmino_stream.js";
import { shownName } from "../player.js";
import { saveJson } from "../save.js";
import { playback } from "./playback.js";

/** Lines of what happened that are shown at most. */
const LINES = 200;

export async function render(main, id) {
  if (!account) {
    fill(main, h("h1", {}, t("techmino.replays")), entrance(t("season.come")));
    return null;
  }
  if (id) return renderRound(main, id);
  const results = h("tbody", { id: "replays" });
  fill(main, h("h1", {}, t("techmino.replays")), roundTable(results));
  await showRounds(results);
  return null;
}

/** The table around a list of rounds. */
export function roundTable(results) {
  const heads = ["season.ended", "techmino.type", "techmino.result"].map((head) => h("th", {}, t(head)));
  const head = h("thead", {}, h("tr", {}, heads, h("td")));
  return h("div", { class: "scroll", tabindex: 0 }, h("table", {}, head, results));
}

/** Fill the list. */
export async function showRounds(results) {
  const { replays } = await askAsMe("/techmino/replays");
  fill(
    results,
    replays.length
      ? replays.map((one) =>
          h(
            "tr",
            {},
            h("td", {}, new Date(one.ended_ms).toLocaleString()),
            h("td", {}, one.version ? `${one.type} · ${one.version}` : one.type),
            h("td", {}, one.players.map(({ username, place }) => `${place}. ${shownName(username)}`).join(", ")),
            h(
              "td",
              { class: "row" },
              h("a", { href: `#/techmino/rounds/${one.id}`, class: "watch" }, t("techmino.watch")),
              h("button", { onclick: () => download(one.id) }, t("techmino.download")),
            ),
          ),
        )
      : h("tr", {}, h("td", { colspan: 4, class: "soft" }, t("season.none.past"))),
  );
}

/** A replay is for those who took part, so it is fetched with the token and not by a link. */
async function download(id) {
  saveJson(`techmino-${id}.json`, await askAsMe(`/techmino/replays/${id}`));
}

const clock = (second) => `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;

/** Every player with what they have done until each second. The pages know no rules of the game: there is no field. */
async function renderRound(main, id) {
  const round = await askAsMe(`/techmino/replays/${encodeURIComponent(id)}`);
  const players = round.players.map((player) => ({
    ...player,
    username: shownName(player.username),
    survivalTime: Math.min(player.survivalTime, LONGEST),
    seconds: bySecond(player.stream),
  }));
  const last = Math.max(1, ...players.map(({ seconds, survivalTime }) => Math.max(seconds.length - 1, survivalTime)));
  const at = ({ seconds }, second) => seconds[Math.min(second, seconds.length - 1)];
  const most = Math.max(1, ...players.map((player) => at(player, last).drops));
  const out = ({ place, survivalTime }, second) => second >= (place === 1 ? last : survivalTime);

  const body = h("tbody", { id: "round-players" });
  const log = h("ul", { class: "log plain", id: "round-log" });
  /** What happened in one second. */
  function told(second) {
    return players.flatMap((player) => {
      const name = player.username;
      const before = at(player, second - 1);
      const now = at(player, second);
      const [keys, drops] = [now.keys - before.keys, now.drops - before.drops];
      const lines = [];
      if (keys) lines.push(t("techmino.round.did", { time: clock(second), name, keys, drops }));
      if (out(player, second) && !out(player, second - 1)) {
        lines.push(t("techmino.round.out", { time: clock(second), name, place: player.place }));
      }
      return lines;
    });
  }

  const { node, go, stop } = playback(last, 1000, (second) => {
    fill(
      body,
      players.map((player) => {
        const { keys, drops, attacks } = at(player, second);
        const bar = h("progress", { max: most, value: drops, "aria-label": t("techmino.round.pieces") });
        const place = out(player, second) ? player.place : "";
        return h(
          "tr",
          {},
          [player.username, place, [bar, ` ${drops}`], keys, attacks].map((cell) => h("td", {}, cell)),
        );
      }),
    );
    const lines = [];
    for (let back = second; back > 0 && lines.length < LINES; back -= 1) lines.unshift(...told(back));
    fill(
      log,
      lines.slice(-LINES).map((line) => h("li", {}, line)),
    );
    log.scrollTop = log.scrollHeight;
    return `${clock(second)} / ${clock(last)}`;
  });
  const heads = ["player", "place", "pieces", "keys", "attacks"].map((key) =>
    h("th", {}, t(`techmino.round.${key}`)),
  );
  fill(
    main,
    h("h1", {}, round.room || t("nav.techmino")),
    h("p", { class: "soft" }, `${round.type} ${round.version} · ${new Date(round.started_ms).toLocaleString()}`),
    players
      .filter(({ whole }) => !whole)
      .map(({ username }) => h("p", { class: "soft" }, t("techmino.round.cut", { name: username }))),
    node,
    h("div", { class: "scroll", tabindex: 0 }, h("table", {}, h("thead", {}, h("tr", {}, heads)), body)),
    h("h2", {}, t("match.log")),
    log,
  );
  go(0);
  return stop;
}
