// The lobby of one season: games to join and to watch, new games, finished games to see again.

import { account, enterLobby } from "../account.js";
import { fill, h, notice, refresh } from "../dom.js";
import { entrance } from "../entrance.js";
import { known, t, title } from "../i18n.js";
import { make } from "../making.js";
import { ask } from "../net/api.js";
import { fields } from "../net/lobby.js";
import { seasonCalled } from "../net/seasons.js";
import { shownName } from "../player.js";
import { poll } from "../poll.js";

/** Seconds a turn may be given here; 0 for as long as it takes. */
const TURN_TIMES = [0, 30, 60, 120, 300];

export async function render(main, name) {
  const season = await seasonCalled(name);
  if (!season) throw new Error(t("page.none"));
  const about = known(`game.${season.game}.about`, null);
  const heading = [h("h1", {}, title(season)), about && h("p", { class: "soft" }, about)];
  if (!account) {
    fill(main, heading, entrance(t("season.come")));
    return null;
  }
  const lobby = await enterLobby(season);
  const games = h("tbody", { id: "games" });
  const past = h("tbody", { id: "past" });
  fill(
    main,
    heading,
    await form(lobby, season),
    h("h2", {}, t("season.games")),
    table(["season.name", "season.players", "season.status"], games),
    h("h2", {}, t("season.past")),
    table(["season.name", "season.players", "season.ended"], past),
  );
  const ends = [
    poll(async () => {
      const lines = await lobby.say("LIST GAMES");
      const rows = lines.filter((line) => line.startsWith("GAME ")).map((line) => row(season, fields(line)));
      refresh(games, rows.length ? rows : empty(t("season.none")));
    }, 2),
    poll(async () => {
      const { matches } = await ask(`/api/matches?season=${season.name}&state=over`);
      const rows = matches.map((match) =>
        h(
          "tr",
          {},
          h("td", {}, match.name),
          h("td", {}, match.players.map(shownName).join(", ")),
          h("td", {}, new Date(match.ended_ms).toLocaleString()),
          h("td", {}, h("a", { href: `#/replay/${match.id}` }, t("season.replay"))),
        ),
      );
      refresh(past, rows.length ? rows : empty(t("season.none.past")));
    }, 15),
  ];
  return () => {
    ends.forEach((end) => end());
    lobby.close();
  };
}

function table(heads, body) {
  return h(
    "div",
    { class: "scroll", tabindex: 0 },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((head) => h("th", {}, t(head))),
          h("td"),
        ),
      ),
      body,
    ),
  );
}

function empty(text) {
  return h("tr", {}, h("td", { colspan: 4, class: "soft" }, text));
}

function row(season, { NAME, PLAYERS, STATUS, MAPNAME }) {
  const address = `#/match/${season.name}/${encodeURIComponent(NAME)}`;
  return h(
    "tr",
    { "data-game": NAME },
    h("td", {}, NAME, MAPNAME ? h("span", { class: "soft" }, ` · ${MAPNAME}`) : null),
    h("td", {}, PLAYERS),
    h("td", {}, t(STATUS === "JOINING" ? "state.open" : "state.running")),
    h(
      "td",
      {},
      STATUS === "JOINING"
        ? h("a", { href: address, class: "join" }, t("season.join"))
        : h("a", { href: address, class: "join" }, t("season.rejoin")),
      " ",
      h("a", { href: `${address}/watch`, class: "watch" }, t("season.watch")),
    ),
  );
}

/** What a new game is made with. */
async function form(lobby, season) {
  const name = h("input", {
    id: "game-name",
    required: true,
    pattern: "[^\\s=]{1,32}",
    value: `${account.name}-${Date.now().toString(36).slice(-4)}`,
  });
  const players = h(
    "select",
    { id: "players" },
    range(...season.players).map((count) => h("option", { value: count }, count)),
  );
  const computers = h("input", { type: "checkbox", id: "computers", checked: true });
  const time = season.real_time
    ? null
    : h(
        "select",
        { id: "turn-time" },
        TURN_TIMES.map((seconds) =>
          h("option", { value: seconds }, seconds ? t("season.seconds", { seconds }) : t("season.no.clock")),
        ),
      );
  let map = null;
  if (season.maps) {
    const names = (await lobby.say("LIST MAPS"))
      .map((line) => /(?:MAP )?NAME=(\S+)|^MAP (\S+)/.exec(line))
      .filter(Boolean)
      .map((found) => found[1] || found[2]);
    map = h(
      "select",
      { id: "map" },
      names.map((one) => h("option", { value: one }, one)),
    );
  }
  async function create(event) {
    event.preventDefault();
    try {
      const options = { computers: computers.checked, map: map?.value, turnSeconds: Number(time?.value ?? 0) };
      await make(lobby, season, name.value, players.value, options);
      location.hash = `#/match/${season.name}/${encodeURIComponent(name.value)}`;
    } catch (error) {
      notice(error.message);
    }
  }
  return h(
    "form",
    { class: "row card", onsubmit: create },
    h("label", {}, t("season.name"), name),
    h("label", {}, t("season.players"), players),
    map ? h("label", {}, t("season.map"), map) : null,
    time ? h("label", {}, t("season.turn.time"), time) : null,
    h("label", { class: "quiet" }, computers, t("season.computers")),
    h("button", { class: "primary", id: "create", type: "submit" }, t("season.create")),
  );
}

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
