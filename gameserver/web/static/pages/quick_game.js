// A game against the computer with one click.

import { account, enterLobby } from "../account.js";
import { creation } from "../net/seasons.js";

/** Maps by game. A short way, so that a match is decided in minutes; elsewhere the default map will do. */
const QUICK_MAPS = { creepsmash: "map_sprint" };

/** Make a test game in a season and return the address of its page, which joins and starts it. */
export async function start(season) {
  const lobby = await enterLobby(season);
  try {
    const name = `${account.name}-${Date.now().toString(36)}`;
    await lobby.say(creation(season, name, season.players[0], { computers: true, map: QUICK_MAPS[season.game] }));
    return `#/match/${season.name}/${encodeURIComponent(name)}/start`;
  } finally {
    lobby.close();
  }
}
