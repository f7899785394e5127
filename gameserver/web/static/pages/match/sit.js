// One stay in a match: from joining it over a connection until that ends.

import { account, enterLobby } from "../../account.js";
import { addLine, fill, h, keepFocus, refresh } from "../../dom.js";
import { isTrue } from "../../net/model.js";
import { t, title } from "../../i18n.js";
import { matchAddress } from "../../invitation.js";
import { tellings } from "../story.js";
import { View } from "../view.js";
import { attention } from "./attention.js";
import { page } from "./frame.js";
import { Pace } from "./pace.js";
import { result } from "./result.js";
import { seats } from "./seats.js";
import { talk } from "./talk.js";
import { buttons, clock, headline, standing, watching } from "./words.js";

/** Milliseconds after which somebody is told that the server has not answered yet. */
const SLOW = 2000;

/**
 * Take a place in a match and fill the page with it. `lost(reason)` is called when the connection ends; returns
 * {leave(), lock()}. Raises what refuses the place, and an error that is `unreachable`.
 */
export async function sit({ place, season, name, mode, create, parts, line, lost }) {
  const lobby = await enterLobby(season, `JOIN GAME ${name}${mode === "watch" ? " -visitor true" : ""}`);
  const view = new View(
    season,
    account.name,
    (action, properties) => {
      lobby.act(action, properties);
      expect();
    },
    () => later(),
  );
  const board = create(view);
  const calls = attention(`${title(season)}: ${name}`);
  const end = result(season, name, (message) => lobby.act("MESSAGE", { message }));
  const pace = new Pace(take);
  const others = seats(season, name, later);
  const said = talk(season, name, parts);
  let planned = false;
  let left = false;
  let slow = null;
  let starting = null;

  function later() {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      if (!left) show();
    });
  }

  function show() {
    board.draw();
    refresh(parts.state, board.state());
    refresh(parts.prompt, headline(view, board));
    parts.prompt.classList.toggle("prompt", view.myTurn());
    refresh(parts.actions, buttons(view, board));
    parts.leave.hidden = view.visitor() || view.over();
    if (view.over()) end.show(view, board);
    refresh(
      parts.players,
      view
        .players()
        .filter((player) => !isTrue(player.visitor))
        .map((player) => standing(player, view, board, others)),
    );
    refresh(parts.watching, watching(view));
    refresh(parts.clock, clock(view, others));
    const wanted = view.wanted && document.getElementById(view.wanted);
    if (wanted) {
      wanted.focus({ preventScroll: true });
      view.wanted = null;
    }
  }

  /** Take over an event; returns whether somebody else has moved, which is to be seen for a moment. */
  function take(event) {
    const { heard, told, moved } = tellings(view, board, event);
    for (const sentence of told) {
      const refused = sentence.startsWith("⚠");
      // A board marks what is possible; who fills in forms has to know what the server says of them.
      const text = refused && season.board ? `⚠ ${t("match.refused")}` : sentence;
      addLine(parts.log, h("li", { class: refused ? "bad" : null }, text));
    }
    if (heard) {
      said.hear(heard.from, heard.text);
      end.invited(heard.text);
    }
    // A page that nobody looks at is not drawn, but it calls.
    calls.look(view.myTurn());
    later();
    return moved;
  }

  /** Something has been sent: say so if the answer takes its time. */
  function expect() {
    slow ??= setTimeout(() => {
      lock(true);
      line.slow();
    }, SLOW);
  }

  function answered() {
    if (slow === null) return;
    clearTimeout(slow);
    slow = null;
    lock(false);
    line.clear();
  }

  /** What cannot be done now cannot be pressed either; the keyboard is afterwards where it was. */
  function lock(on = true) {
    if (on) parts.giveFocus ??= keepFocus(place);
    parts.actions.inert = on;
    parts.say.inert = on;
    board.node.classList.toggle("locked", on);
    board.node.inert = on;
    if (!on) {
      parts.giveFocus?.();
      parts.giveFocus = null;
    }
  }

  function leave() {
    left = true;
    clearInterval(starting);
    clearTimeout(slow);
    others.end();
    said.end();
    pace.end();
    calls.end();
    end.end();
    lobby.close();
    board.end?.();
  }

  lobby.onevent = (event) => {
    answered();
    pace.put(event);
  };
  lobby.onquiet = (seconds) => {
    lock(seconds > 0);
    if (seconds > 0) line.quiet(seconds);
    else line.clear();
  };
  try {
    await lobby.first;
  } catch (error) {
    leave();
    throw error;
  }
  lobby.onclose = (reason) => {
    clearInterval(starting);
    clearTimeout(slow);
    // Of a match that is over there is nothing more to come.
    pace.rest();
    if (view.over()) return;
    parts.leave.hidden = true;
    lost(reason);
  };
  fill(
    place,
    page(
      `${title(season)}: ${name}`,
      matchAddress(season.name, name),
      { ...parts, result: end.node, wishes: calls.node },
      board,
    ),
  );
  show();
  lock(false);
  parts.say.onsubmit = (event) => {
    event.preventDefault();
    if (parts.text.value.trim()) lobby.act("MESSAGE", { message: parts.text.value.trim() });
    parts.text.value = "";
  };
  parts.goodbye.onclick = () => {
    lobby.act("LEAVE_GAME");
    location.hash = `#/season/${season.name}`;
  };
  if (mode === "start") starting = startSoon(view, lobby, board);
  return { leave, lock };
}

/** A game against the computer starts by itself as soon as its objects are known; returns the timer. */
function startSoon(view, lobby, board) {
  let tries = 20;
  const timer = setInterval(() => {
    tries -= 1;
    if (view.running() || view.over() || !tries) clearInterval(timer);
    else if (view.me()) {
      board.prepare?.();
      lobby.act("START_GAME");
    }
  }, 500);
  return timer;
}
