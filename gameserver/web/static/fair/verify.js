// Outcomes of the provably fair games, verified in the browser. Every function takes
// { serverSeed, clientSeed, nonce } and resolves to the outcome with every step on the way to it, in the words of
// POST /v1/fairness/…/verify. The server is not asked.

import { commitment, draws, scaled, stream } from "./chance.js";
import { multiplierText } from "./money.js";

export { commitment };

export const ROLLS = 10000;
export const GRIDS = { "3x3": 9, "5x5": 25, "7x7": 49 };
export const KENO_NUMBERS = 40;
export const KENO_DRAWN = 10;
const SUITS = ["diamonds", "hearts", "spades", "clubs"];
const RANKS = ["2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K", "A"];
const DECKS = 6;

const ascending = (numbers) => [...numbers].sort((one, other) => one - other);
const upTo = (length, first = 0) => Array.from({ length }, (_, index) => first + index);

/** Whether the revealed seed is the one whose commitment was shown before the bet. */
export async function isCommitted(serverSeed, hashedServerSeed) {
  return (await commitment(serverSeed)) === hashedServerSeed.toLowerCase();
}

/** A roll of 0.00 to 99.99; with target and condition also whether the bet won, and its multiplier. */
export async function verifyDice({ serverSeed, clientSeed, nonce, target, condition }) {
  const { rounds, floats } = await stream(serverSeed, clientSeed, nonce, 1);
  const step = scaled(floats[0], ROLLS);
  const found = {
    hashedServerSeed: await commitment(serverSeed),
    rounds,
    roll: step.index / 100,
    floats: [step],
  };
  if (target === undefined) return found;
  const over = condition === "OVER";
  const isWin = over ? step.index > 100 * target : step.index < 100 * target;
  return { ...found, target, condition, isWin, multiplier: diceMultiplier(target, condition) };
}

/** How many of the 10,000 rolls win. */
export function winningRolls(target, condition) {
  return condition === "OVER" ? ROLLS - 1 - 100 * target : 100 * target;
}

/** What a dice bet pays: 99/(99.99 - target) over it, 99/target under it, cut to four decimals. */
export function diceMultiplier(target, condition) {
  return multiplierText((9900n * 10000n) / BigInt(winningRolls(target, condition)));
}

/** Where the mines are, ascending, tiles counted from 0. */
export async function verifyMines({ serverSeed, clientSeed, nonce, minesCount, gridType = "5x5" }) {
  const tiles = GRIDS[gridType];
  if (!(minesCount >= 1 && minesCount < tiles)) throw new RangeError("There is no such bet.");
  const { rounds, floats } = await stream(serverSeed, clientSeed, nonce, minesCount);
  const made = draws(floats, upTo(tiles));
  return {
    hashedServerSeed: await commitment(serverSeed),
    rounds,
    minesCount,
    gridType,
    minePositions: ascending(made.map((draw) => draw.taken)),
    draws: made,
  };
}

/** The multiplier of mines after `safe` safe tiles: 0.99 * C(T, k) / C(T - m, k), cut to four decimals. */
export function minesMultiplier(gridType, minesCount, safe) {
  if (safe === 0) return "1.00";
  let above = 99n;
  let below = 100n;
  for (let opened = 0; opened < safe; opened++) {
    above *= BigInt(GRIDS[gridType] - opened);
    below *= BigInt(GRIDS[gridType] - minesCount - opened);
  }
  return multiplierText((above * 10000n) / below);
}

/** The ten numbers drawn, ascending, and those of the picked ones among them. */
export async function verifyKeno({ serverSeed, clientSeed, nonce, selectedNumbers = [] }) {
  const { rounds, floats } = await stream(serverSeed, clientSeed, nonce, KENO_DRAWN);
  const made = draws(floats, upTo(KENO_NUMBERS, 1));
  const drawnNumbers = ascending(made.map((draw) => draw.taken));
  const matchedNumbers = ascending(selectedNumbers.filter((number) => drawnNumbers.includes(number)));
  return {
    hashedServerSeed: await commitment(serverSeed),
    rounds,
    drawnNumbers,
    selectedNumbers,
    matchedNumbers,
    matchCount: matchedNumbers.length,
    draws: made,
  };
}

/** The six-deck shoe in the order drawn. Dealt: player, dealer (up), player, dealer (hole). */
export async function verifyBlackjack({ serverSeed, clientSeed, nonce }) {
  const deck = RANKS.flatMap((rank) => SUITS.map((suit) => rank + suit[0].toUpperCase()));
  const shoe = upTo(DECKS).flatMap(() => deck);
  const { rounds, floats } = await stream(serverSeed, clientSeed, nonce, shoe.length);
  const made = draws(floats, shoe);
  const order = made.map((draw) => draw.taken);
  return {
    hashedServerSeed: await commitment(serverSeed),
    rounds,
    shuffledOrder: order,
    playerCards: [order[0], order[2]],
    dealerCards: [order[1], order[3]],
    draws: made,
  };
}
