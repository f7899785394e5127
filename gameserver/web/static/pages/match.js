// A running game: joined as a player or watched, and come back to when the connection is lost.

import { account } from "../account.js";
import { boardOf } from "../boards/boards.js";
import { fill, h } from "../dom.js";
import { entrance } from "../entrance.js";
import { t, title } from "../i18n.js";
import { loaded } from "../net/loading.js";
import { mayReturn, Returning } from "../net/returning.js";
import { seasonCalled } from "../net/seasons.js";
import { connectionLine } from "./match/connection.js";
import { frame } from "./match/frame.js";
import { sit } from "./match/sit.js";

export async function render(main, seasonName, name, mode = "") {
  const season = await seasonCalled(seasonName);
  if (!season) throw new Error(t("page.none"));
  if (!account) {
    fill(main, h("h1", {}, `${title(season)}: ${name}`), entrance(t("match.come")));
    return null;
  }
  const { create } = await loaded(() => boardOf(season));
  const line = connectionLine();
  const place = h("div");
  const parts = frame();
  fill(main, line.node, place);
  let seat = null;
  let left = false;
  let returning = null;

  async function enter() {
    const next = await sit({ place, season, name, mode, create, parts, line, lost });
    seat?.leave();
    seat = next;
    if (left) seat.leave();
    else line.clear();
  }

  /** Come in again until it succeeds; `reason` is a word of `why` in net/returning.js. */
  function back(reason) {
    returning?.end();
    const work = {
      waiting: (seconds) => line.lost(reason, seconds, () => returning.hurry()),
      refused: (error) => out(error.message),
    };
    returning = new Returning(enter, work);
  }

  /** Stay out until somebody wants to come in. */
  function out(text) {
    if (!left) line.out(text, () => back("lost"));
  }

  function lost(reason) {
    seat?.lock();
    if (mayReturn(reason)) back(reason);
    else if (reason === "replaced") out(t("connection.replaced"));
    else line.out(t(`connection.${reason}`));
  }

  try {
    await enter();
  } catch (error) {
    if (!error.unreachable) throw error;
    back("lost");
  }
  return () => {
    left = true;
    returning?.end();
    seat?.leave();
  };
}
