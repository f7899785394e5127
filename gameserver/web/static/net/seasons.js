// The seasons of this server: which games its lobbies have, and what is particular to each.

import { ask } from "./api.js";
import { refusal } from "./refusal.js";

let asked = null;

/** All seasons in the server's order. Asked for once; a server that has not answered is asked again the next time. */
export function seasons() {
  asked ??= ask("/api/seasons").then(
    (answer) => answer.seasons,
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** The season of that name, or null. */
export async function seasonCalled(name) {
  return (await seasons()).find((season) => season.name === name) ?? null;
}

/** The season in whose lobby people are who play nothing: the public room and messages come through it. */
export async function firstSeason() {
  const [first] = await seasons();
  if (!first) throw refusal("no_lobby", "There are no games on this server.");
  return first;
}

/** The command of the lobby that makes a game. `computers` take the free seats; `map` may be left out. */
export function creation(season, name, players, { computers, map } = {}) {
  const words = ["CREATE GAME", name, season.count_option, players];
  if (season.maps && map) words.push("-map", map);
  if (computers) words.push("-testgame");
  return words.join(" ");
}
