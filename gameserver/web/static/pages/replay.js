// A game seen again: every event in order, with a slider.

import { boardOf } from "../boards/boards.js";
import { fill, h } from "../dom.js";
import { t, title } from "../i18n.js";
import { ask } from "../net/api.js";
import { seasonCalled } from "../net/seasons.js";
import { shownName } from "../player.js";
import { playback } from "./playback.js";
import { tellings } from "./story.js";
import { View } from "./view.js";

export async function render(main, id) {
  const match = await ask(`/api/matches/${id}`);
  const events = (await ask(`/api/matches/${id}/events`)).events.map(spoken);
  const season = await seasonCalled(match.season);
  if (!season) throw new Error(t("page.none"));
  const { create } = await boardOf(season);
  const frame = h("div");
  const log = h("ul", { class: "log plain", id: "log" });
  const stops = moments(events);
  const last = stops.length - 1;
  let view;
  let board;
  let at = 0;

  // Going on is cheap; going back begins anew.
  const { node, go, stop } = playback(last, 150, (moment) => {
    const next = stops[moment];
    if (next < at || !view) {
      view = new View(
        season,
        "",
        () => {},
        () => {},
      );
      board?.end?.();
      board = create(view);
      fill(frame, board.node);
      fill(log);
      at = 0;
    }
    for (; at < next; at += 1) {
      for (const sentence of tellings(view, board, events[at]).told) log.append(h("li", {}, sentence));
    }
    board.draw();
    log.scrollTop = log.scrollHeight;
    return `${moment} / ${last}`;
  });
  fill(
    main,
    h("h1", {}, `${title(season)}: ${match.name}`),
    h("p", { class: "soft" }, match.players.map(shownName).join(", ")),
    node,
    h("div", { class: "columns" }, frame, h("aside", {}, h("h2", {}, t("match.log")), log)),
  );
  go(last);
  return () => {
    stop();
    board?.end?.();
  };
}

/** An event in the reader's language: former players are called so. */
function spoken(event) {
  return event["@prop"] === "nickname" && event["@nv"] ? { ...event, "@nv": shownName(event["@nv"]) } : event;
}

/** How many events there are at the end of every transaction: the events of one share their time stamp. */
function moments(events) {
  const ends = [];
  events.forEach((event, index) => {
    if (event["@ts"] !== events[index + 1]?.["@ts"]) ends.push(index + 1);
  });
  return ends.length ? ends : [0];
}
