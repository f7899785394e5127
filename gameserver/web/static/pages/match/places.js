// Who came in which place, and how the next game of the same people is called.

import { isTrue } from "../../net/model.js";

/** How many characters the name of a game may have. */
const LONGEST = 32;

/** The people who played, best first: {name, points, place}. The winner is first, whatever the points say. */
export function places(players, winner, points) {
  const rows = players
    .filter((player) => !isTrue(player.visitor))
    .map((player) => ({ name: player.user?.nickname ?? "?", points: points(player), won: player.user === winner }));
  rows.sort((one, other) => other.won - one.won || (other.points ?? 0) - (one.points ?? 0));
  rows.forEach((row, index) => {
    const above = rows[index - 1];
    row.place = above && !above.won && above.points === row.points ? above.place : index + 1;
  });
  return rows;
}

/** The name of the next game of the same people: everybody's page finds the same one. */
export function nextName(name) {
  const [, stem, number] = /^(.*?)(?:-r(\d+))?$/s.exec(name);
  const end = `-r${Number(number ?? 1) + 1}`;
  return stem.slice(0, LONGEST - end.length) + end;
}
