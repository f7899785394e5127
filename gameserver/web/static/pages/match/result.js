// What is shown when a game is over: places and points, another game with the same people, the game seen again.

import { enterLobby } from "../../account.js";
import { h, notice } from "../../dom.js";
import { known, t } from "../../i18n.js";
import { make } from "../../making.js";
import { ask } from "../../net/api.js";
import { nextName, places } from "./places.js";

/** Milliseconds between two looks whether the end of a match has been written, and how many there are. */
const PAUSE = 1000;
const LOOKS = 20;

/** {node, show(view, board), invited(text), end()}. `say(text)` speaks to everybody in the match. */
export function result(season, name, say) {
  const node = h("div", { id: "result" });
  const next = nextName(name);
  const replay = h("a", { id: "replay-link", class: "button", hidden: true }, t("season.replay"));
  const rematch = h("button", { class: "primary", id: "rematch", onclick: again }, t("result.rematch"));
  const address = `#/match/${season.name}/${encodeURIComponent(next)}`;
  let shown = false;
  let timer = null;

  function show(view, board) {
    if (shown) return;
    shown = true;
    const points = board.points ?? (() => null);
    const rows = places(view.players(), view.model.root.winner, points);
    const unit = known(`result.unit.${season.game}`, t("result.points"));
    rematch.hidden = view.visitor();
    node.append(
      h(
        "section",
        { class: "card result", "aria-labelledby": "result-title" },
        h("h2", { id: "result-title" }, t("match.won", { name: view.model.root.winner?.nickname ?? "?" })),
        h(
          "ol",
          { class: "places" },
          rows.map((row) =>
            h(
              "li",
              { value: row.place, class: row.won ? "first" : null },
              h("strong", {}, row.name),
              row.points === null ? null : h("span", { class: "soft" }, ` ${row.points} ${unit}`),
            ),
          ),
        ),
        h("div", { class: "row" }, rematch, replay, h("a", { href: `#/season/${season.name}` }, t("result.others"))),
      ),
    );
    look(LOOKS, rows);
  }

  /** Find the match among those that are over, for the link to see it again. */
  async function look(left) {
    const { matches } = await ask(`/api/matches?season=${season.name}&state=over`).catch(() => ({ matches: [] }));
    const match = matches.find((one) => one.name === name);
    if (match) {
      replay.href = `#/replay/${match.id}`;
      replay.hidden = false;
    } else if (left > 0) timer = setTimeout(() => look(left - 1), PAUSE);
  }

  async function again() {
    rematch.disabled = true;
    try {
      const match = await ended();
      const count = Math.max(match?.players.length ?? 0, season.players[0]);
      const lobby = await enterLobby(season);
      try {
        const options = { computers: match?.test_game, map: match?.map, turnSeconds: match?.turn_seconds };
        const there = async () =>
          (await lobby.say("LIST GAMES")).some((line) => line.startsWith(`GAME NAME=${next} `));
        // Somebody else may have been quicker: the same game waits for both.
        const mine =
          !(await there()) &&
          (await make(lobby, season, next, count, options).then(
            () => true,
            async (error) => {
              if (!(await there())) throw error;
              return false;
            },
          ));
        if (mine) say(`${t("result.invite")} JOIN GAME ${next}`);
        const alone = match && match.players.filter((one) => !/^computer\d+$/.test(one)).length === 1;
        location.hash = alone && match.test_game ? `${address}/start` : address;
      } finally {
        lobby.close();
      }
    } catch (error) {
      notice(error.message);
      rematch.disabled = false;
    }
  }

  async function ended() {
    const { matches } = await ask(`/api/matches?season=${season.name}&state=over`);
    return matches.find((one) => one.name === name);
  }

  return {
    node,
    show,
    /** Somebody has said something; it may be that they have made the next game. */
    invited(text) {
      if (text.endsWith(` JOIN GAME ${next}`)) rematch.textContent = t("result.join");
    },
    end: () => clearTimeout(timer),
  };
}
