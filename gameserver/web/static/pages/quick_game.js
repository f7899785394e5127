// A game against the computer with one click.

import { account, enterLobby } from "../account.js";
import { SEASONS } from "../net/lobby.js";

/** A short way, so that a match is decided in minutes; elsewhere the default map will do. */
const QUICK_MAPS = { ss12: "map_sprint" };

/** Make a test game in a season and return the address of its page, which joins and starts it. */
export async function start(season) {
  const lobby = await enterLobby(season);
  try {
    const name = `${account.name}-${Date.now().toString(36)}`;
    await lobby.say(SEASONS[season].create(name, 2, " -testgame", QUICK_MAPS[season]));
    return `#/match/${season}/${encodeURIComponent(name)}/start`;
  } finally {
    lobby.close();
  }
}
