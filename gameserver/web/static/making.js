// Making a game: by the command of the lobby, or by the site's own page where turns have a time.

import { askAsMe } from "./account.js";
import { creation } from "./net/seasons.js";

/** Make a game; `options` are those of `creation`, and `turnSeconds` is the time of a turn, 0 or left out for none. */
export function make(lobby, season, name, players, { turnSeconds, ...options }) {
  const command = creation(season, name, players, options);
  if (!turnSeconds) return lobby.say(command);
  const game = command.replace(/^CREATE GAME /, "");
  return askAsMe("/api/games", { season: season.name, game, turn_seconds: turnSeconds });
}
