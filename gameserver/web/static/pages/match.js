// A running game: board, players, talk, log; joined as a player or watched.

import { account, enterLobby } from "../account.js";
import { boardOf } from "../boards/boards.js";
import { addLine, fill, h, notice, refresh, s } from "../dom.js";
import { entrance } from "../entrance.js";
import { known, t, title } from "../i18n.js";
import { invitation, matchAddress } from "../invitation.js";
import { isTrue } from "../net/model.js";
import { seasonCalled } from "../net/seasons.js";
import { story } from "./story.js";
import { View } from "./view.js";

/** Milliseconds between two looks whether a server that has gone is there again. */
const PATIENCE = 3000;

export async function render(main, seasonName, name, mode = "") {
  const season = await seasonCalled(seasonName);
  if (!season) throw new Error(t("page.none"));
  if (!account) {
    fill(main, h("h1", {}, `${title(season)}: ${name}`), entrance(t("match.come")));
    return null;
  }
  const { create } = await boardOf(season);
  let left = false;
  let coming = false;
  let timer = null;
  let leave = await enter();

  function enter() {
    return sit(main, season, name, mode, create, (parts) => {
      fill(parts.prompt, t("match.lost"));
      parts.prompt.classList.add("prompt");
      fill(parts.actions, h("button", { class: "primary", id: "back", onclick: back }, t("season.rejoin")));
      look(false);
    });
  }

  /** Back in by itself when the server was away. A server that is there has ended the connection on purpose. */
  async function look(wasAway) {
    const there = await fetch("/healthz").then(
      ({ ok }) => ok,
      () => false,
    );
    if (left) return;
    if (!there) timer = setTimeout(() => look(true), PATIENCE);
    else if (wasAway) back();
  }

  async function back() {
    if (coming) return;
    coming = true;
    clearTimeout(timer);
    const old = leave;
    try {
      leave = await enter();
      old();
      if (left) leave();
    } catch (error) {
      if (!left) notice(error.message);
      if (!left && error.unreachable) timer = setTimeout(() => look(true), PATIENCE);
    }
    coming = false;
  }

  return () => {
    left = true;
    clearTimeout(timer);
    leave();
  };
}

/** Take a place in a match and fill the page with it; returns how to leave. `lost` is called when the connection ends. */
async function sit(main, season, name, mode, create, lost) {
  const lobby = await enterLobby(season);
  const view = new View(
    season,
    account.name,
    (action, properties) => lobby.act(action, properties),
    () => later(),
  );
  const board = create(view);
  const parts = frame();
  let planned = false;
  let over = false;

  function later() {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      if (!over) show();
    });
  }

  function show() {
    board.draw();
    refresh(parts.state, board.state());
    refresh(parts.prompt, headline(view, board));
    parts.prompt.classList.toggle("prompt", view.myTurn());
    refresh(parts.actions, buttons(view, board));
    parts.leave.hidden = view.visitor() || view.over();
    refresh(
      parts.players,
      view.players().map((player) => standing(player, view, board)),
    );
    if (view.wanted) document.getElementById(view.wanted)?.focus();
    view.wanted = null;
  }

  function take(event) {
    const sentence = view.take(event) ?? story(view, event);
    if (sentence) addLine(parts.log, h("li", { class: sentence.startsWith("⚠") ? "bad" : null }, sentence));
    later();
  }

  lobby.onevent = take;
  let starting = null;
  const leave = () => {
    over = true;
    clearInterval(starting);
    lobby.close();
    board.end?.();
  };
  try {
    await lobby.say(`JOIN GAME ${name}${mode === "watch" ? " -visitor true" : ""}`);
  } catch (error) {
    leave();
    throw error;
  }
  lobby.onclose = () => {
    clearInterval(starting);
    // Of a match that is over there is nothing more to come.
    if (view.over()) return;
    over = true;
    parts.leave.hidden = true;
    lost(parts);
  };
  fill(
    main,
    h("h1", {}, `${title(season)}: ${name}`),
    h(
      "div",
      { class: "columns" },
      h("div", {}, parts.prompt, board.long ? parts.actions : null, board.node, parts.state),
      h(
        "aside",
        {},
        board.long ? null : parts.actions,
        h("h2", {}, t("match.players")),
        parts.players,
        invitation(matchAddress(season.name, name)),
        h("h2", {}, t("match.log")),
        parts.log,
        parts.say,
        parts.leave,
      ),
    ),
  );
  parts.say.addEventListener("submit", (event) => {
    event.preventDefault();
    if (parts.text.value.trim()) lobby.act("MESSAGE", { message: parts.text.value.trim() });
    parts.text.value = "";
  });
  parts.goodbye.addEventListener("click", () => {
    lobby.act("LEAVE_GAME");
    location.hash = `#/season/${season.name}`;
  });
  if (mode === "start") starting = startSoon(view, lobby, board);
  later();
  return leave;
}

/** A game against the computer starts by itself as soon as its objects are known; returns the timer. */
function startSoon(view, lobby, board) {
  let tries = 20;
  const timer = setInterval(() => {
    tries -= 1;
    if (view.running() || !tries) clearInterval(timer);
    else if (view.me()) {
      board.prepare?.();
      lobby.act("START_GAME");
    }
  }, 500);
  return timer;
}

function frame() {
  const parts = {
    state: h("p", { class: "soft", id: "state" }),
    prompt: h("p", { id: "prompt", "aria-live": "polite" }),
    actions: h("div", { class: "row", id: "actions" }),
    players: h("ul", { class: "plain", id: "standings" }),
    log: h("ul", { class: "log plain", id: "log", "aria-live": "polite" }),
    text: h("input", { class: "grow", id: "match-say", "aria-label": t("chat.say") }),
  };
  parts.goodbye = h("button", { type: "button", id: "leave-game" }, t("match.leave.do"));
  parts.leave = h(
    "details",
    { class: "leave", hidden: true },
    h("summary", {}, t("match.leave")),
    h("p", { class: "soft" }, t("match.leave.about")),
    parts.goodbye,
  );
  parts.say = h("form", { class: "row" }, parts.text, h("button", {}, t("chat.send")));
  return parts;
}

function headline(view, board) {
  if (view.over()) return t("match.won", { name: view.model.root.winner.nickname });
  if (!view.running()) return view.visitor() ? t("match.waiting") : t("match.not.started");
  if (view.visitor()) return t("match.watching");
  if (board.headline) return board.headline();
  if (!view.myTurn()) return t(view.season.real_time ? "match.running" : "match.others");
  const [step] = view.prompt.split(/[ :(]/);
  return known(`prompt.${step}`, t("match.asked", { prompt: view.prompt }));
}

function buttons(view, board) {
  if (!view.running() && !view.over() && !view.visitor()) {
    const before = board.before?.() || [];
    return [
      ...before,
      h("button", { class: "primary", id: "start-game", onclick: () => view.act("START_GAME") }, t("match.start")),
    ];
  }
  return board.actions();
}

function standing(player, view, board) {
  const swatch = s(
    "svg",
    { class: "swatch", viewBox: "0 0 10 10", "aria-hidden": "true" },
    s("circle", { cx: 5, cy: 5, r: 5, fill: `#${player.color || "888888"}` }),
  );
  const name = player.user?.nickname || "?";
  return h(
    "li",
    { "data-seat": name },
    swatch,
    h("strong", {}, name),
    " ",
    h("span", { class: "soft" }, isTrue(player.visitor) ? t("match.visitor") : board.standing(player)),
  );
}
