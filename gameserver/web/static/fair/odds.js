// How likely something is, before one bets on it.

import { GRIDS, KENO_DRAWN, KENO_NUMBERS, ROLLS, winningRolls } from "./verify.js";

/** The chance of a dice bet. */
export function diceChance(target, condition) {
  return winningRolls(target, condition) / ROLLS;
}

/** The chance that the next tile is safe, after `opened` safe ones. */
export function tileChance(gridType, minesCount, opened) {
  const hidden = GRIDS[gridType] - opened;
  return Math.max(0, hidden - minesCount) / hidden;
}

/** The chance of so many hits among so many picked numbers. */
export function kenoChance(picks, hits) {
  return (choose(picks, hits) * choose(KENO_NUMBERS - picks, KENO_DRAWN - hits)) / choose(KENO_NUMBERS, KENO_DRAWN);
}

function choose(of, many) {
  let found = 1;
  for (let one = 1; one <= many; one++) found = (found * (of - many + one)) / one;
  return found;
}
