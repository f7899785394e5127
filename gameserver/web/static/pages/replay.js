// A game seen again: every event in order, with a slider.

import { BOARDS } from "../boards/boards.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../net/api.js";
import { SEASONS } from "../net/lobby.js";
import { story } from "./story.js";
import { View } from "./view.js";

export async function render(main, id) {
  const match = await ask(`/api/matches/${id}`);
  const { events } = await ask(`/api/matches/${id}/events`);
  const { create } = await BOARDS[match.season]();
  const frame = h("div");
  const log = h("ul", { class: "log plain", id: "log" });
  const slider = h("input", { type: "range", id: "slider", min: 0, max: events.length, value: events.length, class: "grow", "aria-label": t("replay.at") });
  const where = h("output", { for: "slider" });
  const play = h("button", { id: "play" }, t("replay.play"));
  let view;
  let board;
  let at = -1;
  let timer = null;

  /** Going on is cheap; going back begins anew. */
  function go(next) {
    if (next < at || !view) {
      view = new View("", () => {}, () => {});
      board?.end?.();
      board = create(view);
      fill(frame, board.node);
      fill(log);
      at = 0;
    }
    for (; at < next; at += 1) {
      const sentence = view.take(events[at]) ?? story(view, events[at]);
      if (sentence) log.append(h("li", {}, sentence));
    }
    board.draw();
    log.scrollTop = log.scrollHeight;
    slider.value = at;
    fill(where, `${at} / ${events.length}`);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    fill(play, t("replay.play"));
  }

  slider.addEventListener("input", () => go(Number(slider.value)));
  play.addEventListener("click", () => {
    if (timer) {
      stop();
      return;
    }
    if (at >= events.length) go(0);
    fill(play, t("replay.stop"));
    timer = setInterval(() => (at >= events.length ? stop() : go(Math.min(events.length, nextStep(events, at)))), 150);
  });
  fill(main,
    h("h1", {}, `${t(`nav.${SEASONS[match.season].game}`)}: ${match.name}`),
    h("p", { class: "soft" }, match.players.join(", ")),
    h("div", { class: "row" }, play, slider, where),
    h("div", { class: "columns" }, frame, h("aside", {}, h("h2", {}, t("match.log")), log)));
  go(events.length);
  return () => {
    stop();
    board?.end?.();
  };
}

/** The end of the transaction that begins at `at`: events of one transaction share their time stamp. */
function nextStep(events, at) {
  const stamp = events[at]["@ts"];
  let next = at + 1;
  while (next < events.length && events[next]["@ts"] === stamp) next += 1;
  return next;
}
